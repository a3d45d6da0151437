"""The data of lab 13: an economy of one's own, and seven tables of numbers about it. Places and figures are invented.

Every table is drawn until its right answer and its known mistakes differ. What the numbers come from, such as the true
effect of the measure, stands in the facts of a record, which are never handed out.
"""

from __future__ import annotations

import itertools
import random
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from spamlab.generate.lab_sets import labelled_record
from spamlab.generate.traffic import read_economy
from spamlab.records.economy import Economy
from spamlab.records.truth import Labelled
from spamlab.seeds import stream
from spamlab.shipped import default_folder

Made = dict[str, Labelled]
Row = dict[str, Any]

MOST_TRIES = 4000

PROFILES = (
    "advanced-city", "caribbean-island", "gulf-migrant-majority", "landlocked-least-developed", "landlocked-transition",
    "large-african-market", "mobile-money-leader", "pacific-island", "prepaid-archipelago", "upper-middle-many-isps",
    "very-large-south-asian",
)
"""Without fragile-state: a third of an officer can set up no measure of question 9, and its desk would show zeros."""
PLACES = ("Kestria", "Velmora", "Zandoria", "Quillmar", "Berevia", "Solmara", "Tamberia", "Ardwenia", "Lunavia",
          "Morvandia", "Pelluria", "Isolde Bay")
"""Invented countries."""


def make_messages(_recipe: Mapping[str, Any], purpose: str, seed: bytes, draw: int) -> Made:
    """All tables of one purpose; a twin has the same sets, their names begin with "new". Nothing is hidden."""
    if purpose == "hidden":
        return {}
    new = "new" if purpose == "twin" else ""

    def rng(name: str) -> random.Random:
        return stream(seed, "lab 13", name, draw)

    place, economy = economy_row(rng("economy"))
    shape = rng("direction").choice(("grew", "fell"))
    tables: dict[str, Sequence[Row]] = {
        "economy": [place],
        "chain": [_drawn(chain_row, rng("chain"), economy)],
        "lines": _drawn(line_rows, rng("lines"), economy),
        "next": _drawn(next_rows, rng("next"), economy),
        "net": _drawn(net_rows, rng("net"), economy),
        "effect": _drawn(effect_rows, rng("effect"), shape),
        "years": _drawn(year_rows, rng("years"), economy),
        "losses": _drawn(loss_rows, rng("losses"), economy),
    }
    if purpose == "practice":
        tables |= {"mini": [mini_row(rng("mini"))], "exitnext": _drawn(exit_rows, rng("exit")),
                   "exitchange": [_drawn(change_row, rng("change"))]}
    return {str(one.record["id"]): one for name, rows in tables.items() for one in _labelled(f"{new}{name}", rows)}


def _labelled(name: str, rows: Iterable[Row]) -> Iterator[Labelled]:
    """Records of a set; a key that begins with an underscore is a fact and is not handed out."""
    for number, row in enumerate(rows, 1):
        shown = {key: value for key, value in row.items() if not key.startswith("_")}
        facts = {key[1:]: value for key, value in row.items() if key.startswith("_")}
        yield labelled_record({"id": f"{name}-{number:04d}", **shown}, facts)


def _drawn(make: Callable[..., Any], *given: Any) -> Any:
    """The first that is not None."""
    return next(found for found in (make(*given) for _ in range(MOST_TRIES)) if found is not None)


def _apart(values: Iterable[float], least: float) -> bool:
    """Whether all values lie at least `least` from each other."""
    return all(after - before >= least for before, after in itertools.pairwise(sorted(values)))


def _clear(values: Iterable[float]) -> bool:
    """Whether no two values could be taken for each other within one per cent."""
    return all(after - before >= 0.04 * max(abs(before), abs(after))
               for before, after in itertools.pairwise(sorted(values)))


def _nice(value: float, digits: int = 2) -> float:
    """The value with `digits` leading digits; whole where it is 10 or more."""
    found = float(f"{value:.{digits}g}")
    return int(found) if found >= 10 or found == int(found) else found


# -- the economy --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _economy(name: str) -> Economy:
    return read_economy(default_folder("datasets"), name)


