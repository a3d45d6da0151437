"""What the receiver's border finds and writes: results (RFC 7208, 6376, 9989) and the trace fields above and below it.

All fields down to the border's Received are the receiver's own; all below came with the message.
"""

from __future__ import annotations

from spamlab.generate.draws import BITS, below, mixed, named
from spamlab.generate.mail.domains import organizational, practice
from spamlab.generate.mail.journey import Journey
from spamlab.generate.mail.received import Hop, received
from spamlab.generate.mail.verdicts import Results, authentication_results, received_spf
from spamlab.generate.mail.world import FORWARDERS

_BORDER, _IDENT, _FOR, _SPF_FIELD, _FOREIGN = (
    named("border"), named("queue id"), named("border for"), named("received-spf"), named("foreign results"))


def results_of(go: Journey) -> Results:
    """What a verifier at the border finds, by what stands in the DNS."""
    ends = go.ends
    if ends.way == "inside":
        return Results("none", "none", "none")
    own_name = organizational(ends.domain)
    policy = practice(own_name).policy
    mail_from = go.envelope_from.rpartition("@")[2]
    spf = _spf(go, mail_from)
    whole = [one for one in go.signatures if one[2]]
    aligned = [one for one in whole if organizational(one[0]) == own_name]
    domain, selector, _ = (aligned or whole or go.signatures or [("", "", False)])[0]
    passes = bool(aligned) or (spf == "pass" and organizational(mail_from) == own_name)
    return Results(spf, "none" if not go.signatures else "pass" if whole else "fail",
                   "none" if not policy else "pass" if passes else "fail", go.envelope_from, domain, selector, policy)


def _spf(go: Journey, mail_from: str) -> str:
    if not mail_from or (go.ends.way == "web" and mail_from != go.ends.domain):
        return "none"  # the name of a rented host has no record of its own
    if mail_from.startswith("em."):
        return "pass"  # a bulk service publishes the record for the name that it was given
    there = practice(organizational(mail_from)).spf
    listed = go.ends.way in ("provider", "own", "service", "list") or mail_from in FORWARDERS
    return "pass" if listed and there != "none" else there


def trace_of(go: Journey, results: Results) -> list[str]:
    """The trace fields without CRLF, from the receiver's last server down to the first hop. Forged results are told
    in `go.forged`."""
    key, ends, peer = go.key, go.ends, go.peer
    receiver = ends.receiver
    number = below(key, _BORDER) * len(receiver.border) >> BITS
    border = receiver.border[number]
    inside = ends.way == "inside"
    protocol = "ESMTPSA" if inside else "ESMTPS" if peer.secure else "ESMTP"
    at_border = Hop(border, peer.name, peer.reverse, peer.address, go.clock.step(receiver.zone, border=True),
                    receiver.style, protocol, ends.to if below(key, _FOR) % 5 else "", go.envelope_from,
                    ends.author if inside else "")
    behind: list[Hop] = []
    before, address = border, receiver.network.v4(receiver.place + number)
    for place, host in enumerate(receiver.inner):
        style = "lmtp" if place == len(receiver.inner) - 1 and receiver.style == "postfix" else receiver.style
        behind.append(Hop(host, before, before, address, go.clock.step(receiver.zone), style, "ESMTPS", ends.to,
                          go.envelope_from))
        before, address = host, f"10.1.{place}.{receiver.place + place}"
    ident = below(key, _IDENT)
    top = [f"Return-Path: <{go.envelope_from}>"]
    if receiver.style != "outlook":
        top.append(f"Delivered-To: {ends.to}")
    top += [received(hop, mixed(ident + place)) for place, hop in enumerate(reversed(behind))]
    top.append(own_results(go, results))
    if receiver.style in ("postfix", "exim") and below(key, _SPF_FIELD) & 1 and not inside:
        top.append(received_spf(results.spf, border, peer.address, go.envelope_from, peer.name))
    top.append(received(at_border, mixed(ident + 11)))
    top += _foreign_results(go)
    return top + [received(hop, mixed(ident + 20 + place)) for place, hop in enumerate(reversed(go.hops))]


def _foreign_results(go: Journey) -> list[str]:
    """Results that came with the message: of a server before ours, or what a forger wants believed."""
    if not below(go.key, _FOREIGN) & 1:
        return []
    if go.ends.way in ("list", "forwarded"):
        return [f"Authentication-Results: {go.hops[-1].by};\r\n\tdkim={'pass' if go.signatures else 'none'}"
                f" header.d={go.domain}"]
    if "received" in go.forged:
        go.forged.append("authentication-results")
        return [f"Authentication-Results: mail.{go.ends.domain};\r\n\tspf=pass smtp.mailfrom={go.envelope_from};"
                f"\r\n\tdkim=pass header.d={go.ends.domain}"]
    return []


def own_results(go: Journey, results: Results) -> str:
    """The Authentication-Results field that the receiver's border writes, without the final CRLF."""
    name = go.ends.receiver.authserv_id
    if go.ends.way == "inside":
        return f"Authentication-Results: {name};\r\n\tauth=pass smtp.auth={go.ends.author.partition('@')[0]}"
    return authentication_results(name, results, go.ends.domain, go.peer.name)
