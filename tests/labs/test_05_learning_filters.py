"""Lab 05, learning filters: its data separates, its answers are fair, its filter is judged as it deserves."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from spamlab.content.lab import read_lab
from spamlab.content.prose import message_smells
from spamlab.course.attempts import Draws, answer_of, read_attempts, score, total
from spamlab.course.build import build_source
from spamlab.judge.catalogue import say
from spamlab.judge.handed_out import set_of, sets_of
from spamlab.judge.judging import judge_answer, judge_outputs, patterns, right_answer, text_of
from spamlab.judge.kinds import Document, Filter
from spamlab.judge.lab_data import Data, clashes, load_checks, load_module, one_draw
from spamlab.judge.question import Item, Question
from spamlab.kit.dataset import Records
from spamlab.seeds import derive

ROOT = Path(__file__).parents[2]
LAB = read_lab(ROOT / "labs" / "05-learning-filters")
CHECKS = load_checks(LAB.folder)
DATA = load_module(LAB.folder / "data.py", "05-learning-filters/data.py")
SEEDS = 20
CLOSED = [question for question in CHECKS.questions.values() if not isinstance(question.kind, Filter | Document)]


@lru_cache(maxsize=4 * SEEDS)
def drawn(number: int, purpose: str) -> Data:
    """The first draw of one imagined participant."""
    return one_draw(LAB, derive(b"lab 05", f"p{number}", LAB.id, purpose), purpose)


def draws(number: int) -> Draws:
    """The three sets of one imagined participant."""
    return Draws(*(drawn(number, purpose) for purpose in ("practice", "twin", "hidden")))


def item_of(question: Question, data: Data, purpose: str) -> Item:
    """The question asked about a draw that has what it needs."""
    item = question.item(purpose, data)
    assert item is not None
    return item


def right(question: Question, item: Item) -> Any:
    """The right answer as somebody gives it; the judge's own form of a list of marks is another."""
    assert question.answer_function is not None
    return question.answer_function(item)


def asked() -> Iterator[tuple[Question, Item]]:
    """Every closed question about practice and twin of some participants."""
    for number, purpose in itertools.product(range(6), ("practice", "twin")):
        for question in CLOSED:
            item = question.item(purpose, drawn(number, purpose))
            if item is not None:
                yield question, item


def test_right_answer_and_known_mistakes_differ_at_the_first_draw() -> None:
    """No draw of texts is thrown away: every table is made so that all answers differ. `labs check` tries 200."""
    for number, purpose in itertools.product(range(SEEDS), ("practice", "twin")):
        assert clashes(CHECKS, drawn(number, purpose), purpose) == []


def test_each_known_mistake_is_named_and_not_full() -> None:
    """Put to the judge, a known mistake gets its own code and less than all points; the right answer gets all."""
    for question, item in asked():
        assert judge_answer(question, item, right(question, item)).state == "right"
        for mistake in question.mistakes:
            assert mistake.answer is not None
            verdict = judge_answer(question, item, mistake.answer(item))
            assert (verdict.code, verdict.share < 1) == (mistake.code, True), question.id


def test_each_closed_question_has_three_mistakes_and_three_hints() -> None:
    """Questions with points name at least three mistakes and three hints with titles."""
    for question in CHECKS.questions.values():
        if question.points:
            assert len(question.mistakes) >= 3
            assert len(question.hints) == 3


def test_points_and_minutes_add_up() -> None:
    """The points are 27, and the plan in lab.toml is the lab's 85 minutes and the questions' own."""
    plan = tomllib.loads(LAB.file("lab.toml").read_text(encoding="utf-8"))["plan"]
    assert sum(question.points for question in CHECKS.questions.values()) == 27
    assert sum(plan.values()) == LAB.minutes == 85
    assert all(plan[name] == CHECKS.questions[name].minutes for name in plan if name in CHECKS.questions)


@pytest.mark.parametrize("name", ["right", "guided"])
def test_attempts_that_see_what_is_handed_out_earn_everything(name: str) -> None:
    """The right and the guided-only attempt earn every point, the filter on hidden messages among them."""
    for number in range(2):
        for attempt in read_attempts(LAB, name):
            shares = score(LAB, CHECKS, attempt, draws(number), core=name == "guided")
            assert total(CHECKS, shares) == 1, shares
            for question in CLOSED:
                item = item_of(question, drawn(number, "practice"), "practice")
                given = answer_of(attempt, question, drawn(number, "practice"), "practice")
                assert judge_answer(question, item, given).share == 1, question.id