def economy_row(rng: random.Random) -> tuple[Row, Economy]:
    """An invented country of one of the kinds that datasets/profiles holds, and its neighbour."""
    economy = _economy(rng.choice(PROFILES))
    ours, other = rng.sample(PLACES, 2)
    return ({"place": ours, "kind": economy.title, "people": f"{economy.figures['population']:g} million",
             "income": f"{economy.figures['gdp_per_head']:,.0f} USD a head and year", "neighbour": other,
             "unit": "million" if unit_of(economy) == 1e6 else "thousand", "profile": economy.name}, economy)


SMALL = 4e6


def _share(economy: Economy) -> float:
    """A tenth of a thousandth of the country's yearly income, in USD: what the amounts are measured by."""
    return economy.figures["population"] * 1e6 * economy.figures["gdp_per_head"] / 10_000


def unit_of(economy: Economy) -> float:
    """In which unit the tables of a country stand: a million USD, or a thousand in a small economy."""
    return 1e6 if _share(economy) >= SMALL else 1e3


def _scale(economy: Economy) -> float:
    """The same share in the unit of the country's tables."""
    return _share(economy) / unit_of(economy)


# -- 1. the sender's chain ----------------------------------------------------------------------------------------


def mini_row(rng: random.Random) -> Row:
    """A chain with its last steps missing: how many pay?"""
    return {"arrive": rng.choice((2, 3, 4, 6)), "pay": rng.choice((2, 3, 4, 7))}


def mini_answers(row: Mapping[str, Any]) -> dict[str, float]:
    """People who pay out of a million messages sent, and what the known mistakes give. `pay` is per 10,000."""
    arrive, pay = row["arrive"], row["pay"]
    return {"right": arrive * pay, "all-arrive": 100 * pay, "stops-at-arrival": arrive * 10_000}


def chain_row(rng: random.Random, economy: Economy) -> Row | None:
    """One campaign of fraud by text message: what a million messages cost and bring, before and after a filter."""
    income = economy.figures["gdp_per_head"]
    price = rng.randrange(6, 41) / 10
    now, after = rng.randrange(60, 92, 5), rng.randrange(12, 32, 2)
    loss = _nice(income * (rng.uniform(0.08, 0.25) if income < 5000 else rng.uniform(0.02, 0.06)))
    kept = rng.randrange(30, 61, 5)
    pays = round(1000 * price * rng.uniform(1.8, 5) / (now / 100 * loss * kept / 100))
    row = {"price": price, "now": now, "after": after, "pays": pays, "loss": loss, "kept": kept}
    if pays < 3:
        return None
    values = chain_answers(row)
    return row if _clear(values.values()) and abs(values["right"]) >= 100 else None


def chain_answers(row: Mapping[str, Any]) -> dict[str, float]:
    """Profit of a million messages with the new filter, in USD, and what the known mistakes give."""
    def profit(arrive: float, kept: float, cost: float) -> float:
        return float(round(arrive / 100 * row["pays"] * row["loss"] * kept / 100 - cost))

    cost, after, kept = 1000 * row["price"], row["after"], row["kept"]
    return {"right": profit(after, kept, cost), "all-arrive": profit(100, kept, cost),
            "old-filter": profit(row["now"], kept, cost), "price-of-a-thousand": profit(after, kept, row["price"]),
            "whole-loss": profit(after, 100, cost)}


# -- 2 and 3. who pays --------------------------------------------------------------------------------------------

PAYERS = ("sender", "receiver", "operator", "state")
LINES = {
    "loss": ("money that victims send to fraudsters abroad", "savings that victims hand over to fraudsters abroad",
             "goods that victims pay for and never get, sold from abroad"),
    "receiver": ("hours that people spend on reading and deleting",
                 "hours that people lose since a wanted message never came",
                 "data volume that people buy and spam uses up"),
    "operator": ("filters that the law orders operators to run",
                 "checks of callers' numbers in networks, ordered by the state",
                 "a list of blocked names that a decree makes operators keep"),
    "state": ("officers who investigate senders", "radio time that the regulator buys for warnings",
              "the complaint line that the regulator runs"),
    "sender": ("SIM cards that senders buy and lose", "lists of numbers that senders buy",
               "bulk messages that senders buy from resellers"),
}
"""What is spent -> how it may be called. Every participant has one of each."""


