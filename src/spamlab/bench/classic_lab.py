"""The bench's classic lab: an ordinary nbgrader lab on pandas and scikit-learn, and honest submissions of it.

The lab lies in `classic/` as a lecturer would write it: `lab.percent`, its tests in cells, some of them hidden. The
messages are drawn from a seed out of our own sentences; names, numbers and links in them are invented or reserved.
Nothing in it knows spamlab: plain nbgrader grades it.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from spamlab.errors import GradingError
from spamlab.seeds import stream

DATA = Path(__file__).with_name("classic")
LAB, CHEAP = "filter", "cheap"
SEED = b"spamlab bench: the classic lab"
MESSAGES, DOUBLED, EMPTY = 1000, 24, 16
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "bench"
c.ExecutePreprocessor.shutdown_kernel = "immediate"
c.Execute.shutdown_kernel = "immediate"
c.Execute.timeout = 120
"""
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"
NAMES = ("Amara", "Bruno", "Chika", "Dana", "Elif", "Farid", "Gita", "Hana", "Ivo", "Jomo", "Kaya", "Lina")
PHONES = ("+44 7700 900{:03d}", "06 39 98 {:02d} 10", "+1 202 555 01{:02d}")
"""Of Ofcom's, Arcep's and the North American plan's numbers for films and examples."""


@dataclass(frozen=True)
class Attempt:
    """An honest submission: the cells that differ from the solution by grade_id, and the points that it earns."""

    name: str
    cells: Mapping[str, str]
    points: Mapping[str, float]

    @property
    def score(self) -> float:
        """The automatic points."""
        return sum(self.points.values())


def attempts(lab: str = LAB) -> list[Attempt]:
    """All attempts, the solution first."""
    most = questions(lab)
    if lab == CHEAP:
        return [Attempt("full", {}, most), Attempt("wrong", {"sum-open": "total = 7"}, {**most, "sum": 0.0})]
    found = tomllib.loads((DATA / "attempts.toml").read_text(encoding="utf-8"))["attempt"]
    return [Attempt(one["name"], one.get("cells", {}), {**most, **{name: float(points) for name, points in
                                                                  one.get("points", {}).items()}}) for one in found]


def questions(lab: str = LAB) -> dict[str, float]:
    """The points of each question that tests grade."""
    return {marks["grade_id"]: float(marks["points"]) for marks in
            (cell.metadata.get("nbgrader", {}) for cell in source(lab).cells)
            if marks.get("grade") and not marks.get("solution")}


def source(lab: str = LAB) -> Any:
    """The lecturer's notebook, with its solutions and hidden tests."""
    import jupytext

    nb = jupytext.reads((DATA / ("lab.percent" if lab == LAB else "cheap.percent")).read_text(encoding="utf-8"),
                        fmt="py:percent")
    for number, cell in enumerate(nb.cells):
        given = cell.metadata
        cell.metadata = {}
        cell.id = f"cell-{number:02d}"
        for kind in ("given", "solution", "test", "manual"):
            if kind in given:
                cell.id = given[kind]
                cell.metadata = {"nbgrader": _marks(kind, given[kind], float(given.get("points", 0)))}
    nb.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                   "language_info": {"name": "python"}}
    return nbformat.from_dict(nb)


def solved(nb: Any, attempt: Attempt, participant: str, whole: Mapping[str, str]) -> Any:
    """A released notebook as a participant hands it in; no two are equal, for each names its author.

    whole: the lecturer's cells by grade_id, with their solutions.
    """
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        text = attempt.cells.get(name)
        if text == "":
            continue
        cell.source = _plain(whole[name]) if text is None else text.strip()
    nb.cells.insert(1, nbformat.v4.new_code_cell(f"# handed in by {participant}\nauthor = {participant!r}",
                                                 id=f"own-{participant}"))
    return nb


def messages(seed: bytes = SEED) -> str:
    """The lab's messages.csv: 1000 texts in three languages, 24 of them twice, and 16 rows without a text."""
    words = tomllib.loads((DATA / "sentences.toml").read_text(encoding="utf-8"))
    draw = stream(seed, "messages")
    rows: list[list[str]] = []
    seen: set[str] = set()
    while len(rows) < MESSAGES:
        language = draw.choices(("en", "fr", "es"), (5, 3, 2))[0]
        label = "spam" if draw.random() < 0.4 else "ham"
        text = _text(draw, words[language], label)
        if text not in seen:
            seen.add(text)
            rows.append([draw.choice(("sms", "sms", "email")), language, text, label])
    rows += [list(row) for row in draw.sample(rows, DOUBLED)]
    rows += [[draw.choice(("sms", "email")), draw.choice(("en", "fr", "es")), "", "ham"] for _ in range(EMPTY)]
    draw.shuffle(rows)
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["id", "channel", "language", "text", "label"])
    writer.writerows([f"m{number:04d}", *row] for number, row in enumerate(rows, 1))
    return sheet.getvalue()


