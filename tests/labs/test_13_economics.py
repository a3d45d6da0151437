"""Lab 13, costs and benefits: its data separates, its answers are fair, its desks and the judge count the same."""

from __future__ import annotations

import csv
import itertools
import json
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spamlab.content.lab import read_lab
from spamlab.content.prose import message_smells
from spamlab.course.attempts import Draws, answer_of, read_attempts, score, total
from spamlab.course.build import build_source
from spamlab.judge.catalogue import say
from spamlab.judge.handed_out import sets_of
from spamlab.judge.judging import judge_answer, right_answer, text_of
from spamlab.judge.kinds import Document
from spamlab.judge.lab_data import Data, clashes, load_checks, load_module, one_draw
from spamlab.judge.question import Item, Question
from spamlab.kit.dataset import Records
from spamlab.kit.errors import KitError
from spamlab.kit.figure import MOST_ALT
from spamlab.policy.instruments import read_instruments
from spamlab.policy.scenarios import read_scenarios
from spamlab.seeds import derive

ROOT = Path(__file__).parents[2]
LAB = read_lab(ROOT / "labs" / "13-economics")
CHECKS = load_checks(LAB.folder)
DATA = load_module(LAB.folder / "data.py", "13-economics/data.py")
SEEDS = 40
PURPOSES = (("practice", ""), ("twin", "new"))
CLOSED = [question for question in CHECKS.questions.values() if not isinstance(question.kind, Document)]


@lru_cache(maxsize=4 * SEEDS)
def drawn(number: int, purpose: str) -> Data:
    """The first draw of one imagined participant."""
    return one_draw(LAB, derive(b"lab 13", f"p{number}", LAB.id, purpose), purpose)


def draws(number: int) -> Draws:
    """The three sets of one imagined participant."""
    return Draws(*(drawn(number, purpose) for purpose in ("practice", "twin", "hidden")))


def item_of(question: Question, data: Data, purpose: str) -> Item:
    """The question asked about a draw that has what it needs."""
    item = question.item(purpose, data)
    assert item is not None
    return item


def right(question: Question, item: Item) -> Any:
    """The right answer as somebody gives it."""
    assert question.answer_function is not None
    return question.answer_function(item)


def asked(seeds: int = 12) -> Iterator[tuple[Question, Item]]:
    """Every closed question about practice and twin of some participants."""
    for number, (purpose, _new) in itertools.product(range(seeds), PURPOSES):
        for question in CLOSED:
            item = question.item(purpose, drawn(number, purpose))
            if item is not None:
                yield question, item


def test_right_answer_and_known_mistakes_differ_at_the_first_draw() -> None:
    """Every table is drawn until all its answers differ, so that no draw is thrown away. `labs check` tries 200."""
    for number, (purpose, _new) in itertools.product(range(SEEDS), PURPOSES):
        assert clashes(CHECKS, drawn(number, purpose), purpose) == []


def test_a_draw_is_quick_and_the_same_again() -> None:
    """`labs check` draws hundreds of times, so ten take far less than three seconds; the same seed, the same data."""
    began = time.perf_counter()
    again = [one_draw(LAB, derive(b"lab 13", f"p{number}", LAB.id, "twin"), "twin") for number in range(10)]
    assert time.perf_counter() - began < 3
    for number, data in enumerate(again):
        assert {name: one.record for name, one in data.items()} == {
            name: one.record for name, one in drawn(number, "twin").items()}


def test_each_known_mistake_is_named_and_not_full() -> None:
    """Put to the judge, a known mistake gets its own code and less than all points; the right answer gets all."""
    for question, item in asked():
        assert judge_answer(question, item, right(question, item)).state == "right"
        for mistake in question.mistakes:
            assert mistake.answer is not None
            verdict = judge_answer(question, item, mistake.answer(item))
            assert (verdict.code, verdict.share < 1) == (mistake.code, True), question.id


def test_each_question_with_points_has_three_mistakes_and_three_hints() -> None:
    """Questions with points name at least three mistakes and three hints with titles."""
    for question in CHECKS.questions.values():
        if question.points:
            assert len(question.mistakes) >= 3
            assert len(question.hints) == 3


