"""The route of a message: what is believed, what is found, and that nothing raises."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.forensics.findings import KINDS
from spamlab.forensics.received import read_received
from spamlab.forensics.route import Route, Trusted, meets, organisation, trace
from spamlab.forensics.shown import as_json, as_text
from spamlab.generate.recipes import read_recipe
from spamlab.generate.routes import make_route_messages
from spamlab.records.truth import Labelled

RECIPE = read_recipe(Path(__file__).parents[2] / "datasets/recipes/header-forensics.toml")
DATE = "Tue, 15 Sep 2026 10:00:00 +0300"


def codes(route: Route) -> list[str]:
    """Codes of the findings, in order."""
    return [finding.code for finding in route.findings]


def message(*fields: str) -> bytes:
    """A message with these fields and From, Date and a body."""
    return "\r\n".join((*fields, "From: A <a@a.example>", f"Date: {DATE}", "", "body", "")).encode()


@pytest.fixture(scope="module")
def labelled() -> list[Labelled]:
    """All generated messages of 25 seeds."""
    return [made for seed in range(25) for purpose in ("practice", "twin", "hidden")
            for made in make_route_messages(RECIPE, purpose, b"%d" % seed).values()]  # fmt: skip


def test_synthetic_routes_are_read_as_they_were_made(labelled: list[Labelled]) -> None:
    """For all cases and kinds the border, the handover, every field and every result are those of the truth."""
    for made in labelled:
        truth = made.truth
        for trusted in ((truth.notes["our_domain"],), truth.notes["our_hosts"].split()):
            route = trace(made.message.raw, trusted)
            if truth.scenario == "own-submission":
                assert route.origin.how == "inside"
            elif truth.border_line:
                origin = route.origin
                assert (origin.how, origin.line) == ("border", truth.border_line)
                assert (origin.address, origin.name) == (truth.handover_address, truth.handover_name)
            else:
                assert route.origin.how == "none"
        for hop, line in zip(reversed(route.hops), truth.hops, strict=True):
            read = hop.received
            assert (hop.line, read.by, read.from_name or None, read.from_address or None) == (
                line.line, line.by, line.from_name, line.from_address)  # fmt: skip
            assert read.date is not None
            assert read.date.isoformat() == line.date
        for stamp, result in zip(route.stamps, truth.results, strict=True):
            assert (stamp.ours, stamp.results.authserv_id) == (result.ours, result.authserv_id)
            found = {one.method: (one.value, one.domain) for one in stamp.results.results}
            assert found == result.results
        assert route.from_domain == truth.from_domain


def test_forged_lines_are_found(labelled: list[Labelled]) -> None:
    """The break and the wrong weekday are found in the lines that have them, and in no other."""
    for made in labelled:
        route = trace(made.message.raw, (made.truth.notes["our_domain"],))
        for code, why in (("chain-break", "break"), ("date-weekday", "date")):
            found = [int(finding.places["line"]) for finding in route.findings if finding.code == code]
            assert found == [hop.line for hop in made.truth.hops if hop.why_forged == why]


def test_without_trusted_hosts_the_top_is_assumed(labelled: list[Labelled]) -> None:
    """With no host named the same border is found by assumption, and a finding says that it is one."""
    for made in labelled:
        if not made.truth.border_line:
            continue
        route = trace(made.message.raw)
        assert (route.origin.how, route.origin.line) == ("assumed", made.truth.border_line)
        assert "border-assumed" in codes(route)


def test_nothing_to_read_is_said() -> None:
    """No header, no Received, no line of ours: each is a finding, never an error."""
    assert codes(trace(b""))[0] == "no-header"
    assert "no-received" in codes(trace(message()))
    assert "no-own-line" in codes(trace(message(f"Received: from a.example by b.example; {DATE}"), ["mx.c.example"]))


def test_a_greeting_with_our_name_is_not_believed() -> None:
    """A stranger who says our border host's name, and forges a line of ours below, is still the stranger."""
    raw = message(
        f"Received: from mx1.c.example (vps.x.example [203.0.113.5]) by mx1.c.example with ESMTP; {DATE}",
        f"Received: from a.example (a.example [192.0.2.7]) by mx1.c.example with ESMTP; {DATE}",
    )
    route = trace(raw, ["c.example"])
    assert route.origin.address == "203.0.113.5"
    assert {"names-us", "by-us-below"} <= set(codes(route))


