"""Mistakes of a policy that have a name: seen in the document and in what its plan makes of it.

A document makes the first mistake in the list that fits it, or none. Does not belong here: what single measures
gain or cost (feedback.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spamlab.policy.document import WEEKS_A_YEAR, Measure, Policy, missing_texts
from spamlab.policy.instruments import read_instruments
from spamlab.policy.plan import Plan, plan
from spamlab.records.economy import Economy

HARDEST: Mapping[str, tuple[str, object]] = {
    "operator-filtering": ("manner", "strict"),
    "sender-id-registry": ("unregistered", "block"),
    "dns-blocking": ("listing", "automatic"),
    "sms-firewall": ("operators", "all"),
    "port-25": ("providers", "all"),
    "mail-authentication": ("final", "reject"),
    "shared-blocklists": ("force", "binding"),
    "payment-friction": ("reach", "hold"),
    "sim-registration": ("", None),
    "caller-id-validation": ("", None),
}
"""Instruments that stop something at once, and the setting at which they stop most; "" for those that always do."""
MANY_HARD = 6
"""Instruments at their hardest that together are a ban of everything, if the filters are strict."""
MANY = 10
"""So many measures that are to begin in the first weeks are all at once."""
FIRST_WEEKS = 8


@dataclass(frozen=True)
class Seen:
    """What a mistake is looked for in: the document, and its plan in quiet times."""

    policy: Policy
    economy: Economy
    plan: Plan


def seen(policy: Policy, economy: Economy) -> Seen:
    """The document with its plan."""
    return Seen(policy, economy, plan(policy, economy, read_instruments(), weeks=policy.years * WEEKS_A_YEAR))


def lacks_texts(one: Seen) -> bool:
    """One of the four texts that only people can judge is not there."""
    return bool(missing_texts(one.policy))


def bans_all(one: Seen) -> bool:
    """Nearly everything that can stop a message is to stop it, at its hardest, and soon."""
    hard = {measure.instrument for measure in one.policy.measures if measure.start < WEEKS_A_YEAR and _is_hard(measure)}
    return "operator-filtering" in hard and len(hard) >= MANY_HARD


def is_law_alone(one: Seen) -> bool:
    """All that comes into force is law, and nobody enforces it."""
    instruments = read_instruments()
    return {instruments[id].pillar for id, start in one.plan.starts.items() if start is not None} == {"law"}


def is_not_staffed(one: Seen) -> bool:
    """Fewer than half of the measures ever come into force: people, money or time run out."""
    starts = list(one.plan.starts.values())
    return len(starts) >= 2 and sum(start is not None for start in starts) < len(starts) / 2


def begins_at_once(one: Seen) -> bool:
    """Many measures are to begin in the first weeks, and a third of them has to wait or never begins."""
    early = [measure.instrument for measure in one.policy.measures if measure.start < FIRST_WEEKS]
    return len(early) >= MANY and sum(id in one.plan.reasons for id in early) >= len(early) / 3


def filters_strictly(one: Seen) -> bool:
    """Filters stop more at the price of wanted messages."""
    return any(measure.instrument == "operator-filtering" and _is_hard(measure)
               and one.plan.starts.get(measure.instrument) is not None for measure in one.policy.measures)


KNOWN: Mapping[str, Callable[[Seen], bool]] = {
    "no-texts": lacks_texts,
    "ban-all": bans_all,
    "nothing-staffed": is_not_staffed,
    "law-alone": is_law_alone,
    "all-at-once": begins_at_once,
    "strict-filters": filters_strictly,
}
"""Code -> whether a document makes this mistake, in the order in which they are named."""
TOLD: Mapping[str, tuple[str, str]] = {
    "no-texts": (
        "Your measures have no score yet. A measure touches rights, so its reasons come first. Write the four texts: "
        "purpose, proportionality, rights and remedies. Then play again.",
        "Leaves out the texts that must be there before a score is shown."),
    "ban-all": (
        "You block everything as hard as you can. It looks safe, since spam falls. Look at wanted messages lost and at "
        "what operators pay. Keep the blocks that earn their price.",
        "Blocks everything at its hardest; does not look at wanted messages and costs."),
    "law-alone": (
        "Only laws come into force. A law reaches honest firms first, while fraudsters abroad go on. Look at who still "
        "sends. Add people who enforce it, or measures in networks.",
        "Relies on law without anybody to enforce it."),
    "nothing-staffed": (
        "Fewer than half of your measures ever come into force. A list on paper costs nothing, but people, money or "
        "weeks run out. Read below why each waits. Keep fewer, the best first.",
        "Lists measures that nobody can staff, pay or finish in time."),
    "all-at-once": (
        "You begin nearly everything in the first weeks. Each measure needs people to set it up, so many wait in line. "
        "Look at the week in which each begins. Put first what gains most.",
        "Begins everything at once, so that measures wait for staff in an order nobody chose."),
    "strict-filters": (
        "Your filters are strict. They stop more spam, and more wanted messages too. Look at wanted messages lost. "
        "Compare with cautious filters, and with a measure upstream.",
        "Sets filters to strict, and pays with wanted messages."),
}
"""Code -> what a participant is told, and what the trainer reads."""
POOR_ONLY = frozenset({"all-at-once", "strict-filters"})
"""No mistakes where the policy does well all the same."""


def mistake_in(one: Seen) -> str:
    """The code of the first known mistake, "" for none."""
    return next((code for code, found in KNOWN.items() if found(one)), "")


def _is_hard(measure: Measure) -> bool:
    if measure.instrument not in HARDEST:
        return False
    setting, hardest = HARDEST[measure.instrument]
    return not setting or measure.settings.get(setting) == hardest
