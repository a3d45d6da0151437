"""The five cases of the lab on message routes; a twin is the same case with a shorter chain.

Each is a function of a Draft; `short` makes the twin. What each one guarantees is said in its docstring and
held by tests over many seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from spamlab.generate.draft import Draft, Line
from spamlab.generate.hosts import Host
from spamlab.records.truth import Labelled

# Zones far from the recipe's own, in minutes, in which a server may stand.
_FAR_ZONES = (330, 345, 420, 480, 540, -180, -300, -360, -480)


def _rented_machine(draft: Draft) -> Host:
    """Somebody's computer behind a private address."""
    return Host(draft.cast.machine(), "", draft.cast.private_address())


def _brand_server(draft: Draft) -> Host:
    """A mail host of the firm that From names, in a network of its own."""
    return draft.cast.server(draft.from_domain)


def _lines(draft: Draft) -> list[Line]:
    return [item for item in draft.top if isinstance(item, Line)]


def _link(draft: Draft) -> str:
    """A host for the body's link: the firm's name in front of a throw-away domain."""
    rng = draft.stream("link")
    word = draft.from_domain.split(".")[0]
    name = draft.cast.throwaway()
    return rng.choice(
        (
            f"{word}.{name}",
            f"{rng.choice(('login', 'my', 'secure', 'pay'))}-{word}.{name}",
            name.replace(".example", ".test"),
        )
    )


def example(draft: Draft, short: bool) -> Labelled:
    """The worked example: our store, our border in the middle, the sender's host, one forged line at the bottom.

    The bottom line says that the firm in From sent it; its `by` meets nothing above. SPF passes for another domain.
    """
    del short
    draft.written_by("senders")
    domain = draft.cast.throwaway()
    draft.bounces_to(f"bounce.{domain}")
    peer = draft.cast.rented(domain)
    brand = _brand_server(draft)
    draft.inner(1)
    draft.our_results(("pass", f"bounce.{domain}"), ("none", ""), ("fail", draft.from_domain))
    draft.border(peer)
    date = draft.before()
    draft.outside(peer.name, _rented_machine(draft), date, protocol="ESMTPA", looks_odd=("private",), style="postfix")
    date = draft.before((60, 240), of=date)
    draft.outside(
        f"mx1.{draft.from_domain}", brand, date, role="forged", why_forged="break", recipient=draft.complainant
    )
    draft.notes.update(bottom_line="4", break_line="4", from_domain_address=brand.address)
    return draft.finish(_link(draft))


def journey(draft: Draft, short: bool) -> Labelled:
    """Every line is true, one clock on the sender's side is wrong, all in one zone.

    Order by place, order by clock and the list from the top differ pairwise. Foreign results claim a pass for the
    firm in From; ours say that SPF passed for a bounce domain and DKIM for a third one, neither aligned.
    """
    draft.written_by("senders")
    domain = draft.cast.throwaway()
    draft.bounces_to(f"bounce.{domain}")
    service = draft.cast.bulk_service()
    peer = draft.cast.rented(domain)
    inner = 1 if short else draft.choices.choice((1, 2))
    count = (4 if short else 5) - inner - 1
    draft.inner(inner)
    draft.our_results(("pass", f"bounce.{domain}"), ("pass", service), ("none", draft.from_domain))
    draft.border(peer)
    foreign = draft.choices.choice((f"relay.{domain}", peer.name, f"mx.{draft.from_domain}"))
    draft.foreign_results(foreign, draft.from_domain)
    first = len(_lines(draft)) + 1
    date = draft.before((5, 45))
    by = peer.name
    chain: list[tuple[str, Host, datetime]] = []
    for place in range(count):
        bottom = place == count - 1
        label = draft.choices.choice(("app", "web", "queue", "node", "job"))
        nxt = (
            _rented_machine(draft)
            if bottom
            else Host(f"{label}{draft.choices.randrange(1, 30)}.{domain}", "", draft.cast.private_address())
        )
        chain.append((by, nxt, date))
        by, date = nxt.name, draft.before((5, 45), of=date)
    # Behind: any but the bottom line then sorts first. Ahead: any of them then sorts last.
    behind = count > 1 and draft.choices.random() < 0.6
    place = draft.choices.randrange(count - 1) if behind else draft.choices.randrange(count)
    minutes = draft.choices.randrange(24, 58) * (-1 if behind else 1)
    for at, (by, host, true_date) in enumerate(chain):
        date = true_date + timedelta(minutes=minutes) if at == place else true_date
        odd = (("private",) if host.address.startswith(("10.", "172.", "192.168.")) else ()) + (
            ("clock",) if at == place else ()
        )
        protocol = "ESMTPA" if at == count - 1 else "ESMTP"
        draft.outside(by, host, date, looks_odd=odd, protocol=protocol, style="postfix")
    lines = _lines(draft)
    travel = list(range(len(lines), 0, -1))
    draft.notes.update(
        by_clock=" ".join(str(line) for line in sorted(travel, key=lambda line: lines[line - 1].hop.date)),
        travel=" ".join(map(str, travel)),
        clock_line=str(first + place),
        clock_minutes=str(minutes),
        third_domain=service,
        foreign_id=foreign,
        bottom_line=str(len(lines)),
    )
    return draft.finish(_link(draft), sent=draft.before((3, 60), of=chain[-1][2]))


