"""Messages with a route: deterministic, reserved names alone, and the differences that the questions need."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import subprocess
import sys
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

import pytest

from spamlab.generate.mail.domains import organizational, practice
from spamlab.generate.mail.world import GIVEN
from spamlab.generate.recipes import read_recipe
from spamlab.generate.routes import make_route_messages, names
from spamlab.generate.routes.scenarios import KINDS
from spamlab.generate.safety import reserved_host
from spamlab.generate.writers.scan import first_unsafe, readable
from spamlab.records.truth import Labelled, RouteTruth

ROOT = Path(__file__).parents[2]
RECIPE = read_recipe(ROOT / "datasets/recipes/header-forensics.toml")
SEEDS = 120


@pytest.fixture(scope="module")
def many() -> list[dict[str, dict[str, Labelled]]]:
    """The three sets of many seeds."""
    return [
        {
            purpose: make_route_messages(RECIPE, purpose, str(seed).encode())
            for purpose in ("practice", "twin", "hidden")
        }
        for seed in range(SEEDS)
    ]


def cases(many: list[dict[str, dict[str, Labelled]]], number: int) -> list[Labelled]:
    """Practice and twin of one case in all seeds; the worked example has no twin."""
    return [one["practice"][f"M{number}"] for one in many] + (
        [one["twin"][f"T{number}"] for one in many] if number else []
    )


def differ(*values: object) -> bool:
    """Whether all values differ pairwise."""
    return len(set(values)) == len(values)


def test_the_names_of_each_purpose() -> None:
    """Practice gives M0 to M4 and P1 to P12, a twin T1 to T4, the hidden set each kind twice."""
    assert list(names("practice")) == [f"M{n}" for n in range(5)] + [f"P{n}" for n in range(1, 13)]
    assert list(names("twin")) == ["T1", "T2", "T3", "T4"]
    assert sorted(names("hidden").values()) == sorted([*KINDS, *KINDS])
    assert [names("practice")[f"M{n}"] for n in range(1, 5)] == list(names("twin").values())
    with pytest.raises(ValueError, match="purpose"):
        names("exam")


def test_the_same_arguments_give_the_same_bytes(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """A second call gives equal messages and equal truth; another seed, draw or purpose does not."""
    again = make_route_messages(RECIPE, "practice", b"0")
    assert again == many[0]["practice"]
    redrawn = make_route_messages(RECIPE, "practice", b"0", draw=1)
    for name, made in again.items():
        assert made.message.raw != redrawn[name].message.raw
        assert made.message.raw != many[1]["practice"][name].message.raw


def test_the_bytes_are_those_of_any_process() -> None:
    """Another process, whose sets have another order, makes the same bytes: a workshop can be made again elsewhere."""
    code = ("from tests.generate.test_routes import RECIPE, digest; from spamlab.generate.routes import "
            "make_route_messages as make; print(digest(make(RECIPE, 'practice', b'fixed')))")
    found = {subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT,
                            env={**os.environ, "PYTHONHASHSEED": order}).stdout.strip() for order in ("1", "2")}
    assert found == {digest(make_route_messages(RECIPE, "practice", b"fixed"))}


def digest(made: dict[str, Labelled]) -> str:
    """Of all bytes and all truth."""
    return hashlib.sha256(repr([(one.message.raw, one.truth) for one in made.values()]).encode()).hexdigest()


def test_no_two_messages_of_a_reader_have_one_subject(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """A participant who looks for a message by its subject finds one: practice and twins together, and each set."""
    for one in many:
        inbox = [*one["practice"].values(), *one["twin"].values()]
        assert differ(*(subject_of(made) for made in inbox))
        assert differ(*(subject_of(made) for made in one["hidden"].values()))


def subject_of(made: Labelled) -> str:
    """The Subject field as a reader sees it."""
    return str(header_of(made)["Subject"])


def header_of(made: Labelled) -> Message:
    """The header, with its fields as they are read."""
    return BytesHeaderParser(policy=default).parsebytes(made.message.raw.partition(b"\r\n\r\n")[0])


def test_no_two_messages_of_a_set_have_one_handover(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """An answer about one message is never the answer about another."""
    for one in many:
        for made in one.values():
            assert differ(*(address for part in made.values() if (address := part.truth.handover_address)))


def test_only_reserved_names_and_addresses(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """The scanner finds nothing real in the messages and in what is told of them; trace lines name reserved hosts."""
    for sets in many[:60]:
        for made in [made for one in sets.values() for made in one.values()]:
            told = " ".join((*made.truth.notes.values(), made.truth.report_to, made.message.envelope_from))
            assert first_unsafe([*readable(made.message.raw.decode("ascii")), told]) is None
            for hop in made.truth.hops:
                assert not hop.by or reserved_host(hop.by)
                assert "." not in (hop.from_name or "").strip("[]0123456789.") or reserved_host(hop.from_name or "")


def test_peers_stand_far_from_us(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """People tell our servers by the first three numbers of an address, so nobody else has these, also where forged."""
    servers, block = ipaddress.ip_network("192.0.2.224/28"), ipaddress.ip_network("192.0.2.0/24")
    for sets in many:
        for made in [made for one in sets.values() for made in one.values()]:
            for hop in made.truth.hops:
                if hop.from_address is not None:
                    address, ours = ipaddress.ip_address(hop.from_address), made.truth.notes["our_hosts"].split()
                    assert (address in servers) == (hop.role == "inner" and hop.from_name in ours)
                    assert (address in block) == (hop.role == "inner")


def test_texts_are_short_and_greet_the_reader(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """A reader has no long body before them, no picture and no file; the text greets whom To names."""
    for sets in many[:40]:
        for made in [made for one in sets.values() for made in one.values()]:
            read = message_from_bytes(made.message.raw, policy=default)
            assert read.get_body(("plain", "html")) is not None
            assert not any(part.get_content_maintype() not in ("text", "multipart") for part in read.walk())
            assert len(made.message.raw) < 14_000
            assert made.truth.notes["from_name"] == read["From"].addresses[0].display_name
            body = read.get_body(("plain",))
            text = body.get_content() if body else ""
            greeted = re.search(r"^(?:Dear|Hello|Hi) ([A-Z][a-z]+),$", text, re.MULTILINE)
            if greeted and greeted[1].lower() in GIVEN:
                assert greeted[1] == made.truth.notes["complainant_name"].split()[0]


def test_results_follow_from_the_dns(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """What our side found is what stands in the DNS of the domains, as for all other mail."""
    for sets in many[:60]:
        for made in [made for one in sets.values() for made in one.values()]:
            own = next((one.results for one in made.truth.results if one.ours), None)
            if own is None:
                continue
            policy = practice(organizational(made.truth.from_domain)).policy
            assert (own["dmarc"][0] == "none") == (not policy)
            there = practice(organizational(made.truth.envelope_domain)).spf
            assert own["spf"][0] in (there, "pass")
            assert own["spf"][0] != "pass" or there != "none"


def test_every_message_is_whole(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """Each message is ASCII with CRLF, has the fields of RFC 5322, no row over its limit, and its own Message-ID."""
    for sets in many[:40]:
        idents = []
        for made in [made for one in sets.values() for made in one.values()]:
            head, _, body = made.message.raw.decode("ascii").partition("\r\n\r\n")
            for field in ("from", "to", "subject", "date", "message-id", "mime-version"):
                assert len(re.findall(rf"(?im)^{field}:", head)) == 1, (made.message.name, field)
            assert "return-path" not in head.lower()
            assert max(map(len, made.message.raw.split(b"\r\n"))) <= 998
            assert body.strip()
            assert "{" not in head
            assert made.message.envelope_to == (made.truth.notes["complainant"],)
            idents.append(made.message.message_id)
        assert differ(*idents)


def test_the_truth_says_what_stands_in_the_message(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """The truth's lines, addresses, names and results stand in the message at the places that it gives."""
    for sets in many[:60]:
        for made in [made for one in sets.values() for made in one.values()]:
            head = re.sub(r"\r\n[ \t]+", " ", made.message.raw.decode("ascii").partition("\r\n\r\n")[0])
            fields = re.findall(r"(?im)^received:(.*)$", head)
            truth = made.truth
            assert len(fields) == len(truth.hops)
            for value, hop in zip(fields, truth.hops, strict=True):
                for part in (hop.by, hop.from_name, hop.from_address):
                    assert part is None or part in value
            results = re.findall(r"(?im)^authentication-results: *(.*)$", head)
            assert [result.authserv_id for result in truth.results] == [value.partition(";")[0] for value in results]
            assert sum(result.ours for result in truth.results) <= 1
            for value, result in zip(results, truth.results, strict=True):
                for method, (word, domain) in result.results.items():
                    assert f"{method}={word}" in value
                    assert domain in value
            assert [hop.role for hop in truth.hops].count("border") == (1 if truth.border_line else 0)
            if truth.border_line:
                border = truth.hops[truth.border_line - 1]
                assert (border.from_address, border.from_name) == (truth.handover_address, truth.handover_name)
                assert truth.report_to.endswith(truth.notes["network_domain"])


