"""Runs the simulator to see whether it meets the stylised facts: one function for each, and the page of verdicts.

What each fact says, its bands and its sources: datasets/policy/facts.toml. Nothing is fitted here.
`python -m spamlab.policy.facts [FILE]` writes docs/policy/validity.md of the source tree, or FILE.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spamlab.policy.draws import draw_parameters, read_parameters, uniform
from spamlab.policy.economies import economy_named, economy_names
from spamlab.policy.fact_table import read_facts
from spamlab.policy.levers import CHANNELS, GROUPS, LEVERS
from spamlab.policy.market import FLOWS, Market, market_of
from spamlab.policy.model import MILLION, STRUCTURES, Batch, Structure, quiet, run
from spamlab.policy.pages import table, write_page
from spamlab.policy.scenarios import SHOCKS
from spamlab.policy.validity import Verdict, page, verdict
from spamlab.records.economy import Economy
from spamlab.shipped import default_folder

Array = NDArray[np.float64]
Series = Mapping[str, Array]
"""Outcome -> (columns, weeks, draws)."""
ECONOMY = "advanced-city"
"""The economy of the table: four operators, as F13 asks, and the registry of F11."""
INCOME_OF_E5 = "gulf-migrant-majority"
DRAWS = 256
SEED = 7
YEAR = 52
FIRST, SECOND, LAST_QUARTER = slice(0, YEAR), slice(YEAR, 2 * YEAR), slice(YEAR - 13, YEAR)
"""The first and the second year, and the last quarter of the first."""
LAWS = {f"law.{channel}": 1.0 for channel in CHANNELS}
FRAUD = tuple(f"{sender}.{channel}" for sender, channel in FLOWS if sender != "marketing")
MARKETING = tuple(f"{sender}.{channel}" for sender, channel in FLOWS if sender == "marketing")
LARGE = 1e6
"""A fine, in GDP per head, far above what any sender owns."""
OBEDIENT = 100.0
"""An operator's own reasons to do what is asked (`operator.base`), so strong that nothing else counts."""
_ROW = {name: number for number, name in enumerate(LEVERS)}


@dataclass(frozen=True)
class Laboratory:
    """Where experiments are run: one economy, one set of draws, one structure.

    audits: whether duties of operators come with audits, as they did where the facts were seen. obedient: all operators
    do all that is asked.
    """

    economy: Economy
    runs: int = DRAWS
    seed: int | str = SEED
    structure: Structure = STRUCTURES[0]
    audits: bool = True
    obedient: bool = False

    @cached_property
    def drawn(self) -> Mapping[str, Array]:
        """The draws of every parameter, (runs,) by name."""
        drawn = draw_parameters(self.seed, self.runs)
        return drawn | {"operator.base": np.full(self.runs, OBEDIENT)} if self.obedient else drawn

    @cached_property
    def market(self) -> Market:
        """The market of these draws before any measure."""
        return market_of(self.economy, self.drawn)

    def duty(self, **settings: float) -> dict[str, float]:
        """Settings of levers with "__" for a dot, with the audits of a duty."""
        return {name.replace("__", "."): value for name, value in settings.items()} | {"audit": float(self.audits)}

    def play(self, record: Sequence[str], *columns: Array, **others: float) -> Series:
        """Run each column of levers, (L, T) or, one for each draw, (L, T, runs), with the same draws.

        others: parameters that are held at a value ("__" for a dot).
        """
        held = {name.replace("__", "."): np.full(self.runs, value) for name, value in others.items()}
        return self._play(record, columns, {**self.drawn, **held}, quiet(columns[0].shape[1]))

    def play_shock(self, record: Sequence[str], shock: str, value: float, *columns: Array) -> Series:
        """The same under a shock that stays."""
        path = quiet(columns[0].shape[1])
        path[list(SHOCKS).index(shock)] = value
        return self._play(record, columns, self.drawn, path)

    def _play(self, record: Sequence[str], columns: Sequence[Array], parameters: Mapping[str, Array],
              path: Array) -> Series:
        stacks, places, used = [], [], 0
        for column in columns:
            each = column.ndim == 3
            stacks.append(column if each else column[:, :, None])
            places.append(used + (np.arange(self.runs) if each else np.zeros(self.runs, int)))
            used += self.runs if each else 1
        times = len(columns)
        outcome = run(Batch(
            self.economy, {name: np.tile(values, times) for name, values in parameters.items()},
            np.concatenate(stacks, axis=2), np.concatenate(places), path, np.zeros(times * self.runs, int),
            self.structure), record)
        return {name: values.reshape(len(values), times, self.runs).swapaxes(0, 1)
                for name, values in outcome.series.items()}


