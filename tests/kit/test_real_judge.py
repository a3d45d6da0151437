"""The kit against the real judge and a real lab: every form can give the right answer, and a notebook runs through."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spamlab.content.identity import Workshop, create_workshop
from spamlab.judge.judging import right_answer
from spamlab.judge.kinds import Challenge, Document
from spamlab.judge.lab_data import lab_data, load_checks, load_module
from spamlab.judge.service import run
from spamlab.kit import answer, check, hint, question, session
from spamlab.kit.forms import Form, Part
from spamlab.kit.http import Judge

LAB = "02-header-forensics"
LABS = Path(__file__).parents[2] / "labs"
ALL = "90-all-kinds"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A workshop of one participant in lab 02 and in a lab with a question of every kind."""
    folder = tmp_path_factory.mktemp("labs")
    for lab in (LABS / LAB, LABS.parent / "tests" / "judge" / ALL):
        (folder / lab.name).symlink_to(lab)
    return create_workshop(tmp_path_factory.mktemp("kit") / "class", title="Test", labs=[LAB, ALL], participants=1,
                           secret=bytes(32), labs_folder=folder, hint_wait_seconds=0)


@pytest.fixture(scope="module")
def url(workshop: Workshop) -> Iterator[str]:
    """The real judge, in a thread of its own."""
    ports: list[int] = []
    started = threading.Event()
    ends: list[Any] = []

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        ends.append(lambda: loop.call_soon_threadsafe(stop.set))

        def ready(port: int) -> None:
            ports.append(port)
            started.set()

        await run(workshop, 0, ready=ready, stop=stop)

    thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
    thread.start()
    assert started.wait(10)
    yield f"http://127.0.0.1:{ports[0]}"
    ends[0]()
    thread.join(10)


@pytest.fixture
def judge(url: str, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """The judge as participant p01's notebook has it."""
    monkeypatch.setenv("SPAMLAB_JUDGE_URL", url)
    monkeypatch.setenv("SPAMLAB_TOKEN", workshop.participant_token("p01"))
    session.begin(LAB)
    return Judge(url, workshop.participant_token("p01"))


@pytest.mark.parametrize("lab", [LAB, ALL])
def test_every_form_can_give_the_right_answer(judge: Judge, workshop: Workshop, lab: str) -> None:
    """For each question and part, the right answer goes into the form, comes out the same, and is right."""
    checks = load_checks(workshop.labs_folder / lab)
    states: dict[str, str] = {}
    for asked in checks.questions.values():
        form = Form(asked.id, lab, judge.question(lab, asked.id), judge)
        for purpose, part in (("practice", form.practice), ("twin", form.twin)):
            if part is None or isinstance(asked.kind, Document | Challenge):
                continue
            item = asked.item(purpose, lab_data(workshop, "p01", lab, purpose))
            assert item is not None
            right = right_answer(asked, item)
            _put(part, right)
            given = asked.kind.parse(json.loads(json.dumps(part.value())), item)
            assert asked.kind.same(right, given) or asked.kind.matches(right, given, item), part.name
            states[part.name] = part._saved().state
    assert set(states.values()) <= {"right", "saved"}
    assert "right" in states.values()
    assert all(state == "saved" for name, state in states.items() if name.endswith("-twin"))


@pytest.mark.usefixtures("judge")
def test_typed_answers_and_filters_of_every_kind(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """The typed equal of each form, and code put to the judge, are right as well."""
    session.begin(ALL)
    own = load_module(workshop.labs_folder / ALL / "checks.py", "checks.py")
    checks, count = load_checks(workshop.labs_folder / ALL), 0
    for asked in checks.questions.values():
        item = asked.item("practice", lab_data(workshop, "p01", ALL, "practice"))
        assert item is not None
        if isinstance(asked.kind, Challenge):
            space: dict[str, Any] = {}
            exec(own.RIGHT_SOURCES[asked.id], space)
            check(asked.id, space[asked.kind.function])
        elif asked.answer_function is not None:
            answer(asked.id, json.loads(json.dumps(asked.answer_function(item))))
        else:
            continue
        count += 1
        printed = capsys.readouterr().out
        assert printed.startswith("Right"), (asked.id, printed)
    assert count == len(checks.questions) - 1
    answer("artefact", "junk all")
    assert "- Line 1, junk all, decides 4 cases." in capsys.readouterr().out
    answer("fill", "v=DMARC1; p=reject; sp=reject; rua=dmarc@x.example")
    assert "You gave no-mailto." in capsys.readouterr().out
    answer("fill", "v=DMARC1; p=reject; sp=reject; rua=mailto:x@x.example")
    assert "the daily report. There, your text does this: it goes to x@x.example." in capsys.readouterr().out
    session.begin(LAB)


@pytest.mark.usefixtures("judge")
def test_an_untouched_notebook_runs_through(capsys: pytest.CaptureFixture[str]) -> None:
    """Every form and check of the lab works with nothing answered."""
    for name in load_checks(LABS / LAB).questions:
        question(name)
        check(name)
    assert "No answer yet" in capsys.readouterr().out


@pytest.mark.usefixtures("judge")
def test_a_wrong_answer_then_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    """A real attempt opens the first hint."""
    answer("q4", "192.0.2.200")
    assert "Not yet" in capsys.readouterr().out
    hint("q4")
    assert capsys.readouterr().out.startswith("Hint 1: ")


@pytest.mark.usefixtures("judge")
def test_the_function_question(capsys: pytest.CaptureFixture[str]) -> None:
    """A function that is always wrong and one that fails are judged by their outputs."""
    check("q7", lambda _raw: {"border_line": 0, "handover": ""})
    check("q7", lambda _raw: 1 / 0)
    printed = capsys.readouterr().out
    assert printed.count("Not yet") + printed.count("Part right") + printed.count("Stopped with an error") == 2


def _put(part: Part, value: Any) -> None:
    """Fill the form with a canonical answer, as a participant would by clicking."""
    for field in part.fields:
        if part.shape in ("single", "policy"):
            field.put(value)
        elif part.shape == "table":
            field.put(value[field.row][field.column])
        elif field.name in value:
            field.put(value[field.name])
