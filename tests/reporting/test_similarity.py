"""Similarity of submissions: what counts, what does not, and what is said of it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.reporting.grams import code_units, cut_up, word_units
from spamlab.reporting.similarity import (
    EXPLANATIONS,
    SENTENCE,
    Given,
    Work,
    compare,
    compare_pair,
    similarity_report,
    uncommented,
)

OWN = '''
def border(raw):
    # from the top
    for number, line in enumerate(lines_of(raw), 1):
        if line.by in HOSTS and line.address not in OURS:
            return {"border_line": number, "handover": line.address}
    return {"border_line": 0, "handover": ""}
'''
RENAMED = '''
def find_it(message):
    """Another comment, other names, other strings."""
    for n, received in enumerate(lines_of(message), 1):
        if received.by in OUR_SERVERS and received.address not in NET:
            return {"line": n, "who": received.address}
    return {"line": 0, "who": "-"}
'''
OTHER = '''
import re
found = re.findall(r"by (\\S+)", text)
while found and found[-1].endswith(".example"):
    found.pop()
total = sum(len(one) for one in found) / max(1, len(found))
print(f"{total:.2f}", *sorted(set(found), key=str.lower, reverse=True), sep="; ")
'''
LETTER = ("Dear colleagues of the abuse desk, on Tuesday at ten past nine your network handed a message to our border "
          "host. The line below names the address and the exact time. Please find the customer and stop the sending.")
OTHER_LETTER = ("To whom it may concern: we ask you to look at one of your clients, who has sent unwanted offers to "
                "several offices of ours since Monday. Attached you find what our gateway wrote when it took the mail.")


def pair(first: str, second: str, kind: str = "code") -> float:
    """The share of two sources."""
    return compare_pair("a", cut_up({"x": first}, kind), "b", cut_up({"x": second}, kind), kind).share


@given(st.text("abcxyz ()=.:\n\"'#1", max_size=300), st.text("abcxyz ()=.:\n\"'#1", max_size=300))
def test_a_pair_is_the_same_from_both_sides(first: str, second: str) -> None:
    """The share does not depend on who comes first, and lies between 0 and 1."""
    share = pair(first, second)
    assert share == pytest.approx(pair(second, first))
    assert 0 <= share <= 1


@given(st.text("abcxyz ()=.:\n\"'#1", max_size=300))
def test_a_submission_is_wholly_like_itself(source: str) -> None:
    """The share of equal sources is 1 wherever they are long enough for one gram, else 0."""
    assert pair(source, source) == (1 if len(code_units(source)) >= 12 else 0)


@given(st.text(max_size=300))
def test_units_lie_in_their_source(source: str) -> None:
    """Any text at all is cut into units in order, each inside the text and none empty."""
    for units in (code_units(source), word_units(source)):
        ends = [0]
        for _, begin, end in units:
            assert ends[-1] <= begin < end <= len(source)
            ends.append(end)


def test_renamed_variables_comments_and_strings_change_nothing() -> None:
    """A function with other names, comments and strings is still the same function, nearly whole."""
    assert pair(OWN, RENAMED) > 0.85


def test_typed_answers_are_data_and_no_code() -> None:
    """The open way's calls hold the participant's data: two who both typed theirs share nothing by that."""
    first = '''answer('q6', {'1': {'spf': 'a.example', 'dkim': 'none'}, '3': {'spf': "failed", 'n': [1, -2, None]}})'''
    assert len(code_units(first)) < 12
    assert len(code_units("rows[0]; f(x)['a']['b']; total[1:2]")) == 20


def test_other_code_and_other_letters_share_nothing() -> None:
    """Two independent solutions and two independent letters share next to nothing."""
    assert pair(OWN, OTHER) < 0.05
    assert pair(LETTER, OTHER_LETTER, "text") == 0


def test_reordered_cells_change_nothing() -> None:
    """Where the cells stand and what they are called does not matter."""
    one = cut_up({"a": OWN, "b": OTHER}, "code")
    two = cut_up({"c": OTHER, "d": OWN}, "code")
    assert compare_pair("p", one, "q", two, "code").share == 1


def test_what_the_lab_gave_out_does_not_count() -> None:
    """Equal code that stands in the lab's helpers or, as a comment, in its notebook is nobody's own."""
    works = [Work("p01", {"c": OWN}, {}), Work("p02", {"c": RENAMED}, {})]
    assert compare(works, Given(), "code").pairs
    commented = "\n".join(f"# {line}" for line in OWN.splitlines())
    for source in (OWN, commented):
        found = compare(works, Given(code=[source]), "code")
        assert not found.pairs
        assert found.too_little == ("p01", "p02")
    assert "def border(raw):" in uncommented(commented)


def test_what_most_of_the_room_wrote_does_not_count() -> None:
    """A solution that more than half of the room found is the natural way, and no pair is listed for it."""
    works = [Work(f"p{number}", {"c": OWN}, {}) for number in range(8)]
    works += [Work(f"q{number}", {"c": OTHER}, {}) for number in range(3)]
    found = compare(works, Given(), "code")
    assert {name for one in found.pairs for name in (one.first, one.second)} == {"q0", "q1", "q2"}
    assert found.common > 0


def test_code_and_texts_are_compared_apart() -> None:
    """A copied letter is found among the texts and leaves the code's list empty."""
    works = [Work("p01", {"c": OWN}, {"q8": LETTER}), Work("p02", {"c": OTHER}, {"q8": LETTER.upper()})]
    assert not compare(works, Given(), "code").pairs
    found = compare(works, Given(), "text").pairs
    assert [(one.first, one.second, one.share) for one in found] == [("p01", "p02", 1.0)]
    assert found[0].passages[0].first_text == LETTER


