"""Lab 12, policy design: its data separates, its sources are there, its tables are what is played."""

from __future__ import annotations

import itertools
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from spamlab.content.lab import read_lab
from spamlab.content.prose import message_smells, smells
from spamlab.course.attempts import Draws, answer_of, read_attempts, score, total
from spamlab.course.build import build_source
from spamlab.judge.catalogue import say
from spamlab.judge.handed_out import sets_of
from spamlab.judge.judging import judge_answer, text_of
from spamlab.judge.kinds import Document, Policy
from spamlab.judge.lab_data import Data, clashes, load_checks, load_module, one_draw
from spamlab.judge.question import Item, Question
from spamlab.kit.dataset import Records
from spamlab.policy.document import WEEKS_A_YEAR, read_policy
from spamlab.policy.evidence import read_evidence
from spamlab.policy.instruments import read_instruments
from spamlab.policy.play import economy_named
from spamlab.policy.scenarios import read_scenarios
from spamlab.seeds import derive

ROOT = Path(__file__).parents[2]
LAB = read_lab(ROOT / "labs" / "12-policy-design")
CHECKS = load_checks(LAB.folder)
DATA = load_module(LAB.folder / "data.py", "12-policy-design/data.py")
SEEDS = 20
AGAIN = "what was stored is old: run labs/12-policy-design/make_plays.py"
CLOSED = [question for question in CHECKS.questions.values() if not isinstance(question.kind, Document | Policy)]


@lru_cache(maxsize=4 * SEEDS)
def drawn(number: int, purpose: str) -> Data:
    """The first draw of one imagined participant."""
    return one_draw(LAB, derive(b"lab 12", f"p{number}", LAB.id, purpose), purpose)


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


def asked(participants: int = 6) -> Iterator[tuple[Question, Item]]:
    """Every closed question about practice and twin of some participants."""
    for number, purpose in itertools.product(range(participants), ("practice", "twin")):
        for question in CLOSED:
            item = question.item(purpose, drawn(number, purpose))
            if item is not None:
                yield question, item


def test_right_answer_and_known_mistakes_differ_at_the_first_draw() -> None:
    """Every table is made so that all answers differ; `labs check` tries 200."""
    closed = load_checks(LAB.folder)
    del closed.questions["q6"]
    for number, purpose in itertools.product(range(SEEDS), ("practice", "twin")):
        assert clashes(closed, drawn(number, purpose), purpose) == []


def test_each_known_mistake_is_named_and_not_full() -> None:
    """Put to the judge, a known mistake gets its own code and less than all points; the right answer gets all."""
    for question, item in asked():
        assert judge_answer(question, item, right(question, item)).state == "right", question.id
        for mistake in question.mistakes:
            assert mistake.answer is not None
            wrong = mistake.answer(item)
            if wrong is None and mistake.optional:
                continue
            verdict = judge_answer(question, item, wrong)
            if mistake.optional and verdict.code != mistake.code:
                continue
            assert (verdict.code, verdict.share < 1) == (mistake.code, True), question.id


def test_each_belief_is_met_by_somebody() -> None:
    """Beliefs that are drawn, and mistakes that only some data show, are all met among a few participants."""
    met: dict[str, set[str]] = {}
    for question, item in asked(SEEDS):
        for mistake in question.mistakes:
            assert mistake.answer is not None
            wrong = mistake.answer(item)
            if wrong is not None and judge_answer(question, item, wrong).code == mistake.code:
                met.setdefault(question.id, set()).add(mistake.code)
    for name in ("q1", "q2", "q3", "q4", "q7"):
        assert met[name] == {mistake.code for mistake in CHECKS.questions[name].mistakes}
    assert set(DATA.NEEDED_5) <= met["q5"]


def test_points_and_minutes_add_up() -> None:
    """The points are 36, and the plan in lab.toml is the lab's 90 minutes and the questions' own."""
    plan = tomllib.loads(LAB.file("lab.toml").read_text(encoding="utf-8"))["plan"]
    assert sum(question.points for question in CHECKS.questions.values()) == 36
    assert sum(plan.values()) == LAB.minutes == 90
    assert all(plan[name] == CHECKS.questions[name].minutes for name in plan if name in CHECKS.questions)


def test_each_question_with_points_has_three_mistakes_and_three_hints() -> None:
    """Also the policy and the memo."""
    for question in CHECKS.questions.values():
        if question.points:
            assert len(question.mistakes) >= 3
            assert len(question.hints) == 3


