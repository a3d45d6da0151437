"""The quick scanner finds what `unsafe` finds, in every place where a reader could meet it, and nothing more."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Mapping
from email.header import Header
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spamlab.errors import ContentError
from spamlab.generate.safety import unsafe
from spamlab.generate.traffic import Made
from spamlab.generate.writers.scan import first_unsafe, must_be_safe, readable

PIECES = (
    "https://", "http://", "www.", "WWW.", "@", ".", ":", "::", "/", " ", "\n", "-", "+", "(", ")", "_", "!", "?", "#",
    "<", ">", '"', ",", "example", "test", "invalid", "example.com", "a", "B", "evil", "com", ".com", "co",
    "uk", ".co.uk",
    "org", "club", "info", "x.example", "192.0.2.7", "192.0.2.", "8.8.8.8", "10.0.0.1", "1", "22", "2001:db8", "ff",
    "2a00:1450", "10:30:22", "07700 900123", "07911 123456", "+44", "44 7911", "555-0142", "(212)", "212-555-1234",
    "1800 356 937",
    "é", "İ", "ſ", "K", "٣", "中", "\u200b", "mail.example.org", "user:pw@",
)
RECORD: Mapping[str, Any] = {"id": "sms-000000001", "channel": "sms", "text": "hello"}
TRUTH: Mapping[str, Any] = {"id": "sms-000000001", "type": "parcel", "label": "spam"}


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=6))
@settings(max_examples=600, deadline=None)
@example(["http://a.example:x@evil.com/", "see evil.com"])
@example(["http://a.example?x@evil.com"])
@example(["https://192.0.2.7٣", "https://x.example!-"])
@example(["x İ 07911 123456"])
def test_the_sieve_loses_nothing(texts: list[str]) -> None:
    """In texts that are made of what the scanner looks for, the quick one finds the same as `unsafe` text by text."""
    expected = next(((number, found[0].what) for number, text in enumerate(texts) if (found := unsafe(text))), None)
    got = first_unsafe(texts)
    assert (got is None) == (expected is None), (texts, got, expected)
    if got is not None and expected is not None:
        assert got[0] == expected[0]


def mail(head: str, body: str) -> str:
    """The source of a message."""
    return f"From: a@b.example\r\nMIME-Version: 1.0\r\n{head}\r\n\r\n{body}\r\n"


BODY = "Pay at https://parcel-fee.com/x and no later"
SOFT = f"{'so ' * 9} long that its line must be broken: {BODY}"
HIDDEN = {
    "plain": mail("Content-Type: text/plain", BODY),
    "base64": mail("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
                   base64.encodebytes(BODY.encode()).decode()),
    "quoted-printable": mail("Content-Type: text/html\r\nContent-Transfer-Encoding: Quoted-Printable",
                             f"{quopri.encodestring(SOFT.encode()).decode()}"),
    "utf-16": mail("content-transfer-encoding: BASE64\r\ncontent-type: text/plain; charset=\"utf-16\"",
                   base64.encodebytes(BODY.encode("utf-16")).decode()),
    "entities": mail("Content-Type: text/html", BODY.replace(".com", "&#46;com")),
    "subject": mail(f"Subject: {Header(BODY, 'koi8-r').encode()}", "hello"),
    "header in two words": mail("Subject: =?utf-8?q?at_www=2Eparcel-f?=\r\n =?utf-8?q?ee=2Ecom?=", "hello"),
    "header in words": mail("Subject: =?utf-8?q?at_www=2Eparcel-fee=2Ecom?=", "hello"),
    "second part": mail('Content-Type: multipart/mixed; boundary="x"',
                        "--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\nContent-Type: text/plain\r\n"
                        f"Content-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(BODY.encode()).decode()}--x--"),
    "after a part": mail('Content-Type: multipart/mixed; boundary="x"',
                         "--x\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\naGVsbG8=\r\n"
                         f"--x\r\nContent-Type: text/plain\r\n\r\n{BODY}\r\n--x--"),
}


@pytest.mark.parametrize("where", HIDDEN)
def test_mail_is_read_as_a_reader_sees_it(where: str) -> None:
    """What may be real is found in a message however it is encoded, and named with its record."""
    record = {**RECORD, "id": "email-000000007", "raw": HIDDEN[where]}
    with pytest.raises(ContentError, match=r"email-000000007 \(parcel\) holds (www\.)?parcel-fee.com, a host"):
        must_be_safe([Made(RECORD, TRUTH), Made(record, TRUTH)])


def test_bytes_of_pictures_are_no_text() -> None:
    """A picture's bytes are not searched, and its base64 neither: they hold anything by chance."""
    picture = base64.encodebytes(b"\x89PNG www.evil.com " * 9).decode()
    raw = mail('Content-Type: multipart/mixed; boundary="x"',
               "--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
               f"{picture}--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x--")
    found = "\n".join(readable(raw))
    assert "hello" in found
    assert "evil" not in found
    assert picture[:20] not in found


def test_a_reserved_name_may_be_cut_between_words() -> None:
    """A reserved name that goes on in the next encoded word is read as a whole."""
    subject = "Subject: =?utf-8?q?at_rook=2Eexampl?=\r\n =?utf-8?q?e=2Enet?="
    must_be_safe([Made({**RECORD, "raw": mail(subject, "hello")}, TRUTH)])


def test_what_html_escapes_is_no_part_of_a_name() -> None:
    """A reserved name in angle brackets, written as HTML writes them, passes before and after an encoded part."""
    page = "<p>see &lt;www.bank.example.com&gt; or&nbsp;https://x.example&nbsp;</p>"
    part = f"--x\r\nContent-Type: text/html\r\n\r\n{page}\r\n"
    raw = mail('Content-Type: multipart/mixed; boundary="x"',
               f"{part}--x\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\n"
               f"aGVsbG8=\r\n{part}--x--")
    found = "\n".join(readable(raw))
    assert found.count("<www.bank.example.com>") == 2
    must_be_safe([Made({**RECORD, "raw": raw}, TRUTH)])


@pytest.mark.parametrize("record", [{"sender": "+447911123456"}, {"to": ["a@evil.org"]}, {"a": [{"x": ["8.8.8.8"]}]}])
def test_every_field_is_looked_through(record: dict[str, Any]) -> None:
    """Senders, lists and tables are looked through like texts, in the record and in its truth."""
    with pytest.raises(ContentError, match="may be real"):
        must_be_safe([Made({**RECORD, **record}, TRUTH)])
    with pytest.raises(ContentError, match="may be real"):
        must_be_safe([Made(RECORD, {**TRUTH, **record})])
    must_be_safe([Made(RECORD, TRUTH)])
