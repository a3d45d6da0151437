"""The truth about a message with a route: what a lab's questions and their known mistakes are made from."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC

from spamlab.generate.mail.domains import organizational
from spamlab.generate.routes.sender import Sent
from spamlab.generate.routes.trace import Stamp, Trace, Written, our_hosts
from spamlab.records.truth import HopTruth, ResultTruth, RouteTruth

_NAMELESS = {"pickup": "no from clause", "qmail-local": "neither from nor by"}
"""Styles of lines that name no peer."""


def truth_of(scenario: str, sent: Sent, trace: Trace) -> RouteTruth:
    """What the lab knows of one message.

    notes: our_domain, our_hosts, border_hosts, authserv_id; complainant, complainant_name; from_name, from_address,
    type (of the text); bottom_line, inner_line; of forged lines break_line, date_line, names_us_line with
    names_us_address, from_domain_address; of odd ones time_zone_line, ipv6_line, private_line with private_address,
    clock_line with clock_minutes; by_clock; foreign_id; third_domain (who signed for another domain); x_originating_ip;
    and of the handover received_utc, handover_reverse, network, network_domain.
    """
    hops = tuple(_hop(number, one) for number, one in enumerate(trace.lines, 1))
    stamps = tuple(_stamp(number, one, sent) for number, one in enumerate(trace.stamps, 1))
    border = next((one.line for one in hops if one.role == "border"), 0)
    peer = trace.peer
    domain = "" if peer is None else organizational(peer.reverse) if peer.reverse else (
        peer.network.domain if peer.network else "")
    passing = [about for one in stamps if one.ours for method, (result, about) in one.results.items()
               if result == "pass" and method in ("spf", "dkim")]
    notes = _sides(sent) | _lines(sent, trace)
    if peer is not None:
        holder = peer.network.name if peer.network and peer.network.domain == domain else domain
        notes |= {"handover_reverse": peer.reverse, "network": holder, "network_domain": domain,
                  "received_utc": trace.lines[border - 1].hop.date.astimezone(UTC).isoformat()}
    return RouteTruth(
        scenario, hops, border, peer.address if peer else "", peer.name if peer else "", sent.firm,
        sent.go.envelope_from.rpartition("@")[2], stamps,
        any(organizational(about) == organizational(sent.firm) for about in passing), f"abuse@{domain}" if peer else "",
        dict(sorted(notes.items())))


def _hop(number: int, one: Written) -> HopTruth:
    hop = one.hop
    name, address = (None, None) if hop.style in _NAMELESS else (hop.name, str(ipaddress.ip_address(hop.address)))
    return HopTruth(number, "" if hop.style == "qmail-local" else hop.by, name, address, hop.date.isoformat(), one.role,
                    one.forged, one.odd)


def _stamp(number: int, one: Stamp, sent: Sent) -> ResultTruth:
    found = one.results
    return ResultTruth(number, one.by, one.ours, {
        "spf": (found.spf, found.mail_from.rpartition("@")[2]), "dkim": (found.dkim, found.dkim_domain),
        "dmarc": (found.dmarc, sent.firm)})


def _sides(sent: Sent) -> dict[str, str]:
    """Whose mail it is, and who seems to have written it."""
    ends = sent.go.ends
    receiver = ends.receiver
    return {
        "our_domain": receiver.domain, "our_hosts": " ".join(our_hosts(receiver)),
        "border_hosts": " ".join(receiver.border), "authserv_id": receiver.authserv_id, "complainant": ends.to,
        "complainant_name": ends.to_name, "from_name": ends.name, "from_address": ends.address, "type": sent.type,
        "third_domain": sent.service}


def _lines(sent: Sent, trace: Trace) -> dict[str, str]:
    """Which line is what, and the addresses to mistake for the right one."""
    lines, ours = trace.lines, our_hosts(sent.go.ends.receiver)
    notes = {"bottom_line": str(len(lines)), "by_clock": " ".join(map(str, _by_clock(lines)))}
    for number, one in reversed(list(enumerate(lines, 1))):
        hop = one.hop
        notes |= {f"{odd.replace('-', '_')}_line": str(number) for odd in one.odd}
        if "private" in one.odd:
            notes["private_address"] = hop.address
        if one.role == "inner":
            notes["inner_line"] = str(number)
        if one.forged:
            notes[f"{one.forged}_line"] = str(number)
            if hop.name in ours or hop.by in ours:
                notes |= {"names_us_line": str(number), "names_us_address": hop.address}
        if one.role in ("outside", "forged") and hop.name.endswith(f".{sent.firm}"):
            notes["from_domain_address"] = hop.address
    for stamp in trace.stamps:
        if not stamp.ours:
            notes["foreign_id"] = stamp.by
    if trace.minutes:
        notes["clock_minutes"] = str(trace.minutes)
    if trace.origin:
        notes["x_originating_ip"] = trace.origin
    return notes


def _by_clock(lines: Sequence[Written]) -> list[int]:
    """The lines by what their clocks say, the oldest first."""
    return sorted(range(len(lines), 0, -1), key=lambda line: lines[line - 1].hop.date)