def test_forged_lines_stand_below_all_true_ones(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """A sender writes below the lines of all servers that follow, so inner, border, outside, forged never mix."""
    rank = {"inner": 0, "border": 1, "outside": 2, "forged": 3}
    for sets in many:
        for made in [made for one in sets.values() for made in one.values()]:
            order = [rank[hop.role] for hop in made.truth.hops]
            assert order == sorted(order)


def clock(truth: RouteTruth) -> list[int]:
    """Lines sorted by what their clocks say, oldest first."""
    return [hop.line for hop in sorted(truth.hops, key=lambda hop: (datetime.fromisoformat(hop.date), -hop.line))]


def test_journey_orders_differ(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M1, T1: the order of travel, the list from the top and the order by clock differ; four or five true hops."""
    for made in cases(many, 1):
        truth = made.truth
        travel = [hop.line for hop in reversed(truth.hops)]
        assert len(travel) == (5 if made.message.name == "M1" else 4)
        assert differ(tuple(travel), tuple(reversed(travel)), tuple(clock(truth)))
        assert truth.notes["by_clock"] == " ".join(map(str, clock(truth)))
        assert not [hop for hop in truth.hops if hop.role == "forged"]
        assert [hop.line for hop in truth.hops if "clock" in hop.looks_odd] == [int(truth.notes["clock_line"])]


def test_journey_claims(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M1, T1: our passes are for other domains than From's, the foreign field claims a pass for From's."""
    for made in cases(many, 1):
        ours, foreign = made.truth.results
        assert (ours.ours, foreign.ours, made.truth.aligned) == (True, False, False)
        assert ours.results["spf"] == ("pass", made.truth.envelope_domain)
        assert ours.results["dkim"] == ("pass", made.truth.notes["third_domain"])
        assert foreign.results["dmarc"] == ("pass", made.truth.from_domain)
        assert differ(made.truth.envelope_domain, made.truth.notes["third_domain"], made.truth.from_domain)


def test_border_lines_and_addresses_differ(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M2, T2: the border's line, the bottom, our inner hop and the line that names us differ; so do all addresses."""
    for made in cases(many, 2):
        truth, notes = made.truth, made.truth.notes
        assert differ(str(truth.border_line), notes["bottom_line"], notes["inner_line"], notes["names_us_line"])
        assert truth.hops[int(notes["names_us_line"]) - 1].from_name in notes["border_hosts"].split()
        assert truth.hops[int(notes["inner_line"]) - 1].role == "inner"
        assert differ(
            truth.handover_address, truth.handover_name, notes["from_domain_address"], notes["x_originating_ip"],
            notes["private_address"], notes["names_us_address"],
        )  # fmt: skip
        assert f"X-Originating-IP: [{notes['x_originating_ip']}]" in made.message.raw.decode()
        assert differ(truth.report_to, f"abuse@{truth.from_domain}", f"abuse@{truth.envelope_domain}")
        assert notes["network_domain"] in notes["handover_reverse"]


def test_border_place_is_not_fixed(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M2: the right answer is not the same line for all participants."""
    assert len({made.truth.border_line for made in cases(many, 2)}) > 1


def test_chain_has_two_signs_and_three_oddities(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M3, T3: a break and a wrong weekday at the bottom; three true lines look odd, each by another oddity."""
    for made in cases(many, 3):
        truth, notes = made.truth, made.truth.notes
        forged = {hop.line: hop.why_forged for hop in truth.hops if hop.role == "forged"}
        assert forged == {int(notes["break_line"]): "break", int(notes["date_line"]): "date"}
        odd = [int(notes[key]) for key in ("time_zone_line", "ipv6_line", "private_line")]
        assert differ(*odd, *forged)
        for line in odd:
            assert len(truth.hops[line - 1].looks_odd) == 1


def test_chain_meets_but_for_the_break(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M3, T3: below our border each line's `by` is the name in the `from` above it, at the break alone it is not."""
    for made in cases(many, 3):
        truth = made.truth
        for above, below in zip(truth.hops[truth.border_line - 1 :], truth.hops[truth.border_line :], strict=False):
            assert (above.from_name == below.by) == (below.why_forged != "break")


def test_chain_weekday_is_wrong_in_one_line(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M3, T3: the bottom line's weekday is wrong, and another line shows the same calendar day with the right one."""
    for made in cases(many, 3):
        lines = header_of(made).get_all("Received", [])
        dates = [re.findall(r"(\w{3}), (\d+ \w{3} \d{4}) \d\d:\d\d:\d\d [+-]\d{4}", str(one))[0] for one in lines]
        right = [datetime.strptime(day, "%d %b %Y").strftime("%a") == name for name, day in dates]
        assert right == [True] * (len(dates) - 1) + [False]
        assert dates[-1][1] in [day for _, day in dates[:-1]]


def test_chain_claims(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M3, T3: ours say none, none and a DMARC fail; the foreign field claims passes."""
    for made in cases(many, 3):
        ours, foreign = made.truth.results
        assert [ours.results[method][0] for method in ("spf", "dkim", "dmarc")] == ["none", "none", "fail"]
        assert {word for word, _ in foreign.results.values()} == {"pass"}
        assert not made.truth.aligned


def test_claim_is_true_after_forwarding(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M4, T4: SPF softfails through the forwarder, DKIM passes for From's domain; the SPF pass is foreign."""
    for made in cases(many, 4):
        ours, foreign = made.truth.results
        assert made.truth.aligned
        assert ours.results["spf"][0] == "softfail"
        assert ours.results["dkim"] == ("pass", made.truth.from_domain)
        assert foreign.results["spf"][0] == "pass"
        assert {hop.role for hop in made.truth.hops} == {"inner", "border", "outside"}
        assert f"d={made.truth.from_domain};" in made.message.raw.decode()


def test_example_has_its_border_in_the_middle(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """M0: four lines, the border in the second, one forged line at the bottom."""
    for made in cases(many, 0):
        assert [hop.role for hop in made.truth.hops] == ["inner", "border", "outside", "forged"]


def test_kinds_have_what_they_are_named_after(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """Each of the twelve kinds has its one peculiarity, and the others keep the border in the second line."""
    for sets in many:
        for made in [made for name, made in (sets["practice"] | sets["hidden"]).items() if name[0] in "PH"]:
            truth, raw = made.truth, made.message.raw.decode()
            kind = truth.scenario
            if kind in ("no-received", "own-submission"):
                assert (truth.border_line, truth.handover_address, truth.report_to) == (0, "", "")
                assert bool(truth.hops) == (kind == "own-submission")
                assert ("ESMTPSA" in raw) == (kind == "own-submission")
                continue
            if kind == "border-elsewhere":
                assert truth.border_line in (1, 3, 4)
                continue
            border = truth.hops[truth.border_line - 1]
            assert truth.border_line == (3 if kind == "two-borders" else 2)
            assert (":" in truth.handover_address) == (kind == "ipv6")
            assert truth.handover_name.startswith("[") == (kind == "greeting-literal")
            assert truth.handover_name.strip("[]") != truth.handover_address
            assert border.by.startswith("mx2" if kind == "two-borders" else "mx1")
            assert ("received:" in raw) == (kind == "odd-names")
            assert any(hop.from_name is None for hop in truth.hops) == (kind == "no-from")
            below = [hop for hop in truth.hops[truth.border_line :] if hop.by in truth.notes["our_hosts"].split()]
            assert bool(below) == (kind == "forged-names-us")
            one_row = re.search(
                rf"(?im)^received: *from .*{re.escape(truth.handover_address)}.*\bby\s+{border.by}", raw
            )
            assert bool(one_row) == (kind != "folded")


def test_two_participants_have_nothing_in_common(many: list[dict[str, dict[str, Labelled]]]) -> None:
    """Handover addresses and names of two seeds differ nearly always, so a neighbour's answer earns nothing."""
    seen = [(made.truth.handover_address, made.truth.handover_name) for made in cases(many, 2)]
    assert len(set(seen)) > 0.98 * len(seen)
