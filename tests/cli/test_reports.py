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


def test_an_unknown_lab_is_one_sentence(workshop: Workshop) -> None:
    """A lab that is not in the workshop ends with a sentence that names those that are."""
    for verb in ("statistics", "similarity"):
        with pytest.raises(UsageError, match=LAB):
            run(verb, "99-none", "--workshop", str(workshop.root))