def test_points_and_minutes_add_up() -> None:
    """The points are 29, and the plan in lab.toml is the lab's 85 minutes and the questions' own."""
    plan = tomllib.loads(LAB.file("lab.toml").read_text(encoding="utf-8"))["plan"]
    assert sum(question.points for question in CHECKS.questions.values()) == 29
    assert sum(plan.values()) == LAB.minutes == 85
    assert all(plan[name] == CHECKS.questions[name].minutes for name in plan if name in CHECKS.questions)


@pytest.mark.parametrize("name", ["right", "guided"])
def test_attempts_that_see_what_is_handed_out_earn_everything(name: str) -> None:
    """The right attempt, and the one that reads rounded numbers off the desks, earn every point whoever plays them."""
    for number in range(SEEDS):
        for attempt in read_attempts(LAB, name):
            shares = score(LAB, CHECKS, attempt, draws(number), core=name == "guided")
            assert total(CHECKS, shares) == 1, shares
            for question in CLOSED:
                item = item_of(question, drawn(number, "practice"), "practice")
                given = answer_of(attempt, question, drawn(number, "practice"), "practice")
                assert judge_answer(question, item, given).share == 1, question.id


def test_guessing_attempts_earn_little() -> None:
    """The middle of everything, the first of every list, or nothing in form: none reaches a fifth of the points."""
    for number in range(8):
        for attempt in read_attempts(LAB, "wrong"):
            assert total(CHECKS, score(LAB, CHECKS, attempt, draws(number))) < 1 / 5, attempt.name


def test_answers_of_another_participant_earn_little() -> None:
    """Copied twins: an eighth of the closed questions' points on the average."""
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


def test_nothing_handed_out_says_who_pays_or_what_the_effect_is() -> None:
    """The kind of a cost line, the true effect and the direction of spam stand in facts, not in records."""
    for purpose, new in PURPOSES:
        data = drawn(1, purpose)
        sets = sets_of(data)
        assert {key for one in sets[f"{new}effect"] for key in one} == {
            "id", "quarter", "stage", "home", "neighbour", "complaints"}
        assert {key for one in sets[f"{new}lines"] for key in one} == {"id", "line", "what", "amount", "takes"}
        assert data[f"{new}effect-0001"].facts["effect"] > 0
        assert drawn(1, "hidden") == {}


def test_the_true_effect_lies_in_the_range_that_a_careful_reader_finds() -> None:
    """Four pairs of quarters give a range that holds the truth; before-and-after at home never comes near it."""
    naive_low = naive_high = 0
    for number, (purpose, new) in itertools.product(range(SEEDS), PURPOSES):
        rows = sets_of(drawn(number, purpose))[f"{new}effect"]
        facts = drawn(number, purpose)[f"{new}effect-0001"].facts
        pairs, answers = DATA.pair_effects(rows), DATA.effect_answers(rows)
        assert min(pairs) <= facts["effect"] <= max(pairs)
        assert abs(answers["right"] - facts["effect"]) <= 3
        assert abs(answers["before-after"] - facts["effect"]) > DATA.NEAR
        naive_low += answers["before-after"] < facts["effect"]
        naive_high += answers["before-after"] > facts["effect"]
        assert (answers["before-after"] < facts["effect"]) == (facts["shape"] == "grew")
    assert min(naive_low, naive_high) > SEEDS / 2, "both confounds occur"


def test_the_best_shares_are_found_by_trying_all() -> None:
    """No way to give out the shares avoids more than the right one, what fines need counted in."""
    for number, (purpose, new) in itertools.product(range(12), PURPOSES):
        rows = sets_of(drawn(number, purpose))[f"{new}next"]
        best = DATA.next_answers(rows)["right"]
        assert all(DATA.gain_of(rows, one) <= DATA.gain_of(rows, best) for one in DATA.allocations(len(rows)))
        assert all(before > after for row in rows for before, after in itertools.pairwise(row["adds"]))


def test_least_mean_regret_is_the_highest_mean_and_the_rule_is_another() -> None:
    """What hint 2 of question 7 says is true, and in each draw the rule chooses another bundle."""
    for number, (purpose, new) in itertools.product(range(12), PURPOSES):
        rows = sets_of(drawn(number, purpose))[f"{new}years"]

        def mean_regret(bundle: str, rows: list[dict[str, Any]] = rows) -> float:
            return float(np.average(DATA.regrets(rows, bundle), weights=[row["chance"] for row in rows]))

        assert min(rows[0]["bundles"], key=mean_regret) == DATA.mean_best(rows) != DATA.rule_best(rows)
        assert sum(row["chance"] for row in rows) == 10


