"""The attacks of the rehearsal's hostile participants."""

from pathlib import Path
from typing import Any

import pytest

from spamlab.grading.traces import traces_of_answers, traces_of_files, traces_of_layout, traces_of_sources
from spamlab.rehearsal.attacks import ATTACKS
from spamlab.rehearsal.hostile import Attack

NOTEBOOK: dict[str, Any] = {"cells": [
    {"id": f"c{number}", "cell_type": "code", "source": f'check("q{number}")', "outputs": [],
     "metadata": {"nbgrader": {"grade": True, "grade_id": f"q{number}", "points": 2}}}
    for number in range(1, 4)
]}


def test_attacks_differ_and_do_something() -> None:
    """Each attack has a name of its own and at least one way into the submission."""
    assert len({one.name for one in ATTACKS}) == len(ATTACKS) >= 25
    for one in ATTACKS:
        assert one.source or one.function or one.forge or one.place, one.name
        for source in (one.source, one.function.replace("{function}", "find")):
            compile(source, one.name, "exec")


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.source or one.function or one.forge],
                         ids=lambda one: one.name)
def test_reading_an_attack_leaves_a_trace(attack: Attack) -> None:
    """What is typed or forged is seen by reading alone; what is only seen by running it says so by its end."""
    source = attack.source or attack.function.replace("{function}", "find")
    found = traces_of_sources([source], ["find"]) if source else []
    if attack.forge:
        found += traces_of_layout(attack.forge(NOTEBOOK), NOTEBOOK)
    assert found or attack.ends or attack.name in ("function-loops", "floods-output")


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.place], ids=lambda one: one.name)
def test_files_of_an_attack_leave_a_trace(attack: Attack, tmp_path: Path) -> None:
    """Links are left out when they are handed in, odd files and answers are seen."""
    folder = tmp_path / "participants" / "p01" / "lab"
    folder.mkdir(parents=True)
    assert attack.place is not None
    attack.place(folder)
    attack.place(folder)  # again, as a participant hands in twice
    paths = [path for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    left = [path.relative_to(folder).as_posix() for path in paths if path.is_symlink()]
    taken = [path.relative_to(folder).as_posix() for path in paths if not path.is_symlink()]
    answers = {path.name: path.read_bytes() for path in (folder / "answers").glob("*") if not path.is_symlink()}
    assert traces_of_files(left, taken) or traces_of_answers(answers)