def test_line_zero_is_the_mailbox() -> None:
    """The mailbox's own line is 0, so that numbers are those of the message as it was sent."""
    raw = message(
        f"Received: from x ([127.0.0.1]) by host (spamlab) with ESMTP; {DATE}",
        f"Received: from a.example (a.example [192.0.2.7]) by mx1.c.example with ESMTP; {DATE}",
    )
    route = trace(raw, ["c.example"])
    assert [hop.line for hop in route.hops] == [1, 0]
    assert route.origin.line == 1


def test_our_identifier_below_the_border_is_forged() -> None:
    """A result that names our own server, but came with the message, is told as forged (RFC 8601 section 5)."""
    raw = message(
        "Authentication-Results: mx.c.example; spf=fail smtp.mailfrom=a.example",
        f"Received: from a.example (a.example [192.0.2.7]) by mx1.c.example with ESMTP; {DATE}",
        "Authentication-Results: MX.c.example; dmarc=pass header.from=a.example",
    )
    route = trace(raw, ["c.example"])
    assert [stamp.ours for stamp in route.stamps] == [True, False]
    assert "forged-results" in codes(route)


def test_trusted_takes_names_addresses_and_networks() -> None:
    """A name stands for the hosts under it, not for names that end alike; addresses and blocks work too."""
    trusted = Trusted(["c.example", "192.0.2.0/24", "2001:db8::1"])
    assert trusted.name("MX1.c.example.")
    assert not trusted.name("evil-c.example")
    assert trusted.address("192.0.2.200")
    assert trusted.address("2001:db8::1")
    assert not trusted.address("2001:db8::2")


@pytest.mark.parametrize(("below", "above", "same"), [
    ("by mx.a.example", "from mx.a.example ([192.0.2.1]) by b.example", True),
    ("by in7.a.example", "from out3.a.example ([192.0.2.1]) by b.example", True),
    ("by mx.z.example", "from out3.a.example ([192.0.2.1]) by b.example", False),
    ("by mx.z.example (192.0.2.1)", "from out3.a.example (192.0.2.1) by b.example", True),
    ("by mx.z.example", "from desktop (unknown [192.168.1.2]) by b.example", False),
    ("by mx.z.example", "from localhost by b.example with IMAP", True),
    ("by localhost", "from out3.a.example ([192.0.2.1]) by b.example", True),
    ("(qmail 1 invoked by uid 2)", "from out3.a.example ([192.0.2.1]) by b.example", True),
])  # fmt: skip
def test_when_two_lines_meet(below: str, above: str, same: bool) -> None:
    """The same name, organisation or address meets; where the header can't tell, nothing is claimed."""
    assert meets(read_received(f"{below}; {DATE}"), read_received(f"{above}; {DATE}")) is same


def test_organisation() -> None:
    """Two labels, or three under names such as co.uk."""
    assert organisation("a.b.example") == "b.example"
    assert organisation("mx.shop.co.uk") == "shop.co.uk"
    assert organisation("example") == "example"


def test_every_finding_can_be_told(labelled: list[Labelled]) -> None:
    """Each sentence fills from its places, names a standard, and its code stands in the table."""
    for made in labelled[:200]:
        for finding in trace(made.message.raw).findings:
            assert finding.code in KINDS
            assert "{" not in finding.what
            assert "RFC" in finding.source


