"""What the reports are made from: submissions read as untrusted files, answers, traces, the kept comparison."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from spamlab.content.identity import Workshop
from spamlab.errors import UsageError
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import open_ledger
from spamlab.judge.room import Room
from spamlab.workshop import reports

from .pages import LAB, collected

CODE = """
def border(raw):
    for number, line in enumerate(lines_of(raw), 1):
        if line.by in HOSTS and line.address not in OURS:
            return {"border_line": number, "handover": line.address}
    return {"border_line": 0, "handover": ""}
"""
LETTER = "Dear colleagues, your network handed a message to our border host at ten past nine, and we ask you to act. "
LETTER += "The line below names the address, and our clock is in universal time, so your log will show the customer."


@pytest.fixture
def room(small_workshop: Workshop) -> Iterator[Room]:
    """The small workshop's room."""
    ledger = open_ledger(small_workshop)
    yield Room(small_workshop, ledger)
    ledger.close()


def test_alike_submissions_are_found_and_kept(small_workshop: Workshop, room: Room) -> None:
    """Two submissions with the same code and letter are listed, and what was kept is read back, by its owner alone."""
    collected(small_workshop, "p01", CODE, q8={"to": "abuse@net.example", "text": LETTER})
    collected(small_workshop, "p02", "x = 1", CODE.replace("line", "one"), q8={"to": "", "text": LETTER})
    collected(small_workshop, "p03", "print('nothing')")
    found = reports.similarity_of(small_workshop, room, LAB)
    for kind in ("code", "text"):
        assert [(pair["first"], pair["second"]) for pair in found[kind]["pairs"]] == [("p01", "p02")], kind
    reports.keep(small_workshop, LAB, found)
    assert reports.kept(small_workshop, LAB) == json.loads(json.dumps(found))
    assert reports.kept_file(small_workshop, LAB).stat().st_mode & 0o077 == 0


def test_what_was_released_is_nobodys_own(small_workshop: Workshop, room: Room) -> None:
    """Code of the released notebook, even where it was a comment, is left out."""
    released = small_workshop.course / "release" / LAB
    released.mkdir(parents=True)
    commented = "\n".join(f"# {line}" for line in CODE.splitlines())
    cells = [{"cell_type": "code", "metadata": {}, "source": commented.splitlines(keepends=True)}]
    (released / f"{LAB}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    collected(small_workshop, "p01", CODE)
    collected(small_workshop, "p02", CODE)
    assert reports.similarity_of(small_workshop, room, LAB)["code"]["pairs"] == ()


def test_one_submission_can_not_be_compared(small_workshop: Workshop, room: Room) -> None:
    """With one submission there is a sentence, not an empty list that looks like a result."""
    collected(small_workshop, "p01", CODE)
    with pytest.raises(UsageError, match="two submissions"):
        reports.similarity_of(small_workshop, room, LAB)
    assert reports.kept(small_workshop, LAB) is None


def test_links_and_rubbish_are_not_followed(small_workshop: Workshop) -> None:
    """A link to another's notebook, a pipe, and a file that is no notebook are read as nothing, and nothing waits."""
    collected(small_workshop, "p01", CODE)
    folder = small_workshop.course / "submitted" / "p02" / LAB
    (folder / "answers").mkdir(parents=True)
    (folder / "linked.ipynb").symlink_to(small_workshop.course / "submitted" / "p01" / LAB / f"{LAB}.ipynb")
    os.mkfifo(folder / "pipe.ipynb")
    os.mkfifo(folder / "answers" / "q8.json")
    for name, text in (("a", "[1]"), ("b", '{"cells": 3}'), ("c", '{"cells": [1, {"source": {"x": 1}}]}'), ("d", "\0")):
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
    work = reports.work_of(folder, "p02")
    assert not work.code
    assert "def border" not in "".join(work.texts.values())


def test_answers_are_gathered_with_the_judges_word(small_workshop: Workshop, room: Room) -> None:
    """Practice and twin stand apart; what the judge finds wrong is named, what is not answered is not given."""
    collected(small_workshop, "p01", q1=2, q1_twin=1)
    answers, right, wrong = reports.answers_of(room, LAB)
    assert answers == {"p01": {"q1": 2, "q1-twin": 1}}
    assert set(right["p01"]) == {"q1", "q1-twin", "q2", "q2-twin"}
    assert wrong == {"p01": ["q1"]}


def test_statistics_know_the_labs_own_sentences(room: Room) -> None:
    """Figures of the small lab carry its titles and the trainer's sentences."""
    room.ledger.record(Entry("p01", LAB, "q1", "tried", "2", "mistake", "bottom-line", 0.0))
    found = reports.statistics_of(room, LAB)
    assert found["items"][0]["mistakes"][0]["trainer"] == "took the <i>bottom</i> line"
    assert found["title"] == "A small lab"


def test_traces_are_grouped_and_told_once() -> None:
    """Equal traces of two gradings are one; who has most comes first; other notes are no traces."""
    entries = [Entry("p02", LAB, "q1", "note", '"patched a builtin"', "trace", "patched"),
               Entry("p02", LAB, "q1", "note", '"patched a builtin"', "trace", "patched"),
               Entry("p01", LAB, "q1", "note", "no json", "trace", "deleted-cell"),
               Entry("p01", LAB, "", "note", '"opened a socket"', "trace", "socket"),
               Entry("p03", LAB, "", "note", '"hello"', "", "")]
    rows = reports.traces_of(entries, ["p01", "p02", "p03"])
    assert [(row["participant"], len(row["traces"])) for row in rows] == [("p01", 2), ("p02", 1)]
    assert rows[0]["traces"][0]["sentence"] == "no json"
