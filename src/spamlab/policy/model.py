"""The simulator: weekly steps of senders, filters, operators, machines and people, for a whole batch of runs at once.

The equations are those of docs/policy.md. The last axis of every array is the batch: policy x scenario x draw. Nothing
is drawn here, so the same inputs give the same outcome, and runs do not touch each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spamlab.policy.draws import Drawn
from spamlab.policy.levers import CHANNELS, GROUPS, LEVERS
from spamlab.policy.market import (
    BY_CHANNEL,
    BY_CLASS,
    CHANNEL_OF,
    CLASS_OF,
    CLASSES,
    FLOWS,
    GROUP_RISKS,
    GROUP_SHARES,
    MARKETS,
    Market,
    market_of,
)
from spamlab.policy.scenarios import SHOCKS
from spamlab.records.economy import Economy

Array = NDArray[np.float64]
Whole = NDArray[np.intp]

BLOCK = 256
"""Runs that are computed together: their arrays fit into a processor's cache."""
STRICT_SKILL = 0.4
"""What strict filters gain, in logits; own choice."""
MOST_SPENDING = 50.0
"""Spending of a flow, as a multiple of today's, beyond which no audience is left to be bought."""
WEEKS_A_YEAR = 52.0
SECONDS_OF_WORK = 2000 * 3600.0
"""In a year; half the wage is the value of a second (see `handling`)."""
MILLION = 1e6
WORLD_BOTS = 1e7
"""Infected hosts that send mail, in the whole world; own choice."""

_LEVER = {name: row for row, name in enumerate(LEVERS)}
_SHOCK = {name: row for row, name in enumerate(SHOCKS)}
_MARKETING, _DOMESTIC, _BOTNET, _OFFSHORE = range(len(CLASSES))
_EMAIL, _SMS, _VOICE, _APPS = range(len(CHANNELS))
_ROW = {f"{sender}.{channel}": row for row, (sender, channel) in enumerate(FLOWS)}
_IS_MARKETING = CLASS_OF == _MARKETING
_ABROAD = np.isin(CLASS_OF, (_BOTNET, _OFFSHORE))
_SHAKES = np.where(_IS_MARKETING, 0.0, 1.0)[:, None]
"""Whether a delivered item shakes trust: fraud does, marketing only annoys; own choice."""
_FRAUD_SMS = [_ROW["domestic.sms"], _ROW["offshore.sms"]]
_FRAUD = np.flatnonzero(~_IS_MARKETING)
_IS_FRAUD = (~_IS_MARKETING).astype(float)[:, None]
_FLOODS = [_SHOCK[f"inflow.{channel}"] for channel in CHANNELS]
_FROM_HOME = np.flatnonzero(~_ABROAD)
_FRAUD_FROM_HOME = np.flatnonzero(CLASS_OF == _DOMESTIC)
_DUTIES = [_LEVER[name] for name in (
    "port25", "registry", "firewall", "caller_id", "dns_blocking", "filtering.email", "filtering.voice", "quarantine",
    "sim_registration", "reseller_rules", "authentication")]
_FEW_DUTIES = 3
_WAYS = [_LEVER[name] for name in ("registry", "caller_id", "authentication", "payment_friction")]
"""Measures round which senders find ways."""
_LEARNS = np.array([1.0, 1.0, 0.5, 0.6])[:, None]
"""How well a filter of each channel can learn from content, against one of mail; own choice."""


@dataclass(frozen=True)
class Structure:
    """The forms of the model about which nobody is sure. Three switches.

    displacement: "logit" (money spreads over what pays) or "winner" (it goes to what pays best). rebuild: "capacity"
    (at full rate while it pays) or "margin" (at a rate in proportion to the margin). trust: whether people lose trust.
    """

    displacement: str = "logit"
    rebuild: str = "capacity"
    trust: bool = True


STRUCTURES = (Structure(), Structure(displacement="winner"), Structure(rebuild="margin"), Structure(trust=False))
"""The form that is used, and each of the others with one switch turned."""


@dataclass(frozen=True)
class Batch:
    """What is run. B runs, T weeks.

    parameters: name -> (B,). levers: (len(LEVERS), T, G), of which run b uses column lever_of[b]. shocks: (len(SHOCKS),
    T, H), of which run b uses column shock_of[b].
    """

    economy: Economy
    parameters: Mapping[str, Array]
    levers: Array
    lever_of: Whole
    shocks: Array
    shock_of: Whole
    structure: Structure = Structure()

    @property
    def runs(self) -> int:
        """B."""
        return len(self.lever_of)

    @property
    def weeks(self) -> int:
        """T."""
        return int(self.levers.shape[1])