def test_findings_that_need_a_made_up_message() -> None:
    """Findings that no generated message raises have a case here, so that each row of the table is alive."""
    raw = message(
        f"Received: from m.example (n.example [192.0.2.7]) by mx1.c.example with ESMTP; {DATE}",
        "Received: from o.example by q.example; Tue, 15 Sep 2026 12:00:00 +0300",
        "Received: from o.example by q.example; Tue, 22 Sep 2026 10:00:00 +0300",
        "Received: from o.example by q.example; nonsense",
        "Received: from o.example by q.example; Tue, 15 Sep 2026 10:00:00",
        "Received: by q.example",
        *("Received: (x)",) * 100,
        "Authentication-Results: m.example; spf=great; rubbish",
        "Authentication-Results: spf=pass",
        "no field at all",
        "From: B <b@b.example>",
        "X-Originating-IP: [192.0.2.9]",
    )
    found = set(codes(trace(raw, ["mx1.c.example"])))
    chain = {"clock-far", "clock-back", "date-unreadable", "date-zone", "no-date", "no-peer", "no-by", "chain-break"}
    results = {"no-results", "results-word", "results-unreadable", "results-no-id"}
    whole = {"many-received", "several-from", "strange-rows", "sender-address"}
    assert chain | results | whole <= found
    assert {"no-from-field", "no-date-field"} <= set(codes(trace(b"Subject: x\n\n")))
    assert "header-cut" in codes(trace(b"A: 1\n" * 3000))
    assert "no-address" in codes(
        trace(message(f"Received: from a.example by mx1.c.example; {DATE}"), ["mx1.c.example"])
    )


def test_hostile_header_in_text_and_json() -> None:
    """Escapes in a header reach neither the table nor the findings of the JSON form."""
    raw = (
        b"Received: from \x1b[2Jevil (x\x07y [192.0.2.7]) by a\x1b]0;t.example; nonsense\x1b[31m\r\n"
        b"X-Originating-IP: \x1b[5m\r\n\r\n"
    )
    route = trace(raw, ["b.example"])
    assert "\x1b" not in as_text(route) + json.dumps(as_json(route))
    assert all("\x1b" not in finding["what"] for finding in as_json(route)["findings"])


ROWS = [
    b"Received: from a.example (b.example [192.0.2.7]) by c.example; Tue, 15 Sep 2026 10:00:00 +0000",
    b"Received: by",
    b"Received:",
    b"\tfolded",
    b"Authentication-Results: x; spf=pass smtp.mailfrom=@",
    b"From: \xff@\x00",
    b"From: a@b.example",
    b"",
    b"junk",
    b"\x1b[0m",
    b"Received: ((((",
    b"received: from [IPv6:::::] ([1.2.3.4.5]) by 999.1.1.1; 99 Xyz 20266 99:99:99 +99999",
]


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(ROWS)).map(b"\r\n".join) | st.binary(max_size=600),
    st.lists(st.text(max_size=12), max_size=3),
)
def test_any_bytes_give_a_route(raw: bytes, trusted: list[str]) -> None:
    """Whatever the bytes and the hosts, there is a route with a finding or a hop, and both forms can be written."""
    route = trace(raw, trusted)
    assert route.hops or route.findings
    json.dumps(as_json(route))
    as_text(route)


@pytest.mark.parametrize(
    "raw",
    [
        b"Received: " + b"from (" * 100_000,
        b"Received: x\n" * 40_000,
        b"Authentication-Results: a;" + b"spf=pass;" * 90_000,
        b"Authentication-Results: a; spf=pass\n" * 15_000,
        b"From: " + b"@" * 500_000,
        b"From: " + b"@a" * 250_000,
    ],
)
def test_hostile_messages_take_no_time(raw: bytes) -> None:
    """Messages made to be slow are traced within two seconds."""
    start = time.perf_counter()
    trace(raw)
    assert time.perf_counter() - start < 2.0


def test_real_mail_gets_a_route_or_a_reason() -> None:
    """No message of the real corpora raises; each has hops or a finding that says what is missing; in seconds."""
    folder = os.environ.get("SPAMLAB_CORPORA")
    if not folder:
        pytest.skip("SPAMLAB_CORPORA is not set: name a folder of *-raw.jsonl.gz files to trace real mail")
    files = sorted(Path(folder).glob("*-raw.jsonl.gz"))
    if not files:
        pytest.skip(f"SPAMLAB_CORPORA names {folder}, which holds no *-raw.jsonl.gz file")
    raws = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as rows:
            raws += [json.loads(row)["raw"].encode("latin-1") for row in rows]
    start = time.perf_counter()
    routes = [trace(raw) for raw in raws]
    seconds = time.perf_counter() - start
    print(f"{len(raws)} real messages, {len(raws) / seconds:.0f} a second")
    for route in routes:
        assert route.hops or {"no-received", "no-header"} & set(codes(route))
    with_address = sum(bool(route.origin.address) for route in routes)
    assert with_address > 0.9 * len(routes)
    assert seconds < 30
