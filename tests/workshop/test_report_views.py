"""Statistics and likeness as the instructor's page words them, from plain data."""

from __future__ import annotations

from typing import Any

import pytest

from spamlab.judge.entries import Entry
from spamlab.reporting.statistics import Asked, lab_statistics
from spamlab.workshop.report_views import kind_view, statistics_view

QUESTIONS = [Asked("q1", "Border", 2), Asked("q2", "Handover", 3)]


def tried(name: str, question: str, share: float) -> Entry:
    """A first try in class."""
    return Entry(name, "02", question, "tried", "", "right" if share == 1 else "part", "", share,
                 at="2026-11-24T10:00:00.000+00:00")


def room(shares: list[tuple[float, float]]) -> dict[str, Any]:
    """The statistics of a room with these shares of two questions."""
    names = [f"p{number:02d}" for number in range(1, len(shares) + 1)]
    entries = [tried(name, question, share) for name, both in zip(names, shares, strict=True)
               for question, share in zip(("q1", "q2"), both, strict=True)]
    return statistics_view({**lab_statistics("02", QUESTIONS, entries, names), "title": "Header forensics"})


def test_a_figure_without_any_value_is_left_out() -> None:
    """The correlation is drawn where somebody differs, and left out where all answers are alike."""
    differ = room([(1, 1), (0, 0), (1, 0.5), (0.5, 0.5), (0, 0.5), (1, 1)])["figures"]
    assert all("<svg" in figure for figure in differ)
    alike = room([(1, 1)])["figures"]
    assert ["<svg" in figure for figure in alike] == [True, False]


@pytest.mark.parametrize(("usual", "said"), [(0.0, "share nearly nothing"), (0.12, "share 12 % or less")])
def test_the_usual_likeness_is_a_sentence(usual: float, said: str) -> None:
    """What half of all pairs share is told in words where it is nothing to speak of."""
    view = kind_view("code", {"compared": 4, "usual": usual, "common": 0, "cut": [], "pairs": []})
    assert said in " ".join(view.sentences)
