"""A lab's questions and one participant's data."""

from pathlib import Path

import pytest

from judge.conftest import LAB, SECRET
from judge.sample import DATA, labelled, sample_checks
from spamlab.content.identity import Workshop
from spamlab.content.lab import read_lab
from spamlab.course.scaffold import new_lab
from spamlab.errors import ContentError
from spamlab.judge import lab_data as module
from spamlab.judge.lab_data import clashes, lab_data, load_checks


def test_the_same_secret_gives_the_same_bytes(workshop: Workshop) -> None:
    """Two readings of one participant's set agree byte for byte; another participant's set differs."""
    first = lab_data(workshop, "p01", LAB, "practice")
    again = lab_data(SECRET, "p01", read_lab(workshop.labs_folder / LAB), "practice")
    other = lab_data(workshop, "p02", LAB, "practice")
    assert {name: one.message.raw for name, one in first.items()} == {
        name: one.message.raw for name, one in again.items()
    }
    assert first["M1"].message.raw != other["M1"].message.raw


def test_a_draw_that_does_not_separate_is_drawn_again(labs_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first draw in which right answer and mistakes differ is taken."""
    lab = read_lab(labs_folder / LAB)
    checks = sample_checks()
    draws: list[int] = []

    def make(_recipe: object, _purpose: str, _seed: bytes, draw: int) -> dict[str, object]:
        draws.append(draw)
        same = labelled("M1", "198.51.100.4") if draw < 2 else labelled("M1")
        return {**DATA, "M1": same}

    monkeypatch.setattr(module, "lab_maker", lambda _lab, _datasets=None: (make, {}))
    lab_data(SECRET, "p01", lab, "practice", checks=checks)
    assert draws == [0, 1, 2]


def test_a_clash_is_named() -> None:
    """A mistake that gives the right answer in a draw is named with its question."""
    found = clashes(sample_checks(), {**DATA, "M1": labelled("M1", "198.51.100.4")}, "practice")
    assert found == ["value: bottom gives the same answer as right"]


def test_a_mistake_that_may_be_lacking_says_so() -> None:
    """A mistake without answer in a draw is a clash unless it is optional."""
    checks = sample_checks()
    checks.questions["pick"].mistake("lacking", trainer="x", message="x")(lambda _item: None)
    checks.questions["pick"].mistake("optional", trainer="x", message="x", optional=True)(lambda _item: None)
    assert clashes(checks, DATA, "practice") == ["pick: lacking does not exist in this draw"]


def test_faults_of_checks_come_all_at_once(tmp_path: Path) -> None:
    """Each question that can't be judged is named, with the file."""
    folder = tmp_path / "17-broken"
    folder.mkdir()
    (folder / "checks.py").write_text(
        "from spamlab.judge.kinds import Value\nfrom spamlab.judge.question import Checks\n"
        "checks = Checks()\n"
        "checks.question('q1', Value(), title='a', points=1, minutes=1, about={})\n"
        "checks.question('q2', Value(), title='b', points=-1, minutes=1, about={})\n"
    )
    with pytest.raises(ContentError) as caught:
        load_checks(folder)
    assert str(caught.value).splitlines() == [
        "17-broken/checks.py: question q1 has no right answer",
        "17-broken/checks.py: question q2 has no right answer",
        "17-broken/checks.py: question q2 needs points of 0 or more and minutes above 0",
    ]


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = 1 / 0\n", "line 2"), ("a = (\n", "line 1"), ("x = 1\n", "checks = Checks()")]
)
def test_a_checks_file_that_fails_names_its_line(tmp_path: Path, text: str, line: str) -> None:
    """Whatever a checks.py raises becomes one sentence with its line, never a path of the machine."""
    (tmp_path / "checks.py").write_text(text)
    with pytest.raises(ContentError, match=line) as caught:
        load_checks(tmp_path)
    assert str(tmp_path.parent) not in str(caught.value)


def test_each_new_lab_is_its_own_module(tmp_path: Path) -> None:
    """Two labs with a data.py and a checks.py each do not meet in memory."""
    first, second = new_lab(tmp_path, "18-one"), new_lab(tmp_path, "19-two")
    assert load_checks(first) is not load_checks(second)
    assert load_checks(first).folder == first
