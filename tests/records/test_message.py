"""A message as the lab passes it on is checked when it is made."""

from __future__ import annotations

import pytest

from spamlab.records.message import Message

RAW = b"From: a@a.example\r\nMessage-ID: <1.2@a.example>\r\n\r\nbody\r\n"


def test_message_id_without_its_brackets() -> None:
    """The id is what a mailbox's API shows, or nothing."""
    assert Message("M1", RAW, "", ("u@c.example",)).message_id == "1.2@a.example"
    assert Message("M1", b"From: a@a.example\r\n\r\n", "", ()).message_id == ""


@pytest.mark.parametrize("raw", [b"a\n", b"a\r\nb\nc\r\n", b"\n"])
def test_line_ends_must_be_crlf(raw: bytes) -> None:
    """A bare LF would be changed on the way, and with it every offset and signature."""
    with pytest.raises(ValueError, match="CRLF"):
        Message("M1", raw, "", ())


def test_a_message_needs_a_name() -> None:
    """Questions name messages."""
    with pytest.raises(ValueError, match="name"):
        Message("", RAW, "", ())