def test_messages_prompts_and_hints_are_short_and_plain() -> None:
    """All that a participant may read is at most 60 words in short plain sentences, with every place filled."""
    for number, (purpose, _new) in itertools.product(range(5), PURPOSES):
        data = drawn(number, purpose)
        for question in CHECKS.questions.values():
            item = question.item(purpose, data)
            if item is None:
                continue
            texts = [question.asked(item), *(text_of(mistake.message, item) for mistake in question.mistakes)]
            texts += [text_of(hint.text, item) for hint in question.hints]
            texts += [hint.title for hint in question.hints]
            if question.answer_function is not None:
                texts.append(judge_answer(question, item, right(question, item)).message)
            for text in texts:
                assert "{" not in text
                smells = [one for one in message_smells(text) if text != texts[0] or "words, at most 60" not in one]
                assert smells == [], text


@pytest.mark.parametrize(("name", "answers"), [
    ("w1", (0, 7)), ("q1", (0, 1, 10**7)), ("q3", (0, 1000)), ("q5", (0.0001, 10**8)), ("q8", (0.00001, 10**9)),
    ("q6", ({"best": 1, "low": 0, "high": 2, "reason": "hidden"}, [99, 98, 100, "hidden"])),
])
def test_unknown_wrong_answers_get_a_fact_about_themselves(name: str, answers: tuple[Any, ...]) -> None:
    """An answer that is no known mistake is told something true of it, never the judge's general sentence."""
    question = CHECKS.questions[name]
    for number in range(3):
        item = item_of(question, drawn(number, "practice"), "practice")
        for answer in answers:
            verdict = judge_answer(question, item, answer)
            assert verdict.state in {"wrong", "mistake", "part"}
            assert verdict.message != say("wrong")
            assert message_smells(verdict.message) == [], verdict.message


def test_amounts_are_read_in_the_unit_of_the_country() -> None:
    """A million and a thousand of it are the same amount; another word is an error of form."""
    question = CHECKS.questions["q5"]
    units = set()
    for number in range(SEEDS):
        item = item_of(question, drawn(number, "practice"), "practice")
        value = float(right_answer(question, item))
        own = drawn(number, "practice")["economy-0001"].record["unit"]
        units.add(own)
        dollars = value * (1e6 if own == "million" else 1e3)
        for given in (value, f"{value} {own}", f"{value} {own} USD", f"{dollars / 1e6:.9f} million dollars",
                      f"{dollars / 1e3:.6f} thousand"):
            assert judge_answer(question, item, given).state == "right", given
        assert judge_answer(question, item, f"{value} euro").state == "form"
    assert units == {"million", "thousand"}


def test_shares_must_be_as_many_as_there_are() -> None:
    """More or fewer than three shares are sent back and count no try; two of three well placed earn a part."""
    question = CHECKS.questions["q4"]
    item = item_of(question, drawn(2, "practice"), "practice")
    best = right(question, item)
    assert judge_answer(question, item, {name: {"shares": 1} for name in best}).state == "form"
    assert judge_answer(question, item, {name: {"shares": 0} for name in best}).state == "form"
    assert judge_answer(question, item, {next(iter(best)): {"shares": 3}}).state == "form"


MEMO = {"measure": "The registry", "benefit": "12 million USD, between 4 and 21, in three years",
        "payer": "Operators 2 million, the state 1", "mind": "If fewer than 60 firms register by June",
        "unmeasured": "Fraud on other channels", "text": "word " * 130}


@pytest.mark.parametrize(("change", "code"), [
    ({"benefit": "about 12 million"}, "no-range"), ({"payer": "the state"}, "no-payer"),
    ({"mind": "nothing"}, "nothing-changes-it"), ({"mind": "we will look at it later on"}, "nothing-changes-it"),
    ({"unmeasured": "nothing"}, "all-is-measured"), ({"text": "We guarantee it. " + "word " * 130}, "promises"),
    ({"text": "word"}, "word-count"),
])
def test_the_form_check_of_the_memo_names_what_is_missing(change: dict[str, str], code: str) -> None:
    """A complete memo is saved; each part that is missing has its own sentence."""
    question = CHECKS.questions["q9"]
    item = item_of(question, drawn(1, "practice"), "practice")
    assert judge_answer(question, item, MEMO).state == "saved"
    assert judge_answer(question, item, MEMO | change).code == code


