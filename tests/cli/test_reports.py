"""`spamlab statistics` and `spamlab similarity`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from spamlab.cli import group
from spamlab.content.identity import Workshop, create_workshop
from spamlab.errors import UsageError

LAB = "02-header-forensics"
CODE = "def f(a):\n    for b in range(len(a)):\n        if a[b] > 3 and a[b].x not in (1, b):\n            return b\n"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A workshop of three in the real lab, with two submissions."""
    made = create_workshop(tmp_path / "w", title="A workshop", labs=[LAB], participants=3, secret=bytes(32))
    for name in ("p01", "p02"):
        folder = made.course / "submitted" / name / LAB
        folder.mkdir(parents=True)
        cells = [{"cell_type": "code", "metadata": {}, "source": CODE.replace("b", f"b{name}") * 2}]
        (folder / f"{LAB}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return made


def run(*words: str) -> str:
    """What a command prints."""
    result = CliRunner().invoke(group, words, catch_exceptions=False, standalone_mode=False)
    return result.output


def test_statistics_of_an_empty_room(workshop: Workshop) -> None:
    """Before anybody has come there is a table without figures, and JSON with every question."""
    assert "0 of 3 have started" in run("statistics", LAB, "--workshop", str(workshop.root))
    found = json.loads(run("statistics", LAB, "--workshop", str(workshop.root), "--json"))
    assert found["basis"] == "none"
    assert {"q1", "q8"} <= {item["question"] for item in found["items"]}


def test_similarity_is_printed_and_kept(workshop: Workshop) -> None:
    """The pair is printed without a word that accuses, and kept for the page; a course folder alone will do too."""
    said = run("similarity", LAB, "--workshop", str(workshop.root))
    assert "p01 and p02: 100 % shared" in said
    assert "A likeness is no proof." in said
    assert (workshop.root / "reports" / LAB / "similarity.json").is_file()
    found = json.loads(run("similarity", LAB, "--course", str(workshop.course), "--json"))
    assert found["code"]["pairs"][0]["share"] == 1


@pytest.mark.parametrize("name", ["02", "2", "02-head", "header"])
def test_a_lab_is_named_in_short(workshop: Workshop, name: str) -> None:
    """A number or an unmistakable beginning does as well as the whole name, in a workshop and in a course folder."""
    found = json.loads(run("similarity", name, "--workshop", str(workshop.root), "--json"))
    assert found["lab"] == LAB
    assert json.loads(run("similarity", name, "--course", str(workshop.course), "--json"))["lab"] == LAB
    assert json.loads(run("statistics", name, "--workshop", str(workshop.root), "--json"))["basis"] == "none"


@pytest.mark.parametrize("verb", ["release", "collect", "grade", "feedback"])
def test_each_step_knows_which_labs_there_are(workshop: Workshop, verb: str) -> None:
    """Each of nbgrader's steps answers an unknown lab with those that the workshop has."""
    with pytest.raises(UsageError, match=f"no lab called 99 in this workshop; there are: {LAB}"):
        run(verb, "99", "--workshop", str(workshop.root))


def test_a_folder_without_a_workshop_says_what_to_do(tmp_path: Path) -> None:
    """Who calls a step where there is no workshop is told how to make one, and how to name another folder."""
    for words in (["grade", "02"], ["scores"], ["statistics", "02"]):
        with pytest.raises(UsageError, match=r"no workshop in the folder nothing: .*`make up`.*`spamlab up`.*--work"):
            run(*words, "--workshop", str(tmp_path / "nothing"))


def test_a_course_folder_is_named_or_told_to_be_missing(workshop: Workshop, tmp_path: Path) -> None:
    """A wrong course folder, and a lab that it does not have, are one sentence each."""
    with pytest.raises(UsageError, match="no course folder called nothing"):
        run("grade", "02", "--course", str(tmp_path / "nothing"))
    with pytest.raises(UsageError, match=f"no lab called 99 in this course; there are: {LAB}"):
        run("grade", "99", "--course", str(workshop.course))


def test_an_unknown_lab_is_one_sentence(workshop: Workshop) -> None:
    """A lab that is not in the workshop ends with a sentence that names those that are."""
    for verb in ("statistics", "similarity"):
        with pytest.raises(UsageError, match=LAB):
            run(verb, "99-none", "--workshop", str(workshop.root))
