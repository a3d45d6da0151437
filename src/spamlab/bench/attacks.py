"""The attacks of tests/hostile on grading: read, and put to plain nbgrader and to spamlab side by side.

An attack is a file. Its header says what it tries and what its answers are worth. Of kind "cell" it is the source of
one open cell; of kind "notebook" it defines `forge(notebook)`, of kind "files" `place(folder)`: those two are our own
code, and what they leave behind is the submission. The files stay in the checkout: an installed package has none.

`python -m spamlab.bench.attacks` measures all of them and writes docs/grading/attacks.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import runpy
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from spamlab.bench.rows import Row
from spamlab.errors import SpamlabError, UsageError
from spamlab.sandbox import Ending

CHECKOUT = Path(__file__).resolve().parents[3]
ATTACKS = CHECKOUT / "tests" / "hostile" / "attacks"
LAB = CHECKOUT / "tests" / "grading" / "lab"
PAGE = CHECKOUT / "docs" / "grading" / "attacks.md"

Kind = Literal["cell", "notebook", "files"]
FUNCTION = "def find(raw):\n    return first_address(raw)"
"""The right function of the tiny lab."""


@dataclass(frozen=True)
class Attack:
    """One attack. tries: what it tries, one sentence. answers: those handed in with it. points: what they earn.

    cell: where the source stands, "" for the other kinds. function: whether the right function is handed in too.
    classic: source added where tests stand in the notebook's cells. path: its file.
    """

    name: str
    tries: str
    kind: Kind
    cell: str
    points: Mapping[str, float]
    answers: tuple[str, ...]
    function: bool
    classic: str
    path: Path

    @property
    def source(self) -> str:
        """The source of an attack of kind cell."""
        return self.path.read_text(encoding="utf-8")

    def sources(self) -> dict[str, str]:
        """The sources of open cells, by grade id."""
        found = {"q3-open": FUNCTION} if self.function else {}
        return {**found, self.cell: self.source} if self.kind == "cell" else found

    def forged(self, notebook: dict[str, Any]) -> str:
        """The notebook's text as it is handed in."""
        for cell in notebook["cells"]:
            marks = cell["metadata"].get("nbgrader") or {}
            cell["source"] = self.sources().get(marks.get("grade_id", ""), cell["source"])
        if self.kind != "notebook":
            return json.dumps(notebook)
        made = runpy.run_path(str(self.path))["forge"](notebook)
        return made if isinstance(made, str) else json.dumps(notebook)

    def place(self, folder: Path) -> None:
        """Put the files of an attack of kind files into the submission's folder."""
        if self.kind == "files":
            (folder / "answers").mkdir(exist_ok=True)
            runpy.run_path(str(self.path))["place"](folder)


def read_attacks(folder: Path) -> list[Attack]:
    """The attacks of a folder by name; raises UsageError where it holds none."""
    found = [_read(path) for path in sorted(Path(folder).glob("*.py"))]
    if not found:
        raise UsageError(f"there are no attacks in {folder}: they lie in a checkout's tests/hostile/attacks")
    return found


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    head = dict(re.findall(r"^# (kind|cell|points|answers|function): (.+)$", text, re.MULTILINE))
    points = {name: float(value) for name, value in (one.split("=") for one in head["points"].split())}
    kind: Any = head.get("kind", "cell")
    return Attack(path.stem, text.splitlines()[0].lstrip("# "), kind, head.get("cell", ""), points,
                  tuple(head.get("answers", "").split()), "function" in head,
                  "\n".join(re.findall(r"^# classic: (.+)$", text, re.MULTILINE)), path)


@dataclass(frozen=True)
class Compared:
    """One attack against both. gained: points beyond what the answers deserve, below 0 where some were lost.

    plain_end: how plain nbgrader's run ended; plain_graded: whether the attacker has a grade; plain_harm: whether it
    changed the points of somebody graded before. ours_harm: whether anybody honest in the run lost points. codes: of
    the traces that spamlab shows the instructor.
    """

    attack: Attack
    plain_gained: float
    plain_end: str
    plain_graded: bool
    plain_harm: bool
    ours_gained: float
    ours_graded: bool
    ours_harm: bool
    codes: tuple[str, ...]


def rows(attacks: Path = ATTACKS, lab: Path = LAB, *, workers: int = 2, only: Sequence[str] = (),
         progress: Callable[[str], None] | None = None, keep: Path | None = None) -> list[Compared]:
    """Every attack put to plain nbgrader (in our sandbox, one run each) and to spamlab (one run for all).

    only: names of attacks; all where it is empty. keep: a file in which what plain nbgrader made of an attack is kept,
    so that a run that was stopped goes on where it was: nbgrader takes seconds for each. Raises UsageError without a
    checkout, and SandboxError without bubblewrap.
    """
    from spamlab.bench import judged_attacks, plain_nbgrader

    if not (lab / "data.py").is_file():
        raise UsageError(f"there is no lab in {lab}: the attacks are measured from a checkout")
    chosen = [one for one in read_attacks(attacks) if not only or one.name in only]
    say = progress or (lambda _text: None)
    with tempfile.TemporaryDirectory(prefix="spamlab-attacks-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        fought = judged_attacks.fight(chosen, lab, folder / "ours")
        say(f"spamlab: {len(chosen)} attacks in {fought.seconds:.0f} s; honest ones unharmed: {fought.honest}")
        right = plain_nbgrader.make_course(folder / "plain", lab)

        kept: dict[str, Any] = {}
        if keep is not None and keep.is_file():
            kept = dict(json.loads(line) for line in keep.read_text(encoding="utf-8").splitlines())

        def one_plain(one: Attack) -> plain_nbgrader.Plain:
            name = f"{one.name} {hashlib.sha256(one.path.read_bytes()).hexdigest()[:16]}"
            if name in kept:
                return plain_nbgrader.Plain(**{**kept[name], "ending": Ending(kept[name]["ending"])})
            told = plain_nbgrader.attack(folder / "plain", right, one, folder / f"plain-{one.name}")
            say(f"plain nbgrader: {one.name}: {told.ending.value}, {told.points}")
            if keep is not None:
                with keep.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([name, {**asdict(told), "ending": told.ending.value}]) + "\n")
            return told

        with ThreadPoolExecutor(workers) as pool:
            plains = list(pool.map(one_plain, chosen))
    return [_compared(one, plain, plain_nbgrader.deserved(one), fought.judged[one.name],
                      not fought.honest)
            for one, plain in zip(chosen, plains, strict=True)]


