"""Received fields of many programs, read as they are meant, and nothing that raises."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.forensics.received import read_received

DATE = "Tue, 15 Sep 2026 10:00:00 +0300"
# value, name given, name in DNS, address, by, protocol
WRITTEN = {
    "postfix": (
        "from a.example (b.example [192.0.2.7])\r\n\t(using TLSv1.3 with cipher X (256/256 bits))\r\n"
        f"\tby mx.c.example (Postfix) with ESMTPS id 4X\r\n\tfor <u@c.example>; {DATE}",
        "a.example", "b.example", "192.0.2.7", "mx.c.example", "ESMTPS",
    ),
    "postfix without a name in DNS": (
        f"from a.example (unknown [192.0.2.7]) by mx.c.example (Postfix) with ESMTP id 4X; {DATE}",
        "a.example", "unknown", "192.0.2.7", "mx.c.example", "ESMTP",
    ),
    "postfix and IPv6": (
        f"from a.example (b.example [IPv6:2001:DB8:0:0::7]) by mx.c.example (Postfix) with ESMTP id 4X; {DATE}",
        "a.example", "b.example", "2001:db8::7", "mx.c.example", "ESMTP",
    ),
    "a literal as greeting": (
        f"from [198.51.100.9] (b.example [192.0.2.7]) by mx.c.example with ESMTP; {DATE}",
        "[198.51.100.9]", "b.example", "192.0.2.7", "mx.c.example", "ESMTP",
    ),
    "exim, both names": (
        f"from b.example ([192.0.2.7] helo=a.example)\r\n by mx.c.example with esmtps (TLS1.3) tls X id 1; {DATE}",
        "a.example", "b.example", "192.0.2.7", "mx.c.example", "esmtps tls X",
    ),
    "exim, one name": (
        f"from a.example ([192.0.2.7]) by mx.c.example with esmtp (Exim 4.97) id 1; {DATE}",
        "a.example", "", "192.0.2.7", "mx.c.example", "esmtp",
    ),
    "exim, no name in DNS": (
        f"from [192.0.2.7] (helo=a.example) by mx.c.example with smtp (Exim 4.97) id 1; {DATE}",
        "a.example", "", "192.0.2.7", "mx.c.example", "smtp",
    ),
    "exim, a literal as greeting": (
        f"from [192.0.2.7] (helo=[198.51.100.9]) by mx.c.example with smtp (Exim 4.97) id 1; {DATE}",
        "198.51.100.9", "", "192.0.2.7", "mx.c.example", "smtp",
    ),
    "sendmail": (
        f"from a.example (root@b.example [192.0.2.7] (may be forged)) by mx.c.example (8.17.1) with ESMTP; {DATE}",
        "a.example", "b.example", "192.0.2.7", "mx.c.example", "ESMTP",
    ),
    "qmail": (
        f"from unknown (HELO a.example) (192.0.2.7)\n  by mx.c.example with SMTP; {DATE}",
        "a.example", "unknown", "192.0.2.7", "mx.c.example", "SMTP",
    ),
    "exchange": (
        f"from a.example (2001:db8::7) by mx.c.example (2001:db8::8) with Microsoft SMTP Server id 15.20.1; {DATE}",
        "a.example", "", "2001:db8::7", "mx.c.example", "Microsoft SMTP Server",
    ),
    "dovecot": (f"from a.example ([192.0.2.7])\n\tby s.c.example with LMTP\n\t(envelope-from <x@y.example>); {DATE}",
                "a.example", "", "192.0.2.7", "s.c.example", "LMTP"),
    "a certificate that lies": (
        'from a.example (b.example [192.0.2.7]) (Client CN "by mx.z.example [198.51.100.1]") '
        f"by mx.c.example with ESMTPS; {DATE}",
        "a.example", "b.example", "192.0.2.7", "mx.c.example", "ESMTPS",
    ),
    "a greeting that is a word of the field": (
        f"from by (b.example [192.0.2.7]) by mx.c.example with ESMTP; {DATE}",
        "by", "b.example", "192.0.2.7", "mx.c.example", "ESMTP",
    ),
    "no from": (f"by mx.c.example (Postfix, from userid 112) id 4X; {DATE}", "", "", "", "mx.c.example", ""),
    "neither": (f"(qmail 4711 invoked by uid 89); {DATE}", "", "", "", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("program", WRITTEN)
def test_what_programs_write(program: str) -> None:
    """Name given, name in DNS, address seen, writer and protocol come out right for each program's way of writing."""
    value, name, reverse, address, by, protocol = WRITTEN[program]
    line = read_received(value)
    assert (line.from_name, line.from_reverse, line.from_address, line.by, line.protocol) == (
        name,
        reverse,
        address,
        by,
        protocol,
    )
    assert line.date is not None
    assert line.date.isoformat() == "2026-09-15T10:00:00+03:00"


