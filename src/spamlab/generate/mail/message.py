"""A whole message: header fields of the sender's program below the trace fields, then the body.

`raw` is text whose UTF-8 encoding is the message's bytes, with CRLF. Nearly all of it is ASCII: words of other scripts
stand as encoded words (RFC 2047) and under quoted-printable or base64, in UTF-8 and in older charsets; only a share of
UTF-8 bodies is sent as it is (8bit, RFC 6152), so that `raw.encode()` is right for each message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spamlab.generate.draws import BITS, below, mixed, named, share
from spamlab.generate.mail.border import results_of, trace_of
from spamlab.generate.mail.correspondents import ROWS, Ends, colleague, ends_of, organisation
from spamlab.generate.mail.dates import dates_of
from spamlab.generate.mail.encoding import folded, mailbox, unstructured
from spamlab.generate.mail.journey import Journey, journey_of, machine_name
from spamlab.generate.mail.parts import Body, body_of
from spamlab.generate.mail.received import letters, mail_date
from spamlab.generate.mail.reports import report_of
from spamlab.generate.mail.verdicts import Results, dkim_signature
from spamlab.generate.mail.world import MACHINES, MAILERS, PROVIDERS
from spamlab.generate.making import Making

_REPLY = re.compile(r"(?:re|aw|sv|antw|res|rif|ответ|на|回复|答复|رد)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
_MAILER, _IDENT, _ORDER, _REPLY_TO, _REPLY_ADDRESS, _REFERS, _THREAD = (
    named("mailer"), named("message id"), named("header order"), named("reply-to"), named("reply address"),
    named("refers"), named("thread of mail"))
_UNSUBSCRIBE, _ONE_CLICK, _LIST_ID, _PRIORITY, _CC, _CC_NAME, _HIDDEN, _QUOTED, _AUTO, _BULK, _FEEDBACK = (
    named("unsubscribe"), named("one click"), named("list id"), named("priority"), named("cc"), named("cc name"),
    named("undisclosed"), named("quoted name"), named("auto submitted"), named("bulk"), named("feedback"))
_SIGNATURE, _REPORT = named("signature"), named("as report")
_HEX = "0123456789abcdef"
_FAMILIES = {"outlook": 3, "dollar": 3, "capuuid": 5, "uuid": 2, "caplus": 1}
"""Form of Message-IDs -> family of programs, which decides boundaries and the order of fields."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program that wrote the message: what it calls itself, the form of its identifiers, its family (0 to 5)."""

    name: str
    ident: str
    family: int


