"""Cutting a header into fields, whatever the bytes are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.forensics.header import MOST_FIELDS, MOST_VALUE, printable, read_header


def test_fields_are_unfolded_and_in_order() -> None:
    """Folded rows are joined, places count from the top, the body is not read."""
    header = read_header(b"Received: a\r\n\tb\r\n c\r\nSubject: x\r\n\r\nFrom: body\r\n")
    assert [(one.name, one.value, one.place) for one in header.fields] == [
        ("Received", "a b c", 1),
        ("Subject", "x", 2),
    ]
    assert (header.strange, header.cut, header.ended) == (0, False, True)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end(end: bytes) -> None:
    """CRLF, LF and CR all end a row."""
    assert read_header(end.join([b"A: 1", b"B: 2", b"", b"C: 3"])).first("b") == "2"


def test_what_is_no_field_is_counted() -> None:
    """A row without a colon is skipped and counted; an mbox's first row is not."""
    header = read_header(b"From someone Tue Sep 15\nA: 1\nnonsense\n\tmore of it\nB : 2\n\nbody")
    assert [(one.name, one.value) for one in header.fields] == [("A", "1"), ("B", "2")]
    assert header.strange == 2


def test_bytes_beyond_ascii() -> None:
    """UTF-8 is read as UTF-8 (RFC 6532), anything else as Latin-1."""
    assert read_header("A: é".encode()).first("a") == "é"
    assert read_header("A: é".encode("latin-1")).first("a") == "é"


def test_limits_are_told() -> None:
    """More fields or bytes than the limits are left out, and the header says so."""
    assert read_header(b"A: 1\n" * (MOST_FIELDS + 1)).cut
    long = read_header(b"A: " + b"x" * (MOST_VALUE + 1) + b"\n")
    assert long.cut
    assert len(long.fields[0].value) == MOST_VALUE
    assert not read_header(b"A: 1\n\n" + b"x" * 2_000_000).cut


@given(st.binary(max_size=2000))
def test_any_bytes(raw: bytes) -> None:
    """No bytes raise."""
    read_header(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"A:\n" * 1_000_000,
        b"A: 1\n" + b"\t\n" * 1_000_000,
        b"\r" * 3_000_000,
        b":" * 3_000_000,
        b"A: 1\n" + b" x\n" * 800_000,
        b"\x00" * 3_000_000,
        b"a" * 3_000_000,
    ],
)
def test_hostile_bytes_take_no_time(raw: bytes) -> None:
    """Headers made to be slow are cut at once."""
    start = time.perf_counter()
    read_header(raw)
    assert time.perf_counter() - start < 2.0


def test_a_terminal_obeys_nothing() -> None:
    """Escapes, controls and signs that turn the direction become visible codes."""
    assert printable("a\x1b[31mb\r\nc\u202ed\x9b") == "a\\x1b[31mb\\x0d\\x0ac\\u202ed\\x9b"
    assert printable("abcdef", 4) == "abc…"


@given(st.text())
def test_nothing_unprintable_is_left(text: str) -> None:
    """Whatever comes in, no control comes out."""
    import unicodedata

    assert not [sign for sign in printable(text) if unicodedata.category(sign) == "Cc"]
