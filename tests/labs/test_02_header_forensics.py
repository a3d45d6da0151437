"""Lab 02, header forensics: its data separates, its answers are fair, its files work."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from spamlab.content.identity import create_workshop
from spamlab.content.lab import read_lab
from spamlab.content.prose import message_smells
from spamlab.course.attempts import Draws, answer_of, read_attempts, score, total
from spamlab.course.build import build_source
from spamlab.course.percent import read_cells
from spamlab.generate.recipes import read_recipe
from spamlab.generate.routes import make_route_messages
from spamlab.judge.catalogue import say
from spamlab.judge.judging import judge_answer, judge_outputs, mistaken_answer, patterns, right_answer, text_of
from spamlab.judge.kinds import Document, Function
from spamlab.judge.lab_data import Data, clashes, load_checks
from spamlab.judge.ledger import Ledger
from spamlab.judge.question import Item, Question
from spamlab.judge.room import Room

ROOT = Path(__file__).parents[2]
LAB = read_lab(ROOT / "labs" / "02-header-forensics")
CHECKS = load_checks(LAB.folder)
RECIPE = read_recipe(ROOT / "datasets" / "recipes" / "header-forensics.toml")
SEEDS = 200
CLOSED = [question for question in CHECKS.questions.values() if not isinstance(question.kind, Function | Document)]


@cache
def _drawn(number: int, purpose: str) -> Data:
    return make_route_messages(RECIPE, purpose, b"lab 02, participant %d" % number)


def drawn(number: int, purpose: str) -> Data:
    """The draw of one imagined participant."""
    return dict(_drawn(number, purpose))


def draws(number: int) -> Draws:
    """The three sets of one imagined participant."""
    return Draws(*(drawn(number, purpose) for purpose in ("practice", "twin", "hidden")))


def item_of(question: Question, data: Data, purpose: str) -> Item:
    """The question asked about a draw that has what it needs."""
    item = question.item(purpose, data)
    assert item is not None
    return item


def test_right_answer_and_known_mistakes_differ_over_200_seeds() -> None:
    """In 200 draws of practice and twin, the right answer and all known mistakes differ pairwise, at the first draw."""
    for number, purpose in itertools.product(range(SEEDS), ("practice", "twin")):
        assert clashes(CHECKS, drawn(number, purpose), purpose) == []


def test_each_known_mistake_is_named_and_not_full() -> None:
    """Put to the judge, a known mistake gets its own code and less than all points; the right answer gets all."""
    for number, purpose in itertools.product(range(12), ("practice", "twin")):
        data = drawn(number, purpose)
        for question in CLOSED:
            item = question.item(purpose, data)
            if item is None:
                continue
            assert judge_answer(question, item, right_answer(question, item)).state == "right"
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
    """The points are 24, and the plan in lab.toml is the lab's 75 minutes and the questions' own."""
    import tomllib

    plan = tomllib.loads(LAB.file("lab.toml").read_text(encoding="utf-8"))["plan"]
    assert sum(question.points for question in CHECKS.questions.values()) == 24
    assert sum(plan.values()) == LAB.minutes == 75
    assert all(plan[name] == CHECKS.questions[name].minutes for name in plan if name in CHECKS.questions)


@pytest.mark.parametrize("name", ["right", "guided"])
def test_attempts_that_solve_from_raw_bytes_earn_everything(name: str) -> None:
    """The right and the guided-only attempt, which see raw messages alone, earn every point."""
    for number in range(4):
        sets = draws(number)
        for attempt in read_attempts(LAB, name):
            shares = score(LAB, CHECKS, attempt, sets, core=name == "guided")
            assert total(CHECKS, shares) == 1, shares
            silent = {question.id for question in CLOSED if not question.points}
            for one in silent:
                question = CHECKS.questions[one]
                item = item_of(question, sets.practice, "practice")
                assert judge_answer(question, item, answer_of(attempt, question, sets.practice, "practice")).share == 1


def test_right_answers_over_many_seeds() -> None:
    """What the right attempt reads out of raw twins is right for 60 participants."""
    attempt = read_attempts(LAB, "right")[0]
    for number in range(60):
        twin = drawn(number, "twin")
        for question in CLOSED:
            if "twin" in question.about:
                verdict = judge_answer(question, item_of(question, twin, "twin"),
                                       answer_of(attempt, question, twin, "twin"))
                assert verdict.state == "right", (number, question.id, verdict)


def test_guessing_attempts_earn_little() -> None:
    """True everywhere, the first of every list, or nothing in form: none reaches a tenth of the points."""
    for number in range(3):
        for attempt in read_attempts(LAB, "wrong"):
            assert total(CHECKS, score(LAB, CHECKS, attempt, draws(number))) < 0.1


def test_nothing_answered_earns_nothing() -> None:
    """Empty answers of every shape earn no share of any closed question."""
    data = drawn(1, "twin")
    for question in CLOSED:
        if question.item("twin", data) is not None:
            empties: tuple[Any, ...] = (None, "", [], {})
            for empty in empties:
                assert judge_answer(question, item_of(question, data, "twin"), empty).share == 0


def test_answers_of_another_participant_earn_next_to_nothing() -> None:
    """Copied twins: nothing where lines are named; one address in fifty; a fifth of Q1 (0.15 expected)."""
    count = 24
    twins = [drawn(number, "twin") for number in range(count)]
    earned: dict[str, list[float]] = {}
    for question in CLOSED:
        if "twin" not in question.about:
            continue
        items = [item_of(question, twin, "twin") for twin in twins]
        answers = [right_answer(question, item) for item in items]
        earned[question.id] = [judge_answer(question, items[own], answers[other]).share
                               for own, other in itertools.permutations(range(count), 2)]
    mean = {name: sum(shares) / len(shares) for name, shares in earned.items()}
    assert [mean[name] for name in ("q2", "q3", "q5", "q6")] == [0, 0, 0, 0]
    assert mean["q4"] <= 1 / 50
    assert mean["q1"] < 1 / 5
    assert sum(mean[name] * CHECKS.questions[name].points for name in mean) < 0.45


def test_unknown_wrong_lines_and_addresses_get_a_fact_about_themselves() -> None:
    """A wrong line or address that is no known mistake is answered with where it stands, not in general words."""
    for number in range(20):
        data = drawn(number, "practice")
        q3, q4 = CHECKS.questions["q3"], CHECKS.questions["q4"]
        item = item_of(q3, data, "practice")
        for option in q3.kind.form(item)["fields"][0]["options"]:
            verdict = judge_answer(q3, item, option["value"])
            assert verdict.state != "wrong" or verdict.message.startswith("Line ")
        for address in ("192.0.2.226", "198.51.100.1", item.truth.notes["names_us_address"]):
            verdict = judge_answer(q4, item_of(q4, data, "practice"), address)
            assert verdict.state == "wrong"
            assert verdict.message.startswith("This address stands in")


def test_other_unknown_answers_get_a_fact_as_well() -> None:
    """Answers that earn nothing and are no known mistake never get the judge's general sentence."""
    data = drawn(3, "practice")
    for question in CLOSED:
        if not question.points:
            continue
        item = item_of(question, data, "practice")
        for answer in _nonsense(question, item):
            assert judge_answer(question, item, answer).message != say("wrong"), (question.id, answer)