@pytest.mark.parametrize("name", ["right", "guided"])
def test_attempts_that_see_what_is_handed_out_are_right(name: str) -> None:
    """What a careful reader works out from the tables is right for all participants, in practice and for points."""
    attempt = read_attempts(LAB, name)[0]
    for number, purpose in itertools.product(range(SEEDS), ("practice", "twin")):
        data = drawn(number, purpose)
        for question in CLOSED:
            if purpose in question.about:
                given = answer_of(attempt, question, data, purpose)
                assert judge_answer(question, item_of(question, data, purpose), given).state == "right", question.id


def test_guessing_attempts_earn_little() -> None:
    """All true and strict, the first of every list, nothing in form: none reaches a sixth of the closed points."""
    closed = load_checks(LAB.folder)
    del closed.questions["q6"]
    for attempt in read_attempts(LAB, "wrong"):
        earned = [total(closed, score(LAB, closed, attempt, draws(number))) for number in range(6)]
        assert sum(earned) / len(earned) < 1 / 6, attempt.name


def test_answers_of_another_participant_earn_little() -> None:
    """Copied twins: less than a fifth of the closed questions' points on the average."""
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
    assert earned < sum(question.points for question in closed) / 5


def test_nothing_that_is_handed_out_tells_an_answer() -> None:
    """Statements have no truth with them, laws no cells, the economy no seed."""
    for purpose, new in (("practice", ""), ("twin", "new")):
        sets = sets_of(drawn(1, purpose))
        assert {key for row in sets[f"{new}claims"] for key in row} == {"id", "text", "finding", "rows", "source"}
        assert not {"consent", "covers", "follows", "set"} & {key for row in sets[f"{new}laws"] for key in row}
        assert "seed" not in sets[f"{new}economy"][0]
    assert drawn(1, "hidden") == {}


def test_neighbour_and_own_country_are_never_the_same() -> None:
    """Practice is about a neighbour, the twin about the own country; both are profiles, with invented names."""
    assert not set(DATA.NEIGHBOURS) & set(DATA.OWN)
    assert {*DATA.NEIGHBOURS, *DATA.OWN, *DATA.LEFT_OUT} == set(DATA.PLACES)
    assert {path.stem for path in (ROOT / "datasets" / "profiles").glob("*.toml")} - {"sources"} == set(DATA.PLACES)
    assert len(set(DATA.PLACES.values())) == len(DATA.PLACES)


def test_a_policy_meets_three_events_and_no_cut_of_money() -> None:
    """Points come from three events, drawn for each; practice plays all that are judged; none is handed out."""
    for number in range(SEEDS):
        practice, twin = (drawn(number, purpose)[f"{new}economy-0001"].facts["scenarios"]
                          for purpose, new in (("practice", ""), ("twin", "new")))
        assert len(twin) == 3
        assert set(twin) < set(practice)
        assert DATA.NOT_JUDGED not in practice
        assert "calm" not in twin
    assert DATA.NOT_JUDGED in read_scenarios()


def test_the_steadiest_policy_earns_all_points_in_any_country() -> None:
    """Whatever three events are drawn, all points can be reached: nobody is judged by a draw."""
    question = CHECKS.questions["q6"]
    seen: set[str] = set()
    for number in range(SEEDS):
        item = item_of(question, drawn(number, "twin"), "twin")
        name = str(item.data[item.names[0]].record["economy"])
        if name not in seen:
            seen.add(name)
            assert judge_answer(question, item, right(question, item)).state == "right", name
    assert len(seen) >= 5


# -- sources ------------------------------------------------------------------------------------------------------


def test_every_belief_stands_on_rows_of_the_evidence() -> None:
    """Each belief names rows that are there, in sentences that are short enough, two of each kind or more."""
    known = {one.id for one in read_evidence().values()}
    for code, one in DATA.claims().items():
        assert set(one["rows"]) <= known, code
        assert min(len(one["true"]), len(one["false"])) >= 2
        for text in (*one["true"], *one["false"], one["finding"]):
            assert smells(text) == [], text
        assert len(one["finding"].split()) <= 50


def test_every_law_has_its_section_its_status_and_the_day_of_checking() -> None:
    """Eleven laws of at least two traditions, each with what was read; texts are short, and in no law's own words."""
    laws: Mapping[str, Mapping[str, str]] = DATA.laws()
    assert len(laws) == 11
    assert len({one["tradition"] for one in laws.values()}) >= 2
    for name, one in laws.items():
        assert re.search(r"\d", one["section"]), name
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", one["checked"])
        assert one["basis"].startswith(("text", "report"))
        assert one["consent"] in DATA.CONSENT
        assert one["covers"] in DATA.COVERS
        assert one["follows"] in DATA.FOLLOWS
        assert smells(one["excerpt"]) == [], name
        assert len(one["excerpt"].split()) <= 65
        assert max(len(text) for text in one.values()) < 290, "a cell of a table shows 300 signs"