def levers(weeks: int, settings: Mapping[str, float] | None = None, *later: tuple[str, float, int, int]) -> Array:
    """Levers by week, (L, T). settings: from the start to the end. later: (lever, value, first week, week after)."""
    found = np.zeros((len(LEVERS), weeks))
    for name, value in (settings or {}).items():
        found[_ROW[name]] = value
    for name, value, first, after in later:
        found[_ROW[name], first:after] = value
    return found


def change(values: Array, when: slice, column: int = 1) -> Array:
    """Change of a sum over some weeks against the first column, (draws,)."""
    sums = values[:, when].sum(axis=1)
    return np.asarray(sums[column] / sums[0] - 1)


def together(series: Series, name: str, flows: Sequence[str]) -> Array:
    """An outcome summed over flows, (columns, weeks, draws)."""
    return np.asarray(np.add.reduce([series[f"{name}.{flow}"] for flow in flows]))


def named(name: str, flows: Sequence[str]) -> list[str]:
    """The names under which an outcome of these flows is recorded."""
    return [f"{name}.{flow}" for flow in flows]


def over(above: Array, below: Array) -> Array:
    """A fall over a fall: without end where only the first fell, 0 where the first did not; nan where neither did."""
    above, below = np.where(above > 1e-9, above, 0.0), np.where(below > 1e-9, below, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below)


def weeks_until(reached: Array) -> Array:
    """The first week of (weeks, draws) in which it is so, from 1; inf where it never is."""
    return np.asarray(np.where(reached.any(axis=0), reached.argmax(axis=0) + 1.0, np.inf))


# -- Takedowns --------------------------------------------------------------------------------------------------------

BULK = "attempted.botnet.email"


def takedown_heals(lab: Laboratory) -> Mapping[str, Array]:
    """F1."""
    found = lab.play([BULK], levers(150), levers(150, None, ("takedown", 0.7, 60, 61)))[BULK]
    return {"weeks": weeks_until((found[1] / found[0])[61:] >= 0.95)}


def takedown_after_payments_closed(lab: Laboratory) -> Mapping[str, Array]:
    """F2."""
    column = levers(120, None, ("payment_friction", 1.0, 40, 120), ("takedown", 0.7, 60, 61))
    found = lab.play([BULK], column, payment_stop=0.4)[BULK][0]
    return {"level": found[60 + YEAR] / found[60]}


def takedowns_repeated(lab: Laboratory) -> Mapping[str, Array]:
    """F3."""
    first, second = ("takedown", 0.7, 40, 41), ("takedown", 0.7, 65, 66)
    found = lab.play([BULK], levers(160), levers(160, None, first), levers(160, None, first, second))[BULK]
    one, two = found[1] / found[0], found[2] / found[1]
    depth = (1 - two[66:90].min(axis=0)) / (1 - one[41:65].min(axis=0))
    length = weeks_until(two[66:] >= 0.95) / weeks_until(one[41:] >= 0.95)
    return {"bite": np.minimum(depth / 0.6, length / 0.5)}


def inboxes_hardly_notice(lab: Laboratory) -> Mapping[str, Array]:
    """F4. The blow is sized, draw by draw, so that all mail falls by 40 %; left out where botnets send too little."""
    mail = ["attempted.email", BULK, "delivered.email"]
    twin = lab.play(mail, levers(62))
    blow = 0.4 / (twin[BULK][0, 61] / twin["attempted.email"][0, 61])
    column = np.repeat(levers(62)[:, :, None], lab.runs, axis=2)
    column[_ROW["takedown"], 60] = np.minimum(blow, 1.0)
    found = lab.play(mail, levers(62), column)["delivered.email"]
    return {"delivered": np.where(blow <= 1, found[1, 61] / found[0, 61] - 1, np.nan)}