def line_rows(rng: random.Random, economy: Economy) -> list[Row] | None:
    """Five cost lines of a year in the country's unit, and what the senders take in."""
    loss = _amount(_scale(economy) * rng.uniform(3, 9))
    amounts = {"loss": loss, "receiver": _amount(loss * rng.uniform(0.5, 1.6)),
               "operator": _amount(loss * rng.uniform(0.25, 0.7)), "state": _amount(loss * rng.uniform(0.1, 0.3)),
               "sender": _amount(loss * rng.uniform(0.08, 0.22))}
    takes = _amount(loss * rng.uniform(0.35, 0.6))
    rows = [{"line": f"L{number}", "what": rng.choice(LINES[kind]), "amount": amounts[kind], "takes": takes,
             "_kind": kind} for number, kind in enumerate(rng.sample(list(LINES), len(LINES)), 1)]
    values = ratio_answers(amounts, takes).values()
    return rows if _apart(values, 0.35) else None


def _amount(value: float) -> float:
    """An amount as a table shows it: three leading digits or so, whole from 100 on."""
    size = abs(value)
    return round(value, 3 if size < 1 else 2 if size < 10 else 1) if size < 100 else round(value)


def ratio_answers(amounts: Mapping[str, float], takes: float) -> dict[str, float]:
    """What others pay for each dollar that senders take in, and what the known mistakes give."""
    others = sum(amounts.values()) - amounts["sender"]
    found = {"right": others / takes, "victims-only": amounts["loss"] / takes,
             "senders-cost-too": (others + amounts["sender"]) / takes, "upside-down": takes / others,
             "over-what-is-left": others / (takes - amounts["sender"])}
    return {name: round(value, 1) for name, value in found.items()}


# -- 4. the next dollar -------------------------------------------------------------------------------------------

SHARES = 3
"""How many shares of money are to be given out."""

MEASURES = {
    "registry": "registry of sender names", "filter": "text filters in networks", "campaign": "warning campaign",
    "takedown": "desk that closes fraud sites", "payments": "stop of payments to known senders",
}
Allocation = tuple[int, ...]


