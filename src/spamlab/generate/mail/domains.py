"""What a domain has in the DNS: the same for every message of every data set, since it follows from its name alone.

So results agree from one message to the next, and a later part can publish the records and sign: `Practice` says what
stands there, `signing` in a message's truth who signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from spamlab.generate.draws import mixed
from spamlab.generate.mail.world import ACCESS, HOSTING, PROVIDERS, PROVIDING, SELECTORS, SERVICES, Network

_SHARED = frozenset(("co", "com", "net", "org", "ac", "gov"))
"""Labels under which many firms have their names."""
_SERVERS = (*HOSTING, *HOSTING, *ACCESS)
_LABELS = ("mail", "mail", "mail", "smtp", "mx", "out", "mta", "relay", "server", "host", "post", "gw", "web", "ns1")


@dataclass(frozen=True, slots=True)
class Practice:
    """The records of a domain, and the host that sends for it.

    spf: the result for a host that its SPF record doesn't name: "fail", "softfail", "neutral", or "none" where it has
    no record (RFC 7208 section 2.6). selector: of its DKIM key, "" without one. policy: of DMARC, "" without a record.
    host, address, network: of its sending server; host is its name in HELO, reverse its name in the DNS ("" for none).
    """

    spf: str
    selector: str
    policy: str
    host: str
    reverse: str
    address: str
    network: Network


@lru_cache(maxsize=1 << 14)
def practice(domain: str) -> Practice:
    """What the domain has; providers and services publish all of it."""
    number = mixed(crc32(domain.encode()))
    part = [number >> shift & 0xFF for shift in range(0, 64, 8)]
    provider = next((one for one in PROVIDERS if domain in one.domains), None)
    if provider is not None:
        place = 1 + part[0] % 30
        host = f"{provider.hosts}{part[1] % 90 + 10}.{domain}"
        return Practice("softfail" if part[2] % 3 else "fail", provider.selector, provider.policy, host, host,
                        provider.network.v4(place), provider.network)
    if domain in SERVICES:
        network = PROVIDING[2] if part[0] < 140 else HOSTING[part[0] % len(HOSTING)]
        host = f"o{part[1] % 60 + 1}.{domain}"
        return Practice("softfail", "s1", "none", host, host, network.v4(1 + part[2] % 30), network)
    network = _SERVERS[part[0] % len(_SERVERS)]
    address = network.v4(1 + part[1] % 30)
    host = f"{_LABELS[part[2] % len(_LABELS)]}.{domain}"
    reverse = host if part[3] < 150 else network.reverse(address) if part[3] < 235 else ""
    spf = "none" if part[4] < 36 else "neutral" if part[4] < 56 else "softfail" if part[4] < 166 else "fail"
    selector = SELECTORS[part[5] % len(SELECTORS)] if part[5] < 184 else ""
    policy = "" if part[6] < 88 else "none" if part[6] < 176 else "quarantine" if part[6] < 212 else "reject"
    if policy in ("quarantine", "reject"):
        # Who asks receivers to enforce has something that can pass.
        spf, selector = ("softfail" if spf == "none" else spf), selector or "s1"
    return Practice(spf, selector, policy, host, reverse, address, network)


def organizational(domain: str) -> str:
    """The domain that alignment compares (RFC 9989 section 4.10.2): the last two labels, for the names used here, and
    three where the last two belong to no firm, as in firm.co.example or firm.example.org."""
    labels = domain.split(".")
    if len(labels) > 2 and (labels[-2] in _SHARED or labels[-1] in ("com", "net", "org")):
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])
