"""A route as JSON, as a table for people, and nothing in it that a terminal would obey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spamlab.forensics.findings import Finding
from spamlab.forensics.header import printable
from spamlab.forensics.route import Hop, Origin, Route

_LEVELS = {"bad": "!!", "warning": "!", "note": "-"}


def as_json(route: Route) -> dict[str, Any]:
    """The stable form: hops in order of travel, origin, findings with what, header and source."""
    return {
        "hops": [_hop(hop) for hop in route.hops],
        "origin": _origin(route.origin),
        "findings": [_finding(finding) for finding in route.findings],
    }


def as_text(route: Route) -> str:
    """The same for a person: a table of hops from the sender's end, where it came from, and what was found."""
    rows = [("line", "time (UTC)", "from", "address seen", "written by", "")]
    for hop in route.hops:
        line = hop.received
        time = f"{line.utc:%Y-%m-%d %H:%M:%S}" if line.utc else "?"
        side = {"ours": "trusted", "border": "border", "theirs": ""}[hop.side]
        rows.append((str(hop.line), time, _cell(line.from_name), _cell(line.from_address), _cell(line.by), side))
    parts = []
    if route.hops:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
        parts.append("\n".join("  ".join(row).rstrip() for row in padded))
    parts.append(_origin_text(route.origin))
    if route.findings:
        told = (f"{_LEVELS[one.level]:>2} {printable(one.what, 400)} [{one.source}]" for one in route.findings)
        parts.append("\n".join(told))
    return "\n\n".join(parts)


def _cell(text: str) -> str:
    return printable(text, 44) or "?"


def _origin_text(origin: Origin) -> str:
    peer = origin.address or "a peer without an address"
    if origin.name:
        peer += f" ({printable(origin.name, 100)})"
    if origin.how == "border":
        return f"Handed over by {peer}, as line {origin.line} of your own host says."
    if origin.how == "assumed":
        return f"Handed over by {peer}, if line {origin.line} is your own; name your hosts with --trusted."
    if origin.how == "inside":
        return f"Sent from inside by {peer}, as line {origin.line} says."
    return "Nobody that can be believed says who handed this message over."


def _hop(hop: Hop) -> dict[str, Any]:
    line = hop.received
    return {
        "line": hop.line,
        "side": hop.side,
        "from": {"name": line.from_name, "reverse": line.from_reverse, "address": line.from_address},
        "private": hop.private,
        "by": line.by,
        "with": line.protocol,
        "id": line.id,
        "for": line.recipient,
        "date": line.date.isoformat() if line.date else None,
        "utc": line.utc.isoformat() if line.utc else None,
        "seconds": hop.seconds,
        "faults": list(line.faults),
    }


def _origin(origin: Origin) -> Mapping[str, Any]:
    claimed = None
    if origin.claimed_line >= 0:
        claimed = {"line": origin.claimed_line, "name": origin.claimed_name, "address": origin.claimed_address}
    return {
        "how": origin.how,
        "line": origin.line if origin.line >= 0 else None,
        "name": origin.name,
        "reverse": origin.reverse,
        "address": origin.address,
        "claimed": claimed,
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "what": printable(finding.what),
        "header": finding.header,
        "source": finding.source,
        "code": finding.code,
        "level": finding.level,
    }
