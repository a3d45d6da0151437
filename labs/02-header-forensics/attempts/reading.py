"""How a careful participant reads a message: from its bytes alone, with a small parser of its own.

Shared by the attempts of this folder. It knows what the case tells everybody: our border hosts, addresses, results.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import ModuleType
from typing import Any

BORDER = ("mx1.harbornet.example", "mx2.harbornet.example")
OUR_ADDRESSES = ipaddress.ip_network("192.0.2.224/28")
OUR_RESULTS = "mx.harbornet.example"


@dataclass(frozen=True)
class Hop:
    """One Received line as it stands."""

    number: int
    id: str
    by: str
    name: str
    reverse: str
    address: str
    date: str
    text: str


def fields(raw: bytes, name: str) -> list[str]:
    """All fields called `name`, each in one row, from the top."""
    header = BytesHeaderParser().parsebytes(raw)
    return [" ".join(str(text).split()) for text in header.get_all(name, [])]


def field(raw: bytes, name: str) -> str:
    """The first field called `name`, or ""."""
    return next(iter(fields(raw, name)), "")


def hops(raw: bytes) -> list[Hop]:
    """The Received lines from the top."""
    return [_hop(number, text) for number, text in enumerate(fields(raw, "Received"), 1)]


def _hop(number: int, text: str) -> Hop:
    body, _, date = text.rpartition(";")
    peer = re.match(r"from (\S+) \((?:(\S+) )?\[(?:IPv6:)?([^\]]+)\]", body)
    by = re.search(r"\bby (\S+)", re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\([^()]*\)[^()]*\)", "", body)))
    ident = re.search(r"\bid ([^\s;()]+)", body)
    name, reverse, address = (peer[1], peer[2] or "", peer[3]) if peer else ("", "", "")
    return Hop(number, ident[1] if ident else "", by[1] if by else "", name, reverse, address, date.strip(), text)


def border(raw: bytes) -> Hop:
    """From the top, the first line by a border host about a stranger."""
    return next(hop for hop in hops(raw) if hop.by in BORDER and ipaddress.ip_address(hop.address) not in OUR_ADDRESSES)


def domain_of(text: str) -> str:
    """The domain of the address in a From field."""
    return str(re.findall(r"@([\w.-]+)", text)[-1])


def network_domain(hop: Hop) -> str:
    """The domain of the network behind an address, from the name that DNS gives it: its last two labels."""
    return ".".join(hop.reverse.split(".")[-2:])


def our_results(raw: bytes) -> str:
    """The results that our side wrote."""
    return next(text for text in fields(raw, "Authentication-Results") if text.startswith(OUR_RESULTS))


def claim(raw: bytes) -> dict[str, str]:
    """One row of question 6."""
    text = our_results(raw)
    row: dict[str, str] = {}
    for method, where in (("spf", r"smtp\.mailfrom=(?:[^\s;@]*@)?([\w.-]+)"), ("dkim", r"header\.d=([\w.-]+)")):
        found = re.search(rf"\b{method}=(\w+)[^;]*", text)
        result = found[1] if found else "none"
        domain = re.search(where, found[0]) if found else None
        row[method] = domain[1] if result == "pass" and domain else "none" if result == "none" else "failed"
    seen = domain_of(field(raw, "From"))
    passed = [row["spf"], row["dkim"]]
    row["protects"] = "yes" if any(one == seen or one.endswith(f".{seen}") for one in passed) else "no"
    return row


def forged(raw: bytes) -> dict[str, str]:
    """The forged lines of question 5 with their reasons."""
    lines, first = hops(raw), border(raw).number
    marks: dict[str, str] = {}
    for above, below in zip(lines[first - 1:], lines[first:], strict=False):
        weekday = parsedate_to_datetime(below.date).strftime("%a")
        if below.by != above.name:
            marks[below.id] = "break"
        elif weekday != below.date[:3]:
            marks[below.id] = "date"
    return marks


def statements(raw: bytes) -> dict[str, Any]:
    """Question 1: each statement as the form shows it, judged by where its part stands."""
    form = _form_of_q1(raw)
    answers: dict[str, Any] = {}
    reason = ""
    for key, sentence in form["texts"].items():
        ours = _comes_from_our_side(raw, sentence)
        answers[key] = ours if sentence.startswith("We may trust") else not ours
        if key == form["reason_for"]:
            reason = "our-side" if ours else "below"
    return {**answers, "reason": reason}


def _comes_from_our_side(raw: bytes, sentence: str) -> bool:
    line = re.search(r"\bline (\d+)", sentence)
    if line:
        return int(line[1]) <= border(raw).number
    return OUR_RESULTS in sentence and "results" in sentence


def _form_of_q1(raw: bytes) -> dict[str, Any]:
    """What the form shows of question 1 for this message: six sentences, and the one whose reason is asked."""
    checks = _lab_file("checks.py")
    shown = checks.shown_statements(field(raw, "Message-ID").strip("<>"))
    foreign = [text.split(";")[0] for text in fields(raw, "Authentication-Results") if not text.startswith(OUR_RESULTS)]
    places = {"from_address": re.findall(r"<([^>]+)>", field(raw, "From"))[0], "bottom": len(hops(raw)),
              "border": border(raw).number, "foreign_id": foreign[0], "authserv_id": OUR_RESULTS}
    texts = {key: checks.STATEMENTS[shown.frames[key]].format(part=checks.PARTS[part].format(**places))
             for key, part in shown.parts.items()}
    return {"texts": texts, "reason_for": shown.reason_for}


def report(raw: bytes) -> dict[str, str]:
    """Question 8: the report about a message."""
    line = border(raw)
    when = parsedate_to_datetime(line.date).astimezone(UTC)
    person, address = re.findall(r"^(.*?) <([^>]+)>", field(raw, "To"))[0]
    evidence = ("Received: " + line.text).replace(address, "[removed]").replace(person, "[removed]")
    return {"to": f"abuse@{network_domain(line)}", "address": line.address, "time": f"{when:%Y-%m-%d %H:%M:%S} UTC",
            "lines": evidence, "text": _letter(line, when)}


def _letter(line: Hop, when: datetime) -> str:
    return (
        f"Good day. A customer of ours received an unwanted message that uses the name of another firm. Our server "
        f"took it from {line.address}, an address of your network, on {when:%Y-%m-%d} at {when:%H:%M:%S} UTC. It is "
        f"the handover that our own server saw; the lines below it came with the message, and we do not rely on them. "
        f"You find our line in the evidence, with its id {line.id}. We removed everything that names the person who "
        f"complained, and can't give it to you without their consent. Please look at the host behind this address, and "
        f"stop the sending if you find it. Please tell us within three working days what you did, and whom we may ask. "
        f"If you need the whole message, we send it in the abuse reporting format of RFC 5965, without the person's "
        f"data. Thank you for your help. The abuse desk, Harbor Net"
    )


def _lab_file(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / name
    known = f"spamlab_attempts_{path.parent.name}_{path.stem}".replace("-", "_")
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]
