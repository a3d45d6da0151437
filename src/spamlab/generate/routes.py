"""Messages with a route to read: the data of a lab on header forensics.

>>> from pathlib import Path
>>> from spamlab.generate.recipes import read_recipe
>>> recipe = read_recipe(Path("datasets/recipes/header-forensics.toml"))
>>> made = make_route_messages(recipe, "practice", b"a seed")
>>> made["M2"].truth.border_line in (2, 3)
True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spamlab.generate.draft import Draft
from spamlab.generate.kinds import KINDS, make_kind
from spamlab.generate.scenarios import SCENARIOS
from spamlab.records.truth import Labelled
from spamlab.seeds import PURPOSES


def names(purpose: str) -> dict[str, str]:
    """The messages of a purpose, name -> scenario: M0..M4 and P1..P12, T1..T4, or H1..H24."""
    cases = list(SCENARIOS)
    if purpose == "practice":
        named = {f"M{number}": case for number, case in enumerate(cases)}
        return named | {f"P{number}": kind for number, kind in enumerate(KINDS, 1)}
    if purpose == "twin":
        return {f"T{number}": case for number, case in enumerate(cases) if number}
    if purpose == "hidden":
        return {f"H{number}": kind for number, kind in enumerate(KINDS * 2, 1)}
    raise ValueError(f"purpose must be one of {PURPOSES}, not {purpose!r}")


def make_route_messages(recipe: Mapping[str, Any], purpose: str, seed: bytes, draw: int = 0) -> dict[str, Labelled]:
    """All messages of one purpose with their truth.

    recipe: as `generate.recipes.read_recipe` gives it. seed: from `seeds.derive`. draw: 0 for the first try, 1, 2, ...
    for a draw again. The same arguments give the same bytes on any machine; every message is made from streams
    named by it, so that one more message or decision moves no other but, where two subjects would be the same, the
    later one's subject. Raises ValueError for an unknown purpose.
    """
    made: dict[str, Labelled] = {}
    taken: set[str] = set()
    for name, scenario in names(purpose).items():
        draft = Draft(recipe, seed, purpose, draw, name, scenario, taken=taken)
        case = SCENARIOS.get(scenario)
        made[name] = case(draft, purpose == "twin") if case else make_kind(draft)
    return made
