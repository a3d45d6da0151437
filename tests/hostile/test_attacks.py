"""Every attack of attacks/ as one participant of one workshop, through exchange and nbgrader, honest ones beside them.

Each attack's header says what its answers earn: nothing may be gained beyond it. One run grades them all, so that an
attack on its neighbours or on the engine shows in the others' points.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from grading.room import FIND, LAB, SECRET, SOURCE, Room
from spamlab.bench.attacks import Attack, read_attacks
from spamlab.content.identity import create_workshop
from spamlab.grading import steps
from spamlab.grading.restore import read_release
from spamlab.grading.traces import traces_of_answers, traces_of_files, traces_of_layout, traces_of_sources
from spamlab.judge.lab_data import lab_data

ATTACKS = read_attacks(Path(__file__).with_name("attacks"))
HONEST = 4
WHOLE = {"q1": 2.0, "q2": 3.0, "q3": 4.0, "q4": 0.0}
CELL_SECONDS = 1.5
MOST_SECONDS = 25.0
"""Seconds that one attack may take of the engine's time, on the average of all."""
PAGES = ("hidden_inputs", "script", "escapes", "deceiving", "frames", "honest", "results", "searches", "homoglyphs")


@dataclass
class Fight:
    """What came of the one run. participants: of each attack. told: of grading. seconds: of grading."""

    room: Room
    participants: dict[str, str]
    honest: list[str]
    told: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    pages: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def fight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fight]:
    """One workshop: honest participants first, in the middle and last, one participant for each attack."""
    folder = tmp_path_factory.mktemp("fight")
    labs = folder / "labs"
    shutil.copytree(SOURCE, labs / LAB, ignore=shutil.ignore_patterns("__pycache__"))
    (labs / LAB / "notebook.percent").rename(labs / LAB / "notebook.py")
    workshop = create_workshop(folder / "workshop", title="Fight", labs=[LAB], participants=len(ATTACKS) + HONEST,
                               secret=SECRET, labs_folder=labs)
    steps.build(workshop, LAB)
    steps.release(workshop, LAB)
    with (workshop.course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.JudgedExecute.cell_seconds = {CELL_SECONDS}\n")
    names = list(workshop.participants)
    honest = [names[0], names[1], names[len(names) // 2], names[-1]]
    attackers = [name for name in names if name not in honest]
    made = Fight(Room(workshop), {one.name: name for one, name in zip(ATTACKS, attackers, strict=True)}, honest)
    for name in honest:
        made.room.hand_in(name, made.room.right(name), {"q3-open": FIND})
    for one in ATTACKS:
        _hand_in(made, one)
    steps.collect(workshop, LAB)
    began = time.monotonic()
    made.told = steps.grade(workshop, LAB)
    made.seconds = time.monotonic() - began
    print(f"graded {len(names)} submissions in {made.seconds:.1f} s")
    made.pages = _pages(made)
    yield made
    shutil.rmtree(folder, ignore_errors=True)


def _hand_in(made: Fight, one: Attack) -> None:
    participant = made.participants[one.name]
    notebook = one.forged(made.room.notebook(participant))
    one.place(made.room.workshop.home(participant) / LAB)
    right = made.room.right(participant)
    made.room.hand_in(participant, {name: right[name] for name in one.answers}, notebook=notebook)


def _pages(made: Fight) -> dict[str, str]:
    """The feedback of those whose attack shows something: nbgrader takes half a second for a page."""
    shown = {name for attack, name in made.participants.items() if any(word in attack for word in PAGES)}
    shown |= set(made.honest[:1])
    graded = made.room.workshop.course / "autograded"
    aside = graded.with_name("aside")
    aside.mkdir()
    for path in list(graded.iterdir()):
        if path.name not in shown:
            path.rename(aside / path.name)
    steps.feedback(made.room.workshop, LAB)
    for path in list(aside.iterdir()):
        path.rename(graded / path.name)
    return {name: steps.fetch_feedback(made.room.workshop, name, LAB)[-1].read_text(encoding="utf-8")
            for name in shown}


def test_there_are_forty_attacks() -> None:
    """The suite holds at least forty distinct attacks, of all three kinds."""
    assert len({one.source for one in ATTACKS}) >= 40
    assert {one.kind for one in ATTACKS} == {"cell", "notebook", "files"}


def test_nobody_is_harmed(fight: Fight) -> None:
    """All are graded, the honest ones in full, in bounded time."""
    assert fight.told["failed"] == [], fight.told["reasons"]
    for name in fight.honest:
        assert fight.room.points(name) == WHOLE, name
    assert fight.seconds < MOST_SECONDS * len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_an_attack_earns_what_its_answers_earn(fight: Fight, attack: Attack) -> None:
    """The attack takes no point that its answers do not deserve, and costs none that were answered."""
    points = fight.room.points(fight.participants[attack.name])
    assert {**points, "q4": 0.0} == {**attack.points, "q4": 0.0}
    assert not points["q4"], "a person grades the letter"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_an_attack_leaves_a_trace(fight: Fight, attack: Attack) -> None:
    """The instructor sees something of each attack: by reading what was handed in, and in what grading tells."""
    name = fight.participants[attack.name]
    told = fight.told.get("traces")
    if told is not None:
        assert told.get(name), "grading must tell of it"
        assert all(set(one) == {"code", "where", "sentence"} for one in told[name])
        return
    assert _read(fight, name), "reading must find it"


def test_honest_ones_leave_no_trace(fight: Fight) -> None:
    """No false alarm beside a hundred attackers."""
    for name in fight.honest:
        assert _read(fight, name) == []
        assert not fight.told.get("traces", {}).get(name)


def _read(fight: Fight, name: str) -> list[Any]:
    """What reading alone finds of a submission."""
    course = fight.room.workshop.course
    folder = course / "submitted" / name / LAB
    content = (folder / f"{LAB}.ipynb").read_bytes()
    try:
        cells = json.loads(content)["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        cells = []
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    answers = {path.name: path.read_bytes() for path in (folder / "answers").glob("*") if path.is_file()}
    home = fight.room.workshop.home(name) / LAB
    left = [path.relative_to(home).as_posix() for path in home.rglob("*")
            if not path.is_dir() and "feedback" not in path.parts
            and path.relative_to(home).as_posix() not in files] if home.is_dir() else []
    return [*traces_of_layout(content, read_release(course, LAB, LAB)),
            *traces_of_sources(cells if isinstance(cells, list) else []),
            *traces_of_files(left, [one for one in files if one not in ("timestamp.txt", f"{LAB}.ipynb")]),
            *traces_of_answers(answers)]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_an_attack_learns_nothing(fight: Fight, attack: Attack) -> None:
    """Neither the graded notebook nor the feedback nor the home holds a hidden message or what is expected of it."""
    name = fight.participants[attack.name]
    workshop = fight.room.workshop
    hidden = lab_data(workshop, name, LAB, "hidden")
    seen = [one for purpose in ("practice", "twin") for one in lab_data(workshop, name, LAB, purpose).values()]
    known = {one.truth.handover_address for one in seen}
    needles = [one.message.message_id.encode() for one in hidden.values()]
    needles += [one.truth.scenario.encode() for one in hidden.values()] + [workshop.secret().hex().encode()]
    addresses = {one.truth.handover_address.encode() for one in hidden.values()
                 if one.truth.handover_address not in known and one.truth.handover_address not in attack.source}
    brought = {path.read_bytes() for path in (workshop.course / "submitted" / name / LAB / "answers").rglob("*")
               if path.is_file()}
    graded = workshop.course / "autograded" / name / LAB
    for path in [*graded.rglob("*"), *workshop.home(name).rglob("*")]:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 30_000_000:
            continue
        content = path.read_bytes()
        if content not in brought:
            assert not [one for one in needles if one in content], path
            assert not addresses & set(re.findall(rb"203\.0\.113\.[0-9]+", content)), path


class Reader(HTMLParser):
    """Finds what a browser would run of what the participant wrote: scripts, handlers, addresses of JavaScript."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element's attributes."""
        self._tag = tag
        self.found += [f"{tag} {name}={value}" for name, value in attrs if "stolen" in (value or "")]

    def handle_endtag(self, tag: str) -> None:
        """An element has ended."""
        self._tag = ""

    def handle_data(self, data: str) -> None:
        """Text inside a script would be run."""
        if self._tag in ("script", "style") and "stolen" in data:
            self.found.append(data[:200])


def test_no_page_runs_what_a_participant_wrote(fight: Fight) -> None:
    """Markup of an attack stands in the feedback as text or not at all, and no sign moves a terminal."""
    assert len(fight.pages) >= 12
    for name, page in fight.pages.items():
        reader = Reader()
        reader.feed(page)
        assert reader.found == [], name
        assert "\x1b" not in page, name


def test_nothing_goes_on_afterwards(fight: Fight) -> None:
    """No process of an attack is left, and nothing was written outside the workshop."""
    assert not Path("/tmp/spamlab-was-here").exists()
    assert _left_behind(str(fight.room.workshop.root)) == []


def _left_behind(word: str) -> list[str]:
    """Processes that look as if an attack had started them, by command line: none of ours names a lab's folder."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                line = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if word in line and "bwrap" in line:
                found.append(line)
    return found