def make_course(folder: Path, submissions: int = 40, *, lab: str = LAB, seed: bytes = SEED,
                known: Sequence[Attempt] = ()) -> dict[str, Attempt]:
    """An ordinary nbgrader course in `folder`, its lab released by nbgrader, with submissions; the attempt of each.

    lab: "filter", or "cheap", whose cells take next to no time. known: the attempts, which come round in turn; all
    where it is empty. Raises GradingError where nbgrader can't make the lab.
    """
    from traitlets.config import Config

    from spamlab.grading import course as courses

    place = folder / "source" / lab
    place.mkdir(parents=True)
    (place / f"{lab}.ipynb").write_text(nbformat.writes(source(lab)), encoding="utf-8")
    if lab == LAB:
        (place / "messages.csv").write_text(messages(seed), encoding="utf-8")
    (folder / courses.CONFIG).write_text(CONFIG, encoding="utf-8")
    courses.make_gradebook(folder)
    config = Config()
    config.CourseDirectory.course_id = "bench"
    with courses.opened(folder, config) as api:
        made = api.generate_assignment(lab, force=True, create=True)
    if not made["success"]:
        raise GradingError(f"the bench's lab can't be made: {courses.reason(made)}")
    known = known or attempts(lab)
    whole = {cell.id: cell.source for cell in source(lab).cells}
    released = folder / "release" / lab
    handed: dict[str, Attempt] = {}
    for number in range(submissions):
        name = f"p{number + 1:04d}"
        handed[name] = known[number % len(known)]
        target = folder / "submitted" / name / lab
        shutil.copytree(released, target)
        nb = nbformat.read(released / f"{lab}.ipynb", as_version=4)
        (target / f"{lab}.ipynb").write_text(nbformat.writes(solved(nb, handed[name], name, whole)), encoding="utf-8")
        (target / "timestamp.txt").write_text("2026-01-05 09:00:00 UTC", encoding="utf-8")
    return handed


def with_tests(course: Path, participant: str, lab: str = LAB) -> list[tuple[str, str]]:
    """The code cells that are run when a submission is graded: (grade_id or "", source), tests whole again."""
    tests = {cell.metadata["nbgrader"]["grade_id"]: cell.source
             for cell in nbformat.read(course / "source" / lab / f"{lab}.ipynb", as_version=4).cells
             if cell.metadata.get("nbgrader", {}).get("locked")}
    found = []
    nb = nbformat.read(course / "submitted" / participant / lab / f"{lab}.ipynb", as_version=4)
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code":
            found.append((name, tests.get(name, cell.source)))
    return found


def _marks(kind: str, name: str, points: float) -> dict[str, Any]:
    marks: dict[str, Any] = {"schema_version": 3, "grade_id": name, "task": False, "grade": kind in {"test", "manual"},
                             "solution": kind in {"solution", "manual"}, "locked": kind in {"given", "test"}}
    if marks["grade"]:
        marks["points"] = points
    return marks


def _plain(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "### BEGIN SOLUTION" not in line
                     and "### END SOLUTION" not in line)


def _text(draw: random.Random, words: Mapping[str, Sequence[str]], label: str) -> str:
    core = draw.choice(words["both"] if draw.random() < 0.15 else words[label])
    if draw.random() < 0.03:
        core = draw.choice(words["ham" if label == "spam" else "spam"])
    text = f"{draw.choice(words['open'])} {core}. {draw.choice(words['close'])}"
    return text.format(
        name=draw.choice(NAMES), amount=f"{draw.randrange(5, 990)},{draw.randrange(100):02d} EUR",
        code=f"{draw.randrange(1000, 99999)}", day=draw.choice(words["days"]),
        phone=draw.choice(PHONES).format(draw.randrange(100)),
        link=f"https://{draw.choice(('post', 'bank', 'shop', 'city', 'club'))}{draw.randrange(90)}.example/"
             f"{draw.randrange(16**4):04x}")
