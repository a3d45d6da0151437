"""Call records add up, and what they show agrees with their truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

from spamlab.generate.calls import CAUSES, MANNERS, NO_ANSWER_TIMER, TRUNKS, Trunk, billed, by_trunk
from spamlab.generate.languages import read_language
from spamlab.generate.numbers import PREMIUM, country_of
from spamlab.generate.safety import fictional_number
from spamlab.generate.traffic import Made, Traffic, open_traffic
from spamlab.shipped import default_folder

DATASETS = default_folder("datasets")
TRUNK = {one.name: one for one in TRUNKS}


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    """The recipe of all kinds of calls."""
    return open_traffic(DATASETS, "voice", 11)


@pytest.fixture(scope="module")
def calls(traffic: Traffic) -> list[Made]:
    """Two thousand calls."""
    return list(traffic.records(0, 2000))


def of_type(calls: Sequence[Made], name: str) -> list[Made]:
    """Those of one type; there must be some."""
    found = [one for one in calls if one.truth["type"] == name]
    assert found
    return found


@given(st.integers(0, 10**9))
def test_times_and_units_add_up(number: int) -> None:
    """In every call, answer is start and ringing, end is answer and talk, and what is billed covers the talk."""
    one = _TRAFFIC.made(number).record
    start, ended = datetime.fromisoformat(one["sent"]), datetime.fromisoformat(one["ended"])
    assert (ended - start).total_seconds() == one["ring_seconds"] + one["duration_seconds"]
    if one["outcome"] in ("answered", "voicemail"):
        answered = datetime.fromisoformat(one["answered"])
        assert (answered - start).total_seconds() == one["ring_seconds"]
        assert (ended - answered).total_seconds() == one["duration_seconds"] > 0
        assert one["billed_seconds"] >= one["duration_seconds"]
        assert one["cause"] in (16, 31, 41)
    else:
        assert one["answered"] == ""
        assert one["duration_seconds"] == one["billed_seconds"] == 0
        assert one["cause"] in {"busy": (17,), "rejected": (21,), "no answer": (16, 19)}[one["outcome"]]
    assert one["ring_seconds"] <= NO_ANSWER_TIMER
    assert (one["cause"] == 19) == (one["outcome"] == "no answer" and one["ring_seconds"] == NO_ANSWER_TIMER)
    assert one["cause"] in CAUSES
    assert TRUNK[one["trunk"]].operator == one["operator"]


_TRAFFIC = open_traffic(DATASETS, "voice", 12)


@given(st.integers(0, 10**5), st.sampled_from(TRUNKS))
def test_billing(seconds: int, one: Trunk) -> None:
    """What is billed is the first unit and whole further ones, and never a unit too much."""
    found = billed(seconds, one.name)
    if not seconds:
        assert found == 0
    else:
        assert found == one.first + max(0, ceil((seconds - one.first) / one.then)) * one.then
        assert found - one.then < max(seconds, one.first) <= found


def test_sums_by_trunk(calls: list[Made]) -> None:
    """The sums of all trunks are the sums of all calls."""
    records = [one.record for one in calls]
    totals = by_trunk(records)
    assert sum(one.calls for one in totals.values()) == len(records)
    assert sum(one.answered for one in totals.values()) == sum(one["answered"] != "" for one in records)
    assert sum(one.seconds for one in totals.values()) == sum(one["duration_seconds"] for one in records)
    assert sum(one.billed for one in totals.values()) == sum(one["billed_seconds"] for one in records)
    assert set(totals) == set(TRUNK)


def test_numbers_are_fictional(calls: list[Made]) -> None:
    """Whatever number stands in a record or its truth, nobody has it; the country told is the number's."""
    for one in calls:
        record, truth = one.record, one.truth
        for number in (record["sender"], record["asserted"], record["recipient"], truth["origin_number"]):
            assert not number or fictional_number(number)
        assert record["country"] == country_of(record["sender"] or record["asserted"])


