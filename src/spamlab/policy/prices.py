"""What each instrument costs in an economy, and a policy document to begin with.

Does not belong here: what a whole policy costs, with what is left for it (plan.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spamlab.policy.document import TEXTS, WEEKS_A_YEAR, Measure, Policy, policy_toml
from spamlab.policy.instruments import PILLARS, Instrument, Setting, read_instruments
from spamlab.policy.plan import plan
from spamlab.records.economy import Economy

YEARS = 3
PAYERS = ("state", "operators", "senders")
_PLENTY = {"policy_budget": 1e15, "spam_staff": 1e6}
_FIRST = ("complaint-line", "information-sharing", "published-rankings", "code-of-practice", "sms-firewall")
"""Mild measures to begin with; those that an economy's staff can run are taken."""


def price_list(economy: Economy) -> list[dict[str, Any]]:
    """Each instrument with its usual settings, and what it costs over three years where nothing delays it."""
    return [{
        "id": one.id, "pillar": one.pillar, "title": one.title, "about": one.about,
        "settings": [{"name": setting.name, "label": setting.label, "allowed": allowed(setting),
                      "default": list(setting.default) if isinstance(setting.default, tuple) else setting.default}
                     for setting in one.settings],
        "needs": list(one.needs), "lead_weeks": one.lead_weeks, "ramp_weeks": one.ramp_weeks,
        "cost": prices(one, economy), "source": one.source, "evidence": list(one.evidence),
        "confidence": one.confidence} for one in read_instruments().values()]


def prices(instrument: Instrument, economy: Economy) -> dict[str, float]:
    """What an instrument with its usual settings costs over three years, by payer, in million US dollars."""
    rich = replace(economy, figures={**economy.figures, **_PLENTY})
    alone = replace(instrument, needs=())
    made = plan(Policy("", economy.name, YEARS, (Measure(instrument.id, 0, {}),), {}), rich, {instrument.id: alone},
                weeks=WEEKS_A_YEAR * YEARS)
    return {payer: round(float(made.costs[instrument.id, payer].sum()) / 1e6, 6) for payer in PAYERS
            if (instrument.id, payer) in made.costs}


def price_text(listed: list[dict[str, Any]], economy: str) -> str:
    """The price list as text, by pillar."""
    lines = [f"Cost: million US dollars over {YEARS} years in {economy}, with the usual settings, central figures."]
    for pillar, title in PILLARS.items():
        lines += ["", title]
        for one in (each for each in listed if each["pillar"] == pillar):
            cost = ", ".join(f"{payer} {value:.2f}" for payer, value in one["cost"].items()) or "nothing"
            needs = f"; needs {', '.join(one['needs'])}" if one["needs"] else ""
            lines += [f"  {one['id']}: {one['title']}", f"    cost: {cost}; lead: {one['lead_weeks']} weeks{needs}",
                      *(f"    {setting['name']}: {setting['allowed']}" for setting in one["settings"]),
                      f"    source ({one['confidence']} confidence): {one['source']}"]
    return "\n".join(lines)


def allowed(setting: Setting) -> str:
    """What a setting may be, as it is written in a document."""
    if setting.kind == "switch":
        return "true or false"
    if setting.kind == "number":
        return f"{setting.least:g} to {setting.most:g} {setting.unit}".strip()
    values = ", ".join(setting.values)
    return f"a list of {values}" if setting.kind == "many" else f"one of {values}"


def new_document(economy: Economy) -> str:
    """A document to begin with, which `read_policy` takes: two mild measures, and the four texts to be written."""
    known = read_instruments()
    tried = Policy("", economy.name, YEARS, tuple(Measure(name, 8 * place, known[name].complete({}))
                                                  for place, name in enumerate(_FIRST) if name in known), {})
    begun = plan(tried, economy, known, weeks=WEEKS_A_YEAR * YEARS).starts
    measures = tuple(one for one in tried.measures if begun[one.instrument] is not None)[:2]
    head = [f"# A policy against spam. Economy: {economy.title}.",
            "# Measures come first that stand first: what can't be staffed or paid starts later, in this order.",
            "# start: the earliest week. All instruments and their settings: spamlab policy instruments",
            "# A score is shown once the four texts are there:"]
    head += [f"#   {key}: {one.about} (at least {one.words} words)" for key, one in TEXTS.items()]
    text = policy_toml(Policy("A policy against spam", economy.name, YEARS, measures, dict.fromkeys(TEXTS, "")))
    return "\n".join(head) + "\n\n" + text