def border(draft: Draft, short: bool) -> Labelled:
    """Four different lines and five different addresses or names to mistake for the right one.

    Our inner hop stands on top, then the border, below it a private hop, a forged line whose `from` says our border
    host's name, and at the bottom a forged line from the firm in From. X-Originating-IP holds a further address.
    """
    draft.written_by("senders")
    decoy, relay = draft.cast.throwaway(), draft.cast.throwaway()
    draft.bounces_to(decoy)
    peer = draft.cast.rented(decoy)
    brand = _brand_server(draft)
    inner = draft.choices.choice((1, 2))
    draft.inner(inner)
    results = draft.choices.choice(("softfail", "none"))
    draft.our_results((results, decoy), ("none", ""), ("fail", draft.from_domain))
    draft.border(peer)
    date = draft.before()
    private = _rented_machine(draft)
    given = peer.name
    if not short and draft.choices.random() < 0.5:
        assert peer.network is not None
        hop = Host(f"{draft.cast.server_label()}.{decoy}", "", draft.cast.address(peer.network))
        draft.outside(given, hop, date, protocol="ESMTP", style="postfix")
        given, date = hop.name, draft.before(of=date)
    draft.outside(given, private, date, protocol="ESMTP", looks_odd=("private",), style="postfix")
    private_line = len(_lines(draft))
    date = draft.before((30, 200), of=date)
    ours = draft.operator.border[draft.choices.randrange(len(draft.operator.border))]
    stranger = Host(ours.name, "", draft.cast.address(draft.cast.network()))
    draft.outside(f"gate.{relay}", stranger, date, role="forged", why_forged="break", style="postfix", protocol="ESMTP")
    date = draft.before((5, 60), of=date)
    draft.outside(
        f"gate.{draft.from_domain}", brand, date, role="forged", why_forged="break", recipient=draft.complainant
    )
    count = len(_lines(draft))
    originating = draft.cast.address(draft.cast.network())
    draft.fields.append(f"X-Originating-IP: [{originating}]")
    draft.notes.update(
        bottom_line=str(count),
        names_us_line=str(count - 1),
        inner_line="1",
        from_domain_address=brand.address,
        names_us_address=stranger.address,
        x_originating_ip=originating,
        private_address=private.address,
        private_line=str(private_line),
    )
    return draft.finish(_link(draft))


