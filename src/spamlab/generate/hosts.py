"""Hosts, networks and addresses of one synthetic message; no address or throw-away name is given out twice."""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True)
class Network:
    """A network that hands mail over: its holder, domain, ranges, and the form of its reverse names."""

    name: str
    domain: str
    v4: ipaddress.IPv4Network
    v6: ipaddress.IPv6Network
    host: str

    def reverse_name(self, address: str) -> str:
        """The name that the network's DNS gives `address`."""
        dashed = ipaddress.ip_address(address).exploded.replace(":", "-").replace(".", "-")
        if ":" in address:
            dashed = "-".join(address.replace("::", ":").split(":")[-4:])
        return self.host.format(dashed=dashed, domain=self.domain)


@dataclass(frozen=True)
class Host:
    """One mail host: the name it gives, the name that DNS gives its address ("" = none), its address."""

    name: str
    reverse: str
    address: str
    network: Network | None = None


@dataclass(frozen=True)
class Operator:
    """Our own side, as the recipe names it."""

    name: str
    domain: str
    border: tuple[Host, ...]
    inner: tuple[Host, ...]
    submission: Host
    authserv_id: str
    customers: ipaddress.IPv4Network


def read_operator(recipe: Mapping[str, Any]) -> Operator:
    """Our hosts with fixed addresses: border from the tenth of the range, submission 15th, inner from the 20th."""
    table = recipe["operator"]
    addresses = ipaddress.IPv4Network(table["addresses"])

    def host(name: str, place: int) -> Host:
        full = f"{name}.{table['domain']}"
        return Host(full, full, str(addresses[place]))

    return Operator(
        table["name"],
        table["domain"],
        tuple(host(name, 10 + place) for place, name in enumerate(table["border"])),
        tuple(host(name, 20 + place) for place, name in enumerate(table["inner"])),
        host(table["submission"], 15),
        table["authserv_id"],
        ipaddress.IPv4Network(table["customers"]),
    )


def read_networks(recipe: Mapping[str, Any]) -> tuple[Network, ...]:
    """All networks of the recipe, in its order."""
    return tuple(
        Network(
            entry["name"],
            entry["domain"],
            ipaddress.IPv4Network(entry["v4"]),
            ipaddress.IPv6Network(entry["v6"]),
            entry["host"],
        )
        for entry in recipe["networks"]
    )


class Cast:
    """Gives out the hosts, domains and addresses of one message, each once.

    rng: the stream of this message's hosts. Two calls never give the same address, domain or network twice.
    """

    def __init__(self, recipe: Mapping[str, Any], rng: Random) -> None:
        self.recipe = recipe
        self.rng = rng
        self.operator = read_operator(recipe)
        self._networks = list(read_networks(recipe))
        self._words = recipe["words"]
        self._used: set[str] = set()
        rng.shuffle(self._networks)

    def _new(self, make: Any) -> str:
        for _ in range(10_000):
            made = str(make())
            if made not in self._used:
                self._used.add(made)
                return made
        raise ValueError("the recipe's ranges or words are used up; widen them")

    def network(self) -> Network:
        """A network not used before in this message."""
        if not self._networks:
            raise ValueError("the recipe has too few networks for one message")
        return self._networks.pop()

    def address(self, network: Network, version: int = 4) -> str:
        """An address of `network`, in its canonical text form (RFC 5952)."""
        if version == 6:
            return self._new(
                lambda: network.v6[
                    (self.rng.randrange(1, 0xFFFF) << 64)
                    + (self.rng.randrange(16, 0xFFFF) << 16)
                    + self.rng.randrange(16, 0xFFFF)
                ]
            )
        return self._new(lambda: network.v4[self.rng.randrange(2, network.v4.num_addresses - 1)])

    def private_address(self) -> str:
        """An address that means nothing outside its own network (RFC 1918)."""
        kind = self.rng.choice(("192.168", "10", "172"))
        tail = (self.rng.randrange(2, 250), self.rng.randrange(10, 250))
        if kind == "192.168":
            return self._new(lambda: f"192.168.{self.rng.choice((0, 1, 8, 10, 20, 50))}.{self.rng.randrange(10, 250)}")
        if kind == "172":
            return self._new(lambda: f"172.{self.rng.randrange(16, 32)}.{tail[0]}.{self.rng.randrange(10, 250)}")
        return self._new(lambda: f"10.{self.rng.randrange(0, 60)}.{tail[0]}.{self.rng.randrange(10, 250)}")

    def customer_address(self) -> str:
        """An address that our operator gave to one of its own customers."""
        return self._new(lambda: self.operator.customers[self.rng.randrange(2, 120)])

    def throwaway(self) -> str:
        """A domain that a sender of spam registered for a week."""
        return self._new(
            lambda: f"{self.rng.choice(self._words['first'])}-{self.rng.choice(self._words['second'])}.example"
        )

    def forwarder(self) -> str:
        """The domain of an honest service that forwards mail."""
        return self._new(lambda: self.rng.choice(self._words["forwarders"]))

    def bulk_service(self) -> str:
        """The domain of a service that sends mail for its customers."""
        return self._new(lambda: self.rng.choice(self._words["bulk_services"]))

    def machine(self) -> str:
        """The name that somebody's computer gives for itself."""
        code = "".join(self.rng.choice(string.ascii_uppercase + string.digits) for _ in range(7))
        template = self.rng.choice(self._words["machines"])
        return self._new(lambda: template.format(code=code, number=self.rng.randrange(1, 99)))

    def server_label(self) -> str:
        """The first part of a mail host's name, such as out4 or smtp-relay2."""
        base = self.rng.choice(("mail", "smtp", "out", "mta", "relay", "mx-out", "post", "smtp-relay", "gw"))
        number = self.rng.choice(("", *map(str, range(1, 20))))
        return f"{base}{number}"

    def server(self, domain: str, version: int = 4) -> Host:
        """A mail host of `domain` whose reverse name is right, somewhere in a network of its own."""
        network = self.network()
        name = self._new(lambda: f"{self.server_label()}.{domain}")
        return Host(name, name, self.address(network, version), network)

    def rented(self, claimed: str, version: int = 4) -> Host:
        """A host that gives a name of `claimed`, while its reverse name shows the network that it stands in."""
        network = self.network()
        address = self.address(network, version)
        name = self._new(lambda: f"{self.server_label()}.{claimed}")
        return Host(name, network.reverse_name(address), address, network)
