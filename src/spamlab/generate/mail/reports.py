"""Reports on mail that could not be delivered (RFC 3464), and backscatter: reports on what the recipient never sent."""

from __future__ import annotations

import re
from datetime import timedelta

from spamlab.generate.draws import below, named
from spamlab.generate.mail.correspondents import Ends
from spamlab.generate.mail.encoding import quoted_printable
from spamlab.generate.mail.journey import Journey
from spamlab.generate.mail.parts import Body, boundary
from spamlab.generate.mail.received import letters, mail_date
from spamlab.generate.mail.world import FAMILY, GIVEN
from spamlab.generate.making import Making

_ADDRESS = re.compile(r"(?<![\w.+-])[\w+-]+(?:\.[\w+-]+)*@(?:[\w-]+\.)+(?:example|test|invalid)\b", re.ASCII)
_STATUS = re.compile(r"\b[45]\.\d\.\d{1,2}\b(?!\.)")
_SUBJECT = re.compile(r"^Subject: (.{1,100})$", re.MULTILINE)
_TO, _WHY, _RETURNED = named("bounced to"), named("bounced why"), named("bounced message")
_WHYS = (("5.1.1", "550 5.1.1 user unknown"), ("5.2.2", "552 5.2.2 mailbox full"),
         ("5.7.1", "550 5.7.1 message refused"), ("4.4.7", "delivery time expired"),
         ("5.1.10", "556 5.1.10 domain accepts no mail"), ("5.4.1", "550 5.4.1 relay denied"))


def report_of(making: Making, ends: Ends, journey: Journey, text: str, family: int) -> Body:
    """A multipart/report (RFC 6522): words for people, fields for machines (RFC 3464), and the header that came
    back."""
    key, domain = making.key, journey.domain
    number = below(key, _TO)
    status, told = _WHYS[below(key, _WHY) % len(_WHYS)]
    # Where the words name a mailbox, a status or a subject, the fields say the same.
    address, code, title = _ADDRESS.search(text), _STATUS.search(text), _SUBJECT.search(text)
    lost = address.group() if address else (
        f"{GIVEN[number % len(GIVEN)]}.{FAMILY[(number >> 8) % len(FAMILY)]}@{domain}")
    subject = [f"Subject: {title.group(1).strip()}"] if title and title.group(1).isascii() else []
    if code:
        status, told = code.group(), f"{'550' if code.group()[0] == '5' else '450'} {code.group()}"
    came = mail_date(journey.written - timedelta(minutes=2 + number % 50))
    ident = f"{letters(below(key, _RETURNED), 24, '0123456789abcdef')}@{ends.to.rpartition('@')[2]}"
    coding = "7bit" if text.isascii() else "quoted-printable"
    words = text.replace("\n", "\r\n") if text.isascii() else quoted_printable(text, "utf-8")
    parts = (
        ("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {coding}", "", words),
        ("Content-Description: Delivery report", "Content-Type: message/delivery-status", "",
         f"Reporting-MTA: dns; {journey.own.host}", f"Arrival-Date: {came}", "", f"Final-Recipient: rfc822; {lost}",
         "Action: failed", f"Status: {status}", f"Diagnostic-Code: smtp; {told}", ""),
        ("Content-Description: Header of the message", "Content-Type: text/rfc822-headers", "", f"From: {ends.to}",
         f"To: {lost}", f"Date: {came}", f"Message-ID: <{ident}>",
         *subject, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", ""))
    between = boundary(key, 9, family)
    made = "".join(f"--{between}\r\n" + "\r\n".join(part) + "\r\n" for part in parts) + f"--{between}--\r\n"
    return Body([f'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="{between}"'], made,
                techniques=["backscatter"] if making.type.label == "spam" else [])