def test_a_part_taken_by_a_longer_submission_is_listed() -> None:
    """Who copied one function into much other work is listed by the share of the one who wrote it."""
    works = [Work("p01", {"c": OWN}, {}), Work("p02", {"c": RENAMED, **{f"d{n}": OTHER.replace("1", "+" * n)
                                                                        for n in range(9)}}, {})]
    found = compare(works, Given(), "code").pairs[0]
    assert found.share < 0.4
    assert found.first_share > 0.8
    assert "for number, line" in found.passages[0].first_text
    assert "for n, received" in found.passages[0].second_text


def test_the_report_never_accuses() -> None:
    """The words say "worth a look", name other explanations, and no word accuses anybody."""
    report = similarity_report([Work("p01", {"c": OWN}, {}), Work("p02", {"c": OWN}, {})], Given())
    assert json.loads(json.dumps(report))["sentence"] == SENTENCE
    assert len(report["explanations"]) >= 3
    words = " ".join([SENTENCE, *EXPLANATIONS]).lower()
    assert not any(word in words for word in ("plagiar", "cheat", "copied from", "guilty", "fraud"))


def test_an_endless_submission_is_cut_and_named() -> None:
    """A submission of a megabyte is looked at in part, quickly, and named as cut."""
    works = [Work("p01", {"c": "x = (1, 2)\n" * 100_000}, {}), Work("p02", {"c": OWN}, {})]
    begin = time.process_time()
    assert compare(works, Given(), "code").cut == ("p01",)
    assert time.process_time() - begin < 20


def test_forty_submissions_take_less_than_ten_seconds() -> None:
    """A room of forty with five cells of own code each is compared in seconds."""
    works = [Work(f"p{number}", {f"c{cell}": (OWN + OTHER).replace(
        "1", f"f{number * 7 % 11}(" * (number % 5) + "1" + ")" * (number % 5)) * 3 for cell in range(5)},
        {"q8": LETTER})
        for number in range(40)]
    begin = time.process_time()
    similarity_report(works, Given())
    assert time.process_time() - begin < 10
