"""Sets of records of a lab: drawn from a traffic recipe, handed out with the labels that the lab gives away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judge.conftest import SECRET
from spamlab.content.identity import Workshop, create_workshop
from spamlab.content.lab import read_lab
from spamlab.course.scaffold import new_lab
from spamlab.errors import ContentError
from spamlab.judge.corpus import corpus_records
from spamlab.judge.handed_out import set_files, sets_of
from spamlab.judge.lab_data import lab_data
from spamlab.judge.ledger import Ledger
from spamlab.judge.room import RefusedError, Room
from spamlab.judge.sources import run_sources

LAB = "17-sets"
SETS = """
[[data.sets]]
name = "train"
recipe = "sms"
purpose = "practice"
count = 30
labels = true

[[data.sets]]
name = "fresh"
recipe = "sms"
purpose = "twin"
count = 12

[[data.sets]]
name = "unseen"
recipe = "sms"
purpose = "hidden"
count = 20
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small lab whose messages are its own and whose records come from the recipe sms."""
    made = new_lab(tmp_path / "labs", LAB)
    with (made / "lab.toml").open("a", encoding="utf-8") as file:
        file.write(SETS)
    return made


@pytest.fixture
def workshop(tmp_path: Path, folder: Path) -> Workshop:
    """Two participants in that lab."""
    return create_workshop(tmp_path / "class", title="T", labs=[LAB], participants=2, secret=SECRET,
                           labs_folder=folder.parent)


def test_sets_come_from_recipe_and_seed_and_hold_no_label_that_is_not_given(workshop: Workshop) -> None:
    """The same secret gives the same records, others give others; truth is apart, and in what is handed out only where
    the lab says so."""
    lab = read_lab(workshop.labs_folder / LAB)
    first, again = (sets_of(lab_data(workshop, "p01", LAB, "practice")) for _ in range(2))
    other = sets_of(lab_data(SECRET, "p02", lab, "practice"))
    assert first == again
    assert [one["id"] for one in first["train"]] == [f"train-{number:04d}" for number in range(1, 31)]
    assert {one["text"] for one in first["train"]}.isdisjoint(
        {one["text"] for one in other["train"] if len(one["text"]) > 40})
    assert {one["label"] for one in first["train"]} == {"ham", "spam"}
    for purpose, name in (("twin", "fresh"), ("hidden", "unseen")):
        data = lab_data(workshop, "p01", LAB, purpose)
        assert all("label" not in one for one in sets_of(data)[name])
        assert {data[f"{name}-0001"].facts["label"], data[f"{name}-0002"].facts["label"]} <= {"ham", "spam"}
        line = json.loads(data[f"{name}-0001"].message.raw)
        assert line == data[f"{name}-0001"].record
        assert "type" not in line


def test_a_further_set_moves_no_other(workshop: Workshop, folder: Path) -> None:
    """A set that is added leaves the records of the others as they were."""
    before = sets_of(lab_data(workshop, "p01", LAB, "practice"))["train"]
    with (folder / "lab.toml").open("a", encoding="utf-8") as file:
        file.write('[[data.sets]]\nname = "more"\nrecipe = "chat"\npurpose = "practice"\ncount = 3\n')
    after = sets_of(lab_data(workshop, "p01", LAB, "practice"))
    assert after["train"] == before
    assert {one["channel"] for one in after["more"]} == {"chat"}


def test_the_judge_hands_out_what_belongs_to_the_participant_and_nothing_hidden(workshop: Workshop) -> None:
    """Sets of practice and twin are given by name; a hidden one is not there; records stand in no mailbox."""
    room = Room(workshop, Ledger(workshop.ledger_file))
    told = room.lab("p01", LAB)
    assert told["sets"] == ["train", "fresh"]
    assert {one["name"] for one in told["items"]} == {"M0", "M1", "T1"}
    assert len(room.records("p01", LAB, "train")["records"]) == 30
    assert room.records("p01", LAB, "train") != room.records("p02", LAB, "train")
    with pytest.raises(RefusedError, match=r"no set called unseen. Sets: train, fresh\."):
        room.records("p01", LAB, "unseen")


def test_a_source_of_the_lab_reads_the_participants_sets(workshop: Workshop) -> None:
    """A known mistake's source finds the participant's sets as a notebook in a graded run does."""
    practice = lab_data(workshop, "p01", LAB, "practice")
    source = "from spamlab.kit import dataset\nknown = dataset('train')\nf = lambda place: known[place]['id']\n"
    found = run_sources("f", {"a": source}, [("x", 4)], files=set_files([practice]))
    assert found["a"]["x"] == {"value": "train-0005"}


def test_data_py_may_arrange_what_the_recipes_made(folder: Path) -> None:
    """`arrange` gets messages and records of a purpose, and has the last word."""
    (folder / "data.py").write_text(
        "def arrange(made, purpose, seed, draw):\n    return {name: one for name, one in made.items()"
        " if not name.endswith('7')}\n", encoding="utf-8")
    lab = read_lab(folder)
    data = lab_data(SECRET, "p01", lab, "hidden")
    assert len(data) == 18
    assert "unseen-0007" not in data


@pytest.mark.parametrize(("old", "new", "told"), [
    ('name = "fresh"', 'name = "train"', "there are two sets called train"),
    ('name = "fresh"', 'name = "My set"', "name must be a word"),
    ('purpose = "twin"', 'purpose = "test"', "purpose must be one of practice, twin, hidden"),
    ("count = 12", "count = 0", "count must be a whole number"),
    ('purpose = "hidden"', 'purpose = "hidden"\nlabels = true', "never handed out"),
    ("count = 12", "size = 12", "the key size is not known here"),
])
def test_a_set_with_a_fault_is_named(folder: Path, old: str, new: str, told: str) -> None:
    """Each fault of a set is told with the place of its table."""
    text = (folder / "lab.toml").read_text(encoding="utf-8")
    (folder / "lab.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=told) as caught:
        read_lab(folder)
    assert "[[data.sets]] " in str(caught.value)


def test_an_unknown_recipe_of_a_set_is_the_labs_fault(folder: Path) -> None:
    """The sentence names the lab's file and the recipe."""
    text = (folder / "lab.toml").read_text(encoding="utf-8")
    (folder / "lab.toml").write_text(text.replace('recipe = "sms"', 'recipe = "smoke"', 1), encoding="utf-8")
    with pytest.raises(ContentError, match=r"17-sets/lab.toml: there is no recipe called smoke"):
        lab_data(SECRET, "p01", read_lab(folder), "practice")


