"""Header fields are numbered alike in class and in a graded run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit_fakes import mail

from spamlab.kit.errors import KitError
from spamlab.kit.message import LabMessage


@pytest.mark.parametrize("own", [True, False])
def test_numbers_do_not_depend_on_the_mailbox(own: bool) -> None:
    """Line 1 is the topmost of the message as it was sent, whether or not a mailbox added one."""
    message = LabMessage("M1", mail("M1", own=own))
    assert [line.number for line in message.received] == ["1", "2", "3", "4"]
    assert message.received[1].claims.by == "store.harbornet.example"
    assert message.received[-1] is not None
    assert message.received[-1].claims.from_name == "pc"
    assert (message.received.zero is not None) is own
    assert [line.number for line in message.results] == ["A1", "A2"]
    assert message.results["A2"].text == "relay.sender.example; spf=pass"


def test_a_forged_mailbox_mark_below_the_top_counts() -> None:
    """Only the topmost line can be the mailbox's own; the same mark further down is an ordinary line."""
    raw = b"Received: by a.example; x\r\nReceived: from b by mailbox.test (spamlab); y\r\n\r\n"
    assert [line.number for line in LabMessage("M1", raw).received] == ["1", "2"]


def test_line_zero_and_unknown_lines() -> None:
    """Line 0 is reached by its number; a line that is not there is a sentence with those that are."""
    message = LabMessage("M1", mail("M1"))
    assert "(spamlab)" in message.received[0].text
    with pytest.raises(KitError, match="Received: 1, 2, 3, 4"):
        message.received[9]
    with pytest.raises(KitError):
        message.received["x\x1b"]


def test_headers() -> None:
    """Values are unfolded, names compared without case, encoded words read."""
    message = LabMessage("M1", mail("M1", subject="=?utf-8?q?Ol=C3=A1?="))
    assert message.subject == "Olá"
    assert message.header("from") == "Bank <info@bank.example>"
    assert message.header("X-None") is None


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b"Received: from " + tail))
def test_reading_never_raises(raw: bytes) -> None:
    """Any bytes at all can be read, numbered and described."""
    message = LabMessage("M1", raw)
    assert all(line.claims is not None for line in message.received)
    assert repr(message) is not None
    assert repr(message.received) is not None
    assert all("<script" not in line._repr_html_() for line in message.fields)


def test_a_line_shows_itself() -> None:
    """A line at the end of a cell is shown with its number and name, controls made visible."""
    line = LabMessage("M1", mail("M1", hostile="\x1b[31m")).received[2]
    assert repr(line).startswith("2 Received: from mail.bank.example")
    assert "\x1b" not in repr(LabMessage("M1", mail("M1", hostile="\x1b[31m")).received)
    assert 'dir="ltr">2 Received</code>' in line._repr_html_()
