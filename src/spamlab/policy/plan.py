"""From a policy to what happens when: what is in force in which week, what it costs whom, and why something is late.

Does not belong here: what measures do to spam (model).

The rule. Measures are taken one after the other in the document's order, each at the earliest week at which it fits
into what those before it have left: of each year's budget, for what it costs in that year and for what a whole year of
it costs, and of each week's staff. So a later measure never delays an earlier one. A measure whose needs stand later in
the document is taken after them. Set-up begins once all needs are in force; where staff or money are short it may take
two to four times as long. From the week in force on, the effect grows as
1 - exp(-3 (t + 1) / ramp_weeks), t being the weeks since then: 95 % after `ramp_weeks`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spamlab.policy.document import WEEKS_A_YEAR, Measure, Policy
from spamlab.policy.instruments import Cost, Effect, Instrument
from spamlab.policy.levers import LEVERS
from spamlab.records.economy import Economy

Array = NDArray[np.float64]

LEVER_INDEX: Mapping[str, int] = {name: index for index, name in enumerate(LEVERS)}
"""Lever -> its row in `Plan.levers`."""
STRETCHES = (1, 2, 3, 4)
"""How much longer than its lead a set-up may take where staff or money are short."""
_MARKET = 20.0
"""Million people in the market that the instruments' staff and fixed costs are for."""
_STAFF_POWER = 0.3
_FIXED_POWER = 0.4
_SMALL_OPERATORS_PER_PERCENT = 5.0
"""What one per cent of subscribers with small operators counts as: 50 of them, each a tenth of a large one."""
_NEW_INFECTIONS = 2.0
"""Infected customers to handle in a year, for each host that is infected at one time: half of them are clean again
after half a year (rows B3, B4 of the evidence)."""
_TINY = 1e-7


@dataclass(frozen=True)
class Plan:
    """What a policy comes to in an economy. W weeks, Y years (the last may be short).

    levers: (len(LEVERS), W), rows as `LEVER_INDEX`. starts: the week in force by instrument, None for never. reasons:
    why a measure is late, never or stopped, by instrument. costs: US dollars a week, (W,), by (instrument, payer),
    central figures. cost_factor: (low, high) over central, by instrument. staff: full-time equivalents that the
    measures use, (W,); capacity: those there are, (W,). money: (spent, budget) of the state by year, US dollars.
    begins: the week in which the set-up begins. stops: the week from which a measure is no longer in force because
    money was cut.
    """

    levers: Array
    starts: Mapping[str, int | None]
    reasons: Mapping[str, str]
    costs: Mapping[tuple[str, str], Array]
    cost_factor: Mapping[str, tuple[float, float]]
    staff: Array
    capacity: Array
    money: tuple[tuple[float, float], ...]
    begins: Mapping[str, int | None] = field(default_factory=dict)
    stops: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Job:
    """A measure in numbers of this economy: US dollars, weeks, full-time equivalents."""

    measure: Measure
    instrument: Instrument
    settings: Mapping[str, object]
    lead: int
    setup_staff: float
    running_staff: float
    hired: float
    hires_note: str
    setup: Mapping[str, float]
    running: Mapping[str, float]
    cost_factor: tuple[float, float]
    needs: Mapping[str, str]
    """Title of each instrument that it needs, by id."""

    @property
    def name(self) -> str:
        return self.instrument.id


@dataclass
class _Slot:
    """When a measure is set up and in force: [begin, force), [force, stop)."""

    job: _Job
    begin: int
    force: int
    stop: int


