"""The five claims of a Received line, read for display."""

from __future__ import annotations

import pytest

from spamlab.kit.trace import is_own, read_claims


@pytest.mark.parametrize(("value", "name", "address", "by"), [
    ("from a.example (b.example [192.0.2.7]) by c.example with ESMTP id 1; Tue, 4 Mar 2025 12:00:00 +0200",
     "a.example", "192.0.2.7", "c.example"),
    ("from a.example (unknown [IPv6:2001:db8::7]) by c.example; x", "a.example", "2001:db8::7", "c.example"),
    ("from [192.0.2.9] by c.example; x", "[192.0.2.9]", "192.0.2.9", "c.example"),
    ("from pc (10.0.0.4) by c.example", "pc", "10.0.0.4", "c.example"),
    ("by c.example id 7", "", "", "c.example"),
    ("from 203.0.113.9 (claims to be [198.51.100.1]) (x [192.0.2.1]) by c", "203.0.113.9", "198.51.100.1", "c"),
    ("from a (by fake.example (nested)) by real.example", "a", "", "real.example"),
    ("", "", "", ""),
])
def test_claims(value: str, name: str, address: str, by: str) -> None:
    """Name given, address in the comment, writer of the line; comments hold no keywords."""
    claims = read_claims(value)
    assert (claims.name, claims.address, claims.by) == (name, address, by)


def test_time_is_shown_in_utc() -> None:
    """The written time is kept, and the same instant given in UTC; nonsense gives None."""
    claims = read_claims("by a; Tue, 4 Mar 2025 12:00:00 +0200")
    assert claims.time == "Tue, 4 Mar 2025 12:00:00 +0200"
    assert claims.utc is not None
    assert claims.utc.hour == 10
    assert read_claims("by a; Tue, 99 Mar 99999 99:00 +9999999").utc is None


@pytest.mark.parametrize(("value", "own"), [
    ("from x by host (Mailpit) with SMTP", True), ("from x by\n mailbox.test (spamlab) with ESMTP", True),
    ("from x (Mailpit) by host with SMTP", False), ("from by.example (spamlab)", False),
])
def test_own_line(value: str, own: bool) -> None:
    """Only the comment right after `by` marks our mailbox's own line."""
    assert is_own(value) is own