@dataclass(frozen=True)
class Outcome:
    """What came out. totals: name -> (B,), over the whole time. series: name -> (T, B), a value for each week.

    Money in million US dollars, items in million, victims and hosts in people and machines. Names: docs/policy.md.
    """

    totals: Mapping[str, Array]
    series: Mapping[str, Array]


def run(batch: Batch, record: Sequence[str] = ()) -> Outcome:
    """Run a batch. record: outcomes whose weekly values are kept; each name of `totals` can be asked for, and states:
    "spending.CLASS.CHANNEL", "margin.CLASS.CHANNEL", "skill.CHANNEL", "trust.CHANNEL", "awareness.GROUP", "bots",
    "bots.listed", "unregistered", "risk.CLASS", "operator.N" (abuse that leaves through it) and the accounts
    "entered.CLASS", "left.CLASS", "moved_out.CLASS", "moved_in.CLASS", "outside.CLASS".

    Raises KeyError for a name that does not exist.
    """
    parts = [_Run(batch, slice(first, min(first + BLOCK, batch.runs)), record).all()
             for first in range(0, batch.runs, BLOCK)]
    return Outcome(
        {name: np.concatenate([part.totals[name] for part in parts]) for name in parts[0].totals},
        {name: np.concatenate([part.series[name] for part in parts], axis=1) for name in parts[0].series})


def flat_levers(weeks: int, **settings: float) -> Array:
    """Levers that never move, (len(LEVERS), weeks, 1): zero but for those named, with "__" for a dot (law__sms=1)."""
    levers = np.zeros((len(LEVERS), weeks, 1))
    for name, value in settings.items():
        levers[_LEVER[name.replace("__", ".")]] = value
    return levers


def quiet(weeks: int) -> Array:
    """No shock, (len(SHOCKS), weeks, 1)."""
    return np.repeat(np.array([value for value, _ in SHOCKS.values()])[:, None, None], weeks, axis=1)


def logistic(value: Array) -> Array:
    """1 / (1 + exp(-value))."""
    return 1.0 / (1.0 + np.exp(-value))


def _by_class(flows: Array) -> Array:
    """(F, M, B) summed into (classes, M, B)."""
    return np.asarray((BY_CLASS @ flows.reshape(len(FLOWS), -1)).reshape(len(CLASSES), *flows.shape[1:]))


