"""Policy: a policy document. It is checked like a form, then played; the share follows from its regret."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from spamlab.errors import ContentError
from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.question import FormError, Item, Question
from spamlab.policy import mistakes
from spamlab.policy.bundles import bundle
from spamlab.policy.document import TEXTS, WEEKS_A_YEAR, YEARS, Measure, policy_of, policy_toml, read_policy
from spamlab.policy.document import Policy as Document
from spamlab.policy.feedback import Feedback, feedback
from spamlab.policy.instruments import PILLARS, Setting, read_instruments
from spamlab.policy.judging import Judgement, hidden_scenarios, judge_policy
from spamlab.policy.library import read_library
from spamlab.policy.play import economy_named
from spamlab.policy.scenarios import read_scenarios, scenarios_named

_MOST_DETAILS = 24
_MOST_WORDS = 48
_POOR = 0.7
_NOT_EVERYWHERE = frozenset({"law-alone", "all-at-once", "strict-filters"})


@dataclass(frozen=True)
class Policy(Plain):
    """A policy document as TOML text, or as the record that a form makes of it.

    The item's first record names the economy under "economy"; its facts hold "seed", and may hold "scenarios", names.
    Without these, practice plays all scenarios, and any other purpose plays `hidden` ones drawn from the seed. The
    record is handed out, the facts are not.

    full, none: the scores, of 100, from which on everything and below which nothing is earned; between them the share
    rises evenly. own: the purposes in which the document must be for the item's own economy; in others it is played in
    the economy that it names. runs: draws.

    Share: (score - none) / (full - none). A document that breaks a hard limit or lacks a text has no score and earns
    nothing.
    """

    name: ClassVar[str] = "policy"
    full: float = 80.0
    none: float = 5.0
    hidden: int = 3
    own: tuple[str, ...] = ("practice", "twin")
    runs: int = 32

    def parse(self, given: Any, item: Item) -> str:
        """The document as TOML in its own form. FormError: every fault, one a line; another economy; no measure."""
        economy = economy_of(item)
        try:
            if isinstance(given, Mapping) and set(given) == {"text"} and isinstance(given["text"], str):
                given = given["text"]
            if isinstance(given, str):
                read = _read(given, say("label-policy"))
            elif isinstance(given, Mapping):
                read = policy_of({"economy": economy, **given}, name=say("label-policy"))
            else:
                raise FormError(say("form-policy"))
        except ContentError as error:
            raise FormError(_faults(str(error))) from None
        if read.economy != economy and item.purpose in self.own:
            raise FormError(say("form-policy-economy", own=economy, given=read.economy))
        if not read.measures:
            raise FormError(say("form-policy-empty"))
        return policy_toml(read)

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share that the score earns, and the score with what cost most."""
        return self._share(self.judgement(given, item)), self._told(given, item)

    def matches(self, known: Any, given: Any, item: Item) -> bool:
        """Whether the document makes the mistake that a known one shows, and does poorly where that is part of it."""
        code = _mistake(known)
        if not code or code != _mistake(given):
            return False
        return code not in mistakes.POOR_ONLY or self._share(self.judgement(given, item)) < _POOR

    def fact(self, right: Any, given: Any, item: Item) -> str:
        """The score with what cost most."""
        return self._told(given, item)

    def details(self, given: Any, item: Item) -> tuple[str, ...]:
        """On practice: what every measure did, what is missing, and each scenario; else nothing."""
        if item.purpose != "practice":
            return ()
        judged = self.judgement(given, item)
        if judged.lacking:
            return judged.lacking
        titles = {name: one.title for name, one in read_scenarios().items()}
        return (*(one.sentence for one in judged.failures), *self.feedback(given, item).sentences(taught=False),
                *(say("policy-scenario", title=titles.get(one.name, one.name), score=round(one.score))
                  for one in judged.scenarios))[:_MOST_DETAILS]

    def judgement(self, given: str, item: Item) -> Judgement:
        """What the judge finds of a canonical document."""
        return _judged(given, self.scenarios(item), self.runs, seed_of(item))

    def feedback(self, given: str, item: Item) -> Feedback:
        """What single measures of a canonical document do."""
        return _feedback(given, self.scenarios(item), seed_of(item))

    def scenarios(self, item: Item) -> tuple[str, ...]:
        """Names of the scenarios in which an answer is played."""
        named = item.data[item.names[0]].facts.get("scenarios")
        if named:
            return tuple(named)
        if item.purpose == "practice":
            return tuple(read_scenarios())
        return tuple(one.name for one in hidden_scenarios(seed_of(item), self.hidden))

    def form(self, item: Item) -> dict[str, Any]:
        """The instruments with their settings, the texts, the economy; the answer is a record like the document."""
        return {"shape": "policy", "fields": [], "economy": economy_of(item), "years": list(YEARS),
                "last_week": YEARS[1] * WEEKS_A_YEAR - 1,
                "texts": [{"name": key, "label": one.title, "about": one.about, "words": one.words}
                          for key, one in TEXTS.items()],
                "pillars": [{"value": key, "label": title} for key, title in PILLARS.items()],
                "instruments": [{
                    "id": one.id, "pillar": one.pillar, "title": one.title, "about": one.about,
                    "needs": list(one.needs), "lead_weeks": one.lead_weeks, "source": one.source,
                    "confidence": one.confidence, "settings": [_field(setting) for setting in one.settings]}
                    for one in read_instruments().values()]}

    def _share(self, judged: Judgement) -> float:
        if judged.score is None:
            return 0.0
        return min(1.0, max(0.0, (judged.score - self.none) / (self.full - self.none)))

    def _told(self, given: str, item: Item) -> str:
        judged = self.judgement(given, item)
        if judged.lacking:
            return judged.lacking[0]
        if judged.failures:
            return judged.failures[0].sentence
        code = "policy-score" if item.purpose == "practice" else "policy-score-hidden"
        said = say(code, score=int(judged.score or 0))
        if item.purpose != "practice":
            return said
        return " ".join((said, *self.feedback(given, item).sentences(taught=False)[:1]))