def test_id_and_recipient() -> None:
    """The id and the for clause lose their angle brackets."""
    line = read_received(f"from a.example ([192.0.2.7]) by b.example with ESMTP id <9A@b> for <u@c.example>; {DATE}")
    assert (line.id, line.recipient) == ("9A@b", "u@c.example")


def test_the_mailbox_of_the_lab_is_known() -> None:
    """A line whose by clause carries (Mailpit) or (spamlab) is the mailbox's own; a comment elsewhere is not enough."""
    assert read_received(f"from a.example ([192.0.2.7]) by host (Mailpit) with SMTP; {DATE}").mailbox
    assert read_received(f"from a.example ([192.0.2.7]) by host (spamlab) with SMTP; {DATE}").mailbox
    assert not read_received(f"from a.example ([192.0.2.7] (Mailpit)) by host with SMTP; {DATE}").mailbox


def test_a_password_is_seen() -> None:
    """ESMTPA and ESMTPSA say that the peer gave a password (RFC 3848)."""
    assert read_received(f"from a.example ([192.0.2.7]) by b.example with ESMTPSA; {DATE}").authenticated
    assert not read_received(f"from a.example ([192.0.2.7]) by b.example with ESMTPS; {DATE}").authenticated


def test_faults_are_named() -> None:
    """What is missing or impossible is said by a code."""
    assert read_received("by b.example").faults == ("no-from", "no-date")
    assert read_received("").faults == ("no-from", "no-by", "no-date")
    assert read_received("from a.example by b.example; Mon, 31 Feb 2026 10:00:00 +0000").faults == ("date-unreadable",)
    assert read_received("from a.example by b.example; Mon, 15 Sep 2026 10:00:00 +0000").faults == ("date-weekday",)


def test_a_date_without_its_semicolon_is_found() -> None:
    """Some servers forget the semicolon; the date at the end is read all the same."""
    assert read_received(f"from a.example by b.example {DATE}").utc is not None


@given(st.text())
def test_any_text_is_read(value: str) -> None:
    """No text raises, and what comes out are strings without line ends."""
    line = read_received(value)
    assert "\n" not in line.text
    assert isinstance(line.by, str)


PARTS = ["from", "by", "with", "id", "for", "(", ")", "[", "]", '"', "\\", ";", "a.example", "192.0.2.1", "::1", "%"]
PARTS += ["IPv6:", "HELO", "helo=", ","]


@given(st.lists(st.sampled_from([*PARTS, DATE]), max_size=40).map(" ".join))
def test_any_mixture_of_its_parts_is_read(value: str) -> None:
    """Its own words in any order do not raise, and an address that comes out is a real one."""
    import ipaddress

    line = read_received(value)
    if line.from_address:
        ipaddress.ip_address(line.from_address)


@pytest.mark.parametrize(
    "value",
    [
        "(" * 500_000,
        "((" * 9000 + "))" * 9000,
        '"' * 200_000,
        "\\" * 200_000,
        "[" * 200_000,
        "from " * 50_000,
        "1:" * 100_000,
        "a" * 1_000_000,
        "; " * 100_000,
        "HELO " * 50_000,
        "from x (" + "helo=" * 10_000,
        "1 Sep " * 10_000,
    ],
)
def test_hostile_values_take_no_time(value: str) -> None:
    """Values made to be slow are read at once, since each step goes through the value a fixed number of times."""
    start = time.perf_counter()
    read_received(value)
    assert time.perf_counter() - start < 1.0