class _Run:
    """One block of runs: its state and the weekly step. A class because some twenty states go from week to week."""

    def __init__(self, batch: Batch, part: slice, record: Sequence[str]) -> None:
        self.p = p = Drawn({name: np.ascontiguousarray(values[part]) for name, values in batch.parameters.items()})
        self.levers, self.lever_of = batch.levers, batch.lever_of[part]
        self.shocks, self.shock_of = batch.shocks, batch.shock_of[part]
        self.structure, self.weeks = batch.structure, batch.weeks
        self.market: Market = market_of(batch.economy, p)
        self.runs = runs = len(self.lever_of)
        self.record = {name: np.empty((self.weeks, runs)) for name in record}
        self.unwritten = set(record)
        self.totals: dict[str, Array] = {}
        m = self.market
        self.normal_pass = m.passed
        self.normal_logit = np.log(m.passed / (1 - m.passed))
        # What a dollar spent on sending costs victims today.
        self.normal_loss = m.delivered * m.victims * m.loss / m.spending[:, 0]
        self.money = m.spending.copy()
        self.outside = m.outside.copy()
        self.filter = np.zeros((len(CHANNELS), runs))
        self.evasion = np.zeros((len(FLOWS), runs))
        self.trust = np.repeat(p["trust.start"][None], len(CHANNELS), axis=0)
        self.aware = np.zeros((len(GROUPS), runs))
        self.leaks = np.zeros((4, runs))
        self.unregistered = 1 - p["registered_at_start"]
        self.listed = np.zeros((2, runs))
        self.bots = np.ones(runs)
        self.bots_most = 1 / (1 - np.minimum(p["bots.cleaning"] / p["bots.growth"], 0.9))
        self.risk = np.zeros((len(CLASSES), runs))
        self.hardened = np.zeros(runs)
        self.relief = np.zeros(runs)

    def all(self) -> Outcome:
        """All weeks."""
        for week in range(self.weeks):
            self.week(week)
            if week == 0 and self.unwritten:
                raise KeyError(f"there is no outcome called {', '.join(sorted(self.unwritten))}")
        return Outcome(self.totals, self.record)

    # -- one week -------------------------------------------------------------------------------------------------

    def week(self, week: int) -> None:
        """One step: operators, filters, senders, people, accounts; then everybody moves."""
        self.lever = lever = self.levers[:, week, :][:, self.lever_of]
        self.shock = shock = self.shocks[:, week, :][:, self.shock_of]
        p, m = self.p, self.market
        self._operators()
        self._sanctions()
        growth = p["trend"] ** (week / WEEKS_A_YEAR)
        audience = shock[[_SHOCK[f"audience.{channel}"] for channel in CHANNELS]] * growth

        # Attempts (equation 1), and what of them is lawful or not let in.
        lawful = self._lawful()
        cost = self._cost_ratio()
        spending = self.money[:, 0]
        attempts = spending / (m.cost * cost) * (1 - lawful)
        undeliverable = attempts * m.undeliverable
        arrived = attempts - undeliverable
        stop = self._stopped()
        trend = m.spending * (audience[CHANNEL_OF])[:, None]
        # Those who need what is stopped give up one by one; who sends another way is not touched.
        niche = trend[:, 0] * (1 - stop)
        barred = np.minimum(np.maximum(spending - niche, 0.0), stop * spending)
        stopped = arrived * barred / spending
        offered = arrived - stopped
        passed = self._passed()
        filtered = offered * (1 - passed)
        delivered = offered * passed

        # People (equation 4).
        response = self._response()
        victims = delivered * m.victims * response
        unpaid = np.where(_IS_MARKETING[:, None], 0.0, p["payment_stop"] * lever[_LEVER["payment_friction"]]
                          * (1 - self.leaks[3]))
        paid = victims * m.loss * (1 - unpaid)
        recovered = paid * p["recovered"]
        revenue = paid * p["sender_share"]
        middlemen = paid * (1 - p["sender_share"] - p["recovered"])
        self._count_wanted(week)
        self._count(week, attempts, undeliverable, stopped, filtered, delivered, victims, paid, recovered, revenue,
                    middlemen)

        # Margins (equations 5 and 6): 0 today by free entry.
        # Marketing that became lawful goes on, so it still tires the audience.
        crowd = delivered / (1 - lawful) / (m.delivered * audience[CHANNEL_OF])
        calm = (1 + 1 / p["fatigue"]) / (1 + crowd / p["fatigue"])
        earned = passed / self.normal_pass * response * (1 - unpaid) * calm
        pressure = self._pressure()
        margin = np.empty_like(self.money)
        margin[:, 0] = earned / (cost + pressure[CLASS_OF]) - 1
        away = self.money[:, 1:] / (m.spending[:, 1:] * growth)
        lift = shock[[_SHOCK[f"response.{channel}"] for channel in CHANNELS]][CHANNEL_OF]
        margin[:, 1:] = (lift * (1 + 1 / p["fatigue"]))[:, None] / (
            (1 + away / p["fatigue"]) * (1 + pressure[CLASS_OF])[:, None]) - 1
        margin[:, 1] = (1 + margin[:, 1]) / shock[_SHOCK["neighbour_cost"]] - 1
        self._move_money(margin, trend, stop, barred, week)
        self._learn(passed)
        self._machines()
        self._people(delivered)
        self._record_states(week, margin)

    # -- operators ------------------------------------------------------------------------------------------------

    def _operators(self) -> None:
        """What operators do of what is asked (equation 11): by operator and as a share of subscribers or of abuse."""
        p, lever, shares = self.p, self.lever, self.market.operators
        own = (p["operator.base"] + p["operator.audit"] * lever[_LEVER["audit"]]
               + p["operator.shame"] * (lever[_LEVER["rankings"]] + 0.3 * lever[_LEVER["code"]]))
        # Each duty beyond a few takes from the care that the others get.
        many = np.maximum(lever[_DUTIES].sum(axis=0) - _FEW_DUTIES, 0.0)
        small = 1 + p["operator.fixed"] * 0.05 / np.maximum(shares, 0.01)[:, None]
        cost = small * (1 + p["operator.overload"] * many)
        inward = logistic(3 * (own / cost - 1))
        outward = logistic(3 * ((own - p["operator.income"]) / cost - 1))
        exists = (shares > 0)[:, None]
        defects = self.shock[_SHOCK["defect"]]
        for does in (inward, outward):
            does[0] *= 1 - defects
            does *= exists
        self.inward = shares @ inward
        # Senders take the operator that stops least, so the laggard carries what the others refuse.
        pull = np.exp(-p["operator.choice"] * outward) * shares[:, None]
        self.abuse = pull / pull.sum(axis=0)
        self.outward = (self.abuse * outward).sum(axis=0)

    # -- law ------------------------------------------------------------------------------------------------------

    def _sanctions(self) -> None:
        """The true and the perceived risk of a sanction by class (equation 9)."""
        p, lever = self.p, self.lever
        officers = lever[_LEVER["officers"]] * self.shock[_SHOCK["staff"]]
        fraud = lever[_LEVER["fraud_first"]]
        cases = officers * p["cases_per_officer"] * (1 + (p["powers_gain"] - 1) * lever[_LEVER["powers"]])
        reach = p["reach_abroad.without"] + lever[_LEVER["reach_abroad"]] * (
            p["reach_abroad.with"] - p["reach_abroad.without"])
        attention = np.array([1 - fraud, 0.7 * fraud, 0.1 * fraud, 0.2 * fraud])
        attention[2:] *= reach
        attention[1] *= 1 + p["traceable"] * lever[_LEVER["sim_registration"]]
        has_law = lever[[_LEVER[f"law.{channel}"] for channel in CHANNELS]].max(axis=0) > 0
        attention[0] *= has_law
        hits = np.minimum(cases * attention * p["conviction"] / self.market.senders, 1.0)
        # The largest send most (Pareto): hits on them remove more than their number (Lorenz curve).
        largest = hits ** (1 - 1 / p["tail"])
        self.hit = p["targeting"] * largest + (1 - p["targeting"]) * hits
        true = 1 - np.exp(-self.hit)
        private = 0.1 * lever[_LEVER["private_action"]] * has_law
        true[0] = np.minimum(true[0] + private, 1.0)
        self.risk += (true - self.risk) / p["perception_lag"]
        own = (BY_CLASS @ self.money.sum(axis=1))
        yearly = np.maximum(own * WEEKS_A_YEAR / self.market.senders, 1.0)
        fine = np.minimum(lever[_LEVER["fine"]] * self.market.income / yearly, p["assets"])
        self.at_stake = 0.05 + fine + lever[_LEVER["director_liability"]] * p["detention"]

    def _pressure(self) -> Array:
        """What the risk adds to a sender's cost, as a share of it, by class (classes, B)."""
        return np.asarray(self.risk * self.at_stake)

    def _lawful(self) -> Array:
        """The share of marketing that stops or becomes lawful (equation 10), by flow (F, B); 0 for crime."""
        p, lever = self.p, self.lever
        pressed = logistic((self._pressure()[0] - p["compliance_cost"]) / 0.1)
        never = logistic(-p["compliance_cost"] / 0.1)
        obeys = p["lawful_by_norm"] + (1 - p["lawful_by_norm"]) * np.maximum(pressed - never, 0.0)
        law = lever[[_LEVER[f"law.{channel}"] for channel in CHANNELS]]
        # Opt-out lets one message through and costs the receiver an act: half of what opt-in achieves.
        scope = law * (1 - self.shock[_SHOCK["exempt"]]) * obeys
        registered = self.listed * p["opt_out_obeyed"]
        lawful = np.zeros((len(FLOWS), self.runs))
        lawful[_ROW["marketing.email"]] = scope[_EMAIL]
        lawful[_ROW["marketing.sms"]] = 1 - (1 - scope[_SMS]) * (1 - registered[0])
        lawful[_ROW["marketing.voice"]] = 1 - (1 - scope[_VOICE]) * (1 - registered[1])
        return lawful

    # -- what is stopped ------------------------------------------------------------------------------------------

    def _cost_ratio(self) -> Array:
        """Cost of an attempt against today's, without sanctions (F, B): identities and machines get dearer."""
        p, lever = self.p, self.lever
        cost = np.ones((len(FLOWS), self.runs))
        cards = p["identity_share"] * p["sim_registration_cost"] * lever[_LEVER["sim_registration"]] * self.outward
        for name, part in (("domestic.sms", 1.0), ("domestic.voice", 1.0), ("offshore.sms", 0.6),
                           ("offshore.voice", 0.3), ("domestic.apps", 0.5)):
            cost[_ROW[name]] += part * cards
        resellers = 0.5 * p["identity_share"] * lever[_LEVER["reseller_rules"]] * self.outward
        cost[_FRAUD_SMS] += resellers
        return np.asarray(1 + (cost - 1) * self.market.sending)

    def _stopped(self) -> Array:
        """Share stopped before content is looked at (equation 2), by flow (F, B)."""
        p, lever = self.p, self.lever
        stop = np.zeros((len(FLOWS), self.runs))
        hold = 1 - self.leaks
        seen = 1 - self.shock[_SHOCK["bypass"]]
        # A name must be registered or its messages are marked, which stops half of what blocking stops.
        registry = p["named"] * lever[_LEVER["registry"]] * hold[0] * self.inward
        resellers = p["reseller_stop"] * lever[_LEVER["reseller_rules"]] * self.outward
        stop[_FRAUD_SMS] = (1 - (1 - registry) * (1 - resellers)) * seen
        stop[_ROW["marketing.sms"]] = 0.3 * lever[_LEVER["registry"]] * hold[0] * self.inward
        vetted = p["unvetted"] + (1 - p["unvetted"]) * lever[_LEVER["caller_id_vetting"]]
        caller = lever[_LEVER["caller_id"]] * vetted * hold[1] * self.inward
        stop[_ROW["offshore.voice"]] = p["spoofed.offshore_voice"] * caller
        stop[_ROW["domestic.voice"]] = p["spoofed.domestic_voice"] * caller
        mail = p["spoofed.email"] * lever[_LEVER["authentication"]] * hold[2]
        stop[_ROW["domestic.email"]] = stop[_ROW["offshore.email"]] = stop[_ROW["botnet.email"]] = mail
        return stop

    def _passed(self) -> Array:
        """Share of what is offered to content filters that passes (equation 2), by flow (F, B)."""
        lever = self.lever
        skill = self.filter + lever[_LEVER["blocklists"]] * self.p["blocklist_gain"] * _LEARNS
        skill = skill + STRICT_SKILL * lever[_LEVER["strictness"]] * (self.filter > 0.01)
        gap = self.normal_logit + self.evasion + self.shock[_SHOCK["evasion"]] - skill[CHANNEL_OF]
        passed = logistic(gap)
        hidden = self.shock[_SHOCK["bypass"]]
        for row in _FRAUD_SMS:
            passed[row] = np.maximum(passed[row], hidden + (1 - hidden) * passed[row])
        return passed

    def _response(self) -> Array:
        """How readily people fall for a delivered item, against today (F, B): trust, awareness, blocked links."""
        p, lever = self.p, self.lever
        aware = 1 - p["awareness.effect"] * ((GROUP_SHARES * GROUP_RISKS) @ self.aware)
        links = (1 - p["blocking_harm"] * lever[_LEVER["dns_blocking"]] * self.inward) * (
            1 - p["referral_gain"] * lever[_LEVER["referral"]])
        trust = (self.trust / p["trust.start"]) ** p["trust.power"] if self.structure.trust else 1.0
        by_channel = trust * aware * self.shock[[_SHOCK[f"response.{channel}"] for channel in CHANNELS]]
        by_channel[[_EMAIL, _SMS, _APPS]] *= links
        response = by_channel[CHANNEL_OF]
        response[_IS_MARKETING] = 1.0
        return np.asarray(response)

    # -- money ----------------------------------------------------------------------------------------------------

    def _move_money(self, margin: Array, trend: Array, stop: Array, barred: Array, week: int) -> None:
        """Entry and exit, displacement and takedown (equations 6 to 8). What moves out arrives elsewhere."""
        p, m, lever = self.p, self.market, self.lever
        open_way = np.ones_like(self.money)
        open_way[:, 0] = 1 - stop
        room = trend * open_way
        below = (margin > 1e-9) & (self.money < room)
        rebuild = p["rebuild"] if self.structure.rebuild == "capacity" else p["rebuild"] * np.minimum(5 * margin, 1.0)
        drift = np.tanh(2 * margin) * np.where(margin > 0, p["entry"] * open_way, p["exit"])
        grown = self.money * (1 + np.where(below, rebuild, drift))
        grown = np.where(below, np.minimum(grown, room), np.minimum(grown, MOST_SPENDING * m.spending))
        grown[:, 0] -= p["exit"] * np.minimum(barred, grown[:, 0])
        given_up = np.maximum(self.money - grown, 0.0) * p["converts"]
        # Who is convicted stops.
        liable = lever[_LEVER["director_liability"]]
        caught = self.hit * p["incapacitated"] * (1 + liable) / WEEKS_A_YEAR
        grown *= (1 - np.minimum(caught, 1.0))[CLASS_OF][:, None]
        blow = lever[_LEVER["takedown"]]
        if blow.any():
            bite = blow * (1 - self.hardened)
            grown[_ROW["botnet.email"]] *= 1 - bite
            grown[CLASS_OF == _OFFSHORE] *= 1 - p["takedown_reach"] * bite
            self.hardened = np.where(blow > 0, self.hardened + p["redundancy"] * (1 - self.hardened), self.hardened)
        leaving = p["mobility"] * grown
        grown = grown + given_up
        change = BY_CLASS @ (grown - self.money).sum(axis=1)
        leaving += given_up
        flood = np.minimum(self.shock[_FLOODS][CHANNEL_OF] * m.spending[:, 0] * _IS_FRAUD, 0.1 * grown[:, 1])
        leaves_outside = p["mobility"] * (1 - p["stays"]) * self.outside
        sharp = p["sharpness"] * (1.0 if self.structure.displacement == "logit" else 5.0)
        tempting = (1 + margin) * open_way - 1  # who comes anew meets what is stopped
        weight = m.spending * np.exp(np.clip(sharp * tempting, -8.0, 8.0))
        near = _by_class(leaving * p["stays"]) / _by_class(weight)
        away = BY_CLASS @ (leaving * (1 - p["stays"])).sum(axis=1) + leaves_outside
        whole = BY_CLASS @ weight.sum(axis=1) + m.outside
        arriving = weight * (near + (away / whole)[:, None])[CLASS_OF]
        arrives_outside = m.outside * away / whole
        leaving[:, 1] += flood
        arriving[:, 0] += flood
        self.money = grown - leaving + arriving
        self.outside = self.outside - leaves_outside + arrives_outside
        if self.record:
            moved_out = BY_CLASS @ leaving.sum(axis=1) + leaves_outside
            moved_in = BY_CLASS @ arriving.sum(axis=1) + arrives_outside
            for row, name in enumerate(CLASSES):
                self._keep(f"entered.{name}", week, np.maximum(change[row], 0.0) / MILLION)
                self._keep(f"left.{name}", week, np.maximum(-change[row], 0.0) / MILLION)
                self._keep(f"moved_out.{name}", week, moved_out[row] / MILLION)
                self._keep(f"moved_in.{name}", week, moved_in[row] / MILLION)

    # -- learning -------------------------------------------------------------------------------------------------

    def _learn(self, passed: Array) -> None:
        """Filters and senders learn (equation 3); ways round registries and signatures are found."""
        p, lever = self.p, self.lever
        duty = lever[[_LEVER[f"filtering.{channel}"] for channel in CHANNELS]]
        duty[_SMS] = np.maximum(duty[_SMS], lever[_LEVER["firewall"]])
        effort = np.minimum(duty + 0.2 * lever[_LEVER["code"]], 1.0) * self.inward
        reports = self._report_rate()
        known = 1 + reports / (reports + p["report_half"]) + 0.3 * lever[_LEVER["sharing"]]
        gain = p["filter_learning"] * _LEARNS * effort * known / (1 + np.exp((self.filter - 1.5) / 0.6))
        self.filter += gain - p["filter_ageing"] * self.filter
        more = np.maximum(self.normal_pass - passed, 0.0)
        self.evasion += p["evasion_learning"] * more - 0.01 * self.evasion
        ways = lever[_WAYS]
        self.leaks += p["leak"] * ways * (1 - self.leaks)
        open_, enforced = lever[_LEVER["registry_open"]], lever[_LEVER["registry"]]
        # Most register when names are blocked; before that only some do.
        pace = np.maximum(0.25 * open_, enforced) / p["registration_weeks"]
        self.unregistered *= np.exp(-pace)
        listing = lever[[_LEVER["opt_out_list.sms"], _LEVER["opt_out_list.voice"]]]
        # A year after it opens the share is opt_out_uptake; news of it by campaigns brings more.
        told = 1 + lever[[_LEVER[f"awareness.{group}"] for group in GROUPS]].mean(axis=0)
        self.listed += listing * told * p["opt_out_uptake"] / WEEKS_A_YEAR * (1 - self.listed)

    def _report_rate(self) -> Array:
        """Reports for each delivered item, by channel (C, B)."""
        p, lever = self.p, self.lever
        easy = lever[[_LEVER[f"reporting.{channel}"] for channel in CHANNELS]]
        return np.asarray(p["reports.none"] + easy * (p["reports.easy"] - p["reports.none"]))

    # -- machines -------------------------------------------------------------------------------------------------

    def _machines(self) -> None:
        """Infected hosts at home (equation 12), against today."""
        p, lever = self.p, self.lever
        reached = p["bots.quarantine"] * lever[_LEVER["quarantine"]] * self.inward
        growth = p["bots.growth"] * self.bots * (1 - self.bots / self.bots_most)
        self.bots = np.maximum(self.bots + growth - (p["bots.cleaning"] + reached) * self.bots, 1e-6)

    def _bots_sending(self) -> Array:
        """Mail of home bots that leaves the country, against today."""
        closed = self.lever[_LEVER["port25"]] * self._closing() * (1 - self.p["port25_leak"])
        now, normal = (money[_ROW["botnet.email"]].sum(axis=0) for money in (self.money, self.market.spending))
        return np.asarray(self.bots * (1 - closed) * now / normal)

    def _closing(self) -> Array:
        """Closing a port needs no skill: nearly all do it once it is asked."""
        return np.asarray(0.5 + 0.5 * self.inward)

    # -- people ---------------------------------------------------------------------------------------------------

    def _people(self, delivered: Array) -> None:
        """Trust (equation 13) and awareness (equation 15)."""
        p, lever, m = self.p, self.lever, self.market
        if self.structure.trust:
            seen = (BY_CHANNEL @ (delivered * _SHAKES)) / (BY_CHANNEL @ (m.delivered * _SHAKES))
            loses = p["trust.healing"] * (1 - p["trust.start"]) * seen
            self.trust = np.clip(self.trust - loses + p["trust.healing"] * (1 - self.trust), 0.05, 1.0)
        reached = lever[[_LEVER[f"awareness.{group}"] for group in GROUPS]]
        self.aware += reached * (1 - self.aware) - self.aware * np.log(2) / p["awareness.half_life"]
        self.relief = np.maximum(self.relief * np.exp(-1 / p["relief_weeks"]), lever[_LEVER["announced"]] * p["relief"])

    def _wanted_shares(self) -> Array:
        """Share of wanted items lost this week by channel (equation 14), (C, B)."""
        p, lever = self.p, self.lever
        normal = np.array([p["false_positives.email"], *[p["false_positives.other"]] * 3])
        strict = 1 + (p["strict_price"] - 1) * lever[_LEVER["strictness"]] * (self.filter > 0.01)
        lost = np.minimum(normal * np.exp(0.5 * self.filter) * strict, 0.2)
        law = lever[[_LEVER[f"law.{channel}"] for channel in CHANNELS]]
        chilled = p["chill"] * law
        chilled[[_VOICE, _APPS]] *= 0.1
        lost += chilled
        lost[_SMS] += self.unregistered * np.where(lever[_LEVER["registry"]] > 0.75, 1.0, 0.1) * (
            lever[_LEVER["registry"]] > 0) * self.inward
        lost[_EMAIL] += (p["listed"] * self.market.infected / 15 * self._bots_sending()
                         + 1e-4 * lever[_LEVER["authentication"]])
        lost[_VOICE] += 1.5e-4 * lever[_LEVER["caller_id"]]
        lost[[_EMAIL, _APPS]] += 3e-5 * lever[_LEVER["dns_blocking"]]
        if self.structure.trust:
            lost[_VOICE] += p["unknown_calls"] * p["ignored"] * (1 - self.trust[_VOICE])
        return np.asarray(np.minimum(lost, 1.0))

    # -- accounts -------------------------------------------------------------------------------------------------

    def _count_wanted(self, week: int) -> None:
        m = self.market
        shares = self._wanted_shares()
        items = m.wanted * shares
        value = (items * m.worth).sum(axis=0) * self.shock[_SHOCK["precious"]]
        # Honest payments that are held are wanted things lost as well.
        value += (self.p["payment_nuisance"] * self.lever[_LEVER["payment_friction"]] ** 2 * m.income * m.people
                  / WEEKS_A_YEAR)
        for row, channel in enumerate(CHANNELS):
            self._add(f"wanted_items.{channel}", week, items[row] / MILLION)
            self._add(f"wanted_share.{channel}", week, shares[row] / self.weeks, whole=shares[row])
        self._add("wanted_items", week, items.sum(axis=0) / MILLION)
        self._add("wanted_lost", week, value / MILLION)

    def _count(self, week: int, attempts: Array, undeliverable: Array, stopped: Array, filtered: Array,
               delivered: Array, victims: Array, paid: Array, recovered: Array, revenue: Array,
               middlemen: Array) -> None:
        p, m = self.p, self.market
        second = m.income / SECONDS_OF_WORK / 2
        reports = self._report_rate()
        by_channel = {"attempted": attempts, "undeliverable": undeliverable, "stopped": stopped, "filtered": filtered,
                      "delivered": delivered, "victims": victims}
        for name, flows in by_channel.items():
            unit = 1.0 if name == "victims" else MILLION
            flows = np.where(_IS_MARKETING[:, None], 0.0, flows) if name == "victims" else flows
            channels = BY_CHANNEL @ flows
            for row, channel in enumerate(CHANNELS):
                self._add(f"{name}.{channel}", week, channels[row] / unit)
            self._add(name, week, flows.sum(axis=0) / unit)
        classes = BY_CLASS @ delivered
        for row, sender in enumerate(CLASSES):
            self._add(f"delivered.{sender}", week, classes[row] / MILLION)
        complaints = (BY_CHANNEL @ delivered) * reports * (1 - self.relief)
        self._add("complaints", week, complaints.sum(axis=0) / MILLION)
        loss = ((paid - recovered) * m.regretted).sum(axis=0)
        seconds = np.where((CHANNEL_OF == _VOICE)[:, None], p["interruption"], p["handling"])
        time = (delivered * seconds).sum(axis=0) * second
        self._add("paid", week, paid.sum(axis=0) / MILLION)
        self._add("recovered", week, recovered.sum(axis=0) / MILLION)
        self._add("revenue", week, revenue.sum(axis=0) / MILLION)
        self._add("middlemen", week, middlemen.sum(axis=0) / MILLION)
        self._add("loss", week, loss / MILLION)
        self._add("time", week, time / MILLION)
        # What leaves the country; and what fraud costs in the neighbour's market and, from home, in others.
        sent = (self.money[_FROM_HOME, 1:].sum(axis=1) / m.cost[_FROM_HOME]).sum(axis=0)
        world = m.spending[_ROW["botnet.email"]].sum(axis=0) / m.cost[_ROW["botnet.email"]]
        by_bots = m.bots / WORLD_BOTS * world * self._bots_sending()
        self._add("sent_abroad", week, (sent + by_bots) / MILLION)
        abroad = (self.money[_FRAUD, 1] * self.normal_loss[_FRAUD]).sum(axis=0)
        abroad += (self.money[_FRAUD_FROM_HOME, 2] * self.normal_loss[_FRAUD_FROM_HOME]).sum(axis=0)
        self._add("harm_abroad", week, abroad / MILLION)
        for flow in self._flows_asked:
            row = _ROW[flow]
            self._keep(f"attempted.{flow}", week, attempts[row] / MILLION)
            self._keep(f"delivered.{flow}", week, delivered[row] / MILLION)
            self._keep(f"victims.{flow}", week, victims[row])
            self._keep(f"revenue.{flow}", week, revenue[row] / MILLION)
            self._keep(f"loss.{flow}", week, ((paid - recovered) * m.regretted)[row] / MILLION)
            self._keep(f"time.{flow}", week, delivered[row] * seconds[row] * second / MILLION)

    @property
    def _flows_asked(self) -> list[str]:
        return [flow for flow in _ROW if any(name.endswith(f".{flow}") for name in self.record)]

    def _record_states(self, week: int, margin: Array) -> None:
        if not self.record:
            return
        for flow, row in _ROW.items():
            for place, market in enumerate(MARKETS):
                ending = "" if market == "home" else f".{market}"
                self._keep(f"spending.{flow}{ending}", week, self.money[row, place] / MILLION)
                self._keep(f"margin.{flow}{ending}", week, margin[row, place])
        for row, channel in enumerate(CHANNELS):
            self._keep(f"skill.{channel}", week, self.filter[row])
            self._keep(f"trust.{channel}", week, self.trust[row])
        for row, group in enumerate(GROUPS):
            self._keep(f"awareness.{group}", week, self.aware[row])
        for row, sender in enumerate(CLASSES):
            self._keep(f"risk.{sender}", week, self.risk[row])
            self._keep(f"outside.{sender}", week, self.outside[row] / MILLION)
        for row in range(len(self.abuse)):
            self._keep(f"operator.{row + 1}", week, self.abuse[row])
        self._keep("bots", week, self.bots)
        self._keep("bots.listed", week, self._bots_sending())
        self._keep("unregistered", week, self.unregistered)

    def _add(self, name: str, week: int, value: Array, whole: Array | None = None) -> None:
        """Add to a total; keep the week's value where it was asked for (`whole` in place of an average's part)."""
        if week == 0:
            self.totals[name] = value.copy()
        else:
            self.totals[name] += value
        self._keep(name, week, value if whole is None else whole)

    def _keep(self, name: str, week: int, value: Array) -> None:
        if name in self.record:
            self.record[name][week] = value
            self.unwritten.discard(name)
