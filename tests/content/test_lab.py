"""A lab's facts, and what is said when they are wrong."""

from pathlib import Path

import pytest

from spamlab.content.lab import read_lab, read_labs
from spamlab.course.scaffold import new_lab
from spamlab.errors import ContentError


def test_a_new_lab_is_read(tmp_path: Path) -> None:
    """The scaffold's facts are complete."""
    lab = read_lab(new_lab(tmp_path, "16-phone-calls", "Phone calls"))
    assert (lab.id, lab.title, lab.minutes) == ("16-phone-calls", "Phone calls", 20)
    assert "border" in lab.terms
    assert lab.piloted == "not piloted"


def test_all_faults_come_at_once_with_their_lines(tmp_path: Path) -> None:
    """Each wrong key is named with its file and line, and each file that is missing."""
    folder = tmp_path / "16-x"
    folder.mkdir()
    (folder / "lab.toml").write_text(
        'title = ""\nminutes = "long"\nobjectives = ["understand mail", "b", "c", "d", "e"]\ncolor = 1\n[data]\n'
    )
    with pytest.raises(ContentError) as caught:
        read_lab(folder)
    faults = str(caught.value)
    for what in (
        "lab.toml, line 2: minutes must be a whole number",
        "line 3: a lab has at most four objectives",
        "line 3: an objective is a verb",
        "line 4: the key color is not known",
        "title is empty",
        "16-x/checks.py: the file is missing",
        "16-x/notebook.py: the file is missing",
        "names a recipe",
    ):
        assert what in faults
    assert str(tmp_path) not in faults


def test_one_broken_lab_never_stops_the_others(tmp_path: Path) -> None:
    """The good labs are read in order; the faults of the broken one stand beside them."""
    new_lab(tmp_path, "17-b")
    new_lab(tmp_path, "16-a")
    (tmp_path / "18-c").mkdir()
    (tmp_path / "18-c" / "lab.toml").write_text("title = ")
    (tmp_path / "_drafts").mkdir()
    labs, faults = read_labs(tmp_path)
    assert [lab.id for lab in labs] == ["16-a", "17-b"]
    assert {fault.file.split("/")[0] for fault in faults} == {"18-c"}


@pytest.mark.parametrize("name", ["x", "2-short", "02-Big", "02_under"])
def test_a_folder_has_a_name_of_its_form(tmp_path: Path, name: str) -> None:
    """Two digits and small letters: the name is the assignment's and the file's."""
    new_lab(tmp_path, "16-a").rename(tmp_path / name)
    with pytest.raises(ContentError, match="two digits"):
        read_lab(tmp_path / name)


def test_a_missing_folder_of_labs_is_a_fault(tmp_path: Path) -> None:
    """No folder, no labs, one sentence."""
    labs, faults = read_labs(tmp_path / "none")
    assert labs == []
    assert "missing" in str(faults[0])


def test_the_parts_of_a_plan_fit_into_the_lab(tmp_path: Path) -> None:
    """A plan that takes longer than the lab's minutes is a fault."""
    folder = new_lab(tmp_path, "16-a")
    with (folder / "lab.toml").open("a") as file:
        file.write("[plan]\ncase = 3\nq1 = 18\n")
    with pytest.raises(ContentError, match="take 21 minutes, the lab has 20"):
        read_lab(folder)
