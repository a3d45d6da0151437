"""Campaigns on several channels: actors, their machines and kits, when they send, and what victims report.

A record is a message of a campaign, a wanted message beside them, or the report of somebody who got one: its channel
says which ("report"). Record i depends on (recipe, version, seed, i) alone, as in traffic.py. A campaign's messages
share few texts (its kit, varied by its techniques), few senders (its hosts), and link to one name at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from spamlab.errors import ContentError
from spamlab.generate.campaign_recipe import Campaign, CampaignRecipe
from spamlab.generate.draws import Weighted, dataset_key, mixed, named, record_key, share, uniform
from spamlab.generate.evasion import LINK, ON
from spamlab.generate.languages import Type
from spamlab.generate.numbers import mobile
from spamlab.generate.schedule import day_weights, hour_weights
from spamlab.generate.traffic import Made, Part, Traffic

REPORT = "report"
WRONG = 0.08
"""Of the reports: the share that is about a wanted message."""
LINES = {"sms": "7726", "voice": "7726", "email": "abuse mailbox", "social": "report button", "chat": "report button"}
"""Channel -> where people send their reports; 7726 spells SPAM on a keypad (GSMA Spam Reporting Service)."""
_KIND, _CAMPAIGN, _CHANNEL, _LANGUAGE = named("kind"), named("campaign"), named("channel"), named("language")
_DAY, _HOUR, _SECOND = named("day"), named("hour"), named("second")
_KIT, _HOST, _ABOUT, _DELAY, _REPORTER = named("kit"), named("host"), named("about"), named("delay"), named("reporter")
_ALL_DAY = Weighted(list(enumerate(hour_weights("steady"))))
_TRIES = 40
_WORDS = ("parcel", "secure", "my", "help", "pay", "post", "client", "online", "verify", "service", "portal", "update",
          "alert", "claim", "track", "refund", "bonus", "support", "account", "delivery")
_ENDS = ("example", "test", "invalid")


@dataclass(frozen=True)
class _Ready:
    """A campaign that is ready to be drawn from."""

    campaign: Campaign
    key: int
    channels: Weighted[str]
    days: Weighted[int]
    hours: Weighted[int]


class CampaignTraffic:
    """Everything that a recipe of campaigns makes from one seed."""

    def __init__(self, recipe: CampaignRecipe, channels: Mapping[str, Traffic], seed: int | str,
                 hours_ahead: float = 0.0) -> None:
        """channels: traffic of every channel, with the languages of the recipe. hours_ahead: of the recipients' clocks.
        Raises ContentError where a campaign names a type or technique that is not there, or never sends."""
        self.recipe = recipe
        self._channels = channels
        self._root = dataset_key(recipe.name, recipe.version, seed)
        self._first = datetime.combine(recipe.first_day, datetime.min.time(), UTC) - timedelta(hours=hours_ahead)
        self._types = _types(recipe, channels)
        self._ready = {one.name: self._made_ready(one) for one in recipe.campaigns}
        self._campaigns = Weighted([(one.name, one.messages) for one in recipe.campaigns])
        self._wanted = Weighted(_wanted_channels(recipe))
        self._kinds = Weighted([("wanted", recipe.wanted), (REPORT, recipe.reports),
                                ("message", 1 - recipe.wanted - recipe.reports)])

    def made(self, number: int) -> Made:
        """Record `number`, from 0."""
        key = record_key(self._root, number)
        kind = self._kinds.pick(key, _KIND)
        if kind == REPORT:
            return self._report(number, key)
        name = f"{self.recipe.name}-{number:09d}"
        return self._wanted_message(name, key) if kind == "wanted" else self._message(name, key)

    def records(self, start: int, stop: int) -> Iterator[Made]:
        """Records from `start` up to `stop`, which is left out."""
        return (self.made(number) for number in range(start, stop))

    def _made_ready(self, one: Campaign) -> _Ready:
        key = mixed(self._root ^ named(f"campaign {one.name}"))
        recipe = self.recipe
        weights = day_weights(one.shape, recipe.first_day, one.start, one.days, recipe.days, key,
                              takedown=one.takedown, recovery=one.recovery)
        if not any(weights):
            raise ContentError(f"{recipe.name}: campaign {one.name} sends nothing within {recipe.days} days")
        return _Ready(one, key, Weighted(list(one.channels.items())), Weighted(list(enumerate(weights))),
                      Weighted(list(enumerate(hour_weights(one.shape)))))

    def _wanted_message(self, name: str, key: int) -> Made:
        traffic = self._channels[self._wanted.pick(key, _CHANNEL)]
        code, one = traffic.drawn_type(key, "ham")
        day = uniform(key, _DAY, self.recipe.days)
        made = traffic.composed(Part(name, key, code, one, self._at(key, day, _ALL_DAY.pick(key, _HOUR))))
        return self._told(made, {"campaign": "", "actor": ""})

    def _message(self, name: str, key: int) -> Made:
        ready = self._ready[self._campaigns.pick(key, _CAMPAIGN)]
        one, channel = ready.campaign, ready.channels.pick(key, _CHANNEL)
        code, kind = self._types[channel, one.types[channel]].pick(key, _LANGUAGE)
        day = ready.days.pick(key, _DAY)
        kit, host = uniform(key, _KIT, one.kit), uniform(key, _HOST, one.hosts)
        domain = _domain(ready.key, (day - one.start) // one.domain_days % one.domains)
        techniques = frozenset(one.techniques) & frozenset(ON[channel])
        made = self._channels[channel].composed(Part(
            name, key, code, kind, self._at(key, day, ready.hours.pick(key, _HOUR)), text=mixed(ready.key ^ (kit + 1)),
            origin=mixed(ready.key ^ _HOST ^ (host + 1)), techniques=techniques, change=_linking_to(domain)))
        return self._told(made, {
            "campaign": one.name, "actor": one.actor, "motive": one.motive, "kit": kit, "host": host, "domain": domain,
            "price": one.price / 1000, "income": one.income / 1000})

    def _report(self, number: int, key: int) -> Made:
        """The report of somebody who got one of the messages; now and then of a wanted one, by mistake."""
        wrong = share(key, _ABOUT) < WRONG
        about = None
        for turn in range(_TRIES):
            other = uniform(mixed(key + turn), _ABOUT, max(1, number))
            kind = self._kinds.pick(record_key(self._root, other), _KIND)
            if other != number and kind == ("wanted" if wrong else "message"):
                about = self.made(other)
                break
        name = f"{self.recipe.name}-{number:09d}"
        if about is None:
            return self._message(name, key)
        told = about.record
        waited = timedelta(minutes=2 + 1440 * share(key, _DELAY) ** 4)
        reported = datetime.fromisoformat(told["sent"]) + waited
        record = {
            "id": name, "channel": REPORT, "language": told["language"], "sent": f"{reported.isoformat()[:19]}Z",
            "reporter": mobile(key ^ _REPORTER), "line": LINES[told["channel"]], "about": told["id"],
            "about_channel": told["channel"], "sender": told.get("sender") or told.get("from", ""),
            "text": told["text"], "label": told["label"]}
        return Made(record, (lambda: {
            **{field: value for field, value in about.truth.items() if field not in ("techniques", "links")},
            "id": name, "about": told["id"], "by mistake": wrong},))

    def _at(self, key: int, day: int, hour: int) -> datetime:
        return self._first + timedelta(days=day, hours=hour, seconds=uniform(key, _SECOND, 3600))

    def _told(self, made: Made, more: Mapping[str, object]) -> Made:
        recipe = f"{self.recipe.name} {self.recipe.version}"
        return Made(made.record, (lambda: {**made.truth, "recipe": recipe, **more},))


def _types(recipe: CampaignRecipe, channels: Mapping[str, Traffic],
           ) -> dict[tuple[str, str], Weighted[tuple[str, Type]]]:
    """(channel, name) -> the type in each language that has it."""
    found: dict[tuple[str, str], Weighted[tuple[str, Type]]] = {}
    faults = []
    for one in recipe.campaigns:
        for channel in one.channels:
            name = one.types[channel]
            kinds = [((code, kind), recipe.languages[code]) for code, language in channels[channel].languages.items()
                     for kind in language.types.get(channel, ()) if kind.name == name]
            if any(weight for _, weight in kinds):
                found[channel, name] = Weighted(kinds)
            else:
                faults.append(f"{recipe.name}: campaign {one.name}: there is no type called {name} for {channel}")
        faults += [f"{recipe.name}: campaign {one.name}: no channel of it knows the technique {technique}"
                   for technique in one.techniques if not any(technique in ON[channel] for channel in one.channels)]
    if faults:
        raise ContentError("\n".join(faults))
    return found


def _wanted_channels(recipe: CampaignRecipe) -> list[tuple[str, float]]:
    """The wanted messages come on the campaigns' channels, in the same proportions."""
    weights: dict[str, float] = {}
    for one in recipe.campaigns:
        whole = sum(one.channels.values())
        for channel, weight in one.channels.items():
            weights[channel] = weights.get(channel, 0.0) + one.messages * weight / whole
    return list(weights.items())


def _domain(key: int, number: int) -> str:
    """The name that a campaign links to as its `number`-th."""
    own = mixed(key ^ named("domain") ^ (number + 1))
    first, second = (_WORDS[uniform(own, named(place), len(_WORDS))] for place in ("first word", "second word"))
    return f"{first}-{second}{uniform(own, named('number'), 90) + 10}.{_ENDS[uniform(own, named('end'), len(_ENDS))]}"


def _linking_to(domain: str) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """Makes a document whose links go to `domain`, their paths kept."""
    def link(found: re.Match[str]) -> str:
        scheme, _, rest = found.group().rpartition("//")
        path = re.search(r"[/?#].*", rest)
        return f"{scheme}{'//' if scheme else ''}{domain}{path.group() if path else ''}"

    return lambda document: lambda rule: LINK.sub(link, document(rule))