def test_participants_compare_four_laws_of_two_traditions() -> None:
    """Practice and points have two laws each, never the same ones, and of two traditions each."""
    for number in range(SEEDS):
        seen = []
        for purpose, new in (("practice", ""), ("twin", "new")):
            both = sets_of(drawn(number, purpose))[f"{new}laws"]
            assert len({row["tradition"] for row in both}) == 2
            seen += [row["code"] for row in both]
        assert len(set(seen)) == 4


# -- plans and plays ----------------------------------------------------------------------------------------------


def test_stored_plans_are_what_the_planner_gives() -> None:
    """plays.json is what make_plays.py makes of the instruments and profiles as they are; else it must be run anew."""
    made = load_module(LAB.folder / "make_plays.py", "12-policy-design/make_plays.py")
    for name in ("mobile-money-leader", "landlocked-transition"):
        assert made.plans(economy_named(name)) == DATA.plays()[name]["plans"], AGAIN


def test_stored_plays_are_what_the_model_gives() -> None:
    """The single measures of one economy, played again, give the stored table to a point or two."""
    made = load_module(LAB.folder / "make_plays.py", "12-policy-design/make_plays.py")
    again = made.singles(economy_named("mobile-money-leader"))
    stored = DATA.plays()["mobile-money-leader"]["plays"]
    assert [one["title"] for one in again] == [one["title"] for one in stored], AGAIN
    for first, second in zip(again, stored, strict=True):
        for one, other in zip(first["channels"], second["channels"], strict=True):
            assert abs(one["change"] - other["change"]) <= 2, AGAIN


def test_every_country_has_enough_tables() -> None:
    """Plans, plays and doubts for each; for the neighbours votes, an example and a year without measures."""
    for name in (*DATA.NEIGHBOURS, *DATA.OWN):
        tables = DATA.plays()[name]
        assert min(len(tables[part]) for part in ("plans", "plays", "doubts")) >= 2, name
        if name in DATA.NEIGHBOURS:
            assert tables["votes"]
            assert len(tables["example"]) == 2
            assert len(tables["baseline"]) == 4


def test_the_worked_example_goes_wrong_and_is_mended() -> None:
    """Blocking on the first day loses wanted messages and is worth less than blocking after a time to register."""
    for name in DATA.NEIGHBOURS:
        first, second = DATA.plays()[name]["example"]
        assert first["lost"] > second["lost"]
        assert first["worth"] < second["worth"]


def test_order_follows_what_instruments_need() -> None:
    """The five measures and their weeks are those of the instruments."""
    known = read_instruments()
    for number in range(SEEDS):
        for row in sets_of(drawn(number, "twin"))["neworder"]:
            one = known[row["code"]]
            assert row["weeks"] == one.lead_weeks
            assert row["needs"] == [known[need].title for need in one.needs]


# -- what is read -------------------------------------------------------------------------------------------------


def test_messages_prompts_and_hints_are_short_and_plain() -> None:
    """All that a participant may read is at most 60 words in short plain sentences, with every place filled."""
    for number in range(4):
        data = drawn(number, "practice")
        for question in CHECKS.questions.values():
            item = item_of(question, data, "practice")
            texts = [question.asked(item), *(text_of(mistake.message, item) for mistake in question.mistakes)]
            texts += [text_of(hint.text, item) for hint in question.hints]
            texts += [hint.title for hint in question.hints]
            if question in CLOSED:
                texts.append(judge_answer(question, item, right(question, item)).message)
            for text in texts:
                assert "{" not in text
                if text != texts[0] or question.id not in {"q7", "x2"}:  # titles and numbers stand in these
                    assert message_smells(text) == [], text


@pytest.mark.parametrize(("name", "answers"), [("q4", (0.01, 9_999, 0.77)), ("q7", ())])
def test_unknown_wrong_answers_get_a_fact_about_themselves(name: str, answers: tuple[Any, ...]) -> None:
    """An answer that is no known mistake is told something true of it, never the judge's general sentence."""
    question = CHECKS.questions[name]
    for number in range(3):
        item = item_of(question, drawn(number, "practice"), "practice")
        for answer in answers or [row["code"] for row in sets_of(drawn(number, "practice"))["doubt"]]:
            verdict = judge_answer(question, item, answer)
            assert verdict.message != say("wrong")
            assert message_smells(verdict.message) == [], verdict.message


MEMO = {"first": "Firewalls, then a line, then officers", "means": "1.1 of 1.8 million, 3 of 5 officers",
        "evidence": "B4 and P5 say so", "rights": "An honest sender is free again within two days of a letter",
        "law": "Canada, s. 6(1): consent", "doubt": "If operators do not invest, the line is better",
        "text": "word " * 130}


