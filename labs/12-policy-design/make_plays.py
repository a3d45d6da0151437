"""Writes plays.json: for each economy what the lab's tables show of plans and plays, so that a draw plays nothing.

Run it where an instrument, a profile or the model has changed: python labs/12-policy-design/make_plays.py
It takes some minutes, most of them for the doubts; names of parts, such as `plans plays`, make these alone.
What no table shows, such as the best stored policies, does not come into the file.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import ContentError
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

RUNS = 96
SCREEN_RUNS, HELD_RUNS, HELD = 160, 32, 24
"""Draws of the first round; draws for each assumption that is held; how many are held."""
ENDS = (0.05, 0.95)
"""Where an assumption is held, as a share of its range."""
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
    "published rankings and campaigns": [("published-rankings", 0, {}), ("awareness-campaign", 0, {})],
    "sharing of signs and a desk for referrals": [("information-sharing", 0, {}), ("referral-desk", 0, {})],
    "published rankings and a code of practice": [("published-rankings", 0, {}), ("code-of-practice", 0, {})],
    "a duty to filter texts and calls": [("operator-filtering", 0, {"channels": ["sms", "voice"]})],
    "a duty of apps to filter": [("operator-filtering", 0, {"channels": ["apps"]})],
    "officers and audits of operators": list(AUDITS),
    "help for infected customers and blocking of domains": [("bot-quarantine", 0, {}), ("dns-blocking", 0, {})],
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
        channels: list[Row] = [{
            "channel": NAMES[one], "before": _digits(float(np.median(before[f"victims.{one}"]))),
            "change": change[f"victims.{one}"], "messages": _digits(float(np.median(before[f"delivered.{one}"]))),
            "messages_change": change[f"delivered.{one}"]} for one in CHANNELS]
        total = 100 * (sum(after[f"victims.{one}"] for one in CHANNELS)
                       / sum(before[f"victims.{one}"] for one in CHANNELS) - 1)
        low, high = np.quantile(total, (0.25, 0.75))
        if all(start is not None and start <= 70 for start in starts) and min(one["change"] for one in channels) <= -10:
            # How well a middle of so many draws is known: 1.57 interquartile ranges over the root of their number
            # (McGill, Tukey and Larsen, The American Statistician 32, 1978).
            spread = round(2 * 1.57 * float(high - low) / RUNS ** 0.5) / 2
            rows.append({"title": policy.title, "spread": max(1.0, spread), "channels": channels})
    return rows


def votes(economy: Economy) -> list[list[Row]]:
    """Pairs of plans: the first prevents more harm, the second is worth more, for it loses or costs less."""
    every = {"": HARSH, **MODEST, **CHOICES}
    made = played(economy, [policy_of(economy, one) for one in every.values()], RUNS)
    rows = [_worth_row(made, place) for place in range(len(every))]
    worth = [load_data().worth(row) for row in rows]
    pairs = [(first, second) for first, second in itertools.permutations(range(len(rows)), 2)
             if rows[first]["avoided"] > 1.1 * rows[second]["avoided"]
             and worth[second] > max(0.0, 1.1 * worth[first])]
    pairs.sort(key=lambda pair: -worth[pair[1]])
    # Sums so far apart that everybody sees them at a glance are no vote; only where there are no others they stand.
    near = [pair for pair in pairs if worth[pair[0]] > 0.25 * worth[pair[1]]] or pairs
    return [[rows[first], rows[second]] for first, second in near[:4]]


def _worth_row(made: Play, place: int) -> Row:
    def middle(*names: str) -> float:
        return float(np.median(sum(made.gain(name)[place, 0] for name in names)))

    return {"avoided": _digits(-middle("loss", "time")), "lost": _digits(middle("wanted_lost")),
            "cost": _digits(middle("public_cost", "operator_cost", "compliance_cost"))}


def example(economy: Economy) -> list[Row]:
    """The worked example: a register that blocks on its first day, and one that waits until senders are registered."""
    tries = {"blocks on the first day": 0, "waits 39 weeks, then blocks": 39}
    policies = [policy_of(economy, [("sender-id-registry", 0, {**BLOCK, "registration_weeks": weeks}), *AUDITS], title)
                for title, weeks in tries.items()]
    names = ["victims.sms", "victims", "wanted_share.sms"]
    made = played(economy, policies, RUNS, record=names)
    last = slice(WEEKS - WEEKS_A_YEAR, WEEKS)
    rows = []
    for place, (policy, weeks) in enumerate(zip(policies, tries.values(), strict=True)):
        start = made.plans[place][0].starts["sender-id-registry"]
        if start is None:
            raise ContentError(f"{economy.name}: the register of the worked example never begins")
        lost = made.series["wanted_share.sms"][place, 0] - made.baseline_series["wanted_share.sms"][0]
        change = {name: 100 * (made.series[name][place, 0, last].sum(axis=0)
                               / made.baseline_series[name][0, last].sum(axis=0) - 1) for name in names[:2]}
        rows.append({"try": policy.title, "texts": round(float(np.median(change["victims.sms"]))),
                     "all": round(float(np.median(change["victims"]))),
                     "lost": round(100 * float(np.median(lost[start + weeks])), 1),
                     "worth": _digits(float(np.median(made.gain()[place, 0])))})
    return rows


# -- doubts -------------------------------------------------------------------------------------------------------


def doubts(economy: Economy) -> list[Row]:
    """Pairs of policies with six assumptions, one of which turns the choice.

    The advantage at an end of an assumption is the median over the same draws of all others, while it is held there,
    with costs at their central figures: so what turns it is the assumption, and not chance. Held are the assumptions
    that go with some advantage in a first round of draws, and those about which least is known.
    """
    policies = [policy_of(economy, one, title) for title, one in CHOICES.items()]
    drawn = draw_parameters(SEED, SCREEN_RUNS)
    gains = -played(economy, policies, SCREEN_RUNS).gain("harm")[:, 0]
    held = _worth_holding(gains, drawn)
    few = {name: values[:HELD_RUNS] for name, values in drawn.items()}
    tiles = [few, *({**few, name: np.full(HELD_RUNS, float(read_parameters()[name].at(np.array(end))))}
                    for name in held for end in ENDS)]
    every = {name: np.concatenate([one[name] for one in tiles]) for name in drawn}
    made = play(policies, economy, [read_scenarios()["calm"]], runs=len(tiles) * HELD_RUNS, seed=SEED, parameters=every)
    costs = np.array([sum(float(paid.sum()) for paid in row[0].costs.values()) / 1e6 for row in made.plans])
    gains = -made.gain("harm")[:, 0].reshape(len(policies), len(tiles), HELD_RUNS) - costs[:, None, None]
    size = np.abs(np.median(gains[:, 0], axis=1))
    rows = []
    for first, second in itertools.permutations(range(len(policies)), 2):
        better = np.median(gains[first] - gains[second], axis=1)
        if better[0] <= 0.03 * max(size[first], size[second]):
            continue
        ends = {name: (float(better[1 + 2 * place]), float(better[2 + 2 * place])) for place, name in enumerate(held)}
        rows += [{"first": policies[first].title, "second": policies[second].title,
                  "middle": _digits(float(better[0])), "rows": row} for row in _doubt_rows(float(better[0]), ends)]
    return rows[:12]


def _worth_holding(gains: Array, drawn: dict[str, Array]) -> list[str]:
    """The assumptions that go most with what one policy gains over another, and the widest ones."""
    known = read_parameters()
    names = [name for name in drawn if known[name].low < known[name].high]
    ranks = np.argsort(np.argsort(np.stack([drawn[name] for name in names])))
    pairs = np.stack([gains[one] - gains[other] for one, other in itertools.combinations(range(len(gains)), 2)])
    with np.errstate(all="ignore"):
        strength = np.nan_to_num(np.abs(np.corrcoef(np.vstack([ranks, np.argsort(np.argsort(pairs))]))))
    most = strength[:len(names), len(names):].max(axis=1)
    by_effect = [names[place] for place in np.argsort(-most)[:HELD - 6]]
    rest = sorted(set(names) - set(by_effect), key=lambda name: (-load_data().times(known[name]), name))
    return by_effect + rest[:6]


def _doubt_rows(middle: float, ends: dict[str, tuple[float, float]]) -> Iterator[list[Row]]:
    """Six assumptions for one choice, one of which turns it alone, for up to three that do.

    Among the others stand one that moves the choice more and does not turn it, one that ends nearest to zero, and the
    one about which least is known.
    """
    known = read_parameters()
    swing = {name: abs(high - low) for name, (low, high) in ends.items()}
    stays = {name: pair for name, pair in ends.items() if min(pair) > 0.03 * middle}
    if len(stays) < 7:
        return
    moves = max(stays, key=lambda name: swing[name])
    near = min((name for name in stays if name != moves), key=lambda name: min(stays[name]))
    wide = max((name for name in stays if name not in (moves, near)), key=lambda name: load_data().times(known[name]))
    rest = sorted((name for name in stays if name not in (moves, near, wide)), key=lambda name: swing[name])[-2:]
    turning = [name for name, (low, high) in ends.items()
               if low * high < 0 and min(abs(low), abs(high)) > 0.05 * middle and swing[name] < 0.95 * swing[moves]]
    for right in turning[:3]:
        rows = [{"code": name, "low": _digits(ends[name][0]), "high": _digits(ends[name][1])}
                for name in (right, moves, near, wide, *rest)]
        answers = load_data().doubt_answers([load_data().with_words(row) for row in rows])
        if list(answers.values()) == [right, moves, wide, near]:
            yield rows


def _digits(value: float) -> float:
    """Three digits that count."""
    return float(f"{value:.3g}")


# -- all together -------------------------------------------------------------------------------------------------


OF_ALL: dict[str, Callable[[Economy], list[Any]]] = {"plans": plans, "plays": singles, "doubts": doubts}
OF_NEIGHBOURS: dict[str, Callable[[Economy], list[Any]]] = {"baseline": baseline, "votes": votes, "example": example}
"""What is kept of every economy, and of those that practice is about."""


def rows_of(name: str, parts: Sequence[str], kept: Row) -> Row:
    """Everything that the lab keeps of one economy; of a part that is not asked for what there was."""
    economy = economy_named(name)
    makers = OF_ALL | (OF_NEIGHBOURS if name in load_data().NEIGHBOURS else {})
    return {part: make(economy) if part in parts else kept[part] for part, make in makers.items()}


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


def main(parts: Sequence[str]) -> None:
    """Write the file; parts: those to make anew, all where none is named."""
    path = Path(__file__).with_name("plays.json")
    kept = json.loads(path.read_text(encoding="utf-8")) if parts else {}
    asked = parts or [*OF_ALL, *OF_NEIGHBOURS]
    every = {name: rows_of(name, asked, kept.get(name, {})) for name in (*load_data().NEIGHBOURS, *load_data().OWN)}
    path.write_text("\n".join(_lines(every)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