def chain(draft: Draft, short: bool) -> Labelled:
    """Two forged lines at the bottom: the upper one breaks the chain, the lower one has a wrong weekday.

    Three true lines look odd, one each: another time zone, an IPv6 address, a private address. Foreign results claim a
    pass; ours say none, none and a DMARC fail. In the date line, the same calendar day stands as in the border line.
    """
    draft.written_by("senders")
    rng = draft.choices
    provider = draft.cast.network()
    other = draft.cast.throwaway()
    draft.bounces_to(other)
    relay = draft.cast.server_label()
    version6 = rng.choice(("border", "client"))
    relay_name = f"{relay}.{provider.domain}"
    peer = Host(relay_name, relay_name, draft.cast.address(provider, 6 if version6 == "border" else 4), provider)
    inside = Host(
        f"{rng.choice(('node', 'in', 'spool', 'front'))}{rng.randrange(2, 40)}.{provider.domain}",
        "",
        draft.cast.private_address(),
    )
    client_network = draft.cast.network()
    client_address = draft.cast.address(client_network, 6 if version6 == "client" else 4)
    client = Host(
        f"{rng.choice(('www', 'web', 'shop', 'cp'))}{rng.randrange(1, 9)}.{other}",
        client_network.reverse_name(client_address),
        client_address,
        client_network,
    )
    brand = _brand_server(draft)
    inner = 1 if short else rng.choice((1, 2))
    draft.inner(inner)
    draft.our_results(("none", other), ("none", ""), ("fail", draft.from_domain))
    draft.border(peer, looks_odd=("ipv6",) if version6 == "border" else ())
    far = timezone(timedelta(minutes=rng.choice(_FAR_ZONES)))
    date = draft.before()
    second = draft.before(of=date)
    oldest = second
    if version6 == "client":
        hub = f"hub{rng.randrange(1, 9)}.{provider.domain}"
        public = Host(hub, hub, draft.cast.address(provider), provider)
        draft.outside(
            peer.name, public, date.astimezone(far), looks_odd=("time-zone",), protocol="ESMTP", style="postfix"
        )
        draft.outside(hub, inside, second, looks_odd=("private",), protocol="ESMTP", style="postfix")
        oldest = draft.before(of=second)
        draft.outside(inside.name, client, oldest, looks_odd=("ipv6",), style="postfix")
    else:
        draft.outside(peer.name, inside, date, looks_odd=("private",), protocol="ESMTP", style="postfix")
        draft.outside(inside.name, client, second.astimezone(far), looks_odd=("time-zone",), style="postfix")
    claimed = f"mx{rng.randrange(1, 4)}.{draft.from_domain}"
    draft.foreign_results(claimed, draft.from_domain)
    last = draft.before((20, 200), of=oldest)
    draft.outside(claimed, brand, last, role="forged", why_forged="break", recipient=draft.complainant)
    app = Host(f"app{rng.randrange(1, 60)}.{draft.from_domain}", "", draft.cast.address(draft.cast.network()))
    shift = rng.choice((1, 2, 3, 4, 5, 6))
    draft.outside(
        brand.name,
        app,
        draft.before((2, 30), of=last),
        role="forged",
        why_forged="date",
        protocol="ESMTP",
        style="postfix",
        weekday_shift=shift,
    )
    lines = _lines(draft)
    places = {odd: str(number) for number, line in enumerate(lines, 1) for odd in line.looks_odd}
    draft.notes.update(
        break_line=str(len(lines) - 1),
        date_line=str(len(lines)),
        bottom_line=str(len(lines)),
        time_zone_line=places["time-zone"],
        ipv6_line=places["ipv6"],
        private_line=places["private"],
        from_domain_address=brand.address,
        foreign_id=claimed,
    )
    return draft.finish(_link(draft))


def claim(draft: Draft, short: bool) -> Labelled:
    """An honest message that the reader's own service forwarded: SPF softfails, an aligned DKIM signature passes.

    The forwarder's own results, below our border, say that SPF passed when it took the message; they are not ours.
    """
    draft.written_by("shops")
    shop = draft.from_domain
    draft.bounces_to(f"bounce.{shop}")
    forwarder = draft.cast.forwarder()
    peer = draft.cast.server(forwarder)
    sender = draft.cast.server(shop)
    draft.inner(1 if short else draft.choices.choice((1, 2)))
    draft.our_results(("softfail", f"bounce.{shop}"), ("pass", shop), ("pass", shop))
    draft.border(peer)
    draft.foreign_results(f"mx.{forwarder}", shop, spf_domain=f"bounce.{shop}")
    date = draft.before((2, 20))
    alias = f"{draft.person[0][0]}.{draft.person[1]}@{forwarder}".lower()
    draft.outside(peer.name, sender, date, recipient=alias)
    if not short:
        app = Host(f"app{draft.choices.randrange(1, 9)}.{shop}", "", draft.cast.private_address())
        draft.outside(
            sender.name, app, draft.before((1, 9), of=date), protocol="ESMTP", looks_odd=("private",), style="postfix"
        )
    draft.notes.update(bottom_line=str(len(_lines(draft))), foreign_id=f"mx.{forwarder}", forwarder=forwarder)
    return draft.finish(f"www.{shop}")


SCENARIOS: dict[str, Callable[[Draft, bool], Labelled]] = {
    "example": example,
    "journey": journey,
    "border": border,
    "chain": chain,
    "claim": claim,
}
"""By name, in the order M0 to M4."""