# -- Senders and networks ---------------------------------------------------------------------------------------------


def senders_of(lab: Laboratory) -> list[Array]:
    """The size of every sender of a class in each draw, the largest first, by the draw's number and Pareto tail."""
    found = []
    for number in range(lab.runs):
        count = round(float(lab.drawn["senders"][number]))
        drawn = 1 - uniform(lab.seed, count, "senders", number)
        found.append(np.sort(drawn ** (-1 / lab.drawn["tail"][number]))[::-1])
    return found


def few_senders(lab: Laboratory) -> Mapping[str, Array]:
    """F5. Of networks the simulator holds the operators of one economy only, so that band has no values."""
    return {"senders": np.array([sizes[:max(1, round(len(sizes) / 10))].sum() / sizes.sum()
                                 for sizes in senders_of(lab)])}


def big_actor_cut(lab: Laboratory) -> Mapping[str, Array]:
    """F19. Bulk mail stands for calls: it is the flow that an operation can cut. The campaign ends by construction."""
    column = np.repeat(levers(60)[:, :, None], lab.runs, axis=2)
    column[_ROW["takedown"], 30] = [sizes[0] / sizes.sum() for sizes in senders_of(lab)]
    found = lab.play([BULK], levers(60), column)[BULK]
    return {"campaign": np.full(lab.runs, -1.0), "total": change(found, slice(31, 44))}


# -- Law --------------------------------------------------------------------------------------------------------------


def law_alone(lab: Laboratory) -> Mapping[str, Array]:
    """F6."""
    names = named("attempted", FRAUD + MARKETING) + named("delivered", ("marketing.email",)) + ["delivered.email",
                                                                                               "wanted_items.email"]
    found = lab.play(names, levers(2 * YEAR), levers(2 * YEAR, {**LAWS, "fine": 1.0}))
    wanted = (lab.market.wanted[0] / MILLION)[None, None] - found["wanted_items.email"]
    spam = found["delivered.email"] - found["delivered.marketing.email"]
    shares = spam[:, SECOND].sum(axis=1) / (found["delivered.email"] + wanted)[:, SECOND].sum(axis=1)
    return {"grey": change(together(found, "attempted", MARKETING), SECOND),
            "criminal": change(together(found, "attempted", FRAUD), SECOND),
            "inbox": shares[1] - shares[0]}


def chance_beats_size(lab: Laboratory) -> Mapping[str, Array]:
    """F9."""
    base = {**LAWS, "fine": LARGE, "officers": 10.0, "fraud_first": 1.0, "powers": 1.0}
    flows = [flow for flow in FRAUD if flow.startswith("domestic")]
    names = named("spending", flows)
    found = together(lab.play(names, levers(2 * YEAR, base), levers(2 * YEAR, {**base, "officers": 20.0}),
                              levers(2 * YEAR, {**base, "fine": 2 * LARGE})), "spending", flows)
    return {"ratio": over(-change(found, SECOND), -change(found, SECOND, 2))}