def build(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """An e-mail with its whole message: from, to, subject, text, raw, envelope_from, envelope_to; its truth.

    Truth: way (see `correspondents.WAYS`), actor (whose name or machine spam used, "" for others), origin (of the
    machine that the sender used: address, AS number, network, name), links that lead elsewhere than they say,
    techniques, forged (what is not true in it), results (what a verifier finds), policy (of DMARC, as published),
    signing (who signs, and whether what was signed is still whole), files (names).
    """
    title, text = _texts(making)
    ends = ends_of(making, text, title)
    answers = ROWS.get(making.type.name) == "report"
    journey = journey_of(making, ends, null_sender=answers)
    results = results_of(journey)
    program = program_of(making.key, ends)
    if answers and share(making.key, _REPORT) < 0.6:
        body = report_of(making, ends, journey, text, program.family)
    else:
        body = body_of(making, ends, title, text, journey.service, program.family)
    fields = {**_shown(ends, title, text), "raw": _raw(making, journey, results, body, program, title),
              "envelope_from": journey.envelope_from, "envelope_to": [ends.to]}
    return fields, _truth(journey, results, body)


def sketch(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The same e-mail without its whole message: from, to, subject, text. Its truth is made when it is asked for."""
    title, text = _texts(making)
    return _shown(ends_of(making, text, title), title, text), _Later(making)


def _texts(making: Making) -> tuple[str, str]:
    """Subject and body, their dates put right."""
    dates = dates_of(making.language.weekdays, making.language.months, making.language.quoting)
    both = f"{making.give('subject')}\0\n{making.give('body')}"
    title, _, text = dates.fitting(both, making.sent.date()).partition("\0\n")
    return title, text


class _Later(Mapping[str, Any]):
    """The truth of a message that nobody may ask for."""

    def __init__(self, making: Making) -> None:
        self._making = making

    @cached_property
    def _found(self) -> Mapping[str, Any]:
        return build(self._making)[1]

    def __getitem__(self, name: str) -> Any:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _shown(ends: Ends, title: str, text: str) -> dict[str, Any]:
    return {"from": f"{ends.name} <{ends.address}>" if ends.name else ends.address,
            "to": f"{ends.to_name} <{ends.to}>" if ends.to_name else ends.to,
            "subject": title, "text": f"{title}\n{text}"}


def _truth(journey: Journey, results: Results, body: Body) -> dict[str, Any]:
    address, network = journey.origin
    return {
        "way": journey.ends.way,
        "actor": journey.actor,
        "origin": {"address": address, "asn": network.asn if network else None,
                   "network": network.name if network else "", "name": journey.host},
        "links": [list(one) for one in body.links],
        "techniques": body.techniques,
        "forged": journey.forged,
        "results": {"spf": results.spf, "dkim": results.dkim, "dmarc": results.dmarc},
        "policy": results.policy,
        "signing": [{"domain": domain, "selector": selector, "whole": whole}
                    for domain, selector, whole in journey.signatures],
        "files": [one.name for one in body.files],
    }


def program_of(key: int, ends: Ends) -> Program:
    """The program that a sender of this kind writes with, drawn from the record's key."""
    if ends.provider is not None:
        place = named(ends.provider.hosts)
        return Program(ends.provider.mailer, ends.provider.ident, place % 6)
    programs = MACHINES if ends.kind in ("firm", "machine") or ends.way == "service" else MAILERS
    place = below(key, _MAILER) * len(programs) >> BITS
    name, ident = programs[place]
    return Program(name, ident, _FAMILIES.get(ident, place % 2 * 4))


def _ident(number: int, form: str, domain: str) -> str:
    """A Message-ID without brackets (RFC 5322 section 3.6.4)."""
    if form == "caplus":
        return f"CA{letters(number, 6)}={letters(number >> 7, 40)}@mail.{domain}"
    if form in ("uuid", "capuuid"):
        plain = letters(number, 32, _HEX)
        made = f"{plain[:8]}-{plain[8:12]}-4{plain[13:16]}-a{plain[17:20]}-{plain[20:]}"
        return f"{made.upper() if form == 'capuuid' else made}@{domain}"
    if form == "outlook":
        tail = letters(number, 24, _HEX.upper())
        return f"{letters(number, 4).upper()}PR{number % 90 + 10}MB{number >> 20 & 4095:04d}{tail}@{domain}"
    if form == "dollar":
        name = machine_name(number).lower()
        return f"{number & 0xFFFFFF:012x}$0{number >> 24 & 0xFFFFFFF:07x}${number >> 52:03x}00a8c0@{name}"
    if form == "dated":
        return f"20{number % 7 + 20}{number >> 8 & 0xFFFFFFF:09d}.{letters(number, 8)}@{domain}"
    if form == "number":
        return f"{number & 0xFFFFFFFF}.{number >> 32}.{number >> 22 & 0xFFFFFFF}@{domain}"
    if form == "name":
        return f"em{letters(number, 8, _HEX)}-{letters(number >> 9, 4, _HEX)}-{number % 9999}@{domain}"
    return f"{letters(number, 32, _HEX)}@{domain}"


def _raw(making: Making, journey: Journey, results: Results, body: Body, program: Program, title: str) -> str:
    head = header_of(making, journey, results, body, program, title)
    return "\r\n".join([*trace_of(journey, results), *head]) + "\r\n\r\n" + body.text


def header_of(making: Making, journey: Journey, results: Results, body: Body, program: Program, title: str, *,
              open_to: bool = False) -> list[str]:
    """The fields below the trace fields, each with its folding but without the final CRLF. open_to: the field To names
    the reader, whom some messages hide."""
    key, ends = making.key, journey.ends
    charset, base64 = body.charset, body.base64
    if not (ends.name + ends.to_name + title).isascii():
        try:
            (ends.name + ends.to_name + title).encode(charset)
        except UnicodeEncodeError:
            charset = "utf-8"
    quoted = program.family in (3, 1) and bool(below(key, _QUOTED) & 3)
    id_domain = journey.service if journey.service and key & 3 else journey.domain
    ident = _ident(below(key, _IDENT), program.ident, id_domain)
    hidden = not (ends.group or open_to) and share(key, _HIDDEN) < (0.03 if ends.kind == "person" else 0.06)
    to = "undisclosed-recipients:;" if hidden else ends.group or mailbox(
        ends.to_name, ends.to, charset, base64=base64, quoted=quoted, first=4)
    base = {
        "From": f"From: {mailbox(ends.name, ends.address, charset, base64=base64, quoted=quoted)}",
        "To": f"To: {to}",
        "Subject": unstructured("Subject", title, charset, base64=base64),
        "Date": f"Date: {mail_date(journey.written)}",
        "Message-ID": f"Message-ID: <{ident}>" if len(ident) < 64 else f"Message-ID:\r\n <{ident}>",
    }
    more = _more(making, journey, body, program, title)
    mime = ["MIME-Version: 1.0", *body.head]
    order = _ORDERS[(program.family + (below(key, _ORDER) >> 62)) % len(_ORDERS)]
    fields = [base[name] for name in order if name in base]
    at = order.index("*")
    fields[at:at] = more
    if results.dkim == "fail":
        domain, selector, _ = journey.signatures[0]
        fields.insert(0, dkim_signature(domain, selector, journey.written, below(key, _SIGNATURE)))
    return [*fields, *mime] if program.family != 1 else ["MIME-Version: 1.0", *fields, *body.head]


_ORDERS = (("From", "To", "Subject", "Date", "Message-ID", "*"), ("*", "From", "Date", "Message-ID", "Subject", "To"),
           ("Message-ID", "Date", "*", "From", "To", "Subject"), ("From", "To", "Subject", "*", "Date", "Message-ID"),
           ("Date", "From", "To", "Message-ID", "Subject", "*"), ("From", "*", "Subject", "Message-ID", "Date", "To"))
"""Orders of programs; * is where the other fields stand."""


def _more(making: Making, journey: Journey, body: Body, program: Program, title: str) -> list[str]:
    """The fields that only some messages have."""
    key, ends, spam = making.key, journey.ends, making.type.label == "spam"
    kind = ends.kind
    more: list[str] = []
    reply = share(key, _REPLY_TO)
    if ends.name.endswith(f" via {ends.group.partition('@')[0]}") and ends.group:
        more.append(f"Reply-To: {ends.author}")
    elif reply < (0.2 if kind in ("firm", "machine") or ends.way == "service" else 0.16 if spam else 0.07):
        number = below(key, _REPLY_ADDRESS)
        local = ends.author.partition("@")[0]
        if spam and number & 1:
            elsewhere = f"{local}{number >> 8 & 511}@{organisation(key ^ _REPLY_ADDRESS)}"
            body.techniques.append("answers_elsewhere")
        elif ends.provider is not None:
            elsewhere = f"{local}@{PROVIDERS[number % len(PROVIDERS)].domains[0]}"
        else:
            elsewhere = ends.author if number & 2 else (
                f"{('reply', 'info', 'support', 'office')[number >> 2 & 3]}@{journey.domain}")
        more.append(f"Reply-To: {elsewhere}")
    if _REPLY.match(title) and share(key, _REFERS) < (0.4 if spam else 0.85):
        number = below(key, _THREAD)
        before = _ident(number, MAILERS[key % len(MAILERS)][1], ends.receiver.domain)
        first = _ident(mixed(number), MAILERS[key % 7][1], journey.domain)
        more.append(f"In-Reply-To: <{before}>")
        more.append(f"References: <{before}>" if key & 8 else f"References: <{first}>\r\n\t<{before}>")
        if program.family == 3:
            more.append(folded("Thread-Topic", title.partition(":")[2].strip() or "-") if title.isascii() else (
                "Thread-Topic: -"))
    if program.name:
        by_agent = "Larkspur" in program.name or (program.family in (2, 4) and "/" in program.name)
        more.append(f"{'User-Agent' if by_agent else 'X-Mailer'}: {program.name}")
    if share(key, _CC) < (0.14 if kind == "person" else 0.05 if kind != "list" else 0.2):
        more.append(f"Cc: {colleague(making, below(key, _CC_NAME))}@{ends.receiver.domain}")
    if share(key, _PRIORITY) < 0.05:
        more.append("Importance: High" if program.family == 3 else f"X-Priority: {(1, 3, 3)[key % 3]}")
    if not journey.envelope_from:
        more.append("Auto-Submitted: auto-replied")  # RFC 3834 section 5.1
    elif kind == "machine" and share(key, _AUTO) < 0.4:
        more.append("Auto-Submitted: auto-generated")
    if program.family == 3 and key & 16:
        more.append(f"Content-Language: {making.language.code}")
    more += _list_fields(ends) if ends.group else _bulk_fields(key, journey)
    return more


def _list_fields(ends: Ends) -> list[str]:
    """What the list's software adds (RFC 2369, RFC 2919)."""
    name, _, host = ends.group.partition("@")
    return [
        "Precedence: list",
        f"List-Id: <{name}.{host}>",
        f"List-Unsubscribe: <https://{host}/options/{name}>,\r\n\t<mailto:{name}-request@{host}?subject=unsubscribe>",
        f"List-Archive: <https://{host}/archive/{name}/>",
        f"List-Post: <mailto:{ends.group}>",
        f"List-Help: <mailto:{name}-request@{host}?subject=help>",
        f"Sender: {name}-bounces@{host}",
    ]


def _bulk_fields(key: int, journey: Journey) -> list[str]:
    """What senders in bulk add, wanted or not: a way out with one click (RFC 8058), marks for complaints."""
    ends = journey.ends
    bulk = journey.service or (ends.provider is None and ends.kind in ("firm", "machine", "stranger")
                               and share(key, _BULK) < 0.35)
    if not bulk:
        return []
    number = below(key, _UNSUBSCRIBE)
    host = journey.service or journey.domain
    more: list[str] = []
    if number >> 56 < 210:
        token = letters(number, 22)
        page = f"<https://{'u' if number & 1 else 'unsubscribe'}.{host}/{token}>"
        post = f"<mailto:unsubscribe-{letters(number, 10, _HEX)}@{host}?subject=unsubscribe>"
        one_click = below(key, _ONE_CLICK) % 10 < 7
        more.append(f"List-Unsubscribe: {page}" if number & 2 else f"List-Unsubscribe: {post},\r\n\t{page}")
        if one_click:
            more.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    if below(key, _LIST_ID) % 10 < 3:
        more.append(f"List-Id: <{number % 99999}.{host}>")
    if below(key, _FEEDBACK) % 10 < 4:
        mark = letters(number, 3).lower()
        more.append(f"Feedback-ID: {number % 9999}:{number >> 20 & 4095}:{mark}:{host.split('.')[0]}")
    if below(key, _FEEDBACK) & 64:
        more.append("Precedence: bulk")
    return more
