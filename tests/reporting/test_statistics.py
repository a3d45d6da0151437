"""Item statistics of a small room whose figures can be counted by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.judge.entries import Entry
from spamlab.reporting.statistics import Asked, lab_statistics

QUESTIONS = [Asked("q1", "Border", 2, {"bottom-line": "took the bottom line"}), Asked("q2", "Handover", 3),
             Asked("q8", "Report", 5, manual=True), Asked("v1", "Vote", 0, {"top": "the top line"})]
ROOM = ("p01", "p02", "p03", "p04", "p05")


def at(minute: int) -> str:
    """A moment of the morning."""
    return f"2026-11-24T10:{minute:02d}:00.000+00:00"


def line(name: str, question: str, event: Any, state: str = "", code: str = "", share: float | None = None,
         minute: int = 0) -> Entry:
    """An entry of the ledger."""
    return Entry(name, "02", question, event, "", state, code, share, at=at(minute))


CLASS = [
    line("p01", "q1", "asked", minute=0), line("p01", "q1", "tried", "right", "", 1.0, 2),
    line("p02", "q1", "asked", minute=0), line("p02", "q1", "tried", "form", "", None, 1),
    line("p02", "q1", "tried", "mistake", "bottom-line", 0.0, 3), line("p02", "q1", "hint", "", "1", minute=4),
    line("p02", "q1", "tried", "mistake", "bottom-line", 0.0, 5), line("p02", "q1", "tried", "right", "", 1.0, 8),
    line("p03", "q1", "asked", minute=0), line("p03", "q1", "tried", "part", "", 0.5, 4),
    line("p04", "q1", "asked", minute=0), line("p04", "v1", "saved", "saved", "top", minute=9),
    line("p04", "v1", "saved", "saved", "right", minute=10), line("p03", "v1", "saved", "saved", "top", minute=9),
    line("stranger", "q1", "tried", "right", "", 1.0),
]


def item(found: dict[str, Any], name: str) -> dict[str, Any]:
    """One question's figures."""
    return next(one for one in found["items"] if one["question"] == name)


def test_one_participant_is_told_in_the_singular() -> None:
    """A room of one, as at a trainer's own trial, is warned of in good English."""
    found = lab_statistics("02", QUESTIONS, CLASS[:2], ROOM[:1])
    assert "One participant is few: read the intervals, not the figures alone." in found["warnings"]


def test_before_grading_the_first_try_counts() -> None:
    """First tries of 1, 0 and 0.5 are a mean of one half of three, and the page says on what it stands."""
    found = lab_statistics("02", QUESTIONS, CLASS, ROOM)
    first = item(found, "q1")
    assert found["basis"] == "class"
    assert first["difficulty"]["share"] == 0.5
    assert first["difficulty"]["of"] == 3
    assert first["difficulty"]["low"] < 0.5 < first["difficulty"]["high"]
    assert (found["room"], found["started"]) == (5, 4)


def test_help_and_mistakes_are_counted_by_person_and_by_try() -> None:
    """One person made the mistake in two tries, one of four opened a hint, the median to right is five minutes."""
    first = item(lab_statistics("02", QUESTIONS, CLASS, ROOM), "q1")
    assert first["mistakes"][0]["trainer"] == "took the bottom line"
    assert (first["mistakes"][0]["tries"], first["mistakes"][0]["participants"]["count"]) == (2, 1)
    assert (first["hints"]["count"], first["hints"]["of"]) == (1, 4)
    assert first["seconds_to_right"] == {"median": 300.0, "participants": 2}
    assert first["attempts"] == {"mean": 1.67, "median": 1, "participants": 3}
    assert (first["omitted"]["count"], first["omitted"]["of"]) == (1, 4)


def test_of_a_vote_the_last_choice_counts() -> None:
    """p04 went from the top line to the right one: only p03's choice is a mistake, and a vote has no difficulty."""
    vote = item(lab_statistics("02", QUESTIONS, CLASS, ROOM), "v1")
    assert [(row["code"], row["participants"]["count"]) for row in vote["mistakes"]] == [("top", 1)]
    assert vote["difficulty"] is None


def graded(shares: dict[str, tuple[float, float]]) -> list[Entry]:
    """Grades of both questions; 0 stands for a missing answer."""
    return [line(name, question, "graded", "missing" if not share else "right", "", share)
            for name, both in shares.items() for question, share in zip(("q1", "q2"), both, strict=True)]


