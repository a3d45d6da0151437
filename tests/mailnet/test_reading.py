"""Reading messages, real and hostile ones."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.mailnet.reading import Address, decode_words, header_block, header_values, read_message

PIECES = [
    b"From: a@b.example\r\n",
    b"From: =?utf-8?q?=C3",
    b"Subject: =?punycode?b?eHh4?= =?x?q?",
    b"Date: 99 99\r\n",
    b"\r\n",
    b"\n",
    b"Content-Type: multipart/mixed; boundary=a\r\n",
    b"--a\r\n",
    b"--a--\r\n",
    b"Content-Type: text/html; charset=zip\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"=?\xff\xfe",
    b"Content-Disposition: attachment; filename*=x'y'%zz\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"To: ((((((\r\n",
    b"Received: \r\n x\r\n",
    b"\x00",
    b":",
    b" ",
    b"<!",
    b"<a href=",
    b"&#x110000;",
]


@settings(deadline=None)
@given(st.binary(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    """Any bytes can be read, and what is read can be written as UTF-8."""
    reading = read_message(raw)
    "".join(
        [reading.subject, reading.text, reading.html, reading.message_id, *(a.name for a in reading.from_)]
    ).encode()
    header_values(raw)
    header_block(raw)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=?utf-8?q?caf=C3=A9?= bill", "café bill"),
        ("=?iso-8859-1?b?Y2Fm6Q==?=", "café"),
        ("=?utf-8?b?8J+Y?= =?utf-8?b?gA==?=", "😀"),
        ("=?no-such-charset?q?abc?=", "abc"),
        ("folded\r\n value", "folded value"),
        ("=?utf-8?q?broken", "=?utf-8?q?broken"),
    ],
)
def test_encoded_words_are_decoded(value: str, shown: str) -> None:
    """Encoded words (RFC 2047) become text, broken ones stay as they came."""
    assert decode_words(value) == shown


def test_raw_bytes_in_a_header_are_taken_for_utf8() -> None:
    """An unencoded UTF-8 header is shown as its sender meant it, other bytes as U+FFFD."""
    assert read_message("Subject: café\r\n\r\n".encode()).subject == "café"
    assert read_message(b"Subject: caf\xe9\r\n\r\n").subject == "caf\ufffd"


def test_a_sender_without_address_is_still_a_name() -> None:
    """A From field that holds no address is shown as a name."""
    assert read_message(b"From: Your Bank\r\n\r\n").from_ == (Address("Your Bank", ""),)


def test_only_charsets_of_mail_are_used() -> None:
    """A codec of Python's that isn't a charset (punycode is quadratic) is not run on a sender's bytes."""
    raw = b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"abc-" * 200_000
    began = time.monotonic()
    assert read_message(raw).text.startswith("abc-")
    assert time.monotonic() - began < 2


def test_a_thousand_nested_parts_are_read_quickly() -> None:
    """A message nested a thousand deep is neither a crash nor a long wait."""
    raw = (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000))
        + b"x\r\n" * 50_000
    )
    began = time.monotonic()
    read_message(raw)
    assert time.monotonic() - began < 2


def test_header_values_keep_repeated_fields_in_order() -> None:
    """A field that stands twice gives two values, top first, unfolded; names are made canonical."""
    found = header_values(b"received: one\r\n two\r\nMESSAGE-ID: <x>\r\nReceived: three\r\n\r\nReceived: not this\r\n")
    assert found == {"Message-Id": ["<x>"], "Received": ["one two", "three"]}
