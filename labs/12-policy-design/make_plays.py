"""Writes plays.json: for each economy what the lab's tables show of plans and plays, so that a draw plays nothing.

Run it where an instrument, a profile or the model has changed: python labs/12-policy-design/make_plays.py
What no table shows, such as the best stored policies, does not come into the file.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.policy.document import WEEKS_A_YEAR, Measure, Policy
from spamlab.policy.draws import draw_parameters, read_parameters
from spamlab.policy.instruments import read_instruments
from spamlab.policy.levers import CHANNELS
from spamlab.policy.plan import Plan, plan, staff_factor
from spamlab.policy.play import Play, economy_named, play
from spamlab.policy.scenarios import read_scenarios
from spamlab.records.economy import Economy

Array = NDArray[np.float64]
Measures = Sequence[tuple[str, int, dict[str, Any]]]

Row = dict[str, Any]

YEARS = 3
WEEKS = YEARS * WEEKS_A_YEAR
PLANS = 12
"""Plans kept for each economy."""


def policy_of(economy: Economy, measures: Measures, title: str = "") -> Policy:
    """A policy without its texts: nothing here shows a score."""
    return Policy(title, economy.name, YEARS, tuple(Measure(*one) for one in measures), {})


# -- plans: who is left -------------------------------------------------------------------------------------------


def plans(economy: Economy) -> list[Row]:
    """Plans of six or seven measures, one or two of which never begin for want of staff or what they need."""
    found: list[Row] = []
    for seed in range(3_000):
        rng = random.Random(f"{economy.name} {seed}")
        row = _plan_row(economy, rng)
        if row is not None:
            found.append(row)
        if len(found) == PLANS:
            break
    return found


def _plan_row(economy: Economy, rng: random.Random) -> Row | None:
    known = read_instruments()
    hire = max(1, round(min(0.05 * economy.figures["regulator_staff"], rng.choice((1, 2, 3, 4)))))
    names = rng.sample([name for name in known if name != "enforcement-staff"], rng.choice((5, 6)))
    names.insert(rng.randrange(3), "enforcement-staff")
    policy = policy_of(economy, [
        (name, 0, {"officers": hire} if name == "enforcement-staff" else {}) for name in names])
    made = plan(policy, economy, known, weeks=WEEKS)
    factor = staff_factor(economy)
    hired = max(0.0, float(made.capacity[-1]) - economy.figures["spam_staff"])
    measures = [{"title": known[name].title, "week": made.starts[name],
                 "setup": round(known[name].staff.setup * factor, 1), "weeks": _setup_weeks(made, name),
                 "run": round(known[name].staff.running * factor, 2)} for name in names]
    row = {"officers": economy.figures["spam_staff"], "regulator": economy.figures["regulator_staff"],
           "hired": round(hired, 2), "years": YEARS, "measures": measures}
    return row if _separate(row) else None


def _setup_weeks(made: Plan, name: str) -> int:
    start, begin = made.starts[name], made.begins[name]
    return read_instruments()[name].lead_weeks if start is None or begin is None else start - begin


def _separate(row: Row) -> bool:
    """Whether the right answer and the known mistakes lie far enough apart to be told apart."""
    from_data = load_data().staff_answers(row)
    never = sum(one["week"] is None for one in row["measures"])
    values = sorted(from_data.values())
    near = any(after - before < 0.15 for before, after in itertools.pairwise(values))
    return 1 <= never <= 2 and row["hired"] >= 0.5 and from_data["right"] >= 0.3 and not near


@cache
def load_data() -> Any:
    """The lab's data.py, whose sums these rows have to fit."""
    from spamlab.judge.lab_data import load_module

    return load_module(Path(__file__).with_name("data.py"), "12-policy-design/data.py")


# -- plays --------------------------------------------------------------------------------------------------------

RUNS, DOUBT_RUNS = 96, 384
SEED = "lab 12"
NAMES = {"email": "e-mail", "sms": "text message", "voice": "call", "apps": "messaging app"}
EVERY = ["email", "sms", "voice", "apps"]

