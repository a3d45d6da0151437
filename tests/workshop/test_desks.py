"""Submissions go from a desk to the exchange only as what they are; feedback comes back to its owner alone."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from spamlab.workshop import desks
from spamlab.workshop.desks import Desk, carry_feedback, carry_submissions, desk_of, set_up

LAB = "02-header-forensics"
TIME = "2026-11-24 13:13:22.734726 UTC"


@dataclass
class Place:
    """A workshop's folders."""

    root: Path

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange."""
        return self.root / "exchange"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk of p01, with one released lab."""
    (tmp_path / "exchange/spamlab/outbound" / LAB).mkdir(parents=True)
    (tmp_path / "exchange/spamlab/inbound").mkdir()
    (tmp_path / "secret").write_text("the workshop's secret")
    made = desk_of(Place(tmp_path), "p01", "spamlab")
    set_up(made)
    return made


def hand_in(desk: Desk, name: str, *, mode: int = 0o777) -> Path:
    """A submission as nbgrader leaves it: files read-only, the folder open as the last step."""
    folder = desk.inbound / name
    (folder / "answers").mkdir(parents=True)
    (folder / f"{LAB}.ipynb").write_text("{}")
    (folder / "submission_secret.txt").write_text("s3cret")
    (folder / "answers/q3.json").write_text('{"answer": 1}')
    (folder / "answers").chmod(0o555)
    folder.chmod(mode)
    return folder


def arrived(desk: Desk) -> list[str]:
    """What lies in the exchange's inbound."""
    return sorted(os.listdir(desk.exchange / "spamlab/inbound"))


def test_a_submission_is_carried_whole_and_once(desk: Desk) -> None:
    """A finished submission arrives with its files, leaves the desk, and is not carried again."""
    name = f"p01+{LAB}+{TIME}+AbC-_9"
    hand_in(desk, name)
    assert carry_submissions(desk).carried == (name,)
    assert arrived(desk) == [name]
    assert (desk.exchange / "spamlab/inbound" / name / "answers/q3.json").read_text() == '{"answer": 1}'
    assert os.listdir(desk.inbound) == []
    assert carry_submissions(desk).carried == ()


def test_a_submission_that_is_still_written_waits(desk: Desk) -> None:
    """Before nbgrader's last step nothing is carried and nothing is taken away."""
    hand_in(desk, f"p01+{LAB}+{TIME}", mode=0o755)
    assert carry_submissions(desk) == desks.Carried()
    assert os.listdir(desk.inbound)


def test_a_submission_that_nbgrader_keeps_is_whole(desk: Desk) -> None:
    """Where no mode can be opened, nbgrader's own copy, which it makes last, says so; a link in its place does not."""
    name = f"p01+{LAB}+{TIME}"
    hand_in(desk, f"{name}+AbC-_9", mode=0o755)
    cache = desk.data / "nbgrader_cache" / "spamlab"
    cache.mkdir(parents=True)
    (cache / name).symlink_to(desk.root)
    assert carry_submissions(desk) == desks.Carried()
    (cache / name).unlink()
    (cache / name).mkdir()
    assert carry_submissions(desk).carried == (f"{name}+AbC-_9",)


@pytest.mark.parametrize(
    "name",
    [f"p02+{LAB}+{TIME}", f"p01+99-unknown+{TIME}", f"p01+..+{TIME}", f"p01+{LAB}+yesterday", "p01", f"+{LAB}+{TIME}"],
)
def test_a_wrong_name_is_refused(desk: Desk, name: str) -> None:
    """A submission in another's name, for an unknown lab or without a time never reaches the exchange."""
    hand_in(desk, name)
    done = carry_submissions(desk)
    assert done.carried == ()
    assert len(done.refused) == 1
    assert arrived(desk) == []
    assert os.listdir(desk.inbound) == []


def test_links_and_pipes_are_left_out(desk: Desk) -> None:
    """A link to the workshop's secret, a link to a folder, and a pipe are not carried; nothing is read through them."""
    name = f"p01+{LAB}+{TIME}"
    folder = hand_in(desk, name)
    (folder / "stolen.txt").symlink_to(desk.root.parents[1] / "secret")
    (folder / "all").symlink_to(desk.root.parents[1])
    os.mkfifo(folder / "pipe")
    assert carry_submissions(desk).carried == (name,)
    there = sorted(os.listdir(desk.exchange / "spamlab/inbound" / name))
    assert there == [f"{LAB}.ipynb", "answers", "submission_secret.txt"]
    assert (desk.root.parents[1] / "secret").read_text() == "the workshop's secret"


def test_a_desk_turned_into_a_link_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    """Where a link stands in place of the own inbound or feedback, nothing is carried and nothing written."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for folder in (desk.inbound, desk.feedback):
        folder.rmdir()
        folder.symlink_to(elsewhere)
    assert carry_submissions(desk) == desks.Carried()
    submission = desk.exchange / "spamlab/inbound" / f"p01+{LAB}+{TIME}"
    submission.mkdir()
    (submission / "submission_secret.txt").write_text("one")
    (submission / f"{LAB}.ipynb").write_text("{}")
    (desk.exchange / "spamlab/feedback").mkdir()
    name = hashlib.md5(f"one{LAB}".encode()).hexdigest() + ".html"
    (desk.exchange / "spamlab/feedback" / name).write_text("<p>good</p>")
    assert carry_feedback(desk) == []
    assert os.listdir(elsewhere) == []


@pytest.mark.parametrize(("limit", "value"), [("MAX_BYTES", 10), ("MAX_FILES", 2), ("MAX_DEPTH", 0)])
def test_too_much_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    """A submission with too many bytes, files or folders in folders is refused, and no half of it stays."""
    monkeypatch.setattr(desks, limit, value)
    monkeypatch.setattr(desks.Budget.__init__, "__defaults__", (desks.MAX_BYTES, desks.MAX_FILES))
    hand_in(desk, f"p01+{LAB}+{TIME}")
    assert len(carry_submissions(desk).refused) == 1
    assert arrived(desk) == []


def test_feedback_comes_to_its_owner_alone(desk: Desk) -> None:
    """Of the feedback in the exchange the desk gets that of the own submission, and gets it again when it changes."""
    for participant, secret in (("p01", "one"), ("p02", "two")):
        submission = desk.exchange / "spamlab/inbound" / f"{participant}+{LAB}+{TIME}"
        submission.mkdir()
        (submission / "submission_secret.txt").write_text(secret)
        (submission / f"{LAB}.ipynb").write_text("{}")
    feedback = desk.exchange / "spamlab/feedback"
    feedback.mkdir()
    names = {secret: hashlib.md5(f"{secret}{LAB}".encode()).hexdigest() + ".html" for secret in ("one", "two")}
    for secret, name in names.items():
        (feedback / name).write_text(secret)
    assert carry_feedback(desk) == [LAB]
    assert os.listdir(desk.feedback) == [names["one"]]
    assert carry_feedback(desk) == []
    (feedback / names["one"]).write_text("anew")
    os.utime(feedback / names["one"], ns=(1, 1))
    assert carry_feedback(desk) == [LAB]
    assert (desk.feedback / names["one"]).read_text() == "anew"
