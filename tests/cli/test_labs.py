"""`spamlab labs` as a user calls it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from spamlab.cli.labs import command
from spamlab.errors import ContentError, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one new lab."""
    folder = tmp_path / "labs"
    folder.mkdir()
    run(folder, "new", "16-phone-calls", "--title", "Phone calls")
    return folder


def run(folder: Path, *arguments: str) -> Result:
    """The command's result; what it raises for the main program is raised."""
    result = CliRunner().invoke(command, ["--labs", str(folder), *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_list_has_the_stable_form(folder: Path) -> None:
    """The JSON of the list has the keys that scripts rely on."""
    assert json.loads(run(folder, "list", "--json").stdout) == [
        {
            "id": "16-phone-calls",
            "title": "Phone calls",
            "minutes": 20,
            "points": 7,
            "questions": 3,
            "clauses": [],
            "standards": ["RFC 5321 section 4.4, checked 2026-11-24"],
        }
    ]
    assert "Phone calls" in run(folder, "list").stdout


def test_a_broken_lab_does_not_hide_the_others(folder: Path) -> None:
    """The good lab is listed, then the faults are told."""
    (folder / "17-broken").mkdir()
    with pytest.raises(ContentError, match="17-broken"):
        run(folder, "list")


def test_a_check_has_the_stable_form(folder: Path) -> None:
    """The JSON of a check has the keys that scripts rely on, shares of the points, and exit status 0."""
    result = run(folder, "check", "16-phone-calls", "--draws", "3", "--json")
    (row,) = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {name: row[name] for name in ("lab", "solution", "guided", "empty", "separated", "ok")} == {
        "lab": "16-phone-calls",
        "solution": 1,
        "guided": 1,
        "empty": 0,
        "separated": 3,
        "ok": True,
    }
    assert 0 <= row["wrong"] < 1
    assert row["seconds"] >= 0


def test_a_number_names_a_lab(folder: Path) -> None:
    """`labs check 16` or `labs build phone` is enough, and a name that is not there is told those that are."""
    assert json.loads(run(folder, "check", "16", "--draws", "1", "--json").stdout)[0]["lab"] == "16-phone-calls"
    assert "16-phone-calls" in run(folder, "build", "phone", "--out", str(folder.parent / "out")).stdout
    with pytest.raises(UsageError, match="there is no lab called 99; there are: 16-phone-calls"):
        run(folder, "check", "99")


def test_a_check_that_fails_says_so(folder: Path) -> None:
    """A fault is told on standard error, and the exit status is 1."""
    (folder / "16-phone-calls" / "sheet.md").unlink()
    result = run(folder, "check", "--draws", "2")
    assert result.exit_code == 1
    assert "fault: 16-phone-calls: sheet.md" in result.stderr
    assert "no" in result.stdout


def test_a_build_writes_the_notebook(folder: Path, tmp_path: Path) -> None:
    """The notebook stands in its lab's folder under --out, twice the same."""
    rows = [json.loads(run(folder, "build", "--out", str(tmp_path / name), "--json").stdout)[0] for name in "ab"]
    assert rows[0]["sha256"] == rows[1]["sha256"]
    assert (tmp_path / "a" / "16-phone-calls" / "16-phone-calls.ipynb").stat().st_size == rows[0]["bytes"]


@pytest.mark.parametrize("arguments", [("check", "99-none"), ("build", "../x"), ("new", "Bad Name")])
def test_a_wrong_name_is_the_users_mistake(folder: Path, arguments: tuple[str, ...]) -> None:
    """One sentence, no trace."""
    with pytest.raises(UsageError):
        run(folder, *arguments)