def test_right_answers_over_many_seeds() -> None:
    """What the right attempt works out from twins is right for all participants."""
    attempt = read_attempts(LAB, "right")[0]
    for number in range(SEEDS):
        twin = drawn(number, "twin")
        for question in CLOSED:
            if "twin" in question.about:
                given = answer_of(attempt, question, twin, "twin")
                assert judge_answer(question, item_of(question, twin, "twin"), given).state == "right", question.id


def test_guessing_attempts_earn_little() -> None:
    """The middle of everything, the first of every list, or nothing in form: none reaches a sixth of the points."""
    for number in range(2):
        for attempt in read_attempts(LAB, "wrong"):
            assert total(CHECKS, score(LAB, CHECKS, attempt, draws(number))) < 1 / 6, attempt.name


def test_answers_of_another_participant_earn_little() -> None:
    """Copied twins: a tenth of the closed questions' points on the average."""
    count = 16
    twins = [drawn(number, "twin") for number in range(count)]
    earned = 0.0
    closed = [question for question in CLOSED if "twin" in question.about]
    for question in closed:
        items = [item_of(question, twin, "twin") for twin in twins]
        answers = [right(question, item) for item in items]
        shares = [judge_answer(question, items[own], answers[other]).share
                  for own, other in itertools.permutations(range(count), 2)]
        earned += question.points * sum(shares) / len(shares)
    assert earned < sum(question.points for question in closed) / 8


def test_no_label_lies_in_what_is_to_be_judged() -> None:
    """Messages to try the filter on hold an id, a text and a day: no label, no note, no type."""
    for purpose, name in (("practice", "try"), ("hidden", "hidden")):
        records = sets_of(drawn(1, purpose))[name]
        assert {key for one in records for key in one} == {"id", "text", "sent"}
        assert {drawn(1, purpose)[str(one["id"])].facts["label"] for one in records} == {"ham", "spam"}


def test_new_types_come_in_april_and_stay() -> None:
    """The lab leans on it: the new types are in no message of winter and most of April's; old ones sleep in April."""
    shares = {}
    for name, purpose in (("train", "practice"), ("later", "practice"), ("hidden", "hidden")):
        spam = [one for number in range(3) for key, one in drawn(number, purpose).items()
                if set_of(key) == name and one.facts["label"] == "spam"]
        shares[name] = sum(one.facts["type"] in DATA.NEW_TYPES for one in spam) / len(spam)
    assert shares["train"] == 0
    assert shares["later"] > 0.8
    assert 0.3 < shares["hidden"] < 0.7


def test_known_filters_are_named_on_practice_and_hidden_messages() -> None:
    """Each mistaken filter is known by its scores and earns less than all."""
    question = CHECKS.questions["q8"]
    kind = question.kind
    assert isinstance(kind, Filter)
    sets = draws(5)
    for data in (sets.practice, sets.hidden):
        for place, outputs in patterns(question, kind, data, sets.practice).items():
            verdict = judge_outputs(question, data, outputs, practice=sets.practice)
            assert (verdict.state, verdict.code) == ("mistake", question.mistakes[place].code)
            assert verdict.share < 1
            assert verdict.details[0].startswith("Where the type is")


def test_copies_are_what_was_planted() -> None:
    """Test messages are copies word for word or with other digits and links; the others are on no side twice."""
    for number, (purpose, new) in itertools.product(range(6), (("practice", ""), ("twin", "new"))):
        sets = sets_of(drawn(number, purpose))
        exact = {one["text"] for one in sets[f"{new}train"]}
        bare = {DATA.bare(text) for text in exact}
        near = [one for one in sets[f"{new}test"] if DATA.bare(one["text"]) in bare and one["text"] not in exact]
        same = [one for one in sets[f"{new}test"] if one["text"] in exact]
        assert len(same) >= 3
        assert len(near) >= 6
        assert len(same) + len(near) < len(sets[f"{new}test"]) / 2