_TRAITS: Mapping[str, tuple[tuple[int, int], tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "star": ((2, 2), (7.5, 9.0), (1.5, 4.5), (0.5, 0.8)),
    "giant": ((5, 6), (4.0, 5.0), (1.5, 4.5), (0.5, 0.8)),
    "first": ((3, 4), (2.5, 4.0), (6.0, 8.0), (0.35, 0.5)),
    "small": ((1, 1), (3.0, 5.0), (2.0, 5.5), (0.6, 0.85)),
}
"""Shares spent, harm avoided by each of them, by the next one, and by how much that falls from one to the next: the
measure with the best average, the one with the largest total, the one with the best next share, the youngest."""


def next_rows(rng: random.Random, economy: Economy) -> list[Row] | None:
    """Five measures: shares spent, harm avoided so far, what each of the next three shares would add (country's unit).

    One of them is officers; fines add nothing until officers have `needs` shares.
    """
    step = _nice(_scale(economy) / 4, 1)
    rows: list[Row] = []
    for name, trait in zip(rng.sample([*rng.sample(list(MEASURES), 3), "officers"], 4), _TRAITS.values(), strict=True):
        spent, so_far, (least, most), falls = rng.randint(*trait[0]), rng.uniform(*trait[1]), trait[2], trait[3]
        rows.append(_measure(name, spent, step * spent * so_far, step * rng.uniform(least, most), rng.uniform(*falls)))
    rows.append(_measure("fines", 0, 0, step * rng.uniform(4, 8), rng.uniform(0.6, 0.85)))
    officers = next(row["spent"] for row in rows if row["measure"] == "officers")
    needs = officers + rng.randint(1, 2)
    rows = [{**row, "step": step, "needs": needs if row["measure"] == "fines" else 0} for row in rows]
    rng.shuffle(rows)
    return rows if _next_fits(rows) else None


def _measure(name: str, spent: int, so_far: float, first: float, falls: float) -> Row:
    return {"measure": name, "spent": spent, "so_far": _amount(so_far),
            "adds": [_amount(first * falls ** place) for place in range(SHARES)]}


def _next_fits(rows: Sequence[Row]) -> bool:
    answers = next_answers(rows)
    if answers is None or len(set(answers.values())) < len(answers):
        return False
    gains = sorted((gain_of(rows, one) for one in allocations(len(rows))), reverse=True)
    return max(answers["right"]) < SHARES and gains[0] - gains[1] >= 0.05 * gains[0]


@lru_cache(maxsize=4)
def allocations(count: int) -> tuple[Allocation, ...]:
    """Every way to give the shares to `count` measures."""
    return tuple(one for one in itertools.product(range(SHARES + 1), repeat=count) if sum(one) == SHARES)


def gain_of(rows: Sequence[Row], given: Allocation, *, needs: bool = True) -> float:
    """Harm avoided by the new shares; fines count only where officers have enough shares."""
    officers = next(row["spent"] + more for row, more in zip(rows, given, strict=True) if row["measure"] == "officers")
    return float(sum(sum(row["adds"][:more]) for row, more in zip(rows, given, strict=True)
                     if not needs or row["needs"] <= officers))


def next_answers(rows: Sequence[Row]) -> dict[str, Allocation] | None:
    """The best way to give the shares, and those of the known mistakes; None where one does not exist."""
    ways = allocations(len(rows))

    def whole(key: Callable[[Row], float]) -> Allocation:
        best = max(range(len(rows)), key=lambda place: key(rows[place]))
        return tuple(SHARES if place == best else 0 for place in range(len(rows)))

    spent = [row for row in rows if row["spent"]]
    blind = max(ways, key=lambda one: gain_of(rows, one, needs=False))
    if gain_of(rows, blind) == gain_of(rows, blind, needs=False):
        return None
    open_ = [row for row in rows if row["measure"] != "fines"]
    found = {
        "right": max(ways, key=lambda one: gain_of(rows, one)), "needs-forgotten": blind,
        "highest-average": whole(lambda row: row["so_far"] / row["spent"] if row in spent else -1),
        "largest-total": whole(lambda row: row["so_far"]),
        "first-step-only": whole(lambda row: row["adds"][0] if row in open_ else -1),
        "smallest-budget": whole(lambda row: -row["spent"] if row in open_ else -99),
    }
    least = sorted(row["spent"] for row in open_)
    return found if least[0] < least[1] else None


# -- 5. net benefit -----------------------------------------------------------------------------------------------


def net_rows(rng: random.Random, economy: Economy) -> list[Row] | None:
    """What one measure brings and costs: six lines, of which fees only move money.

    number: how many, in the country's unit; each: USD for one; amount: their product. every: "year" or "once".
    """
    income = economy.figures["gdp_per_head"]
    harm = _amount(_scale(economy) * rng.uniform(1.0, 2.5))
    hour, message = _nice(income / 4000), _nice(income / 10_000 * rng.uniform(0.1, 0.5))
    hours, lost = (_nice(harm * rng.uniform(0.12, 0.35) / hour), _nice(harm * rng.uniform(0.12, 0.4) / message))
    years = rng.randint(3, 5)
    unit = "million" if unit_of(economy) == 1e6 else "thousand"
    lines = (
        ("harm", "losses of victims that are avoided", None, None, harm, "year"),
        ("time", f"hours that people save ({unit})", hours, hour, None, "year"),
        ("wanted", f"wanted messages that are lost ({unit})", lost, message, None, "year"),
        ("running", "running the measure", None, None, _amount(harm * rng.uniform(0.08, 0.2)), "year"),
        ("fees", "fees of firms at home to the state", None, None, _amount(harm * rng.uniform(0.07, 0.2)), "year"),
        ("setup", "setting it up", None, None, _amount(harm * rng.uniform(0.4, 1.2)), "once"),
    )
    rows = [{"line": line, "what": what, "number": number, "each": each,
             "amount": amount if number is None or each is None else _amount(number * each), "every": every,
             "years": years}
            for line, what, number, each, amount, every in lines]
    values = net_answers(rows)
    rng.shuffle(rows)
    return rows if values["right"] > 0 and _clear(values.values()) else None


def net_answers(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Net benefit over the years, and what the known mistakes give."""
    one, years = {row["line"]: row["amount"] for row in rows}, rows[0]["years"]
    yearly = one["harm"] + one["time"] - one["wanted"] - one["running"]
    found = {"right": years * yearly - one["setup"],
             "wanted-forgotten": years * (yearly + one["wanted"]) - one["setup"],
             "fees-are-gain": years * (yearly + one["fees"]) - one["setup"],
             "fees-are-cost": years * (yearly - one["fees"]) - one["setup"],
             "set-up-every-year": years * (yearly - one["setup"]), "one-year": yearly - one["setup"],
             "time-forgotten": years * (yearly - one["time"]) - one["setup"]}
    return {name: _amount(value) for name, value in found.items()}


# -- 6. the effect ------------------------------------------------------------------------------------------------

QUARTERS = tuple(f"{year}-Q{quarter}" for year in (2023, 2024, 2025) for quarter in (1, 2, 3, 4))
STAGES = ("before",) * 4 + ("announced",) * 2 + ("switched on",) * 2 + ("after",) * 4
NEAR = 5
"""Half of the honest range around the true effect, in points."""


def effect_rows(rng: random.Random, shape: str) -> list[Row] | None:
    """Twelve quarters: unwanted messages in 10,000 at home and at the neighbour's, and complaints at home.

    shape: whether spam "grew" or "fell" in both places, whatever the measure did. Before the measure is in force,
    senders hurry; with it comes a button that makes complaints easier.
    """
    effect = rng.uniform(0.18, 0.66)
    change = rng.uniform(1.15, 1.65) if shape == "grew" else rng.uniform(0.5, 0.8)
    home, other = rng.uniform(180, 320), rng.uniform(180, 320)
    season = [1 + rng.uniform(-0.1, 0.1) for _ in range(4)]
    rush, button, rate = rng.uniform(1.3, 1.5), rng.uniform(1.35, 1.75), rng.uniform(8, 30)
    rows: list[Row] = []
    for place, (quarter, stage) in enumerate(zip(QUARTERS, STAGES, strict=True)):
        trend = season[place % 4] * change ** (place / 8)
        factor = {"before": 1.0, "announced": rush, "switched on": 1 - effect / 2, "after": 1 - effect}[stage]
        ours = round(home * trend * factor * rng.uniform(0.965, 1.035))
        theirs = round(other * trend * rng.uniform(0.965, 1.035))
        eased = button if stage in ("switched on", "after") else 1.0
        rows.append({"quarter": quarter, "stage": stage, "home": ours, "neighbour": theirs,
                     "complaints": round(ours * rate * eased * rng.uniform(0.97, 1.03)),
                     "_effect": round(100 * effect, 1), "_shape": shape})
    return rows if _effect_fits(rows, 100 * effect) else None


def _effect_fits(rows: Sequence[Row], effect: float) -> bool:
    answers = effect_answers(rows)
    pairs = pair_effects(rows)
    wrong = [value for name, value in answers.items() if name != "right"]
    return (abs(answers["right"] - effect) <= 3 and min(pairs) <= effect - 0.5 and max(pairs) >= effect + 0.5
            and 3 <= max(pairs) - min(pairs) <= 2 * NEAR and _apart(answers.values(), 4)
            and all(abs(value - effect) >= NEAR + 2.5 for value in wrong)
            and answers["before-after"] >= 4)


def change_of(rows: Sequence[Mapping[str, Any]], series: str, base: str) -> float:
    """Mean of the four quarters after, over the mean of the base: "before" (four quarters) or "announced" (two)."""
    after, before = ([float(row[series]) for row in rows if row["stage"] == stage] for stage in ("after", base))
    return statistics.fmean(after) / statistics.fmean(before)


def effect_answers(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The fall that is the measure's, in percent, by difference in differences of ratios, and by the known mistakes."""
    home, other = change_of(rows, "home", "before"), change_of(rows, "neighbour", "before")
    after = [row for row in rows if row["stage"] == "after"]
    levels = sum(row["home"] for row in after) / sum(row["neighbour"] for row in after)
    said = change_of(rows, "complaints", "before")
    late = change_of(rows, "home", "announced") / change_of(rows, "neighbour", "announced")
    found = {"right": home / other, "before-after": home, "levels": levels, "complaints": said,
             "complaints-compared": said / other, "wrong-base": late}
    return {name: round(100 * (1 - value), 1) for name, value in found.items()}


def pair_effects(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """The same from each pair of equal quarters: four estimates, whose spread is an honest range."""
    before, after = ([row for row in rows if row["stage"] == stage] for stage in ("before", "after"))
    return [100 * (1 - (late["home"] / early["home"]) / (late["neighbour"] / early["neighbour"]))
            for early, late in zip(before, after, strict=True)]


# -- 7. a budget under uncertainty ----------------------------------------------------------------------------------

CHANCES = (4, 2, 2, 1, 1)
LETTERS = "ABCDEFGHKLM"
"""Four of them name the bundles."""
FUTURES = (
    "as today", "fraud moves to chat programs", "fraud written by machines", "the budget is cut by a third",
    "a neighbour bans bulk messages", "an election year", "one large operator drops out", "fake base stations",
)


def year_rows(rng: random.Random, economy: Economy) -> list[Row] | None:
    """Five futures with their chances in ten, and what four bundles of measures would bring in each."""
    unit = _scale(economy)
    futures = [FUTURES[0], *rng.sample(FUTURES[1:], 4)]
    bundles = sorted(rng.sample(LETTERS, 4))
    worth: dict[str, list[float]] = {bundle: [] for bundle in bundles}
    for place in range(len(futures)):
        level = rng.uniform(2.5, 6) if place == 0 else rng.uniform(0.5, 5)
        for bundle in bundles:
            worth[bundle].append(_amount(max(-2.0, level + rng.uniform(-2.2, 2.2)) * unit))
    rows = [{"future": name, "chance": chance, "bundles": bundles,
             **{bundle: worth[bundle][place] for bundle in bundles}}
            for place, (name, chance) in enumerate(zip(futures, CHANCES, strict=True))]
    named = {mean_best(rows), rule_best(rows), likeliest_best(rows)}
    if len(named) < 3:
        return None
    cheap = next(bundle for bundle in bundles if bundle not in named)
    costs = [rng.uniform(0.6, 0.8), *sorted(rng.uniform(0.95, 1.6) for _ in range(3))]
    rng.shuffle(others := sorted(named))
    cost = dict(zip([cheap, *others], (_amount(one * unit) for one in costs), strict=True))
    for row in rows:
        row["costs"] = [cost[bundle] for bundle in bundles]
    scores = sorted(rule_of(rows, bundle) for bundle in bundles)
    means = sorted((mean_of(rows, bundle) for bundle in bundles), reverse=True)
    clear = scores[1] - scores[0] >= 0.06 * unit and means[0] - means[1] >= 0.06 * unit
    return rows if clear and len(set(cost.values())) == len(bundles) else None


def mean_of(rows: Sequence[Mapping[str, Any]], bundle: str) -> float:
    """The mean over ten years, each future as often as its chance says."""
    return float(sum(row["chance"] * row[bundle] for row in rows)) / 10


def regrets(rows: Sequence[Mapping[str, Any]], bundle: str) -> list[float]:
    """By how much the best bundle of each future is better."""
    return [max(row[one] for one in row["bundles"]) - row[bundle] for row in rows]


def regret_90(rows: Sequence[Mapping[str, Any]], bundle: str) -> float:
    """The regret that nine years of ten do not exceed."""
    seen = 0
    for regret, chance in sorted(zip(regrets(rows, bundle), (row["chance"] for row in rows), strict=True)):
        seen += chance
        if seen >= 9:
            return regret
    raise ValueError("the chances are not ten")


def rule_of(rows: Sequence[Mapping[str, Any]], bundle: str) -> float:
    """Half of the mean regret and half of the regret of the bad year; the least is best."""
    mean = float(sum(row["chance"] * regret for row, regret in zip(rows, regrets(rows, bundle), strict=True))) / 10
    return mean / 2 + regret_90(rows, bundle) / 2


def rule_best(rows: Sequence[Mapping[str, Any]]) -> str:
    """The bundle that the budget office's rule chooses."""
    return str(min(rows[0]["bundles"], key=lambda bundle: rule_of(rows, bundle)))


def mean_best(rows: Sequence[Mapping[str, Any]]) -> str:
    """The bundle with the highest mean."""
    return str(max(rows[0]["bundles"], key=lambda bundle: mean_of(rows, bundle)))


def likeliest_best(rows: Sequence[Mapping[str, Any]]) -> str:
    """The best bundle of the future that is likeliest."""
    likely = max(rows, key=lambda row: row["chance"])
    return str(max(rows[0]["bundles"], key=lambda bundle: likely[bundle]))


def cheapest(rows: Sequence[Mapping[str, Any]]) -> str:
    """The bundle that costs least."""
    return str(min(zip(rows[0]["costs"], rows[0]["bundles"], strict=True))[1])


# -- 8. few carry the sum -----------------------------------------------------------------------------------------


def loss_rows(rng: random.Random, economy: Economy) -> list[Row] | None:
    """Losses of eleven victims, drawn by chance from all victims of a year."""
    middle = economy.figures["gdp_per_head"] * rng.uniform(0.05, 0.2)
    losses = [int(_nice(middle * rng.lognormvariate(0, 1.9))) for _ in range(11)]
    victims = 100 * rng.randint(20, 95)
    rows = [{"victim": number, "loss": loss, "victims": victims, "unit": unit_of(economy)}
            for number, loss in enumerate(losses, 1)]
    share = max(losses) / sum(losses)
    values = loss_answers(rows).values()
    return rows if len(set(losses)) == 11 and min(losses) >= 3 and 0.45 <= share <= 0.75 and _clear(values) else None


def loss_answers(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The loss of all victims in the country's unit, and what the known mistakes give."""
    losses, victims = sorted(row["loss"] for row in rows), rows[0]["victims"]
    found = {"right": statistics.fmean(losses), "typical-times-number": statistics.median(losses),
             "largest-left-out": statistics.fmean(losses[:-1]), "middle-of-the-range": (losses[0] + losses[-1]) / 2}
    return {name: _amount(value * victims / rows[0]["unit"]) for name, value in found.items()}


# -- exit ticket --------------------------------------------------------------------------------------------------


def exit_rows(rng: random.Random) -> list[Row] | None:
    """Four measures: one has the best average, one the largest total, one the best next share."""
    names = rng.sample(list(MEASURES), 4)
    rows: list[Row] = [{"measure": name, "spent": rng.randint(1, 6), "so_far": rng.randint(4, 40),
                        "next": rng.randint(1, 9)} for name in names]
    answers = exit_answers(rows)
    best = sorted((row["next"] for row in rows), reverse=True)
    averages = sorted((row["so_far"] / row["spent"] for row in rows), reverse=True)
    totals = sorted((row["so_far"] for row in rows), reverse=True)
    clear = best[0] - best[1] >= 2 and averages[0] - averages[1] >= 0.5 and totals[0] - totals[1] >= 3
    return rows if clear and len(set(answers.values())) == len(answers) else None


def exit_answers(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The measure with the best next share, and those of the known mistakes."""
    keys: dict[str, Callable[[Mapping[str, Any]], float]] = {
        "right": lambda row: row["next"], "highest-average": lambda row: row["so_far"] / row["spent"],
        "largest-total": lambda row: row["so_far"]}
    return {name: str(max(rows, key=key)["measure"]) for name, key in keys.items()}


def change_row(rng: random.Random) -> Row | None:
    """Unwanted messages in 10,000, before and after, at home and at a neighbour's."""
    before, theirs = 20 * rng.randint(8, 15), 20 * rng.randint(8, 15)
    moved, effect = rng.choice((0.6, 0.7, 0.8)), rng.choice((0.25, 0.3, 0.4))
    row = {"home_before": before, "home_after": round(before * moved * (1 - effect)), "neighbour_before": theirs,
           "neighbour_after": round(theirs * moved)}
    return row if _apart(change_answers(row).values(), 4) else None


def change_answers(row: Mapping[str, Any]) -> dict[str, int]:
    """The measure's own effect in percent, and what the known mistakes give."""
    home, other = row["home_after"] / row["home_before"], row["neighbour_after"] / row["neighbour_before"]
    found: dict[str, float] = {
             "right": home / other, "before-after": home, "levels": row["home_after"] / row["neighbour_after"],
             "subtracts": 1 - (other - home)}
    return {name: round(100 * (1 - value)) for name, value in found.items()}