Shown = dict[str, Any]


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The lab's helpers.py as a notebook imports it, with one participant's sets; desks are kept, not shown."""
    monkeypatch.syspath_prepend(str(LAB.folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delitem(sys.modules, "helpers", raising=False)
    import helpers as found  # type: ignore[import-not-found]

    monkeypatch.delitem(sys.modules, "helpers", raising=False)
    sets = sets_of(drawn(1, "practice")) | sets_of(drawn(1, "twin"))
    monkeypatch.setattr(found, "dataset", lambda name: Records(name, sets[name]))
    return found


@pytest.fixture
def desks(helpers: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Shown]:
    """Title -> fields, answer and start of each desk that was asked for."""
    kept: dict[str, Shown] = {}

    def keep(title: str, fields: Any, answer: Any, *, start: Any = None) -> None:
        kept[title] = {"fields": fields, "answer": answer, "start": start}

    monkeypatch.setattr(helpers, "desk", keep)
    return kept


def test_desks_and_judge_count_the_same(helpers: Any, desks: dict[str, Shown]) -> None:
    """What a desk says to the right choices is right, and to a mistake's choices it is that mistake."""
    for part, (purpose, new) in zip(("practice", "points"), PURPOSES, strict=True):
        rows = sets_of(drawn(1, purpose))[f"{new}effect"]
        answers = DATA.effect_answers(rows)
        choices = {"right": ("home", "before", "change"), "before-after": ("home", "before", "nothing"),
                   "levels": ("home", "before", "level"), "complaints": ("complaints", "before", "nothing"),
                   "complaints-compared": ("complaints", "before", "change"),
                   "wrong-base": ("home", "announced", "change")}
        assert {name: round(helpers.fall(rows, *three), 1) for name, three in choices.items()} == answers
        assert helpers.pair_falls(rows, "home", "change") == pytest.approx(DATA.pair_effects(rows))
        losses = sets_of(drawn(1, purpose))[f"{new}losses"]
        scale = losses[0]["victims"] / losses[0]["unit"]
        found = {how: helpers.stands_for([row["loss"] for row in losses], how) * scale for how in helpers.STANDS}
        assert list(found.values()) == pytest.approx(
            [DATA.loss_answers(losses)[name] for name in ("typical-times-number", "right", "largest-left-out",
                                                          "middle-of-the-range")], rel=0.01)
        net = CHECKS.questions["q5"]
        helpers.show_net(part)
        shown = desks.popitem()[1]["answer"]({"harm": "gain", "time": "gain", "wanted": "cost", "running": "cost",
                                              "fees": "none", "setup": "cost once"})
        number = shown.rpartition("as you count it: ")[2].split(" ")[0]
        assert judge_answer(net, item_of(net, drawn(1, purpose), purpose), number.replace(",", "")).state == "right"
        helpers.show_chain(part)
        row = sets_of(drawn(1, purpose))[f"{new}chain"][0]
        shown = desks.popitem()[1]["answer"]({"arrive": row["after"], "pays": row["pays"], "cost": 1000 * row["price"],
                                              "kept": row["loss"] * row["kept"] / 100})
        profit = DATA.chain_answers(row)["right"]
        assert f"{profit:,.0f}" in shown or f"{profit + 1:,.0f}" in shown or f"{profit - 1:,.0f}" in shown


def test_every_desk_answers_every_choice(helpers: Any, desks: dict[str, Shown]) -> None:
    """Each option of each desk gives a table, a figure or a sentence; nonsense in a number field gets a sentence."""
    for part in ("practice", "points"):
        helpers.show_lines(part)
        helpers.show_net(part)
        helpers.show_effect(part)
        helpers.show_years(part)
        helpers.show_losses(part)
    for shown in desks.values():
        names = [field["name"] for field in shown["fields"]]
        for place, field in enumerate(shown["fields"]):
            for option in field["options"]:
                values = {name: shown["fields"][other]["options"][0]["value"] for other, name in enumerate(names)}
                assert "<" in shown["answer"](values | {names[place]: option["value"]})
    desks.clear()
    helpers.show_chain()
    helpers.show_discount()
    for shown in desks.values():
        with pytest.raises(KitError, match="is a number from"):
            shown["answer"](dict.fromkeys([field["name"] for field in shown["fields"]], "much"))
    assert "Net benefit today: 24.5" in desks["Later money"]["answer"](
        {"yearly": "10", "once": "20", "years": "5", "rate": "4%"})
    with pytest.raises(KitError, match="practice"):
        helpers.show_net("twin")