def test_messages_prompts_and_hints_are_short_and_plain() -> None:
    """All that a participant may read is at most 60 words in short plain sentences, with every place filled."""
    for number in range(5):
        data = drawn(number, "practice")
        for question in CHECKS.questions.values():
            item = item_of(question, data, "practice")
            texts = [question.asked(item), *(text_of(mistake.message, item) for mistake in question.mistakes)]
            texts += [text_of(hint.text, item) for hint in question.hints]
            texts += [hint.title for hint in question.hints]
            if question.answer_function is not None:
                texts.append(judge_answer(question, item, right(question, item)).message)
            for text in texts:
                assert "{" not in text
                if question.id != "q6" or text != texts[0]:  # the message of a customer stands in it
                    assert message_smells(text) == [], text


@pytest.mark.parametrize(("name", "answers"), [
    ("q1", (0, 3, 10_000)), ("q3", (0.01, 95, 50)), ("q4", tuple(range(5, 100, 5))), ("q7", ("2025-07", "2026-06")),
])
def test_unknown_wrong_answers_get_a_fact_about_themselves(name: str, answers: tuple[Any, ...]) -> None:
    """An answer that is no known mistake is told something true of it, never the judge's general sentence."""
    question = CHECKS.questions[name]
    for number in range(3):
        item = item_of(question, drawn(number, "practice"), "practice")
        for answer in answers:
            verdict = judge_answer(question, item, answer)
            assert verdict.message != say("wrong")
            assert message_smells(verdict.message) == [], verdict.message


NOTE = {"cut": "The limit is 2 of 100, since a lost one is dear", "found": "130 of 140 of May", "lost": "4 of 209",
        "weak": "No other language than English", "watch": "every Monday, found by type", "text": "word " * 130}


@pytest.mark.parametrize(("change", "code"), [
    ({"cut": "the best"}, "cut-without-reason"), ({"found": "93%"}, "percent-without-number"),
    ({"weak": "none"}, "no-weakness"), ({"watch": "it will be monitored"}, "no-date"),
    ({"text": "It finds all fraud. " + "word " * 130}, "promises"),
    ({"text": "See https://pay.example/x " + "word " * 130}, "shows-a-message"), ({"text": "word"}, "word-count"),
])
def test_the_form_check_of_the_note_names_what_is_missing(change: dict[str, str], code: str) -> None:
    """A complete note is saved; each part that is missing has its own sentence."""
    question = CHECKS.questions["q9"]
    item = item_of(question, drawn(1, "practice"), "practice")
    assert judge_answer(question, item, NOTE).state == "saved"
    assert judge_answer(question, item, NOTE | change).code == code


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The lab's helpers.py as a notebook imports it, with one participant's sets."""
    monkeypatch.syspath_prepend(str(LAB.folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delitem(sys.modules, "helpers", raising=False)
    import helpers as found  # type: ignore[import-not-found]

    monkeypatch.delitem(sys.modules, "helpers", raising=False)
    sets = sets_of(drawn(1, "practice")) | sets_of(drawn(1, "twin"))
    monkeypatch.setattr(found, "dataset", lambda name: Records(name, sets[name]))
    return found


def test_desk_and_judge_count_the_same(helpers: Any) -> None:
    """The numbers that a participant reads at the desk are those that the judge compares."""
    question = CHECKS.questions["q1"]
    for purpose, new in (("practice", ""), ("twin", "new")):
        train, test = helpers.dataset(f"{new}train").texts, helpers.dataset(f"{new}test").texts
        item = item_of(question, drawn(1, purpose), purpose)
        assert helpers.copies(train, test, "bare")["copied"] == right_answer(question, item)
        known = {mistake.code: mistake.answer(item) for mistake in question.mistakes if mistake.answer}
        assert helpers.copies(train, test, "exact")["copied"] == known["exact-only"]
        assert helpers.copies(train, test, "plain")["copied"] == known["exact-only"]


def test_every_display_shows_its_numbers(helpers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables and figures are made for practice and points, with an alt text that is short enough."""
    for part in ("practice", "points"):
        for show in (helpers.show_copies, helpers.show_columns, helpers.show_cuts,
                     helpers.show_fit, helpers.show_months):
            show(part)
    helpers.show_mini()
    helpers.show_vote()
    helpers.show_note(None)
    assert "found, in 100" in capsys.readouterr().out


