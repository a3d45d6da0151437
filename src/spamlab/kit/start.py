"""The first cell of a notebook."""

from __future__ import annotations

from spamlab.kit import session as where
from spamlab.kit.errors import ServiceAway, ServiceRefused
from spamlab.kit.http import judge
from spamlab.kit.inbox import inbox
from spamlab.kit.markup import escape, visible
from spamlab.kit.show import show
from spamlab.kit.words import say


def start(lab: str) -> None:
    """Begin the lab in this notebook and say in one line who you are and what answers.

    >>> start("02-header-forensics")
    """
    where.begin(lab)
    now = where.session()
    if now.graded:
        _show([say("start-graded", lab=lab)])
        return
    mailbox = say("start-mailbox")
    try:
        judge(now).lab(lab)
        judged = say("start-judge")
    except ServiceAway:
        judged, mailbox = say("start-no-judge"), ""
    except ServiceRefused as refusal:
        judged, mailbox = str(refusal), ""
    if mailbox:
        try:
            missing = len(inbox().missing)
            mailbox = say("start-empty", n=missing) if missing else mailbox
        except (ServiceAway, ServiceRefused):
            mailbox = say("start-no-mailbox")
    who = visible(now.participant, most=40) or "?"
    _show([say("start-class", lab=lab, participant=who, judge=judged, mailbox=mailbox), say("start-restart")])


def _show(sentences: list[str]) -> None:
    show("".join(f"<p>{escape(one)}</p>" for one in sentences), "\n".join(sentences))