AUDITS: Measures = [("enforcement-staff", 0, {"officers": 3}), ("operator-audits", 0, {"how_often": "all"})]
BLOCK = {"mode": "mandatory", "unregistered": "block"}
SINGLES: dict[str, Measures] = {
    "firewalls for text messages": [("sms-firewall", 0, {})],
    "firewalls for text messages, with audits": [("sms-firewall", 0, {}), *AUDITS],
    "a strict duty to filter text messages": [("operator-filtering", 0, {"channels": ["sms"], "manner": "strict"})],
    "a strict duty to filter text messages, with audits": [
        ("operator-filtering", 0, {"channels": ["sms"], "manner": "strict"}), *AUDITS],
    "a strict duty to filter calls, with audits": [
        ("operator-filtering", 0, {"channels": ["voice"], "manner": "strict"}), *AUDITS],
    "a strict duty of apps to filter": [("operator-filtering", 0, {"channels": ["apps"], "manner": "strict"})],
    "a register of sender names that blocks the unknown, with audits": [
        ("sender-id-registry", 0, {**BLOCK, "registration_weeks": 26}), *AUDITS],
    "signatures on calls, with audits": [
        ("caller-id-validation", 0, {"how": "signatures", "vetting": True}), *AUDITS],
    "checks of calling numbers at the border, with audits": [("caller-id-validation", 0, {"how": "border"}), *AUDITS],
    "registration of SIM cards, with audits": [("sim-registration", 0, {}), *AUDITS],
}
"""Measures that close one channel; title as participants read it."""

HARSH: Measures = [
    ("operator-filtering", 0, {"channels": EVERY, "manner": "strict"}),
    ("sender-id-registry", 0, {"mode": "mandatory", "unregistered": "block", "registration_weeks": 0}),
    ("sms-firewall", 0, {"operators": "all"}), ("caller-id-validation", 0, {"how": "border"}),
    ("sim-registration", 0, {"deadline_weeks": 13}), ("dns-blocking", 0, {"listing": "automatic"}),
]
"""Block all that is unknown, at once: the taught failure."""
MODEST: dict[str, Measures] = {
    "calls": [("caller-id-validation", 0, {"how": "border"}), ("complaint-line", 0, {}), ("sms-firewall", 26, {})],
    "texts": [("sms-firewall", 0, {}), ("complaint-line", 0, {}), ("awareness-campaign", 20, {})],
    "sharing": [("information-sharing", 0, {}), ("payment-friction", 20, {}), ("sms-firewall", 0, {})],
}
CHOICES: dict[str, Measures] = {
    "firewalls and a complaint line": [("sms-firewall", 0, {}), ("complaint-line", 0, {})],
    "checks of calling numbers and sharing of signs": [
        ("caller-id-validation", 0, {"how": "border"}), ("information-sharing", 0, {})],
    "stops on payments, with sharing of signs": [("information-sharing", 0, {}), ("payment-friction", 0, {})],
    "a register that blocks, and firewalls": [
        ("sender-id-registry", 0, {"mode": "mandatory", "unregistered": "block", "registration_weeks": 39}),
        ("sms-firewall", 0, {})],
    "campaigns and a complaint line": [
        ("awareness-campaign", 0, {"audience": ["exposed", "average"], "reach": 30, "every": 20}),
        ("complaint-line", 0, {})],
    "a desk for referrals and blocking of domains": [("referral-desk", 0, {}), ("dns-blocking", 0, {})],
    "officers, a consent law and fines": [
        ("enforcement-staff", 0, {"officers": 3}), ("consent-law", 0, {}), ("penalties", 0, {})],
    "published rankings and a code of practice": [("published-rankings", 0, {}), ("code-of-practice", 0, {})],
    "a duty to filter texts and calls": [("operator-filtering", 0, {"channels": ["sms", "voice"]})],
}
"""Policies between which the lab makes people choose; titles as participants read them."""


def played(economy: Economy, policies: Sequence[Policy], runs: int, *, record: Sequence[str] = ()) -> Play:
    """Everything is played in quiet times, with the same draws."""
    return play(policies, economy, [read_scenarios()["calm"]], runs=runs, seed=SEED, record=record)