def test_every_display_shows_its_numbers(helpers: Any, capsys: pytest.CaptureFixture[str],
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables and figures are made for practice and points, with an alt text that is short enough."""
    alts: list[str] = []
    plain = helpers.show_figure

    def keep(figure: Any, **more: Any) -> None:
        alts.append(more["alt"])
        plain(figure, **more)

    monkeypatch.setattr(helpers, "show_figure", keep)
    for show in (helpers.show_country, helpers.show_campaign, helpers.show_steps, helpers.show_home):
        show()
    for part in ("practice", "points"):
        helpers.show_next(part)
    helpers.show_memo(None)
    shown = capsys.readouterr().out
    assert "2,731.88 USD" in shown
    assert "needs officers with" in shown
    assert max(map(len, alts)) <= MOST_ALT


def test_the_desk_of_the_simulator_plays_each_level(helpers: Any, desks: dict[str, Shown]) -> None:
    """Each level means instruments and settings that exist; a play gives net benefit, its parts and who pays."""
    tools = read_instruments()
    for name, (_label, levels) in helpers.LEVELS.items():
        for level in levels:
            for instrument, settings in helpers.measures_of(dict.fromkeys(helpers.LEVELS, "no") | {name: level}):
                assert instrument in tools
                tools[instrument].complete(settings)
    assert set(helpers.FUTURES) <= set(read_scenarios())
    helpers.show_budget()
    (shown,) = desks.values()
    answer = shown["answer"](shown["start"])
    assert all(said in answer for said in ("net benefit", *helpers.GAINS.values(), *helpers.PAYERS.values()))
    assert shown["answer"](shown["start"]) == answer, "the same plan gives the same numbers"
    with pytest.raises(KitError, match="at least one"):
        shown["answer"](shown["start"] | dict.fromkeys(helpers.LEVELS, "no"))


def test_net_benefit_of_the_desk_is_its_parts(helpers: Any) -> None:
    """Gains less what is paid is the net benefit in each run."""
    found = helpers.play_levels("prepaid-archipelago", dict.fromkeys(helpers.LEVELS, "no") | {"filter": "all"}, "calm")
    parts = sum(-found.gain(name)[0, 0] for name in (*helpers.GAINS, *helpers.PAYERS))
    assert np.allclose(parts, found.gain()[0, 0])


def test_the_calculator_to_take_home_works_alone(helpers: Any, tmp_path: Path) -> None:
    """With Python alone it gives net benefit with its range, with a discount rate, and a sender's break-even."""
    helpers.take_home(MEMO, lambda name, text: (tmp_path / name).write_text(text, encoding="utf-8"))
    assert "between 4 and 21" in (tmp_path / "memo.txt").read_text(encoding="utf-8")

    def run(*given: str) -> str:
        return subprocess.run([sys.executable, "-I", "net_benefit.py", *given], cwd=tmp_path, capture_output=True,
                              text=True, check=True).stdout

    lines = list(csv.DictReader((tmp_path / "lines.csv").read_text(encoding="utf-8").splitlines()))
    assert {line["kind"] for line in lines} == {"gain", "cost", "transfer"}
    assert run("lines.csv", "--years", "3") == "Net benefit in 3 years: 22.00, between 0.10 and 43.10.\n"
    assert "19." in run("lines.csv", "--years", "3", "--rate", "4")
    assert run("--chain", "1", "20", "50", "400", "40") == (
        "Profit of a million messages: 600. Break-even: 12.5 of 100 arrive.\n")
    assert "usage" in run()


def test_the_notebook_is_built_and_says_how_to_hand_in() -> None:
    """It builds, is far below 500 kB, and names what to press."""
    text = build_source(LAB, CHECKS).decode()
    assert len(text) < 100_000
    assert "**Assignment List**" in text
    assert json.loads(text)["cells"]


def test_the_sheet_speaks_of_every_known_mistake() -> None:
    """Each code has its line for the trainer."""
    sheet = LAB.file("sheet.md").read_text(encoding="utf-8")
    for question in CHECKS.questions.values():
        for mistake in question.mistakes:
            assert f"`{mistake.code}`" in sheet, mistake.code
