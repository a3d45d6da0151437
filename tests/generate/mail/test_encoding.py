"""What is encoded reads as it was, by Python's decoders, within the lengths that the RFCs set."""

from __future__ import annotations

import quopri
from base64 import b64decode
from email import message_from_string, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.mail.encoding import (
    base64_rows,
    encoded_words,
    folded,
    mailbox,
    parameter,
    quoted_printable,
    unstructured,
    wrapped,
)

_LETTERS = st.characters(min_codepoint=32, max_codepoint=0x4FFF, exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"),
                         include_characters=" ")
TITLES = st.text(_LETTERS, min_size=1, max_size=120)


@given(TITLES, st.booleans(), st.integers(0, 30))
def test_encoded_words(text: str, base64: bool, first: int) -> None:
    """Words of at most 75 characters, each whole characters, decode to the text (RFC 2047)."""
    made = encoded_words(text, "utf-8", base64=base64, first=first)
    words = made.split("\r\n ")
    assert all(len(word) <= 75 for word in words)
    assert "".join(str(make_header(decode_header(word))) for word in words) == text
    assert str(make_header(decode_header(made.replace("\r\n", "")))) == text


@pytest.mark.parametrize(("charset", "text"), [
    ("koi8-r", "Счёт за март и за апрель, оплатить до десятого числа следующего месяца"), ("gb2312", "会议通知" * 20),
    ("windows-1256", "السلام عليكم ورحمة الله"), ("iso-8859-1", "Réunion à l'école déjà prévue")])
@pytest.mark.parametrize("base64", [True, False])
def test_older_charsets(charset: str, text: str, base64: bool) -> None:
    """Older charsets are cut between characters, not between bytes."""
    made = unstructured("Subject", text, charset, base64=base64)
    assert message_from_string(f"{made}\n\n", policy=policy.default)["subject"] == text


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, include_characters=" "), max_size=300))
def test_folding(text: str) -> None:
    """A folded field unfolds to its value, has no row of spaces, and none too long that a space could cut."""
    value = text.strip()
    made = folded("Subject", value)
    assert made.replace("\r\n", "") == f"Subject: {value}"
    rows = made.split("\r\n")
    assert all(row.strip() for row in rows)
    assert all(len(row) <= 78 or " " not in row.strip().removeprefix("Subject: ") for row in rows if "  " not in row)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40), st.booleans())
def test_display_names(name: str, quoted: bool) -> None:
    """A display name comes back as it was, whatever signs it has."""
    made = mailbox(name.strip(), "a@b.example", "utf-8", quoted=quoted)
    found = message_from_string(f"From: {made}\n\n", policy=policy.default)["from"]
    assert not found.defects
    assert found.addresses[0].addr_spec == "a@b.example"
    assert found.addresses[0].display_name.split() == name.split()


@given(st.text(st.characters(max_codepoint=0x4FFF, exclude_categories=("Cs", "Cc"), include_characters="\n \t"),
               max_size=400))
def test_quoted_printable(text: str) -> None:
    """Rows of at most 76 characters in ASCII that decode to the text."""
    made = quoted_printable(text, "utf-8")
    assert made.isascii()
    assert all(len(row) <= 76 for row in made.split("\r\n"))
    assert quopri.decodestring(made.encode()).replace(b"\r\n", b"\n").decode() == text


@given(st.binary(max_size=500))
def test_base64(data: bytes) -> None:
    """Rows of at most 76 characters that decode to the bytes."""
    made = base64_rows(data)
    assert all(len(row) <= 76 for row in made.split("\r\n"))
    assert b64decode(made) == data


@given(TITLES)
def test_file_names(name: str) -> None:
    """Any file name comes back, by RFC 2231 where it is not ASCII."""
    # Python's reader takes angle brackets round a whole name away, as if they were quotation marks.
    plain = name.replace('"', "").replace("\\", "").strip().strip("<>").strip() or "a"
    field = f"Content-Disposition: attachment; {parameter('filename', plain)}"
    found = message_from_string(f"{field}\n\n", policy=policy.default)
    assert found.get_filename() == plain


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x4FFF, exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"),
                             include_characters=" \n>"), max_size=400), st.integers(20, 80))
def test_wrapping_keeps_the_words(text: str, width: int) -> None:
    """Wrapped text has the same words in the same order; a row is longer than the width only where it can't be cut."""
    made = wrapped(text, width)
    assert made.split() == text.split()
    assert made.count("\n") >= text.count("\n")


def test_numbers_stay_in_a_row() -> None:
    """A telephone number is not cut at its spaces."""
    assert "020 7946 0123" in wrapped(f"{'word ' * 12}please call 020 7946 0123 before noon", 76)