def _nonsense(question: Question, item: Item) -> list[Any]:
    form = question.kind.form(item)
    fields: list[Mapping[str, Any]] = form["fields"]
    if question.id == "q1":
        right = right_answer(question, item)
        return [{key: not value if isinstance(value, bool) else "from-checked" for key, value in right.items()}]
    if question.id == "q2":
        values = [option["value"] for option in fields[0]["options"]]
        return [list(order) for order in itertools.permutations(values)]
    if question.id == "q5":
        return [{field["name"]: "zone"} for field in fields]
    if question.id == "q6":
        return [{row: {"spf": "failed", "dkim": item.truth.from_domain, "protects": "yes"} for row in ("1", "3", "4")}]
    return []


def test_messages_prompts_and_hints_are_short_and_plain() -> None:
    """All that a participant may read is at most 60 words in short plain sentences, and gives no answer away."""
    for number in range(10):
        data = drawn(number, "practice")
        for question in CHECKS.questions.values():
            item = question.item("practice", data)
            assert item is not None
            texts = [question.asked(item), *(text_of(mistake.message, item) for mistake in question.mistakes)]
            hints = [text_of(hint.text, item) for hint in question.hints]
            if question.answer_function is not None:
                texts.append(judge_answer(question, item, right_answer(question, item)).message)
            for text in [*texts, *hints, *(hint.title for hint in question.hints)]:
                assert "{" not in text.replace('{"', "")
                assert message_smells(text) == [], text
            if question.id in {"q3", "q4", "x1"}:
                answer = str(right_answer(question, item))
                whole = re.compile(rf"(?<![\w.:]){re.escape(answer)}(?![\w:]|\.\d)")
                assert not any(whole.search(text) for text in [*texts[:-1], *hints])