def test_the_worked_example_goes_wrong_and_is_mended(helpers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The filter that reads the note is right every time; the one that reads words is not, and fails on April."""
    first = helpers.build_filter(helpers.FIRST)
    second = helpers.build_filter({**helpers.FIRST, "reads": "words"})
    for one, name in ((first, "test"), (second, "test"), (second, "later")):
        helpers.show_result(one, helpers.dataset(name))
    lines = [line for line in capsys.readouterr().out.splitlines() if "unwanted, found;" in line]
    shares = [float(line.rpartition("(")[2].rstrip("%)")) for line in lines]
    assert shares[0] == 100
    assert shares[1] > 85
    assert shares[2] < 40
    helpers.show_words(second)
    helpers.show_words(second, "your parcel is held, pay at once")
    assert helpers.build_filter(None) is None


def test_only_the_leak_is_right_every_time(helpers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the worked example the filter of words errs, nearly always on unwanted messages too: parcels are new."""
    missed = []
    for number in range(SEEDS):
        sets = sets_of(drawn(number, "practice"))
        monkeypatch.setattr(helpers, "dataset", lambda name, sets=sets: Records(name, sets[name]))
        test = helpers.dataset("test")
        found = helpers.scores(helpers.build_filter({**helpers.FIRST, "reads": "words"}), test)
        wrong = [label for label, score in zip(test.labels, found, strict=True) if (label == "spam") != (score >= 50)]
        assert wrong, number
        missed.append(wrong.count("spam"))
        assert missed[-1] <= 0.15 * test.labels.count("spam")
    assert sum(one > 0 for one in missed) >= 0.9 * SEEDS
    for number in range(3):
        facts = [one.facts["type"] for key, one in drawn(number, "practice").items() if key.startswith("train-")]
        assert facts.count(DATA.RARE) <= 2 * DATA.RARE_IN_TRAINING  # it may be one of those that stand there twice


@pytest.mark.parametrize("reads", ["words", "letters"])
def test_the_program_to_take_home_scores_as_the_filter_does(helpers: Any, tmp_path: Path, reads: str) -> None:
    """With Python alone, isolated from this project, it gives the filter's own scores."""
    made = helpers.build_filter({**helpers.FIRST, "learns": "both", "reads": reads})
    helpers.take_home(None, made, lambda name, text: (tmp_path / name).write_text(text, encoding="utf-8"))
    texts = helpers.dataset("test").texts[:40]
    (tmp_path / "messages.txt").write_text("\n".join(" ".join(text.split()) for text in texts), encoding="utf-8")
    code = ("import json, sys; sys.path.insert(0, '.'); import score_messages as s; "
            "print(json.dumps([s.score(line)[0] for line in open('messages.txt', encoding='utf-8')"
            ".read().split(chr(10))]))")
    run = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = (tmp_path / "messages.txt").read_text(encoding="utf-8").split("\n")
    own = [100 * float(row[-1]) for row in made.predict_proba(lines)]
    assert json.loads(run.stdout) == pytest.approx(own, abs=0.1)
    shown = subprocess.run([sys.executable, "-I", "score_messages.py", "messages.txt"], cwd=tmp_path,
                           capture_output=True, text=True, check=True)
    assert len(shown.stdout.splitlines()) == len([line for line in lines if line.strip()])


def test_the_notebook_is_built_and_says_how_to_hand_in() -> None:
    """It builds, is far below 500 kB, and names what to press."""
    text = build_source(LAB, CHECKS).decode()
    assert len(text) < 100_000
    assert "**Assignment List**" in text
    assert LAB.file("sheet.md").read_text(encoding="utf-8").count("Assignment List") == 1


def test_the_sheet_speaks_of_every_known_mistake() -> None:
    """Each code has its line for the trainer."""
    sheet = LAB.file("sheet.md").read_text(encoding="utf-8")
    for question in CHECKS.questions.values():
        for mistake in question.mistakes:
            assert f"`{mistake.code}`" in sheet, mistake.code
