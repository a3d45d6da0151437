"""`spamlab labs`: list, make, build and check the labs."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from spamlab.errors import ContentError, UsageError


@click.group(name="labs", help="List, make, build and check the labs.")
@click.option("--labs", "folder", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="The folder of labs; that of the project where it is left out.")
@click.pass_context
def command(context: click.Context, folder: Path | None) -> None:
    """The content's workbench."""
    from spamlab.shipped import default_folder

    context.obj = folder or default_folder("labs")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_labs(folder: Path, as_json: bool) -> None:
    """List the labs: minutes, points, questions."""
    from spamlab.content.lab import read_labs
    from spamlab.judge.lab_data import load_checks

    labs, faults = read_labs(folder)
    rows: list[dict[str, Any]] = []
    trouble = [str(fault) for fault in faults]
    for lab in labs:
        try:
            questions = load_checks(lab.folder).questions.values()
        except ContentError as error:
            trouble.append(str(error))
            continue
        points = sum(question.points for question in questions)
        rows.append({"id": lab.id, "title": lab.title, "minutes": lab.minutes,
                     "points": int(points) if float(points).is_integer() else points, "questions": len(questions),
                     "clauses": list(lab.clauses), "standards": list(lab.standards)})
    _show(rows, as_json, [("id", "lab"), ("title", "title"), ("minutes", "minutes"), ("points", "points"),
                          ("questions", "questions")])
    if trouble:
        raise ContentError("\n".join(trouble))


@command.command(name="new")
@click.argument("name")
@click.option("--title", default="", help="The lab's title.")
@click.pass_obj
def new(folder: Path, name: str, title: str) -> None:
    """Write the folder of a new lab called NAME, such as 16-phone-calls."""
    from spamlab.course.scaffold import new_lab

    made = new_lab(folder, name, title)
    click.echo(f"{made.name} is made. Change it, then run: spamlab labs check {made.name}")


@command.command(name="build")
@click.argument("labs", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("."), show_default=True,
              help="The folder into which the notebooks go, each in its lab's folder.")
@click.option("--language", default="en", show_default=True, help="The language of the notebooks.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def build(folder: Path, labs: Sequence[str], out: Path, language: str, as_json: bool) -> None:
    """Build the source notebooks of LABS, or of all."""
    from spamlab.content.lab import read_lab
    from spamlab.course.build import RELEASED, build_source
    from spamlab.judge.lab_data import load_checks

    rows, trouble = [], []
    for place in _folders(folder, labs):
        try:
            lab = read_lab(place)
            data = build_source(lab, load_checks(lab.folder), language)
        except ContentError as error:
            trouble.append(str(error))
            continue
        target = out / lab.id
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{lab.id}.ipynb").write_bytes(data)
        for name in RELEASED:
            if lab.file(name).is_file():
                (target / name).write_bytes(lab.file(name).read_bytes())
        rows.append({"lab": lab.id, "file": str(target / f"{lab.id}.ipynb"), "bytes": len(data),
                     "sha256": hashlib.sha256(data).hexdigest()})
    _show(rows, as_json, [("lab", "lab"), ("file", "notebook"), ("bytes", "bytes")])
    if trouble:
        raise ContentError("\n".join(trouble))


@command.command(name="check")
@click.argument("labs", nargs=-1)
@click.option("--draws", type=click.IntRange(1, 10_000), default=200, show_default=True,
              help="Over how many draws the answers must differ.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def check(folder: Path, labs: Sequence[str], draws: int, as_json: bool) -> None:
    """Check LABS, or all: attempts, mistakes, data, prose. Exit status 1 if one has a fault."""
    from spamlab.course.workbench import check_folder

    reports = []
    for place in _folders(folder, labs):
        with _progress(place.name, draws) as step:
            reports.append(check_folder(place, draws=draws, progress=step))
    _show([report.plain() for report in reports], as_json, [
        ("lab", "lab"), ("solution", "solution"), ("guided", "guided"), ("empty", "empty"), ("wrong", "wrong"),
        ("separated", f"separated of {draws}"), ("seconds", "seconds"), ("ok", "ok")])
    if not as_json:
        for report in reports:
            for fault in report.faults:
                click.echo(f"fault: {fault}", err=True)
            for note in report.notes:
                click.echo(f"note: {note}", err=True)
    if not all(report.ok for report in reports):
        sys.exit(1)


class _progress:  # noqa: N801 - used as a function
    """A progress bar on a terminal, silent elsewhere; gives the function that is told of each step."""

    def __init__(self, label: str, length: int) -> None:
        self._bar = click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())

    def __enter__(self) -> Callable[[int, int], None]:
        bar = self._bar.__enter__()
        return lambda done, _of: bar.update(done - bar.pos)

    def __exit__(self, *error: Any) -> None:
        self._bar.__exit__(*error)


def _folders(folder: Path, labs: Sequence[str]) -> list[Path]:
    """The folders of the labs named, or all; UsageError for one that is not there."""
    from spamlab.content.lab import lab_folders
    from spamlab.content.names import labs_called

    if not folder.is_dir():
        raise UsageError(f"there is no folder of labs called {folder.name}")
    return [folder / name for name in labs_called(labs, folder)] or lab_folders(folder)


def _show(rows: list[dict[str, Any]], as_json: bool, columns: list[tuple[str, str]]) -> None:
    """Rows as JSON, or as a table of the columns given."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = [[title for _key, title in columns]] + [[_cell(row[key]) for key, _title in columns] for row in rows]
    widths = [max(len(line[place]) for line in table) for place in range(len(columns))]
    for line in table:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
