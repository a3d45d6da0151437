"""The levers of the simulator: what measures set, week by week, by name. Instruments name them, the model reads them.

A lever is an intensity from 0 (off) to 1 (wholly in force) unless its unit says otherwise. How much an intensity does
is the model's, and stands with its range and source in datasets/policy/parameters.toml.
"""

from __future__ import annotations

from collections.abc import Mapping

CHANNELS = ("email", "sms", "voice", "apps")
GROUPS = ("careful", "average", "exposed")
"""User groups by how easily they fall for fraud, the least first."""

LEVERS: Mapping[str, str] = {
    **{f"law.{channel}": "consent rule in force: 1 opt-in, 0.5 opt-out" for channel in CHANNELS},
    "fine": "maximum fine, in yearly GDP per head",
    "director_liability": "persons, not only firms, can be sanctioned",
    "private_action": "those harmed can sue senders",
    "opt_out_list.sms": "an opt-out list that lawful senders must respect",
    "opt_out_list.voice": "an opt-out list that lawful senders must respect",
    "officers": "investigators at work on cases, full-time equivalents (the plan sets it: staff that no measure uses)",
    "powers": "powers to demand information from operators and banks",
    "fraud_first": "share of the investigators' attention that goes to fraud rather than marketing",
    "audit": "audits of operators, with fines behind them",
    "port25": "share of subscribers whose outbound port 25 is closed",
    "authentication": "share of mail domains under a mandate to publish and enforce authentication",
    "registry_open": "senders can register their names",
    "registry": "names that are not registered are marked (0.5) or blocked (1)",
    "firewall": "filtering of SMS in operators' networks",
    "caller_id": "validation of calling numbers at the border, or signatures",
    "caller_id_vetting": "who signs calls is vetted",
    "dns_blocking": "harmful domains are blocked by operators' resolvers",
    **{f"filtering.{channel}": "duty of operators to filter" for channel in CHANNELS},
    "strictness": "filters set to stop more at the price of wanted messages",
    "quarantine": "infected customers are confined and helped",
    "notice": "infected customers are written to",
    "sim_registration": "SIM cards are registered to persons",
    "code": "industry code of practice, by share of subscribers whose operator signed",
    "sharing": "operators and firms share signs of spam",
    **{f"reporting.{channel}": "an easy way to report" for channel in CHANNELS},
    "rankings": "rankings of operators by the spam that leaves them are published",
    "reseller_rules": "resellers of bulk messages and calls must know their customers",
    "payment_friction": "banks and payment firms stop payments to known senders",
    **{f"awareness.{group}": "share of the group reached by a campaign in this week" for group in GROUPS},
    "reach_abroad": "working agreements by which cases abroad are pursued",
    "referral": "harmful sites and numbers are reported to whoever can remove them, at once",
    "blocklists": "blocklists shared with other countries",
    "takedown": "share of the bulk capacity that an operation of this week switches off",
    "announced": "a new rule is in the news this week",
}
"""Lever -> what an intensity of 1 means, or its unit."""
