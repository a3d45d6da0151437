"""`spamlab grade`: grade what was collected."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from spamlab.cli.steps import alone, json_option, lab_argument, lab_of_course, open_lab, workshop_option


@click.command()
@lab_argument
@workshop_option
@click.option("--course", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="An nbgrader course folder in place of a workshop.")
@click.option("--participant", "participants", multiple=True, help="Grade this one alone; may be given again.")
@click.option("--again", is_flag=True, help="Grade also what has not changed since it was graded.")
@click.option("--workers", type=click.IntRange(1, 256), default=None,
              help="Submissions graded at once.  [default: one for each core]")
@click.option("--scheduler", metavar="ADDRESS", default="",
              help="A Dask scheduler, such as tcp://192.0.2.10:8786, whose workers grade in place of this machine.")
@click.option("--preview", is_flag=True, help="Grade, show whose points would change and by how much, write nothing.")
@click.option("--sandbox", type=click.Choice(["bubblewrap", "floor", "plain"]), default=None,
              help="The lowest level of the sandbox that will do.  [default: bubblewrap]")
@json_option
def command(
    lab: str, workshop: Path, course: Path | None, participants: tuple[str, ...], again: bool, workers: int | None,
    scheduler: str, preview: bool, sandbox: str | None, as_json: bool,
) -> None:
    """Run the submissions of LAB in the sandbox and count their points.

    Only what has changed is graded. The exit status is 1 if a submission could not be graded. JSON: {"graded",
    "unchanged", "failed": numbers of submissions, "seconds", "scores": {participant: points}, "sandbox", "workers",
    "reasons": {participant: why it failed}, "traces": {participant: [{"code", "where", "sentence"}]}}, and with
    --preview "changes": {participant: [{"question", "before", "after"}]}.
    """
    gc.set_threshold(50_000)  # first much is imported, of which nothing is garbage
    from spamlab.grading import steps

    run: Callable[..., dict[str, Any]]
    if course is None:
        opened, lab = open_lab(workshop, lab)
        folder, run = opened.course, partial(steps.grade, opened)
    else:
        lab = lab_of_course(course, lab)
        folder, run = course, partial(steps.grade_course, course)
    with click.progressbar(length=1, label=lab, file=sys.stderr, show_pos=True, show_eta=True,
                           hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(1, total)
            bar.update(done - bar.pos)

        how = {"sandbox": sandbox or "", "again": again or preview, "workers": workers, "scheduler": scheduler,
               "preview": preview, "progress": progress}
        with alone(folder, f"Grade of {lab}"):
            told = run(lab, participants or None, **how)
    gc.freeze()  # else Python looks through all that was imported before it ends, which takes a fifth of a second
    for name, reason in told["reasons"].items():
        click.echo(f"spamlab: the submission of {name} could not be graded: {reason}", err=True)
    if as_json:
        counts = {key: len(told[key]) for key in ("graded", "unchanged", "failed")}
        click.echo(json.dumps({**told, **counts}, ensure_ascii=False, indent=1))
    elif preview:
        _show_changes(told)
    else:
        _show(told)
    if told["failed"]:
        sys.exit(1)


def _show(told: dict[str, Any]) -> None:
    for name, score in told["scores"].items():
        click.echo(f"{name}  {score:g}")
    count = len(told["traces"])
    if count:
        click.echo(f"{count} of them left traces of something odd: " + ", ".join(
            f"{name} ({one[0]['code']}{', ...' if len(one) > 1 else ''})" for name, one in list(
                told["traces"].items())[:10]))
    click.echo(f"{len(told['graded'])} graded, {len(told['unchanged'])} unchanged, {len(told['failed'])} failed in "
               f"{told['seconds']:.1f} s; sandbox: {told['sandbox']}, workers: {told['workers']}.")


def _show_changes(told: dict[str, Any]) -> None:
    for name, rows in told["changes"].items():
        for row in rows:
            before, after = (_points(row[key]) for key in ("before", "after"))
            click.echo(f"{name}  {row['question']}: {before} -> {after}")
    click.echo(f"{len(told['changes'])} of {len(told['graded'])} would change; nothing was written. "
               "The same command without --preview, with --again, applies it.")


def _points(value: float | None) -> str:
    return "open" if value is None else f"{value:g}"