def _compared(one: Attack, plain: Any, deserved: Mapping[str, float], ours: Any, harm: bool) -> Compared:
    gained = sum((plain.points or {}).values()) - sum(deserved.values())
    mine = sum((ours.points or {}).values()) - sum(one.points.values())
    return Compared(one, round(gained, 2), plain.ending.value, plain.graded, plain.harmed, round(mine, 2),
                    ours.points is not None, harm, ours.codes)


QUICK = ("drops_asserts", "equals_everything", "exits", "passes_all_tests", "frames_of_the_caller", "reads_gradebook")


def measure(*, quick: bool = False) -> list[Row]:
    """How many attacks gain points, end without a grade or leave no trace, against plain nbgrader's of the same run."""
    found = rows(only=QUICK if quick else ())
    counts = [
        ("attacks that gain points", sum(one.ours_gained > 0 for one in found),
         sum(one.plain_gained > 0 for one in found)),
        ("attacks that end without a grade", sum(not one.ours_graded for one in found),
         sum(not one.plain_graded for one in found)),
        ("attacks that leave no trace", sum(not one.codes for one in found), len(found))]
    return [Row(what, ours, f"of {len(found)}", f"plain nbgrader: {plain}", None, "none", ours == 0)
            for what, ours, plain in counts]


def page(found: Sequence[Compared]) -> str:
    """The table as a page of the docs."""
    total = len(found)
    cheated = sum(one.plain_gained > 0 for one in found)
    stopped = sum(not one.plain_graded for one in found)
    harmed = sum(one.plain_harm for one in found)
    ours = sum(one.ours_gained > 0 for one in found)
    lost = sum(not one.ours_graded for one in found)
    seen = sum(bool(one.codes) for one in found)
    lines = [
        "# Attacks on grading", "",
        "This page is written by a command: `python -m spamlab.bench.attacks`. Each row is one attack of",
        "`tests/hostile/attacks`, run twice.", "",
        "Plain nbgrader grades a classic notebook, with its tests in the cells. It runs in our sandbox, with network",
        "and all other files out of reach: the attack meets nbgrader alone. spamlab grades the same lab by its judge.",
        "", "| of the attacks | plain nbgrader | spamlab |", "| --- | ---: | ---: |",
        f"| all | {total} | {total} |", f"| gain points | {cheated} | {ours} |",
        f"| end without a grade | {stopped} | {lost} |",
        f"| change another's points | {harmed} | {sum(one.ours_harm for one in found)} |",
        f"| leave a trace for the instructor | 0 | {seen} |", "",
        "*Gains* is what was scored beyond what the answers deserve, of 9 points. *Loses*: points of right",
        "answers were lost.", "",
        "| attack | what it tries | plain nbgrader | spamlab | trace |", "| --- | --- | --- | --- | --- |"]
    for one in found:
        plain = _points(one.plain_gained) if one.plain_graded else f"no grade ({one.plain_end})"
        if one.plain_harm:
            plain += ", another's points changed"
        mine = _points(one.ours_gained) if one.ours_graded else "no grade"
        lines.append(f"| {one.attack.name.replace('_', ' ')} | {one.attack.tries} | {plain} | {mine} | "
                     f"{', '.join(one.codes)} |")
    return "\n".join(lines) + "\n"


def _points(gained: float) -> str:
    return f"gains {gained:g}" if gained > 0 else f"loses {-gained:g}" if gained < 0 else "gains 0"


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and write the page; on failure one sentence and status 1."""
    asked = argparse.ArgumentParser(prog="python -m spamlab.bench.attacks", description="Put every attack to plain "
                                    "nbgrader and to spamlab, and write the table of the docs.")
    asked.add_argument("names", nargs="*", help="only these attacks; the page is printed then, not written")
    asked.add_argument("--attacks", type=Path, default=ATTACKS)
    asked.add_argument("--lab", type=Path, default=LAB)
    asked.add_argument("--out", type=Path, default=PAGE)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--keep", type=Path, help="keep what was measured of plain nbgrader here, and go on from it")
    given = asked.parse_args(argv)
    try:
        found = rows(given.attacks, given.lab, workers=given.workers, only=given.names,
                     progress=lambda text: print(text, file=sys.stderr), keep=given.keep)
    except SpamlabError as error:
        print(f"spamlab: {error}", file=sys.stderr)
        sys.exit(1)
    if given.names:
        print(page(found))
        return
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(page(found), encoding="utf-8")
    print(f"{given.out.name}: {len(found)} attacks")


if __name__ == "__main__":
    main()
