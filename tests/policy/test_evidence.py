"""Evidence and facts are data with sources; a broken file is told with all its faults; the page is that of the data."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.errors import ContentError, UsageError
from spamlab.policy import evidence
from spamlab.policy.evidence import TOPICS, read_evidence
from spamlab.policy.fact_table import Band, read_facts
from spamlab.shipped import default_folder

ROOT = default_folder("datasets").parent
ROWS = {"E": range(1, 17), "T": range(1, 12), "B": range(1, 10), "L": range(1, 12), "V": range(1, 10),
        "S": (1, 2, *range(4, 15)), "P": range(1, 17), "K": range(1, 8)}
"""The rows of the survey; S3 was never given."""


def test_every_row_is_there() -> None:
    """Each row of the survey stands in the data under its id, and every topic has rows."""
    rows = read_evidence()
    assert set(rows) == {f"{letter}{number}" for letter, numbers in ROWS.items() for number in numbers}
    assert {row.topic for row in rows.values()} == set(TOPICS)


def test_a_figure_is_one_sentence_with_numbers() -> None:
    """A figure ends with one full stop, and holds a number save where the source says which way only."""
    without = {row.id for row in read_evidence().values() if not re.search(r"\d", row.figure)}
    assert without == {"E15", "L11", "P15"}
    assert all(row.figure.endswith(".") for row in read_evidence().values())


def test_memory_is_told() -> None:
    """What is from memory, in whole or in part, says so in words."""
    rows = read_evidence().values()
    assert all(("memory" in row.seen or bool(row.from_memory)) == ("from memory, not re-read" in row.provenance)
               for row in rows)
    assert {"E13", "P8", "K4"} <= {row.id for row in rows if row.seen == ("memory",)}


def test_page_is_that_of_the_data(tmp_path: Path) -> None:
    """docs/policy/evidence.md is what the command writes today; run it again after a change of the data."""
    assert evidence.main([str(tmp_path / "page.md")]) == 0
    written = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert written == (ROOT / "docs" / "policy" / "evidence.md").read_text(encoding="utf-8")
    assert all(f"\n| {name} | " in written for name in read_evidence())


def test_faults_of_evidence_are_told_at_once(tmp_path: Path) -> None:
    """Each fault is a sentence with the row's id; none hides another."""
    (tmp_path / "evidence.toml").write_text(
        '[[evidence]]\nid = "E1"\ntopic = "weather"\nfigure = ""\nsource = "x"\nseen = ["dream"]\nconfidence = "sure"\n'
        '[[evidence]]\nid = "E1"\ntopic = "law"\nfigure = "1."\nsource = "x"\nseen = ["text"]\nby = 1\n'
        'confidence = "low"\n'
        '[[evidence]]\nid = "one"\ntopic = "law"\nfigure = "1."\nsource = "x"\nseen = ["memory"]\nfrom_memory = "a"\n'
        'confidence = "low"\n', encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_evidence(tmp_path)
    told = str(caught.value).splitlines()
    assert len(told) == 8
    for piece in ("E1: topic is 'weather'", "E1: figure must be a text", "E1: seen must be", "E1: confidence is 'sure'",
                  "E1: the key by", "E1: the id stands twice", "one: id must be", "one: from_memory has no meaning"):
        assert any(piece in line for line in told), piece


def test_a_file_that_is_no_table_is_one_sentence(tmp_path: Path) -> None:
    """Missing, not TOML and empty files are sentences."""
    with pytest.raises(UsageError, match=r"evidence\.toml can't be read"):
        read_evidence(tmp_path / "nowhere")
    for text, told in (("= 1", "not TOML"), ("x = 1", "the key x has no meaning")):
        folder = tmp_path / str(len(text))
        folder.mkdir()
        (folder / "evidence.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ContentError, match=told):
            read_evidence(folder)


def test_a_wrong_argument_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """The command takes a file's name or nothing."""
    assert evidence.main(["--help-me"]) == 2
    assert "no more than the name" in capsys.readouterr().err


def test_facts_are_whole() -> None:
    """Twenty-one facts, each with sources that exist, bands and a way to compute; what was fitted is listed apart."""
    table = read_facts()
    assert list(table.facts) == [f"F{number}" for number in range(1, 22)]
    assert set(table.fitted) == {"E1", "E4", "E8", "E9", "E10", "T1", "B5", "L1", "L2", "L9", "P5", "P12", "S11"}
    assert table.least_share == 0.6
    assert table.least_draws >= 200
    assert [fact.id for fact in table.facts.values() if fact.fitted] == ["F18"]
    fitted = {f"{fact.id} {band.name}" for fact in table.facts.values() for band in fact.bands if band.fitted}
    assert fitted == {"F20 bulk", "F21 uptake"}


def test_faults_of_facts_are_told_at_once(tmp_path: Path) -> None:
    """Unknown evidence, a band upside down, an unknown unit and a missing way to compute are told together."""
    source = default_folder("datasets") / "policy"
    (tmp_path / "evidence.toml").write_bytes((source / "evidence.toml").read_bytes())
    (tmp_path / "facts.toml").write_text(
        'least_share = 2\nleast_draws = 200\nfitted = [{id = "X1", what = "a"}]\n[[fact]]\nid = "F1"\nstatement = "a"\n'
        'sources = ["Z9"]\nfitted = false\nband = [{name = "a", label = "a", low = 2, high = 1, unit = "miles"}]\n',
        encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_facts(tmp_path)
    told = str(caught.value)
    for piece in ("least_share", "no evidence X1", "no evidence Z9", "low is above high", "unit must be",
                  "how must be"):
        assert piece in told
    assert len(told.splitlines()) == 6


@given(st.floats(-10, 10), st.floats(0, 10), st.floats(allow_nan=True, allow_infinity=True))
def test_a_band_holds_its_ends_and_never_nan(low: float, width: float, value: float) -> None:
    """Ends are inside, nan is not, and an open side lets everything through."""
    band = Band("a", "a", "share", low, low + width)
    assert band.inside(np.array([low, low + width])).all()
    assert bool(band.inside(np.array([value]))[0]) == (low <= value <= low + width)
    assert not band.inside(np.array([np.nan])).any()
    assert bool(Band("a", "a", "share", high=low).inside(np.array([value]))[0]) == (value <= low)