def opt_out_list(lab: Laboratory) -> Mapping[str, Array]:
    """F21. Lines listed grow as in the model's equation; the fall for all lines over their share is a listed line's."""
    lists = {"opt_out_list.sms": 1.0, "opt_out_list.voice": 1.0}
    told = [(f"awareness.{group}", 0.3, 0, YEAR) for group in GROUPS]
    flows = ("marketing.sms", "marketing.voice")
    fraud = tuple(flow for flow in FRAUD if flow.endswith(("sms", "voice")))
    found = lab.play(named("attempted", flows) + named("delivered", fraud),
                     levers(YEAR, None, *told), levers(YEAR, lists, *told))
    listed = 1 - (1 - 1.3 * lab.drawn["opt_out_uptake"] / YEAR) ** np.arange(YEAR)[:, None]
    calls = together(found, "attempted", flows)
    return {"listed": (calls[1] / calls[0] - 1)[-1] / listed[-1],
            "fraud": change(together(found, "delivered", fraud), slice(YEAR // 2, YEAR)), "uptake": listed[-1]}


# -- Networks ---------------------------------------------------------------------------------------------------------


def outbound_and_inbound(lab: Laboratory) -> Mapping[str, Array]:
    """F7."""
    found = lab.play(["sent_abroad", "delivered.email"], levers(2 * YEAR), levers(2 * YEAR, lab.duty(port25=1)))
    return {"ratio": over(-change(found["sent_abroad"], SECOND), -change(found["delivered.email"], SECOND))}


def port_25(lab: Laboratory) -> Mapping[str, Array]:
    """F8."""
    found = lab.play(["bots.listed", "delivered.email"], levers(YEAR + 4), levers(YEAR + 4, lab.duty(port25=1)))
    after = slice(YEAR, YEAR + 4)
    return {"outbound": change(found["bots.listed"], after), "inbound": change(found["delivered.email"], after)}


def cleaning(lab: Laboratory) -> Mapping[str, Array]:
    """F17. Of the bots of week 0, at operators that do it: what goes beyond the model's growth are bots cleaned."""
    bots = lab.play(["bots"], levers(3), levers(3, {"quarantine": 1.0}), levers(3, {"notice": 1.0}),
                    levers(3, {"notice": 1.0, "sharing": 1.0}), operator__base=OBEDIENT)["bots"]
    most = 1 / (1 - np.minimum(lab.drawn["bots.cleaning"] / lab.drawn["bots.growth"], 0.9))
    start = np.concatenate([np.ones_like(bots[:, :1]), bots], axis=1)
    kept = start[:, 1:3] / start[:, :2] - lab.drawn["bots.growth"] * (1 - start[:, :2] / most)
    cleaned = 1 - kept.prod(axis=1)
    rate = -np.log(kept).mean(axis=1)
    return {"quarantine": cleaned[1], "notice": cleaned[2] - cleaned[0], "centre": rate[3] / rate[0] - 1}


def weakest_operator(lab: Laboratory) -> Mapping[str, Array]:
    """F13."""
    settings = lab.duty(sim_registration=1, reseller_rules=1, rankings=1)
    return {"share": lab.play_shock(["operator.1"], "defect", 1.0, levers(2 * YEAR, settings))["operator.1"][
        0, SECOND].mean(axis=0)}


# -- Channels ---------------------------------------------------------------------------------------------------------


def channels_substitute(lab: Laboratory) -> Mapping[str, Array]:
    """F10."""
    calls, texts = ("domestic.voice", "offshore.voice"), ("domestic.sms", "offshore.sms")
    found = lab.play([*named("delivered", calls + texts), "victims", "victims.voice"], levers(YEAR),
                     levers(YEAR, lab.duty(caller_id=1, caller_id_vetting=1)))
    sums = {name: found[name][:, LAST_QUARTER].sum(axis=1) for name in ("victims", "victims.voice")}
    fall = {name: values[0] - values[1] for name, values in sums.items()}
    return {"voice": change(together(found, "delivered", calls), LAST_QUARTER),
            "texts": 1 + change(together(found, "delivered", texts), LAST_QUARTER),
            "victims": np.where(fall["victims.voice"] > 0, fall["victims"] / fall["victims.voice"], np.inf)}


def signatures_without_vetting(lab: Laboratory) -> Mapping[str, Array]:
    """F12. A gateway that signs calls from abroad can't vouch for them: they are the weakly attested ones. Calls of
    networks that do not sign are unsigned, whoever makes them."""
    signed = 0.45
    found = lab.play([*named("attempted", [flow for flow in (*FRAUD, *MARKETING) if flow.endswith("voice")])],
                     levers(YEAR, lab.duty(caller_id=signed)))

    def calls(*flows: str) -> Array:
        return np.asarray(together(found, "attempted", flows)[0].sum(axis=0)) * MILLION

    wanted = lab.market.wanted[2] * YEAR
    foreign = wanted * lab.drawn["foreign_calls"]
    abroad, spam = calls("offshore.voice"), calls("offshore.voice", "domestic.voice", "marketing.voice")
    return {"ratio": (abroad / (abroad + foreign)) / (spam / (spam + wanted))}


def registry_cuts_texts(lab: Laboratory) -> Mapping[str, Array]:
    """F11."""
    texts = ("domestic.sms", "offshore.sms")
    found = lab.play([*named("delivered", texts), "victims"], levers(YEAR),
                     levers(YEAR, lab.duty(registry=1, registry_open=1)))
    quarters = [change(together(found, "delivered", texts), slice(first, first + 13)) for first in range(0, YEAR, 13)]
    return {"sms": np.min(quarters, axis=0),
            "victims": change(found["victims"], FIRST)}


def complaints_about_unregistered(lab: Laboratory) -> Mapping[str, Array]:
    """F14. Fraud that is left is unregistered, and so is unwanted marketing but for `registered_offenders`."""
    texts = ("domestic.sms", "offshore.sms")
    found = lab.play([*named("delivered", texts), "delivered.sms"],
                     levers(2 * YEAR, lab.duty(registry=1, registry_open=1)))
    fraud, all_ = (values[0, SECOND].sum(axis=0)
                   for values in (together(found, "delivered", texts), found["delivered.sms"]))
    registered = (all_ - fraud) * lab.drawn["registered_offenders"]
    return {"share": 1 - registered / all_}


def hard_switch(lab: Laboratory) -> Mapping[str, Array]:
    """F15. Left out where 60 % or more are registered by then."""
    lost = lab.play(["wanted_share.sms"], levers(60), levers(60, lab.duty(), ("registry", 1.0, 10, 60)))
    more = (lost["wanted_share.sms"][1] - lost["wanted_share.sms"][0])[10:]
    few = lab.drawn["registered_at_start"] < 0.6
    # Within the week of the halving by a straight line of the logarithm, as the loss falls by a rate.
    reached = more <= more[0] / 2
    week = reached.argmax(axis=0)
    before, after = (np.take_along_axis(more, (week - back)[None], axis=0)[0] for back in (1, 0))
    part = np.log(before / (more[0] / 2)) / np.log(before / after)
    half = np.where(reached.any(axis=0), week - 1 + part, np.inf)
    return {"lost": np.where(few, more[0], np.nan), "halflife": np.where(few, half, np.nan)}


def complaints_are_not_spam(lab: Laboratory) -> Mapping[str, Array]:
    """F16. In the news from week 10 to the deadline in week 18."""
    deadline = 18
    rule = [(name, value, deadline, 60) for name, value in lab.duty(sim_registration=1).items()]
    found = lab.play(["complaints", "delivered.sms"], levers(60),
                     levers(60, None, ("announced", 1.0, 10, deadline), *rule))
    told, true = (found[name][1] / found[name][0] - 1 for name in ("complaints", "delivered.sms"))
    lowest = told[10:deadline + 4].argmin(axis=0)[None] + 10
    fall, moved = (np.take_along_axis(values, lowest, axis=0)[0] for values in (told, true))
    return {"fall": fall, "rebound": 1 - told[deadline:deadline + 26].max(axis=0) / fall, "true": np.abs(moved / fall)}


# -- People -----------------------------------------------------------------------------------------------------------


def awareness_fades(lab: Laboratory) -> Mapping[str, Array]:
    """F18."""
    told = [(f"awareness.{group}", 0.3, 4, 8) for group in GROUPS]
    aware = lab.play(["awareness.average"], levers(40, None, *told))["awareness.average"][0]
    return {"week17": aware[7 + 17] / aware[7], "week26": aware[7 + 26] / aware[7]}


def harm_over_revenue(lab: Laboratory) -> Mapping[str, Array]:
    """F20. To bulk mail belong what filters cost (`defence`) and the wanted mail that they misplace; E5 is of an income
    of 48,000 US dollars, so bulk mail is looked at in the economy that has it."""
    names = [name for part in ("loss", "time", "revenue") for name in named(part, FRAUD)]
    found = lab.play([*names, "wanted_items.email"], levers(YEAR))

    def total(name: str, flows: Sequence[str]) -> Array:
        return np.asarray(together(found, name, flows)[0].sum(axis=0))

    ratios = {channel: (total("loss", flows) + total("time", flows)) / total("revenue", flows)
              for channel in ("voice", "sms", "apps") for flows in [tuple(f for f in FRAUD if f.endswith(channel))]}
    bulk = ("botnet.email",)
    lab = dataclasses.replace(lab, economy=economy_named(INCOME_OF_E5))
    market = lab.market
    found = lab.play([*names, "wanted_items.email"], levers(YEAR))
    filters = lab.drawn["defence"] * market.income * market.users[0] / MILLION
    misplaced = found["wanted_items.email"][0].sum(axis=0) * market.worth[0]
    harm = total("loss", bulk) + total("time", bulk) + filters + misplaced
    return {"bulk": harm / total("revenue", bulk), **ratios}


FACTS: Mapping[str, Callable[[Laboratory], Mapping[str, Array]]] = {
    "F1": takedown_heals, "F2": takedown_after_payments_closed, "F3": takedowns_repeated, "F4": inboxes_hardly_notice,
    "F5": few_senders, "F6": law_alone, "F7": outbound_and_inbound, "F8": port_25, "F9": chance_beats_size,
    "F10": channels_substitute, "F11": registry_cuts_texts, "F12": signatures_without_vetting, "F13": weakest_operator,
    "F14": complaints_about_unregistered, "F15": hard_switch, "F16": complaints_are_not_spam, "F17": cleaning,
    "F18": awareness_fades, "F19": big_actor_cut, "F20": harm_over_revenue, "F21": opt_out_list}
"""Fact -> values of its bands by name, (draws,); a band that the simulator can't show is left out, and fails."""


def check(lab: Laboratory, names: Sequence[str] = ()) -> list[Verdict]:
    """The verdicts on the facts called `names`, or on all."""
    facts = read_facts()
    return [verdict(facts.facts[name], FACTS[name](lab), facts.least_share) for name in names or FACTS]


def rests() -> dict[str, str]:
    """By fact, in words: the parameters whose ranges were taken from the same rows of evidence."""
    return {name: ", ".join(f"`{one.name}`" + (" (fitted)" if one.fitted else "")
                            for one in read_parameters().values() if set(one.sources) & set(fact.sources))
            for name, fact in read_facts().facts.items()}


def elsewhere(lab: Laboratory) -> list[str]:
    """Lines: which facts fail in other economies, under other structures and without audits, with the same draws."""
    places = [(economy_named(name).title, dataclasses.replace(lab, economy=economy_named(name)))
              for name in economy_names() if name != lab.economy.name]
    forms = [(told, dataclasses.replace(lab, structure=form)) for told, form in zip((
        "money goes to what pays best", "rebuilding at a rate in proportion to the margin", "trust off"),
        STRUCTURES[1:], strict=True)]
    rows = []
    duties = [("no audits behind duties", dataclasses.replace(lab, audits=False)),
              ("all operators do all that is asked", dataclasses.replace(lab, obedient=True))]
    for told, other in (*places, *forms, *duties):
        tests = [one for one in check(other) if not one.fact.fitted]
        missed = [one.fact.id for one in tests if not one.holds]
        rows.append((told, f"{len(tests) - len(missed)} of {len(tests)}", ", ".join(missed)))
    return ["", "## Elsewhere", "", "The same experiments in the other economies; then, in the economy of the table, "
            "with one thing changed.", "", *table(("Where", "Hold", "Fail"), rows)]


def write_validity(path: Path) -> None:
    """The page of verdicts, with all that is needed to run it again."""
    lab = Laboratory(economy_named(ECONOMY))
    head = [
        "# Is the simulator valid?", "",
        "Written by `python -m spamlab.policy.facts` (some minutes); the facts, their bands and their sources are data "
        "in `datasets/policy/facts.toml`, with rows of [what is known](evidence.md). The scores of the labs are "
        "relative to this simulator: where it misses a fact, so may a score.", "",
        f"Economy: {lab.economy.title} (`{ECONOMY}`). {lab.runs} draws of all parameters, seed {lab.seed}, no shock, "
        "the usual structure. Duties of operators are run with audits behind them, as they were where the facts were "
        "seen; the last table says what changes without."]
    path.write_text(page(read_facts(), check(lab), head, rests(), elsewhere(lab)), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; the exit status, and a sentence where it can't be."""
    return write_page(write_validity, default_folder("datasets").parent / "docs" / "policy" / "validity.md", arguments)


if __name__ == "__main__":
    sys.exit(main())