def test_after_grading_only_the_graded_count() -> None:
    """Who did not hand in is left out; a missing answer counts as nought and as omitted; a regrade replaces."""
    entries = CLASS + graded({"p01": (0.0, 0.0)}) + graded({"p01": (1.0, 1.0), "p02": (0.0, 1.0), "p03": (0.0, 0.0)})
    found = lab_statistics("02", QUESTIONS, entries, ROOM)
    assert (found["basis"], found["counted"]) == ("graded", 3)
    assert item(found, "q1")["difficulty"]["share"] == pytest.approx(1 / 3, abs=1e-4)
    assert (item(found, "q1")["omitted"]["count"], item(found, "q2")["omitted"]["count"]) == (2, 1)
    assert item(found, "q1")["item_rest"]["value"] == pytest.approx(0.5)
    assert item(found, "q8")["difficulty"] is None
    assert any("q8" in warning for warning in found["warnings"])
    assert "under 30" in found["alpha"]["warning"]


def test_mistakes_of_grading_are_counted_beside_those_of_class() -> None:
    """p02 still makes the mistake in the answer that earns points, and p03 makes it there first."""
    entries = [*CLASS, line("p02", "q1", "graded", "mistake", "bottom-line", 0.0),
               line("p03", "q2", "graded", "mistake", "reversed", 0.0)]
    found = lab_statistics("02", QUESTIONS, entries, ROOM)
    assert [(row["code"], row["tries"], row["graded"]) for row in item(found, "q1")["mistakes"]] == [
        ("bottom-line", 2, 1)]
    assert [(row["code"], row["participants"]["count"], row["graded"]) for row in item(found, "q2")["mistakes"]] == [
        ("reversed", 0, 1)]


def test_points_given_by_hand_join_in() -> None:
    """A person's points make the report a question like the others."""
    by_hand = {("p01", "q8"): 0.8, ("p02", "q8"): 0.4}
    found = lab_statistics("02", QUESTIONS, graded({"p01": (1.0, 1.0), "p02": (0.0, 1.0)}), ROOM, by_hand)
    assert item(found, "q8")["difficulty"]["share"] == 0.6
    assert not any("q8" in warning for warning in found["warnings"])


def test_a_vote_is_left_out_by_who_did_not_vote() -> None:
    """After grading too, a question without points counts as answered by who answered it in class."""
    found = lab_statistics("02", QUESTIONS, CLASS + graded({"p03": (1.0, 1.0), "p01": (0.0, 1.0)}), ROOM)
    assert (item(found, "v1")["omitted"]["count"], item(found, "v1")["omitted"]["of"]) == (1, 2)


def test_the_judges_word_on_a_document_is_no_share() -> None:
    """A document whose form is right, and which nobody has read yet, has no share; left empty, it is left out."""
    form = [line("p01", "q8", "graded", "saved", "", 1.0), line("p02", "q8", "graded", "missing", "", 0.0)]
    found = lab_statistics("02", QUESTIONS, graded({"p01": (1.0, 1.0), "p02": (0.0, 1.0)}) + form, ROOM)
    assert item(found, "q8")["difficulty"] is None
    assert item(found, "q8")["omitted"]["count"] == 1


def test_an_empty_room_has_no_figures_and_no_trouble() -> None:
    """Before anybody has come everything is told as missing."""
    found = lab_statistics("02", QUESTIONS, [], ROOM)
    assert found["basis"] == "none"
    assert found["alpha"]["value"] is None
    assert all(one["difficulty"] is None for one in found["items"])


EVENT = st.sampled_from(["asked", "tried", "hint", "saved", "graded", "note"])
STATE = st.sampled_from(["", "right", "part", "mistake", "wrong", "form", "saved", "missing", "error", "trace"])


@given(st.lists(st.builds(
    Entry, st.sampled_from(["p01", "p02", "p03", "x"]), st.just("02"),
    st.sampled_from(["", "q1", "q1-twin", "q2", "v1", "zz"]), EVENT, st.just(""), STATE,
    st.sampled_from(["", "1", "right", "bottom-line"]), st.none() | st.floats(0, 1), st.none(),
    st.sampled_from([at(1), at(2), "soon"])), max_size=40))
def test_any_ledger_gives_plain_data(entries: list[Entry]) -> None:
    """Whatever the ledger holds, the figures are JSON and every share lies within its interval."""
    found = lab_statistics("02", QUESTIONS, entries, ROOM)
    json.dumps(found, allow_nan=False)
    for one in found["items"]:
        if one["difficulty"]:
            assert one["difficulty"]["low"] <= one["difficulty"]["share"] + 1e-4
            assert one["difficulty"]["share"] <= one["difficulty"]["high"] + 1e-4
