"""A call's SIP INVITE (RFC 3261) as the called side's network receives it, made from its record alone.

All hosts are reserved names and all addresses are for documentation. What RFC 3261 leaves open (tags, branches, a
Call-ID) follows from the record's id and time, so the same record gives the same message. The Identity field (RFC 8224)
holds the attestation that stands in the record; a record without one has no such field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Any

from spamlab.generate.passport import Signer, lab_signer, origin_id, passport

FORMS = ("none", "full", "compact")
"""Of the Identity field: left out, with SHAKEN's claims in full, or a base PASSporT in compact form."""
INVITES = ("plain", "unsigned", "signed", "compact")
"""What a recipe may ask for as the field invite: without Identity; with one that lacks its signature; signed with the
lab's key of the seed; the same in compact form."""
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE"
_GATEWAYS = ("192.0.2", "198.51.100")
_AGENTS = ("Nightjar PBX 4.2", "Quillback SBC 7.1", "Ostrich Softswitch 2.9", "Tamarin Gate 11", "")


def sip_invite(record: Mapping[str, Any], identity: str = "full", sign: Signer | None = None) -> str:
    """The INVITE of a call, lines ended by CRLF.

    record: of the channel voice. identity: one of `FORMS`. sign: signs the token (see passport.py); without it the
    full form ends in an empty signature. Raises ValueError for another form, or the compact one without a signer.
    """
    if identity not in FORMS or (identity == "compact" and sign is None):
        raise ValueError(f"the form of the Identity field is one of {', '.join(FORMS)}; compact needs a signer")
    drawn = _Drawn(f"{record['id']}|{record['sent']}|{record['recipient']}")
    host = f"{_plain(record['operator'])}.example"
    called, shown, asserted = record["recipient"], record["sender"], record["asserted"]
    gateway = f"{_GATEWAYS[drawn.number(2)]}.{10 + drawn.number(200)}"
    sent = datetime.fromisoformat(record["sent"])
    call_id, branch, tag = drawn.text(24), drawn.text(20), drawn.text(10)
    agent = _AGENTS[drawn.number(len(_AGENTS))]
    signed = _identity(record, host, int(sent.timestamp()), identity, sign)
    # RFC 3323 section 4.1.1.3: who wants privacy is anonymous in From; section 4.2: and asks for it of the network.
    from_field = (f"<sip:{shown}@{host};user=phone>" if shown
                  else '"Anonymous" <sip:anonymous@anonymous.invalid>')
    lines = [
        f"INVITE sip:{called}@home.example;user=phone SIP/2.0",
        # What is long goes over TCP (RFC 3261 section 18.1.1).
        f"Via: SIP/2.0/{'TCP' if signed else 'UDP'} {gateway}:5060;branch=z9hG4bK{branch}",
        f"Max-Forwards: {70 - drawn.number(4)}",
        f"From: {from_field};tag={tag}",
        f"To: <sip:{called}@home.example;user=phone>",
        f"Call-ID: {call_id}@{gateway}",
        f"CSeq: {1 + drawn.number(900)} INVITE",
        f"Contact: <sip:{shown or 'anonymous'}@{gateway}:5060>",
        f"Date: {format_datetime(sent, usegmt=True)}",
        f"Allow: {ALLOW}",
    ]
    if asserted:
        lines.append(f"P-Asserted-Identity: <sip:{asserted}@{host};user=phone>")
    if not shown:
        lines.append("Privacy: id")
    lines += signed
    if agent:
        lines.append(f"User-Agent: {agent}")
    body = _session(drawn, gateway)
    lines += ["Content-Type: application/sdp", f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines)


def inviter(how: str, seed: int | str) -> Callable[[Mapping[str, Any]], str]:
    """Makes the INVITE of a record in one of the ways of `INVITES`; raises MachineError where it can't sign."""
    sign = lab_signer(seed) if how in ("signed", "compact") else None
    form = {"plain": "none", "compact": "compact"}.get(how, "full")
    return lambda record: sip_invite(record, form, sign)


def _identity(record: Mapping[str, Any], host: str, iat: int, form: str, sign: Signer | None) -> list[str]:
    """The Identity field, where there is one (RFC 8224 section 4). The number signed is the one asserted, or shown."""
    number = record["asserted"] or record["sender"]
    if form == "none" or not record["attestation"] or not number:
        return []
    certificate = f"https://cert.{host}/shaken.pem"
    origin = origin_id(f"{record['operator']}|{record['trunk']}")
    if form == "compact" and sign is not None:
        token = passport(certificate, "", number, record["recipient"], iat)
        return [f"Identity: {token.compact(sign)};info=<{certificate}>;alg=ES256"]
    token = passport(certificate, record["attestation"], number, record["recipient"], iat, origin)
    return [f"Identity: {token.full(sign)};info=<{certificate}>;alg=ES256;ppt=shaken"]


def _session(drawn: _Drawn, gateway: str) -> str:
    """What the caller offers to speak over (SDP, RFC 8866): G.711 or G.729, and tones of keys (RFC 4733)."""
    codecs = (("0", "PCMU/8000"), ("8", "PCMA/8000"), ("18", "G729/8000"))
    first = drawn.number(3)
    chosen = [codecs[first], codecs[(first + 1) % 3]] if drawn.number(2) else [codecs[first]]
    number = drawn.number(10**9)
    lines = ["v=0", f"o=- {number} {number} IN IP4 {gateway}", "s=-", f"c=IN IP4 {gateway}", "t=0 0",
             f"m=audio {10000 + 2 * drawn.number(15000)} RTP/AVP {' '.join(kind for kind, _ in chosen)} 101",
             *(f"a=rtpmap:{kind} {name}" for kind, name in chosen), "a=rtpmap:101 telephone-event/8000",
             "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv", ""]
    return "\r\n".join(lines)


class _Drawn:
    """Numbers that follow from a text, one after the other: for what no decision is named after."""

    def __init__(self, text: str) -> None:
        self._text, self._count = text, 0

    def number(self, below: int) -> int:
        self._count += 1
        octets = blake2b(f"{self._count}|{self._text}".encode(), digest_size=8).digest()
        return int.from_bytes(octets, "big") % below

    def text(self, length: int) -> str:
        return f"{self.number(16**length):0{length}x}" if length <= 12 else self.text(12) + self.text(length - 12)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