def test_real_messages_of_the_trainer_are_one_more_set(workshop: Workshop) -> None:
    """Records of the workshop's folder corpus come in the same form; without it, or where it can't be read, a sentence
    says so and names no file."""
    room = Room(workshop, Ledger(workshop.ledger_file))
    with pytest.raises(RefusedError, match="put no real messages into"):
        room.records("p01", LAB, "corpus")
    workshop.corpus.mkdir()
    table = workshop.corpus / "mine.csv"
    table.write_text("label,text\nspam,Win now\nham,See you at six\n", encoding="utf-8")
    found = room.records("p01", LAB, "corpus")["records"]
    assert [(one["id"], one["label"], one["text"]) for one in found] == [
        ("corpus-0001", "spam", "Win now"), ("corpus-0002", "ham", "See you at six")]
    table.write_text("words\nWin now, friend\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"can't be read; call the trainer\.") as caught:
        room.records("p01", LAB, "corpus")
    assert "mine" not in str(caught.value)


def test_a_big_corpus_is_thinned(workshop: Workshop) -> None:
    """At most 4000 records, spread over the whole, are handed out."""
    workshop.corpus.mkdir()
    rows = "".join(f'{{"label": "{"spam" if number % 3 else "ham"}", "text": "m{number}"}}\n' for number in range(9000))
    (workshop.corpus / "big.jsonl").write_text(rows, encoding="utf-8")
    found = corpus_records(workshop.corpus)
    assert len(found) == 3000
    assert [one["text"] for one in found[:3]] == ["m0", "m3", "m6"]
    assert found[-1]["text"] == "m8997"