def test_the_attestation_agrees_with_the_truth(calls: list[Made]) -> None:
    """A signed call carries the attestation that is right for it, and a spoofed one never a full one."""
    for one in calls:
        record, truth = one.record, one.truth
        assert record["attestation"] in ("", truth["right_attestation"])
        assert truth["spoofed"] == (truth["spoofing"] != "")
        carrier = TRUNK[record["trunk"]].carrier
        if carrier != "ip":
            assert truth["right_attestation"] == "C"
        elif truth["spoofed"]:
            assert truth["right_attestation"] == "B"
        assert not (carrier == "tdm" and record["attestation"])
        assert not (truth["spoofed"] and truth["label"] == "ham")
        if not truth["spoofed"] and record["sender"] and truth["right_attestation"] == "A":
            assert record["sender"] == record["asserted"] == truth["origin_number"]
    seen = Counter(one.record["attestation"] for one in calls)
    assert set(seen) == {"", "A", "B", "C"}


def test_neighbours_look_local(calls: list[Made]) -> None:
    """A call of the type "spoofed local number" shows another number of the called one's own area."""
    for one in of_type(calls, "local_number"):
        assert one.truth["spoofing"] == "neighbour"
        assert one.record["sender"] != one.record["recipient"]
        assert one.record["sender"][:5] == one.record["recipient"][:5]


def test_one_ring_calls(calls: list[Made]) -> None:
    """They ring for three seconds at most, nobody answers, and the number is foreign or of premium rate."""
    for one in of_type(calls, "wangiri"):
        record = one.record
        assert (record["outcome"], record["cause"], record["answered"]) == ("no answer", 16, "")
        assert 1 <= record["ring_seconds"] <= 3
        assert record["sender"].startswith(PREMIUM[0][0]) or record["country"] != country_of(record["recipient"])
        assert one.truth["origin_number"] == record["sender"]
        assert record["text"]


def test_both_labels_have_calls_without_words(calls: list[Made]) -> None:
    """Neither a missed call nor a silent line tells the label by its text: the notes are those of both."""
    wordless = {"ham": ("missed", "missed_firm", "pocket_call"), "spam": ("wangiri", "robo_unanswered", "robo_silent")}
    notes = {label: {one.record["text"].split(" ")[0] for one in calls if one.truth["type"] in wordless[label]}
             for label in ("ham", "spam")}
    assert notes["ham"] & notes["spam"] >= {"Missed", "1", "[no"}


def test_outcomes_of_both_labels_are_mixed(calls: list[Made]) -> None:
    """Each outcome and each way in is met by both labels."""
    for field in ("outcome", "trunk", "attestation"):
        seen = {(one.truth["label"], one.record[field]) for one in calls}
        assert {value for label, value in seen if label == "ham"} == {value for label, value in seen if label == "spam"}


def test_a_withheld_number_is_known_to_the_network(calls: list[Made]) -> None:
    """Where no number is shown, the operator of entry asserts one (or says nothing, from abroad)."""
    for one in of_type(calls, "withheld_clinic"):
        assert one.record["sender"] == ""
        assert one.record["asserted"] in ("", one.truth["origin_number"])


def test_nothing_but_the_content_gives_the_label_away(calls: list[Made]) -> None:
    """A classifier on id, time and the called number is at chance; how a call goes is its content."""
    rows = np.array([[int(letter) for text in (one.record["sent"], one.record["id"], one.record["recipient"][-4:])
                      for letter in text if letter.isdigit()] for one in calls])
    labels = np.array([one.truth["label"] == "spam" for one in calls])
    found = cross_val_score(RandomForestClassifier(60, random_state=0), rows, labels, cv=5, scoring="roc_auc").mean()
    assert abs(found - 0.5) < 0.05, found


@pytest.mark.parametrize("recipe", ["voice-wangiri", "voice-spoofing"])
def test_recipes_for_labs(recipe: str) -> None:
    """Each recipe gives both labels and all the types that it names."""
    traffic = open_traffic(DATASETS, recipe, 3)
    made = list(traffic.records(0, 600))
    assert {one.truth["type"] for one in made} == set(traffic.recipe.types)
    assert {one.truth["label"] for one in made} == {"ham", "spam"}


@pytest.mark.parametrize("path", sorted((DATASETS / "languages").glob("*/voice")), ids=lambda path: path.parent.name)
def test_manners_are_known(path: Path) -> None:
    """Every type of call names a manner that the module knows."""
    language = read_language(path.parent, "voice")
    for one in language.types["voice"]:
        assert one.sender.partition(":")[2] in MANNERS, one.name