def baseline(economy: Economy) -> list[Row]:
    """Messages, victims and losses by channel in a year without any measure, medians."""
    made = played(economy, [policy_of(economy, [])], RUNS)

    def middle(name: str) -> float:
        return float(np.median(made.baseline[name][0])) / YEARS

    return [{"channel": NAMES[one], "messages": _digits(middle(f"delivered.{one}")),
             "victims": _digits(middle(f"victims.{one}"))} for one in CHANNELS]


def singles(economy: Economy) -> list[Row]:
    """What closes one channel, in the third year: victims and messages before, and their change in percent."""
    policies = [policy_of(economy, one, title) for title, one in SINGLES.items()]
    names = [f"{what}.{channel}" for channel in CHANNELS for what in ("victims", "delivered")]
    made = played(economy, policies, RUNS, record=names)
    last = slice(WEEKS - WEEKS_A_YEAR, WEEKS)
    before = {name: made.baseline_series[name][0, last].sum(axis=0) for name in names}
    rows = []
    for place, policy in enumerate(policies):
        starts = made.plans[place][0].starts.values()
        after = {name: made.series[name][place, 0, last].sum(axis=0) for name in names}
        change = {name: round(float(np.median(100 * (after[name] / before[name] - 1)))) for name in names}
        channels = [{"channel": NAMES[one], "before": _digits(float(np.median(before[f"victims.{one}"]))),
                     "change": change[f"victims.{one}"],
                     "messages": _digits(float(np.median(before[f"delivered.{one}"]))),
                     "messages_change": change[f"delivered.{one}"]} for one in CHANNELS]
        total = 100 * (sum(after[f"victims.{one}"] for one in CHANNELS)
                       / sum(before[f"victims.{one}"] for one in CHANNELS) - 1)
        low, high = np.quantile(total, (0.25, 0.75))
        if all(start is not None and start <= 70 for start in starts) and min(one["change"] for one in channels) <= -10:
            rows.append({"title": policy.title, "spread": max(2, round(float(high - low) / 2)), "channels": channels})
    return rows


def votes(economy: Economy) -> list[list[Row]]:
    """Pairs of plans: the first prevents more harm, the second is worth more, for it loses or costs less."""
    every = {"": HARSH, **MODEST, **CHOICES}
    made = played(economy, [policy_of(economy, one) for one in every.values()], RUNS)
    rows = [_worth_row(made, place) for place in range(len(every))]
    worth = [load_data().worth(row) for row in rows]
    pairs = [(first, second) for first, second in itertools.permutations(range(len(rows)), 2)
             if rows[first]["avoided"] > 1.05 * rows[second]["avoided"]
             and worth[second] > max(0.0, 1.05 * worth[first])]
    pairs.sort(key=lambda pair: (pair[0] != 0, -rows[pair[0]]["avoided"] / rows[pair[1]]["avoided"]))
    return [[rows[first], rows[second]] for first, second in pairs[:4]]


def _worth_row(made: Play, place: int) -> Row:
    def middle(*names: str) -> float:
        return float(np.median(sum(made.gain(name)[place, 0] for name in names)))

    return {"avoided": _digits(-middle("loss", "time")), "lost": _digits(middle("wanted_lost")),
            "cost": _digits(middle("public_cost", "operator_cost", "compliance_cost"))}


def example(economy: Economy) -> list[Row]:
    """The worked example: a register that blocks on its first day, and one that waits until senders are registered."""
    tries = {"blocks on the first day": 0, "waits 39 weeks, then blocks": 39}
    policies = [policy_of(economy, [("sender-id-registry", 0, {**BLOCK, "registration_weeks": weeks})], title)
                for title, weeks in tries.items()]
    made = played(economy, policies, RUNS)
    rows = []
    for place, policy in enumerate(policies):
        def change(name: str, place: int = place) -> float:
            return float(np.median(100 * (made.totals[name][place, 0] / made.baseline[name][0] - 1)))

        rows.append({"try": policy.title, "texts": round(change("victims.sms")), "all": round(change("victims")),
                     "lost": round(100 * float(np.median(made.gain("wanted_share.sms")[place, 0])), 1),
                     "worth": _digits(float(np.median(made.gain()[place, 0])))})
    return rows