@pytest.mark.parametrize(("change", "code"), [
    ({"means": "most of it"}, "no-numbers"), ({"evidence": "everybody knows, see B4"}, "no-rows"),
    ({"rights": "nobody is harmed by this at all, we think"}, "no-remedy"), ({"law": "Canada has one"}, "no-section"),
    ({"doubt": "none"}, "no-doubt"), ({"text": "It will eliminate fraud. " + "word " * 130}, "promises"),
    ({"text": "The model proves it. " + "word " * 130}, "model-as-proof"), ({"text": "word"}, "word-count"),
])
def test_the_form_check_of_the_memo_names_what_is_missing(change: dict[str, str], code: str) -> None:
    """A complete memo is saved; each part that is missing has its own sentence."""
    question = CHECKS.questions["q8"]
    item = item_of(question, drawn(1, "practice"), "practice")
    assert judge_answer(question, item, MEMO).state == "saved"
    assert judge_answer(question, item, MEMO | change).code == code


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


def test_every_display_shows_its_numbers(helpers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables and figures are made for practice and points, with an alt text that is short enough."""
    for part in ("practice", "points"):
        for show in (helpers.show_findings, helpers.show_laws, helpers.show_order, helpers.show_staff,
                     helpers.show_play, helpers.show_doubts):
            show(part)
    helpers.show_countries()
    helpers.show_harm()
    helpers.show_example()
    helpers.show_vote()
    helpers.show_memo(None)
    helpers.show_desk()
    helpers.show_forms({"title": "Mine", "economy": "pacific-island", "years": 1, "text": {},
                        "measure": [{"instrument": "complaint-line", "start": 0}]})
    told = capsys.readouterr().out
    assert "officers to run" in told
    assert told.count("nine of ten runs") == 4
    assert "victims, change" in told


def test_what_is_taken_home_needs_no_spamlab(helpers: Any) -> None:
    """Policy as TOML, memo, sourced table of four laws with the own answers, card; without answers it says so."""
    own = sets_of(drawn(1, "twin"))
    laws = [{row["code"]: {"consent": "before", "covers": "all", "follows": "state"} for row in rows}
            for rows in (sets_of(drawn(1, "practice"))["laws"], own["newlaws"])]
    policy = {"title": "Mine", "economy": own["neweconomy"][0]["economy"], "years": 3, "text": {},
              "measure": [{"instrument": "complaint-line", "start": 0}]}
    saved: dict[str, str] = {}
    helpers.take_home(policy, MEMO, laws, saved.__setitem__)
    assert set(saved) == {"memo.txt", "laws.md", "card.txt", "policy.toml"}
    assert read_policy(saved["policy.toml"]).measures[0].instrument == "complaint-line"
    assert saved["laws.md"].count("consent comes first") == 4
    assert saved["laws.md"].count("checked 20") == 4
    bare: dict[str, str] = {}
    helpers.take_home(None, None, [None, None], bare.__setitem__)
    assert (bare["laws.md"].count("| look it up |"), bare["laws.md"].count("| not filled |")) == (4, 4)
    assert "not checked" in bare["laws.md"]
    assert "policy.toml" not in bare


def test_words_of_the_table_to_take_home_are_those_of_the_question(helpers: Any) -> None:
    """The released helper and the judge call every cell by the same words."""
    assert {**DATA.CONSENT, **DATA.COVERS, **DATA.FOLLOWS} == helpers.WORDS


def test_the_notebook_is_built_and_says_how_to_hand_in() -> None:
    """It builds, the folder stays below 500 kB, and it names what to press and that scores are a model's."""
    text = build_source(LAB, CHECKS).decode()
    assert len(text) < 100_000
    assert sum(path.stat().st_size for path in LAB.folder.rglob("*") if path.is_file()) < 500_000
    assert "**Assignment List**" in text
    assert "It\\n\",\n" in text or "proves nothing" in " ".join(json.loads(text)["cells"][5]["source"].split())


def test_the_sheet_speaks_of_every_known_mistake() -> None:
    """Each code has its line for the trainer, and the game has its part."""
    sheet = LAB.file("sheet.md").read_text(encoding="utf-8")
    for question in CHECKS.questions.values():
        for mistake in question.mistakes:
            assert f"`{mistake.code}`" in sheet, mistake.code
    assert "## The game" in sheet


def test_three_years_are_what_the_lab_says() -> None:
    """The plans are of three years, as the prompt and the policy form say."""
    for name in DATA.OWN:
        for row in DATA.plays()[name]["plans"]:
            assert row["years"] == 3
            assert all(one["week"] is None or one["week"] < 3 * WEEKS_A_YEAR for one in row["measures"])
