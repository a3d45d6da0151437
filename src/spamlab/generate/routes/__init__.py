"""Messages with a route to read: the data of a lab on header forensics.

What all synthetic mail has (texts, names, DNS, trace fields, MIME) comes from `generate.mail`; what is special is here:
`scenarios` says as data which line is forged or odd, `sender` draws until a case can be shown, `trace` writes the
lines, `truth` tells what they are.

>>> from pathlib import Path
>>> from spamlab.generate.recipes import read_recipe
>>> recipe = read_recipe(Path("datasets/recipes/header-forensics.toml"))
>>> made = make_route_messages(recipe, "practice", b"a seed")
>>> made["M2"].truth.border_line in (2, 3)
True
"""

from __future__ import annotations

import re
from collections.abc import Collection

from spamlab.generate.draws import dataset_key, named, record_key, uniform
from spamlab.generate.mail.verdicts import dkim_signature
from spamlab.generate.recipes import RouteRecipe
from spamlab.generate.routes.scenarios import CASES, KINDS
from spamlab.generate.routes.sender import Free, sent_of
from spamlab.generate.routes.trace import trace_of
from spamlab.generate.routes.truth import truth_of
from spamlab.records.message import Message
from spamlab.records.truth import Labelled
from spamlab.seeds import PURPOSES

__all__ = ["make_route_messages", "names"]

VERSION = 2
"""Counted up with every change after which the same seed gives other messages."""
_HALVES = {"practice": 0, "twin": 1}
"""Purposes whose messages one reader has, each with subjects of its own."""
_CLAIM, _SHAPE, _SIGNATURE = named("route claim"), named("route shape"), named("route signature")


def names(purpose: str) -> dict[str, str]:
    """The messages of a purpose, name -> scenario: M0..M4 and P1..P12, T1..T4, or H1..H24."""
    if purpose == "practice":
        return {f"M{number}": case for number, case in enumerate(CASES)} | {
            f"P{number}": kind for number, kind in enumerate(KINDS, 1)}
    if purpose == "twin":
        return {f"T{number}": case for number, case in enumerate(CASES) if number}
    if purpose == "hidden":
        return {f"H{number}": kind for number, kind in enumerate([*KINDS] * 2, 1)}
    raise ValueError(f"purpose must be one of {PURPOSES}, not {purpose!r}")


def make_route_messages(recipe: RouteRecipe, purpose: str, seed: bytes, draw: int = 0) -> dict[str, Labelled]:
    """All messages of one purpose with their truth.

    recipe: as `generate.recipes.read_recipe` gives it. seed: from `seeds.derive`. draw: 0 for the first try, 1, 2, ...
    for a draw again. The same arguments give the same bytes on any machine; every message is drawn from its own key, so
    that one more message or decision moves no other, but where two would have one subject or one handover.
    Raises ValueError for an unknown purpose, ContentError where the recipe has no text that will do.
    """
    root = dataset_key(recipe.name, VERSION, f"{seed.hex()}|{purpose}|{draw}")
    made: dict[str, Labelled] = {}
    taken: set[str] = set()
    for name, scenario in names(purpose).items():
        one, subject = _made(recipe, record_key(root, named(name)), name, scenario, purpose, taken)
        taken |= {subject, one.truth.handover_address}
        made[name] = one
    return made


def _made(recipe: RouteRecipe, key: int, name: str, scenario: str, purpose: str, taken: Collection[str],
          ) -> tuple[Labelled, str]:
    one = CASES.get(scenario) or KINDS[scenario]
    shapes = one.short if purpose == "twin" else one.shapes
    claim, shape = one.claims[uniform(key, _CLAIM, len(one.claims))], shapes[uniform(key, _SHAPE, len(shapes))]
    sent = sent_of(recipe, key, name, one, claim, Free(taken, _HALVES.get(purpose)))
    trace = trace_of(key, sent, one, shape, taken)
    header = [*trace.fields, *sent.header]
    if sent.results.dkim == "pass":
        signature = dkim_signature(sent.results.dkim_domain, sent.results.selector, sent.go.written, key ^ _SIGNATURE)
        header.insert(len(trace.fields), signature)
    if trace.origin:
        header.append(f"X-Originating-IP: [{trace.origin}]")
    if one.odd == "field names":
        header = _odd_names(header)
    raw = "\r\n".join(header) + "\r\n\r\n" + sent.body
    message = Message(name, raw.encode("ascii"), sent.go.envelope_from, (sent.go.ends.to,))
    return Labelled(message, truth_of(scenario, sent, trace)), sent.subject


def _odd_names(header: list[str]) -> list[str]:
    """Trace fields with names in other letters and with more space than needed; From in small letters."""
    found, turn = [], 0
    for field in header:
        name, _, value = field.partition(": ")
        if name in ("Received", "Authentication-Results"):
            turn += 1
            value = re.sub(r"^from ", "from  ", value.replace(" by ", "   by\t ").replace("; ", " ;  "))
            found.append(f"{name.lower() if turn % 2 else name.upper()}:{' ' * (turn % 3)}{value}")
        else:
            found.append(f"from:{field[5:]}" if name == "From" else field)
    return found