def plan(policy: Policy, economy: Economy, instruments: Mapping[str, Instrument], *, weeks: int,
         budget: ArrayLike | None = None) -> Plan:
    """Work out a policy, week by week. The same arguments give the same plan.

    budget: a factor of the yearly budget for each week, (weeks,); nobody foresees it: what was begun before the first
    week below 1 was planned with the whole budget, and may have to stop, from the last of the document.
    """
    years = -(-weeks // WEEKS_A_YEAR)
    whole = economy.figures["policy_budget"] / WEEKS_A_YEAR
    weekly = np.full(weeks, whole)
    titles = {id: one.title for id, one in instruments.items()}
    jobs = [_job(one, instruments[one.instrument], titles, economy, weeks) for one in policy.measures
            if one.instrument in instruments]
    book = _Book(jobs, economy, _yearly(weekly, years), weeks)
    book.schedule(0, {})
    if budget is not None:
        factors = np.clip(np.asarray(budget, dtype=np.float64)[:weeks], 0.0, None)
        cut = np.flatnonzero(factors < 1.0 - 1e-12)
        if len(cut):
            book = _after_cut(book, economy, _yearly(weekly * factors, years), int(cut[0]))
    return _result(book, weeks)


def _yearly(weekly: Array, years: int) -> Array:
    """Sums by year of what is given by week."""
    return np.array([weekly[year * WEEKS_A_YEAR:(year + 1) * WEEKS_A_YEAR].sum() for year in range(years)])


def staff_factor(economy: Economy) -> float:
    """How much more work a measure is than in a market of 20 million people: grows as people to the power of 0.3,
    between 0.4 and 4. Our own rule: twice the people is a quarter more work."""
    return float(min(4.0, max(0.4, (economy.figures["population"] / _MARKET) ** _STAFF_POWER)))


def fixed_factor(economy: Economy) -> float:
    """How much more a fixed cost of the state is than in a market of 20 million people: grows as people to the power of
    0.4, between 0.5 and 6. Our own rule."""
    return float(min(6.0, max(0.5, (economy.figures["population"] / _MARKET) ** _FIXED_POWER)))


def units(economy: Economy, per: str) -> float:
    """How many of a unit of cost there are in an economy; for "reached" the people, for "officer" 1."""
    figures = economy.figures
    people = figures["population"] * 1e6
    if per == "operator":
        rest = max(0.0, 100.0 - sum(economy.shares))
        return len(economy.shares) + rest * _SMALL_OPERATORS_PER_PERCENT
    if per == "infected_customer":
        bots = math.sqrt(max(economy.bots[0], 1e-3) * max(economy.bots[1], 1e-3)) / 1000
        return people * figures["fixed_lines"] / 100 * bots * _NEW_INFECTIONS
    return {"person": people, "reached": people, "sim": people * figures["sims"] / 100,
            "internet_user": people * figures["internet"] / 100,
            "line": people * figures["fixed_lines"] / 100}.get(per, 1.0)


def _job(measure: Measure, instrument: Instrument, titles: Mapping[str, str], economy: Economy, weeks: int) -> _Job:
    settings = instrument.complete(measure.settings)
    hired, note, lead = 0.0, "", instrument.lead_weeks
    if instrument.hires:
        wanted = float(settings[instrument.hires.setting])
        most = math.floor(instrument.hires.most_of_regulator * economy.figures["regulator_staff"])
        hired = min(wanted, most)
        lead += round(hired * instrument.hires.weeks_each)
        if hired < wanted:
            told = f"Only {hired:g} of {wanted:g} officers" if hired else "No officer"
            note = (f"{told} can be hired: a regulator of {economy.figures['regulator_staff']:g} people can take "
                    f"{'no more' if hired else 'none'} for this.")
    sums: dict[str, dict[str, float]] = {"setup": {}, "running": {}}
    low = central = high = 0.0
    for cost in instrument.costs:
        many = _quantity(cost, instrument, settings, economy, hired)
        if many > 0:
            by_payer = sums[cost.phase]
            by_payer[cost.payer] = by_payer.get(cost.payer, 0.0) + cost.central * many
            share = many * (weeks / WEEKS_A_YEAR if cost.phase == "running" else 1.0)
            low, central, high = low + cost.low * share, central + cost.central * share, high + cost.high * share
    factor = staff_factor(economy)
    return _Job(measure, instrument, settings, max(1, lead), instrument.staff.setup * factor,
                instrument.staff.running * factor, hired, note, sums["setup"], sums["running"],
                (low / central, high / central) if central else (1.0, 1.0),
                {need: titles.get(need, need) for need in instrument.needs})


def _quantity(cost: Cost, instrument: Instrument, settings: Mapping[str, object], economy: Economy,
              hired: float) -> float:
    many = hired if cost.per == "officer" else units(economy, cost.per)
    if cost.per == "fixed" and cost.payer == "state":
        many = fixed_factor(economy)
    many *= cost.factor.of(settings) * (economy.figures["gdp_per_head"] if cost.scale == "wage" else 1.0)
    if cost.per == "reached" and instrument.waves:
        reach, every = (float(settings[one]) for one in (instrument.waves.reach, instrument.waves.every))  # type: ignore[arg-type]
        many *= reach / 100 * WEEKS_A_YEAR / max(every, 1.0)
    return many


class _Book:
    """What is taken of money and staff, and by whom."""

    def __init__(self, jobs: Sequence[_Job], economy: Economy, budget: Array, weeks: int) -> None:
        self.jobs = jobs
        self.weeks = weeks
        self.budget = budget
        self.left = budget.copy()
        self.whole_years = budget * WEEKS_A_YEAR / np.diff(np.minimum(np.arange(len(budget) + 1) * WEEKS_A_YEAR, weeks))
        self.base = economy.figures["spam_staff"]
        self.free = np.full(weeks, self.base)
        self.slots: dict[str, _Slot] = {}
        self.reasons: dict[str, str] = {}
        edges = np.minimum(np.arange(len(budget) + 1) * WEEKS_A_YEAR, weeks)
        self.edges = edges[:, None].astype(np.float64)

    def spent(self, job: _Job, begin: ArrayLike, force: ArrayLike, stop: ArrayLike) -> Array:
        """US dollars of the state by year, (years, candidates), for set-ups from `begin` to `force`."""
        begin, force = np.asarray(begin, np.float64), np.asarray(force, np.float64)
        setup, running = job.setup.get("state", 0.0), job.running.get("state", 0.0)
        until = np.diff(np.clip(self.edges, begin, np.minimum(force, stop)), axis=0)
        after = np.diff(np.clip(self.edges, force, np.maximum(force, stop)), axis=0)
        result: Array = until * (setup / np.maximum(force - begin, 1.0)) + after * (running / WEEKS_A_YEAR)
        return result

    def add(self, slot: _Slot) -> None:
        """Take what a measure uses."""
        job = slot.job
        self.slots[job.name] = slot
        self.left -= self.spent(job, [slot.begin], [slot.force], slot.stop)[:, 0]
        if slot.stop == self.weeks:
            self.whole_years -= job.running.get("state", 0.0)
        self.free -= _staff(slot, self.weeks)

    def schedule(self, first: int, kept: Mapping[str, str]) -> None:
        """Give each measure that has no slot the earliest that fits, none before the week `first`.

        kept: measures that are settled, with or without a slot, and why.
        """
        done = {*self.slots, *kept}
        names = {job.name for job in self.jobs}
        rest = [job for job in self.jobs if job.name not in done]
        while rest:
            job = next((one for one in rest if all(need in done or need not in names for need in one.instrument.needs)),
                       rest[0])
            rest.remove(job)
            done.add(job.name)
            self.place(job, first)
        # People may have been hired since: who found no place tries once more in what is left.
        for job in self.jobs if any(slot.job.hired for slot in self.slots.values()) else ():
            if job.name not in self.slots and job.name not in kept:
                self.reasons.pop(job.name)
                self.place(job, first)

    def place(self, job: _Job, first: int) -> None:
        """Give one measure the earliest slot that fits, or say why there is none."""
        wanted = max(job.measure.start, first)
        ready = wanted
        for need in job.instrument.needs:
            slot = self.slots.get(need)
            if slot is None or slot.stop < self.weeks:
                stopped = "is stopped" if slot else "is never in force"
                self.reasons[job.name] = f"It never begins, because “{job.needs[need]}”, which it needs, {stopped}."
                return
            ready = max(ready, slot.force)
        best = self.slot(job, ready)
        if best is None:
            self.reasons[job.name] = f"It never begins: {self.lack(job, ready)}."
        else:
            if told := self.late(job, wanted, ready, best):
                self.reasons[job.name] = told
            self.add(_Slot(job, best[0], best[1], self.weeks))
        if job.hires_note:
            self.reasons[job.name] = f"{job.hires_note} {self.reasons.get(job.name, '')}".strip()

    def slot(self, job: _Job, ready: int) -> tuple[int, int] | None:
        """The weeks of beginning and of entering into force that are soonest, from week `ready` on; None for never."""
        if self.fits_at(job, ready):
            return ready, ready + job.lead
        best: tuple[int, int] | None = None
        for stretch in STRETCHES:
            length = job.lead * stretch
            if best and ready + length >= best[1]:
                break
            found = self.earliest(job, ready, length)
            if found is not None and (best is None or found + length < best[1]):
                best = (found, found + length)
        return best

    def fits_at(self, job: _Job, begin: int) -> bool:
        """`fits` for one week of beginning and the shortest set-up: most measures need no more."""
        force = begin + job.lead
        if force >= self.weeks or self.free[begin:force].min() < job.setup_staff / job.lead - _TINY \
                or self.free[force:].min() < job.running_staff - job.hired - _TINY:
            return False
        weekly, yearly = job.setup.get("state", 0.0) / job.lead, job.running.get("state", 0.0)
        for year, left in enumerate(self.left.tolist()):
            first, last = year * WEEKS_A_YEAR, min((year + 1) * WEEKS_A_YEAR, self.weeks)
            set_up = max(0, min(force, last) - max(begin, first))
            runs = max(0, last - max(force, first))
            if set_up * weekly + runs * yearly / WEEKS_A_YEAR > left + _TINY \
                    or (runs and yearly > self.whole_years[year] + _TINY):
                return False
        return True

    def earliest(self, job: _Job, ready: int, length: int) -> int | None:
        """The first week from `ready` on at which a set-up of `length` weeks fits."""
        many = self.weeks - length - ready
        if many <= 0:
            return None
        begin = np.arange(ready, ready + many)
        staff, money = self.fits(job, begin, length)
        both = np.flatnonzero(staff & money)
        return ready + int(both[0]) if len(both) else None

    def fits(self, job: _Job, begin: NDArray[np.int_], length: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """For each week of beginning: are there the staff, is there the money?"""
        free = self.free
        after = np.minimum.accumulate(free[::-1])[::-1]
        staff: NDArray[np.bool_] = after[begin + length] >= job.running_staff - job.hired - _TINY
        if job.setup_staff:
            window = np.lib.stride_tricks.sliding_window_view(free, length).min(axis=1)
            staff = staff & (window[begin] >= job.setup_staff / length - _TINY)
        spent = self.spent(job, begin, begin + length, self.weeks)
        money: NDArray[np.bool_] = np.all(spent <= self.left[:, None] + _TINY, axis=0)
        for_good = np.logical_and.accumulate((job.running.get("state", 0.0) <= self.whole_years + _TINY)[::-1])[::-1]
        money = money & for_good[(begin + length) // WEEKS_A_YEAR]
        return staff, money

    def lack(self, job: _Job, ready: int) -> str:
        """What a measure lacks at a week, in words with numbers."""
        if ready + job.lead >= self.weeks:
            return (f"from week {ready} its set-up would take {job.lead} weeks, and the policy ends after "
                    f"{self.weeks} weeks")
        staff, money = self.fits(job, np.array([ready]), job.lead)
        told = []
        if not staff[0]:
            free = max(0.0, float(self.free[ready:].min()))
            told.append(f"it takes {job.setup_staff / job.lead:.2f} full-time staff to set up and "
                        f"{job.running_staff:.2f} to run, and {free:.2f} are free")
        if not money[0]:
            need = self.spent(job, [ready], [ready + job.lead], self.weeks)[:, 0]
            short = np.flatnonzero(need > self.left + _TINY)
            if len(short):
                year = int(short[0])
                told.append(f"it takes {_dollars(need[year])} of the budget of year {year + 1}, and "
                            f"{_dollars(self.left[year])} are left")
            else:
                told.append(f"it costs {_dollars(job.running.get('state', 0.0))} in a whole year, and of a year's "
                            f"budget {_dollars(float(self.whole_years.min()))} are left once all measures before it "
                            "run")
        if not told:
            told.append("staff and money do not suffice at one time")
        return "; and ".join(told)

    def late(self, job: _Job, wanted: int, ready: int, slot: tuple[int, int]) -> str:
        """Why a measure begins later than the document says, or takes longer; "" if it does not."""
        begin, force = slot
        told = []
        if ready > wanted:
            last = max(job.instrument.needs, key=lambda need: self.slots[need].force)
            told.append(f"waits until week {ready} for “{job.needs[last]}” to be in force")
        if begin > ready or force - begin > job.lead:
            lack = self.lack(job, ready)
            told.append(f"begins in week {begin} instead of {ready}, because {lack}" if begin > ready else
                        f"takes {force - begin} weeks to set up instead of {job.lead}, because {lack}")
            if begin > ready and force - begin > job.lead:
                told.append(f"takes {force - begin} weeks to set up instead of {job.lead}")
        return f"It {', and '.join(told)}." if told else ""


def _staff(slot: _Slot, weeks: int) -> Array:
    """Full-time equivalents a measure uses, less those that it hires, (weeks,)."""
    used = np.zeros(weeks)
    used[slot.begin:min(slot.force, slot.stop)] = slot.job.setup_staff / (slot.force - slot.begin)
    if slot.stop > slot.force:
        used[slot.force:slot.stop] = slot.job.running_staff - slot.job.hired
    return used


def _after_cut(before: _Book, economy: Economy, budget: Array, week: int) -> _Book:
    """The plan once it is known in a week that the budget is smaller."""
    begun = [before.slots[job.name] for job in before.jobs
             if job.name in before.slots and before.slots[job.name].begin < week]
    settled = {slot.job.name: before.reasons.get(slot.job.name, "") for slot in begun}
    running = list(begun)
    stopped: dict[str, str] = {}
    while True:
        book = _Book(before.jobs, economy, budget, before.weeks)
        for slot in begun:
            book.add(slot)
        # What was spent before that week is spent; only what comes after can be saved.
        gone = np.sum([book.spent(slot.job, [slot.begin], [slot.force], min(week, slot.stop))[:, 0] for slot in begun],
                      axis=0) if begun else np.zeros_like(budget)
        short = np.flatnonzero((book.left < -_TINY) & (budget - book.left > gone + _TINY))
        few = bool((book.free[week:] < -_TINY).any())
        if not running or (not len(short) and not few):
            break
        last = running.pop()
        last.stop = week
        name = last.job.name
        year = int(short[0]) if len(short) else 0
        stopped[name] = (f"It stops in week {week}: the budget of year {year + 1} was cut to {_dollars(budget[year])}"
                         if len(short) else f"It stops in week {week}: there are no staff left for it")
        for slot in [one for one in running if name in one.job.instrument.needs]:
            running.remove(slot)
            slot.stop = week
            stopped[slot.job.name] = (f"It stops in week {week} together with “{last.job.instrument.title}”, which it "
                                      "needs")
    book.reasons = {name: told for name, told in settled.items() if told}
    for name, told in stopped.items():
        book.reasons[name] = f"{settled[name]} {told}.".strip()
    book.schedule(week, settled)
    return book


def _result(book: _Book, weeks: int) -> Plan:
    levers = np.zeros((len(LEVERS), weeks))
    costs: dict[tuple[str, str], Array] = {}
    starts: dict[str, int | None] = {}
    begins: dict[str, int | None] = {}
    stops: dict[str, int] = {}
    capacity = np.full(weeks, book.base)
    staff = np.zeros(weeks)
    for job in book.jobs:
        slot = book.slots.get(job.name)
        starts[job.name] = slot.force if slot and slot.stop > slot.force else None
        begins[job.name] = slot.begin if slot else None
        if slot is None:
            continue
        if slot.stop < weeks:
            stops[job.name] = slot.stop
        used = _staff(slot, weeks)
        if job.hired and slot.stop > slot.force:
            capacity[slot.force:slot.stop] += job.hired
            used[slot.force:slot.stop] += job.hired
        staff += used
        for payer in ("state", "operators", "senders"):
            setup, running = job.setup.get(payer, 0.0), job.running.get(payer, 0.0)
            if not setup and not running:
                continue
            paid = np.zeros(weeks)
            paid[slot.begin:min(slot.force, slot.stop)] = setup / (slot.force - slot.begin)
            if slot.stop > slot.force:
                paid[slot.force:slot.stop] = running / WEEKS_A_YEAR
            costs[job.name, payer] = paid
        for effect in job.instrument.effects:
            _apply(levers[LEVER_INDEX[effect.lever]], effect, slot)
    levers[LEVER_INDEX["officers"]] = np.maximum(0.0, capacity - staff)
    spent = book.budget - book.left
    return Plan(levers, starts, book.reasons, costs, {job.name: job.cost_factor for job in book.jobs}, staff, capacity,
                tuple((float(one), float(all_)) for one, all_ in zip(spent, book.budget, strict=True)), begins, stops)


def _apply(row: Array, effect: Effect, slot: _Slot) -> None:
    """Set a lever where an effect is greater than what is there: a duty twice is not two duties."""
    settings = slot.job.settings
    value = effect.value * effect.factor.of(settings)
    if value <= 0 or slot.stop <= slot.force:
        return
    after = _weeks(effect.after, settings) + effect.shift
    first = max(0, slot.force + round(after))
    every = round(_weeks(effect.every, settings))
    long = round(effect.weeks)
    ramp = slot.job.instrument.ramp_weeks if effect.ramp is None else effect.ramp
    begin = first
    while begin < slot.stop:
        end = min(slot.stop, begin + long) if long else slot.stop
        if ramp:
            rise = 1.0 - np.exp(-3.0 / ramp * (np.arange(begin, end) - first + 1.0))
            row[begin:end] = np.maximum(row[begin:end], value * rise)
        else:
            row[begin:end] = np.maximum(row[begin:end], value)
        if not every:
            break
        begin += every


def _weeks(given: float | str, settings: Mapping[str, object]) -> float:
    return float(settings[given]) if isinstance(given, str) else given  # type: ignore[arg-type]


def _dollars(amount: float) -> str:
    amount = max(0.0, amount)
    if amount >= 1e6:
        return f"{amount / 1e6:,.2f} million US dollars"
    return f"{amount:,.0f} US dollars"