def test_known_rules_are_named_on_practice_and_hidden_messages() -> None:
    """Each mistaken rule is known by where it fails and earns less than all; another names a practice message."""
    question = CHECKS.questions["q7"]
    kind = question.kind
    assert isinstance(kind, Function)
    sets = draws(5)
    for data in (sets.practice, sets.hidden):
        for place, outputs in patterns(question, kind, data).items():
            verdict = judge_outputs(question, data, outputs, practice=sets.practice)
            assert (verdict.state, verdict.code) == ("mistake", question.mistakes[place].code)
            assert verdict.share < 1
    right = {name: {"value": kind.expected(sets.hidden[name])} for name, _ in kind.inputs(sets.hidden)}
    odd = right | {"H9": {"value": {"border_line": 7, "handover": "192.0.2.1"}}}
    verdict = judge_outputs(question, sets.hidden, odd, practice=sets.practice)
    assert verdict.state == "part"
    assert "P9" in verdict.message


REPORT = {"address": "203.0.113.9", "time": "2026-09-15 05:59:23 UTC", "text": "Please look at this host."}


@pytest.mark.parametrize(("change", "code"), [
    ({"to": "abuse@{from_domain}"}, "to-the-from-domain"), ({"lines": "we saw it"}, "no-full-header"),
    ({"text": "{complainant_name} complained."}, "names-the-victim"), ({"time": "08:59:23"}, "no-time-zone"),
    ({"text": "Stop, or else we call the police."}, "threatens"), ({"address": "10.48.110.83"}, "wrong-address"),
    ({"address": "192.0.2.226"}, "wrong-address"), ({"address": "{handover_name}"}, "wrong-address"),
    ({"time": "2026-09-15 23:59:59 UTC"}, "wrong-time"), ({"text": "please act " * 20}, "word-count"),
    ({"text": "please act " * 200}, "word-count"),
])
def test_report_form_names_what_is_missing(change: dict[str, str], code: str) -> None:
    """The form check of the report names each part that a desk can't work with, and lets a sound report pass."""
    question = CHECKS.questions["q8"]
    data = drawn(7, "practice")
    item = item_of(question, data, "practice")
    good = answer_of(read_attempts(LAB, "guided")[0], question, data, "practice")
    assert judge_answer(question, item, good).state == "saved"
    notes = item.truth.notes | {"from_domain": item.truth.from_domain, "handover_name": item.truth.handover_name}
    verdict = judge_answer(question, item, good | {key: value.format(**notes) for key, value in change.items()})
    assert verdict.code == code


