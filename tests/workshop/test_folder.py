"""A workshop's folder: made once, added to, locked while it runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spamlab.content.identity import Workshop, create_workshop
from spamlab.errors import ContentError, MachineError, UsageError
from spamlab.workshop import folder, grading

LAB = "77-small"


@pytest.fixture(autouse=True)
def labs_of_the_test(monkeypatch: pytest.MonkeyPatch, small_labs: Path) -> None:
    """The labs that are found are those of the test."""
    monkeypatch.setattr(folder, "default_folder", lambda _: small_labs)


@pytest.mark.parametrize(
    ("given", "people"), [("", ()), ("3", ("p01", "p02", "p03")), ("anna, ben", ("anna", "ben")), ("p07", ("p07",))]
)
def test_participants_are_a_number_or_ids(given: str, people: tuple[str, ...]) -> None:
    """A number gives p01, p02 ...; ids with commas are taken as they are."""
    assert folder.people(given) == people


@pytest.mark.parametrize("given", ["0", "201", "Anna", "p01,p01", "p 1", "../x", "p|1", "=1+1"])
def test_bad_participants_are_refused(given: str) -> None:
    """Too many, doubled or badly formed ids get a sentence."""
    with pytest.raises(UsageError):
        folder.people(given)


def test_a_lab_is_named_by_its_number_too() -> None:
    """ "77" is enough for 77-small; an unknown one gets a sentence that lists the known."""
    assert folder.named_labs("77,77-small") == (LAB,)
    with pytest.raises(UsageError, match=LAB):
        folder.named_labs("99")


def test_a_lab_with_a_fault_is_named_with_it(small_labs: Path) -> None:
    """Who names a lab that can't be read is told what is wrong with it, not that it is not there."""
    (small_labs / "78-broken").mkdir()
    with pytest.raises(ContentError, match=r"78-broken/lab\.toml"):
        folder.named_labs("78")


def test_the_second_time_the_same_workshop_is_opened(tmp_path: Path) -> None:
    """A workshop is made once; opened again it has the same secret, and nobody and no lab is lost."""
    made, new = folder.open_workshop(tmp_path / "ws", "2")
    assert new
    assert made.labs == (LAB,)
    again, new = folder.open_workshop(tmp_path / "ws")
    assert not new
    assert again.secret() == made.secret()
    assert again.participants == ("p01", "p02")


def test_more_participants_may_come_later(tmp_path: Path) -> None:
    """A larger number adds participants, a smaller one takes nobody away, and the file keeps its other lines."""
    made, _ = folder.open_workshop(tmp_path / "ws", "2")
    file = made.root / "workshop.toml"
    file.write_text(file.read_text() + '# a note of the trainer\ndates = ["2026-11-24"]\n')
    assert folder.open_workshop(tmp_path / "ws", "4")[0].participants == ("p01", "p02", "p03", "p04")
    assert folder.open_workshop(tmp_path / "ws", "1")[0].participants == ("p01", "p02", "p03", "p04")
    assert folder.open_workshop(tmp_path / "ws", "guest")[0].participants[-1] == "guest"
    assert "# a note of the trainer" in file.read_text()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    """A folder that is not empty and no workshop is refused, and nothing is written into it."""
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws/thesis.txt").write_text("x")
    with pytest.raises(UsageError, match="--workshop"):
        folder.open_workshop(tmp_path / "ws")
    assert os.listdir(tmp_path / "ws") == ["thesis.txt"]


def test_one_workshop_runs_once(small_workshop: Workshop) -> None:
    """While one holds the lock another is told by whom; afterwards the lock is free."""
    lock = folder.take_lock(small_workshop)
    with pytest.raises(UsageError, match="running already"):
        folder.take_lock(small_workshop)
    os.close(lock)
    os.close(folder.take_lock(small_workshop))


def test_a_full_disk_is_told(small_workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little space gets a sentence with both figures."""
    monkeypatch.setattr(folder, "NEEDED_MB", 10**9)
    with pytest.raises(MachineError, match="MB free"):
        folder.demand_space(small_workshop.root)


def test_a_broken_lab_does_not_stop_the_others(
    tmp_path: Path, small_labs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lab that can't be built is named and left out; without any lab the start is refused with the reasons."""
    workshop = create_workshop(tmp_path / "ws", title="t", labs=[LAB, "78-broken"], labs_folder=small_labs)

    def build(_: Workshop, lab: str) -> None:
        if lab == "78-broken":
            raise ContentError("checks.py has a fault.")

    monkeypatch.setattr(grading, "build_and_release", build)
    said: list[str] = []
    assert folder.release_labs(workshop, said.append) == [LAB]
    assert any("78-broken is left out: checks.py has a fault." in line for line in said)
    alone = create_workshop(tmp_path / "two", title="t", labs=["78-broken"], labs_folder=small_labs)
    with pytest.raises(ContentError, match="has a fault"):
        folder.release_labs(alone, said.append)


def test_work_in_a_home_is_never_overwritten(small_workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lab is fetched into a home only where nothing of that name is, be it a folder, a file or a broken link."""
    fetched: list[str] = []
    monkeypatch.setattr(grading, "fetch", lambda *given: fetched.append(given[1]))
    for participant in small_workshop.participants:
        folder.set_desk(small_workshop, participant)
    (small_workshop.home("p01") / LAB).mkdir()
    (small_workshop.home("p02") / LAB).symlink_to("nowhere")
    for participant in small_workshop.participants:
        folder.fetch_labs(small_workshop, participant, [LAB])
    assert fetched == ["p03"]


def test_a_file_is_no_workshop_folder(tmp_path: Path) -> None:
    """A file in the folder's place is one sentence, and the file stays as it was."""
    place = tmp_path / "notes.txt"
    place.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file, not a folder"):
        folder.open_workshop(place)
    assert place.read_text(encoding="utf-8") == "mine"


def test_a_running_workshop_is_not_changed_by_a_refused_start(tmp_path: Path) -> None:
    """A start that is refused, since the workshop runs, adds no participants to it."""
    made = create_workshop(tmp_path / "w", title="T", labs=["02-header-forensics"], participants=1)
    lock = folder.take_lock(made)
    try:
        with pytest.raises(UsageError, match="running already"):
            folder.open_workshop(made.root, "5")
        assert folder.read_workshop(made.root).participants == ("p01",)
    finally:
        os.close(lock)