# -- doubts -------------------------------------------------------------------------------------------------------


def doubts(economy: Economy) -> list[Row]:
    """Pairs of policies with six assumptions, one of which turns the choice.

    The advantage at an end of an assumption is the median over the quarter of the runs in which it lies there; so the
    others vary as they do (a conditional mean, as in regional sensitivity analysis; Saltelli et al. 2008, chapter 5).
    """
    policies = [policy_of(economy, one, title) for title, one in CHOICES.items()]
    made = played(economy, policies, DOUBT_RUNS)
    gains = made.gain()[:, 0]
    shares = {name: np.argsort(np.argsort(values)) / DOUBT_RUNS
              for name, values in draw_parameters(SEED, DOUBT_RUNS).items()}
    rows = []
    for first, second in itertools.permutations(range(len(policies)), 2):
        better = gains[first] - gains[second]
        middle = float(np.median(better))
        if middle <= 0:
            continue
        row = _doubt_row(better, shares)
        if row:
            rows.append({"first": policies[first].title, "second": policies[second].title, "middle": _digits(middle),
                         "rows": row})
    return rows[:6]


def _doubt_row(better: Array, shares: dict[str, Array]) -> list[Row]:
    """Six assumptions for one choice, or nothing where no assumption turns it alone or the mistakes fall together."""
    known = read_parameters()
    size = float(np.median(np.abs(better)))
    ends = {name: tuple(float(np.median(better[part])) for part in (share < 0.25, share >= 0.75))
            for name, share in shares.items() if known[name].low < known[name].high}
    turning = {name: pair for name, pair in ends.items() if pair[0] * pair[1] < 0 and min(map(abs, pair)) > 0.08 * size}
    stays = {name: pair for name, pair in ends.items() if pair[0] > 0.05 * size and pair[1] > 0.05 * size}
    if not turning or len(stays) < 8:
        return []
    right = max(turning, key=lambda name: min(map(abs, turning[name])))
    moves = max(stays, key=lambda name: abs(stays[name][1] - stays[name][0]))
    near = min((name for name in stays if name != moves), key=lambda name: min(stays[name]))
    wide = max((name for name in stays if name not in (moves, near)), key=lambda name: load_data().times(known[name]))
    rest = sorted((name for name in stays if name not in (moves, near, wide)),
                  key=lambda name: abs(stays[name][1] - stays[name][0]), reverse=True)[:2]
    rows = [{"code": name, "low": _digits(ends[name][0]), "high": _digits(ends[name][1])}
            for name in (right, moves, near, wide, *rest)]
    answers = load_data().doubt_answers([load_data().with_words(row) for row in rows])
    return rows if list(answers.values()) == [right, moves, wide, near] else []


def _digits(value: float) -> float:
    """Three digits that count."""
    return float(f"{value:.3g}")


# -- all together -------------------------------------------------------------------------------------------------


def rows_of(name: str) -> Row:
    """Everything that the lab keeps of one economy."""
    economy = economy_named(name)
    own = {"plans": plans(economy), "plays": singles(economy), "doubts": doubts(economy)}
    if name not in load_data().NEIGHBOURS:
        return own
    return own | {"baseline": baseline(economy), "votes": votes(economy), "example": example(economy)}


def _lines(found: dict[str, Row]) -> Iterator[str]:
    """JSON with one line for each row, so that a change can be read."""
    yield "{"
    for place, (name, parts) in enumerate(found.items()):
        yield f' {json.dumps(name)}: {{'
        for number, (part, rows) in enumerate(parts.items()):
            body = ",\n".join("   " + json.dumps(row, ensure_ascii=False) for row in rows)
            yield f'  {json.dumps(part)}: [\n{body}\n  ]{"," if number < len(parts) - 1 else ""}'
        yield " }" + ("," if place < len(found) - 1 else "")
    yield "}"


if __name__ == "__main__":
    every = {name: rows_of(name) for name in (*load_data().NEIGHBOURS, *load_data().OWN)}
    Path(__file__).with_name("plays.json").write_text("\n".join(_lines(every)) + "\n", encoding="utf-8")