def economy_of(item: Item) -> str:
    """The economy that the item's first record names; ContentError where it names none."""
    name = item.data[item.names[0]].record.get("economy")
    if not isinstance(name, str):
        raise ContentError(f"the record {item.names[0]} names no economy, which a question about a policy needs")
    return name


def seed_of(item: Item) -> str:
    """The seed of the item's draws and shocks."""
    return str(item.data[item.names[0]].facts.get("seed", 0))


def reference_of(item: Item) -> str:
    """A whole good document for the item's economy: the steadiest of the stored library. For a lab's right answer."""
    economy = economy_of(item)
    best = read_library(economy).steady().policy
    assert best is not None
    return document(economy, best.measures)


def document(economy: str, measures: Sequence[Measure], *, text: Mapping[str, str] | None = None,
             title: str = "A policy against spam") -> str:
    """The TOML text of a policy of three years; the four texts are examples unless given."""
    return policy_toml(Document(title, economy, 3, tuple(measures), EXAMPLE_TEXTS if text is None else text))


EXAMPLE_TEXTS = {
    "purpose": "Fraud by text message and call harms people with little money most. We cut it where it enters, and "
               "measure losses every quarter.",
    "proportionality": "Milder steps were tried for a year and fraud grew. Blocking touches only senders who are not "
                       "registered, and ends when losses have halved.",
    "rights": "No content is read by people. Data on traffic are kept for thirty days, and the data protection "
              "authority may look at every rule.",
    "remedies": "Whoever is blocked by mistake writes to one address, gets an answer within two days, and may go to "
                "the court after that.",
}
"""Texts that are long enough to be read, for examples."""


def add_known_mistakes(question: Question, codes: Sequence[str] = tuple(mistakes.KNOWN)) -> None:
    """Give a question of this kind its known mistakes: for each a document that shows it, and what is said.

    A mistake that an economy can't show, such as too many measures at once where there are people for all, is left out
    there.
    """
    def shown(code: str) -> Callable[[Item], str | None]:
        return lambda item: example_of(code, economy_of(item))

    for code in codes:
        message, trainer = mistakes.TOLD[code]
        question.mistake(code, trainer=trainer, message=message, optional=code in _NOT_EVERYWHERE)(shown(code))


@lru_cache(maxsize=256)
def example_of(code: str, economy: str) -> str | None:
    """A document that makes the mistake called `code`; None where none does in this economy."""
    instruments = read_instruments()
    early = [(id, 0) for id in instruments]
    tried: dict[str, tuple[Measure, ...]] = {
        "no-texts": bundle(instruments, [("complaint-line", 0), ("code-of-practice", 8)]),
        "ban-all": bundle(instruments, [(id, 0) for id in mistakes.HARDEST], "high"),
        "law-alone": bundle(instruments, [(id, 0) for id, one in instruments.items() if one.pillar == "law"]),
        "nothing-staffed": bundle(instruments, [(id, 150) for id in ("treaty", "sms-firewall", "complaint-line")]),
        "all-at-once": bundle(instruments, early[:15] if economy_named(economy).figures["spam_staff"] < 10 else early),
        "strict-filters": bundle(instruments, [("operator-filtering", 0)], "high"),
    }
    made = document(economy, tried[code], text={} if code == "no-texts" else None)
    return made if _mistake(made) == code else None


@lru_cache(maxsize=256)
def _read(text: str, name: str) -> Document:
    """The policy in a text, read once: a lab's right answer and its known mistakes come again in every draw."""
    return read_policy(text, name=name)


@lru_cache(maxsize=512)
def _judged(text: str, scenarios: tuple[str, ...], runs: int, seed: str) -> Judgement:
    policy = read_policy(text)
    return judge_policy(policy, economy_named(policy.economy), scenarios_named(scenarios), runs=runs, seed=seed)


@lru_cache(maxsize=512)
def _feedback(text: str, scenarios: tuple[str, ...], seed: str) -> Feedback:
    policy = read_policy(text)
    return feedback(policy, economy_named(policy.economy), scenarios_named(scenarios), seed=seed)


@lru_cache(maxsize=1024)
def _mistake(text: str) -> str:
    policy = read_policy(text)
    return mistakes.mistake_in(mistakes.seen(policy, economy_named(policy.economy)))


def _faults(told: str) -> str:
    """The faults, each a sentence of its own, as many as a message has room for, and how many follow."""
    lines, said = [f"{line}." for line in told.splitlines()], list[str]()
    for line in lines:
        if said and sum(len(one.split()) for one in (*said, line)) > _MOST_WORDS:
            break
        said.append(" ".join(line.split()[:_MOST_WORDS]))
    if len(said) < len(lines):
        said.append(say("policy-more", n=len(lines) - len(said)))
    return say("form-policy-faults", faults="\n".join(said))


def _field(setting: Setting) -> dict[str, Any]:
    default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    return {"name": setting.name, "label": setting.label, "about": setting.about, "kind": setting.kind,
            "options": [{"value": value, "label": label} for value, label in setting.options],
            "least": setting.least, "most": setting.most, "unit": setting.unit, "default": default}
