"""What a domain has follows from its name, and domains are told apart where firms are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spamlab.generate.mail.domains import organizational, practice
from spamlab.generate.mail.world import NETWORKS, PROVIDERS, RECEIVERS, SERVICES


@pytest.mark.parametrize(("domain", "owner"), [
    ("a.example", "a.example"), ("em.a.example", "a.example"), ("x.y.a.test", "a.test"),
    ("a.co.example", "a.co.example"),
    ("m.a.org.example", "a.org.example"), ("a.example.org", "a.example.org"), ("m.a.example.com", "a.example.com")])
def test_organisations(domain: str, owner: str) -> None:
    """Alignment compares the name that a firm registered."""
    assert organizational(domain) == owner


def test_practice_follows_from_the_name() -> None:
    """Another process, whatever its hash seed, finds the same records."""
    code = "from spamlab.generate.mail.domains import practice;print(practice('oak-bank.example'))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={"PYTHONHASHSEED": "5"})
    assert told.stdout.strip() == str(practice("oak-bank.example"))


def test_who_asks_to_enforce_can_pass() -> None:
    """A domain with an enforcing policy has SPF and a key; domains differ in what they have."""
    found = [practice(f"firm{number}.example") for number in range(2000)]
    assert all(one.selector and one.spf != "none" for one in found if one.policy in ("quarantine", "reject"))
    assert {one.policy for one in found} == {"", "none", "quarantine", "reject"}
    assert {one.spf for one in found} == {"none", "neutral", "softfail", "fail"}
    assert 0.5 < sum(bool(one.selector) for one in found) / len(found) < 0.95


def test_networks_do_not_overlap() -> None:
    """Each network has its own addresses and AS number, and no receiver shares a server with another."""
    places = [(one.block, one.first) for one in NETWORKS]
    assert len(set(places)) == len(places) == len({one.asn for one in NETWORKS}) == len({one.v6 for one in NETWORKS})
    servers = [one.network.v4(one.place + number) for one in RECEIVERS for number in range(len(one.border))]
    assert len(set(servers)) == len(servers)
    for domain in (*SERVICES, *(domain for one in PROVIDERS for domain in one.domains)):
        assert practice(domain).selector
        assert practice(domain).reverse == practice(domain).host