def test_report_form_takes_the_border_lines_moment_in_any_writing_and_no_other() -> None:
    """The moment in UTC, or with its zone, in several writings; not with the zone added, nor on another day."""
    question = CHECKS.questions["q8"]
    for number in range(20):
        data = drawn(number, "practice")
        item = item_of(question, data, "practice")
        good = answer_of(read_attempts(LAB, "guided")[0], question, data, "practice")
        utc = datetime.fromisoformat(item.truth.notes["received_utc"])
        local, second, day = utc + timedelta(hours=3), utc + timedelta(seconds=1), utc + timedelta(days=1)
        right = [f"{utc:%Y-%m-%d %H:%M:%S} UTC", f"{utc:%Y-%m-%dT%H:%M:%SZ}",
                 f"{utc:%H:%M} UTC on {utc.day} {utc:%B %Y}",
                 f"{local:%a, %d %b %Y %H:%M:%S} +0300", f"{utc:%d %b %Y, %I:%M:%S %p} GMT",
                 f"{local:%d %b %Y %H:%M:%S} +03:00 ({utc:%H:%M:%S} UTC)"]
        wrong = [f"{local:%Y-%m-%d %H:%M:%S} UTC", f"{local + timedelta(hours=3):%d %b %Y %H:%M:%S} UTC",
                 f"{day:%Y-%m-%d %H:%M:%S} UTC", f"{second:%Y-%m-%d %H:%M:%S} UTC",
                 f"{utc:%d %b %Y %H:%M:%S} +0300"]
        for time in right:
            assert judge_answer(question, item, good | {"time": time}).state == "saved", time
        for time in wrong:
            verdict = judge_answer(question, item, good | {"time": time})
            assert verdict.code == "wrong-time", time
            assert "subtract the zone" in verdict.message


def test_letter_of_too_few_or_too_many_words_is_told_its_count() -> None:
    """The message counts the letter's own words, in words short enough to read."""
    question = CHECKS.questions["q8"]
    data = drawn(7, "practice")
    item = item_of(question, data, "practice")
    good = answer_of(read_attempts(LAB, "guided")[0], question, data, "practice")
    for count in (47, 99, 251):
        said = judge_answer(question, item, good | {"text": "word " * count})
        assert f"{count} words" in said.message
        assert message_smells(said.message) == []
    for count in (100, 250):
        assert judge_answer(question, item, good | {"text": "word " * count}).state == "saved"


def test_a_wrong_row_of_the_claims_is_known_by_itself() -> None:
    """Results of others in one row, or a name wrongly given to SPF, are named though the other rows are right."""
    question = CHECKS.questions["q6"]
    for number, purpose in itertools.product(range(10), ("practice", "twin")):
        item = item_of(question, drawn(number, purpose), purpose)
        right = right_answer(question, item)
        foreign = next(one for one in question.mistakes if one.code == "foreign-results")
        assert foreign.answer is not None
        others = foreign.answer(item)
        for name in item.names:
            verdict = judge_answer(question, item, right | {name[1:]: others[name[1:]]})
            assert verdict.state == "part"
            assert f"Row {name} repeats results that our side did not write" in verdict.message
            assert verdict.message.startswith("2 of 3 rows are right: ")
        for row in itertools.product([one for one, _label in _options_of_q6(question, item)], ["none"], ["yes", "no"]):
            cells = dict(zip(("spf", "dkim", "protects"), row, strict=True))
            verdict = judge_answer(question, item, right | {item.names[1][1:]: cells})
            assert message_smells(verdict.message) == [], verdict.message


def _options_of_q6(question: Question, item: Item) -> list[tuple[str, str]]:
    """Values and labels that the first column offers."""
    return [(one["value"], one["label"]) for one in question.kind.form(item)["fields"][0]["options"]]


def test_rows_of_the_claims_may_be_named_as_they_are_shown() -> None:
    """A typed table with the rows M1, M3, M4 is right; an empty cell is told with the row's own name."""
    question = CHECKS.questions["q6"]
    item = item_of(question, drawn(3, "practice"), "practice")
    right = right_answer(question, item)
    assert judge_answer(question, item, {f"M{row}": cells for row, cells in right.items()}).state == "right"
    assert judge_answer(question, item, right | {"3": {}}).message.startswith("Row M3, column ")


def test_a_rule_with_the_bottom_line_is_named() -> None:
    """The rule form with the bottom line and all else right gets the message about the bottom line."""
    question = CHECKS.questions["q7"]
    assert isinstance(question.kind, Function)
    data = drawn(5, "practice")
    known = patterns(question, question.kind, data)
    place = [one.code for one in question.mistakes].index("bottom-line")
    assert judge_outputs(question, data, known[place]).code == "bottom-line"


