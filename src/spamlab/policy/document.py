"""A policy as a document: the measures in their order, and the texts that only people can judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One measure: an instrument of datasets/policy/instruments with its settings. start: the earliest week, from 0."""

    instrument: str
    start: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Policy:
    """A policy document.

    economy: name of a profile. years: 1 to 5. measures: in order of priority. text: purpose, proportionality, rights,
    remedies; they must be there before a score is shown.
    """

    title: str
    economy: str
    years: int
    measures: tuple[Measure, ...]
    text: Mapping[str, str]
