"""Twelve kinds of input for a rule that reads routes; each differs from the plain one in a single respect.

In all kinds but the one that is about it, our border's line is the second from the top and each field stands
in one row up to its date; so a rule that fails, fails for the reason that the kind is named after.
"""

from __future__ import annotations

import re
from datetime import datetime

from spamlab.generate.draft import Draft
from spamlab.generate.hosts import Host
from spamlab.records.truth import Labelled

KINDS = (
    "plain",
    "folded",
    "ipv6",
    "no-received",
    "border-elsewhere",
    "forged-names-us",
    "greeting-literal",
    "two-borders",
    "comments",
    "odd-names",
    "own-submission",
    "no-from",
)
"""In the order P1 to P12: the name says what is special about the message."""

_NO_BORDER = ("no-received", "own-submission")


def make_kind(draft: Draft) -> Labelled:
    """The message of the kind that `draft.scenario` names."""
    kind = draft.scenario
    pattern = draft.choices.choice(("unaligned", "third", "nothing", "aligned-dkim", "aligned-spf"))
    honest = pattern.startswith("aligned")
    draft.written_by("shops" if honest or kind in _NO_BORDER else "senders")
    domain = draft.cast.throwaway()
    link = (
        f"www.{draft.from_domain}"
        if honest or kind in _NO_BORDER
        else f"{draft.from_domain.split('.')[0]}.{draft.cast.throwaway()}"
    )
    if kind == "no-received":
        draft.bounces_to(draft.from_domain)
        return draft.finish(link)
    if kind == "own-submission":
        return _own_submission(draft, link)
    bounce = f"bounce.{draft.from_domain}" if pattern == "aligned-spf" else domain
    draft.bounces_to(bounce)
    version = 6 if kind == "ipv6" else 4
    # The name that the peer gives is its owner's; the name that DNS gives shows the network in which it stands.
    peer = draft.cast.rented(draft.from_domain if honest else domain, version)
    _with_border(draft, kind, pattern, peer, domain, bounce)
    made = draft.finish(link)
    return _odd_names(made) if kind == "odd-names" else made


def _results(draft: Draft, pattern: str, bounce: str) -> None:
    own = draft.from_domain
    if pattern == "unaligned":
        draft.our_results(("pass", bounce), ("none", ""), ("fail", own))
    elif pattern == "third":
        draft.our_results(("pass", bounce), ("pass", draft.cast.bulk_service()), ("none", own))
    elif pattern == "nothing":
        draft.our_results((draft.choices.choice(("none", "softfail")), bounce), ("none", ""), ("fail", own))
    elif pattern == "aligned-dkim":
        draft.our_results(("softfail", bounce), ("pass", own), ("pass", own))
    else:
        draft.our_results(("pass", bounce), ("none", ""), ("pass", own))


def _with_border(draft: Draft, kind: str, pattern: str, peer: Host, domain: str, bounce: str) -> None:
    style = {"folded": "folded", "comments": "comments"}.get(kind, "row")
    first, second = draft.operator.border[0], draft.operator.border[-1]
    note = ""
    if kind == "comments":
        # The sender chose what its certificate says, so our own true line quotes it.
        claimed = f"sent by {draft.cast.server_label()}.{domain} [{draft.cast.address(draft.cast.network())}]"
        note = f'Client CN "{claimed}", Issuer "Lab CA" (not verified)'
    if kind == "greeting-literal":
        peer = Host(f"[{draft.cast.address(draft.cast.network())}]", peer.reverse, peer.address, peer.network)
    if kind == "no-from":
        peer = Host(peer.name, "", peer.address, peer.network)
    if kind == "border-elsewhere":
        count = draft.choices.choice((0, 2, 3))
        if count:
            draft.inner(count, style=style)
        _results(draft, pattern, bounce)
        draft.border(peer, style=style)
    elif kind == "two-borders":
        draft.inner(1, style=style)
        relayed = draft.border_date
        draft.border_date = draft.before((2, 9))
        draft.outside(first.name, second, relayed, role="inner", style=style, recipient=draft.complainant)
        _results(draft, pattern, bounce)
        draft.border(peer, host=second, style=style)
    else:
        draft.inner(1, style="pickup" if kind == "no-from" else style)
        _results(draft, pattern, bounce)
        draft.border(peer, style=style, note=note)
    if draft.choices.random() < 0.3:
        draft.foreign_results(f"mx.{domain}", draft.from_domain)
    _below(draft, kind, peer, domain, style)


def _below(draft: Draft, kind: str, peer: Host, domain: str, style: str) -> None:
    date: datetime = draft.before()
    given = peer.reverse if peer.name.startswith("[") else peer.name
    machine = Host(draft.cast.machine(), "", draft.cast.private_address())
    if kind == "no-from":
        draft.outside(given, machine, date, style="qmail-local", looks_odd=())
        return
    if kind == "forged-names-us":
        ours = draft.operator.border[0]
        brand = draft.cast.server(draft.from_domain)
        draft.outside(given, machine, date, style=style, looks_odd=("private",), protocol="ESMTP")
        draft.outside(
            ours.name,
            brand,
            draft.before((30, 90), of=date),
            style=style,
            role="forged",
            why_forged="break",
            recipient=draft.complainant,
        )
        draft.notes["names_us_line"] = str(sum(1 for item in draft.top if hasattr(item, "hop")))
        return
    if draft.choices.random() < 0.5:
        relay = Host(f"{draft.cast.server_label()}.{domain}", "", draft.cast.private_address())
        draft.outside(given, relay, date, style=style, looks_odd=("private",), protocol="ESMTP")
        given, date = relay.name, draft.before(of=date)
    draft.outside(given, machine, date, style=style, looks_odd=("private",), protocol="ESMTPA")


def _own_submission(draft: Draft, link: str) -> Labelled:
    """A customer of ours sent it: no border host took it from outside, so there is no handover to report."""
    draft.bounces_to(draft.from_domain)
    address = draft.cast.customer_address()
    reverse = f"cust-{address.replace('.', '-')}.{draft.operator.domain}"
    client = Host(draft.cast.machine(), reverse, address)
    submission = draft.operator.submission
    draft.inner(1, style="row", below=submission)
    user = draft.choices.choice(("office", "info", "sales", "desk"))
    draft.outside(
        submission.name, client, draft.border_date, role="inner", style="row", protocol="ESMTPSA",
        user=f"{user}@{draft.from_domain}", recipient=draft.complainant,
    )  # fmt: skip
    return draft.finish(link)


def _odd_names(made: Labelled) -> Labelled:
    """The same message with field names in other letter case and with more space than needed."""
    head, _, body = made.message.raw.decode("ascii").partition("\r\n\r\n")
    turn = 0
    rows = []
    for row in head.split("\r\n"):
        match = re.fullmatch(r"(Received|Authentication-Results): (.*)", row)
        if match:
            turn += 1
            name = match[1].lower() if turn % 2 else match[1].upper()
            value = match[2].replace(" by ", "   by\t ").replace("from ", "from  ", 1).replace("; ", " ;  ")
            row = f"{name}:{' ' * (turn % 3)}{value}"
        elif row.startswith("From:"):
            row = row.replace("From: ", "from:")
        rows.append(row)
    message = made.message
    raw = ("\r\n".join(rows) + "\r\n\r\n" + body).encode("ascii")
    return type(made)(type(message)(message.name, raw, message.envelope_from, message.envelope_to), made.truth)