def test_votes_say_that_nothing_is_told_back() -> None:
    """Vote and exit ticket earn no points, and do not say that they do; a twin says that it earns them."""
    data, twin = drawn(3, "practice"), drawn(3, "twin")
    for name in ("v1", "x1", "x2"):
        question = CHECKS.questions[name]
        item = item_of(question, data, "practice")
        said = judge_answer(question, item, right_answer(question, item), silent=True).message
        assert said.startswith("Saved. Nothing is told back here")
    q3 = CHECKS.questions["q3"]
    item = item_of(q3, twin, "twin")
    assert "earns the points" in judge_answer(q3, item, right_answer(q3, item), silent=True).message


def test_labels_have_no_code_marks_which_forms_do_not_show() -> None:
    """Choices and lists show plain text: words of a header stand in quotation marks, not between accents."""
    data = drawn(1, "practice")
    for question in CHECKS.questions.values():
        item = item_of(question, data, "practice")
        for field in question.kind.form(item)["fields"]:
            assert "`" not in "".join([field["label"], *(str(one["label"]) for one in field.get("options") or [])])


def test_letter_is_wrapped_and_its_evidence_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of the letter have at most 90 signs and whole words; the copied header lines stay as they are."""
    helpers = _helpers(monkeypatch)
    question, data = CHECKS.questions["q8"], drawn(7, "practice")
    report = answer_of(read_attempts(LAB, "guided")[0], question, data, "practice")
    text = helpers.letter(report)
    above, below = text.split("\nEvidence:\n")
    assert below.rstrip("\n") == report["lines"]
    assert max(len(row) for row in above.splitlines()) <= 90
    assert " ".join(report["text"].split()) in " ".join(above.split())


def _helpers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The lab's helpers.py as a notebook imports it."""
    monkeypatch.syspath_prepend(str(LAB.folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delitem(sys.modules, "helpers", raising=False)
    import helpers  # type: ignore[import-not-found]

    monkeypatch.delitem(sys.modules, "helpers", raising=False)
    return helpers


def test_a_rule_tells_its_choices_and_an_open_form_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The function keeps the choices that made it; without saved choices one line says what comes first."""
    helpers = _helpers(monkeypatch)
    choices = read_attempts(LAB, "guided")[0].answers["q7"]({})
    assert helpers.build_rule(choices).made_from == choices
    assert capsys.readouterr().out == ""
    assert helpers.build_rule(None) is None
    assert "No rule is saved yet" in capsys.readouterr().out


def test_notebook_says_how_to_hand_in_before_its_glossary() -> None:
    """The section stands between Take home and Glossary, names what to press, and the sheet has it as well."""
    text = LAB.file("notebook.py").read_text(encoding="utf-8")
    section = text.partition("## Hand in")[2].partition("## Glossary")[0]
    assert "## Take home" in text.partition("## Hand in")[0]
    for words in ("Nbgrader", "Assignment List", "Submit", LAB.id, "Submitted assignments", "Fetch Feedback"):
        assert words in section, words
    assert "Assignment List" in LAB.file("sheet.md").read_text(encoding="utf-8")


def test_notebook_builds_twice_to_the_same_bytes() -> None:
    """The notebook builds without a fault, and the same folder gives the same bytes."""
    assert build_source(LAB, CHECKS) == build_source(LAB, load_checks(LAB.folder))


def test_notebook_runs_with_nothing_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    """Every code cell runs in order, in a graded run without one answer, and the take-home files appear."""
    _graded_run(tmp_path, monkeypatch)
    cells, _faults = read_cells(LAB.file("notebook.py").read_text(encoding="utf-8"), "notebook.py")
    space: dict[str, Any] = {}
    for cell in cells:
        if cell.kind == "code":
            exec(compile(cell.source, f"cell at line {cell.line}", "exec"), space)
    assert "not written yet" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "take-home").iterdir()} == {
        "checklist.md", "report.txt", "card.txt", "print_route.py"}


def _graded_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A participant's folder as a graded run has it: helpers.py, the messages, no answer, no judge."""
    items = []
    for purpose in ("practice", "twin"):
        for name, one in drawn(11, purpose).items():
            (tmp_path / f"{name}.eml").write_bytes(one.message.raw)
            items.append({"name": name, "message_id": one.message.message_id, "set": purpose, "file": f"{name}.eml"})
    (tmp_path / "items.json").write_text(json.dumps({"items": items}), encoding="utf-8")
    (tmp_path / "helpers.py").write_bytes(LAB.file("helpers.py").read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("SPAMLAB_GRADED", "1")
    monkeypatch.setenv("SPAMLAB_DATA", str(tmp_path))
    monkeypatch.delitem(sys.modules, "helpers", raising=False)


def test_program_to_take_home_runs_without_spamlab(tmp_path: Path) -> None:
    """print_route.py needs Python's standard library alone, and prints border and handover of a message."""
    code = ("import sys, helpers; from pathlib import Path; "
            "helpers.take_home(None, lambda name, text: Path(sys.argv[1], name).write_text(text))")
    subprocess.run([sys.executable, "-B", "-c", code, str(tmp_path)], check=True, cwd=LAB.folder)
    one = drawn(2, "practice")["M2"]
    (tmp_path / "m2.eml").write_bytes(one.message.raw)
    run = subprocess.run([sys.executable, "-I", "-S", str(tmp_path / "print_route.py"), str(tmp_path / "m2.eml")],
                         check=True, capture_output=True, text=True)
    assert f"handed over by {one.truth.handover_address}" in run.stdout
    alone = subprocess.run([sys.executable, "-I", "-S", str(tmp_path / "print_route.py")], check=False,
                           capture_output=True, text=True)
    assert alone.stderr.startswith("Usage: python3 print_route.py message.eml")
    assert len(alone.stderr.splitlines()) == 1
    assert "lawfully" in (tmp_path / "print_route.py").read_text(encoding="utf-8")
    assert f"line {one.truth.border_line}: " in next(row for row in run.stdout.splitlines() if "<- border" in row)


def test_rule_form_agrees_with_the_truth_beyond_what_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The right five choices give border and handover of all kinds, and whether a check protects the reader."""
    helpers = _helpers(monkeypatch)
    rule = helpers.build_rule(read_attempts(LAB, "guided")[0].answers["q7"]({}))
    for number in range(25):
        for name, one in (drawn(number, "hidden") | drawn(number, "practice")).items():
            found, truth = rule(one.message.raw), one.truth
            assert (found["border_line"], found["handover"]) == (truth.border_line, truth.handover_address), name
            assert found["protects"] == truth.aligned, name
            if name in {"M0", "M3"}:
                assert found["chain_break"] == int(truth.notes["break_line"])
    assert helpers.build_rule(None) is None
    assert helpers.build_rule({"rows": "joined"}) is None


def test_every_text_form_of_a_mistake_is_known() -> None:
    """The greeting's name in place of an address is told as that mistake, in any case and quotation marks."""
    question = CHECKS.questions["q4"]
    item = item_of(question, drawn(4, "practice"), "practice")
    for text in (item.truth.handover_name, f'"{item.truth.handover_name.upper()}"'):
        assert judge_answer(question, item, text).code == "greeting-name"
    assert mistaken_answer(question, question.mistakes[0], item) is None


def test_trainer_sees_the_vote_and_the_participant_does_not(tmp_path: Path) -> None:
    """A vote tells the participant nothing; the trainer sees each one's last choice."""
    workshop = create_workshop(tmp_path / "w", title="T", labs=[LAB.id], participants=2, secret=b"v" * 32)
    room = Room(workshop, Ledger(workshop.ledger_file))
    question = CHECKS.questions["v1"]
    for participant in workshop.participants:
        item = item_of(question, room.data(room.opened(LAB.id), participant, "practice"), "practice")
        bottom, right = question.mistakes[0].answer, question.answer_function
        assert bottom is not None
        assert right is not None
        said = [room.answer(participant, LAB.id, "v1", bottom(item))]
        if participant == "p01":
            said.append(room.answer(participant, LAB.id, "v1", right(item)))
        assert {(one["state"], one["share"]) for one in said} == {("saved", None)}
    votes = {row["code"]: row["participants"] for row in room.room(LAB.id)["mistakes"]}
    assert votes == {"right": ["p01"], "bottom-line": ["p02"]}
