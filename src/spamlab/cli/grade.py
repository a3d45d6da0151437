"""`spamlab grade`: grade what was collected."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from spamlab.cli.steps import json_option, lab_argument, open_workshop, workshop_option
from spamlab.errors import UsageError


@click.command()
@lab_argument
@workshop_option
@click.option("--course", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="An nbgrader course folder in place of a workshop.")
@click.option("--participant", "participants", multiple=True, help="Grade this one alone; may be given again.")
@click.option("--again", is_flag=True, help="Grade also what has not changed since it was graded.")
@click.option("--sandbox", type=click.Choice(["bubblewrap", "plain"]), default=None,
              help="The lowest level of the sandbox that will do.  [default: bubblewrap]")
@json_option
def command(
    lab: str, workshop: Path, course: Path | None, participants: tuple[str, ...], again: bool, sandbox: str | None,
    as_json: bool,
) -> None:
    """Run the submissions of LAB in the sandbox and count their points.

    The exit status is 1 if a submission could not be graded. JSON: {"graded", "unchanged", "failed": numbers of
    submissions, "seconds", "scores": {participant: points}, "sandbox", "reasons": {participant: why it failed}}.
    """
    from spamlab.grading import steps

    if course is not None and participants:
        raise UsageError("--participant goes with a workshop, not with --course")
    with click.progressbar(length=1, label=lab, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        if course is not None:
            told = steps.grade_course(course, lab, sandbox=sandbox or "", again=again, progress=progress)
        else:
            told = steps.grade(open_workshop(workshop, lab), lab, participants or None, sandbox=sandbox or "",
                               again=again, progress=progress)
    for name, reason in told["reasons"].items():
        click.echo(f"spamlab: the submission of {name} could not be graded: {reason}", err=True)
    if as_json:
        counts = {key: len(told[key]) for key in ("graded", "unchanged", "failed")}
        click.echo(json.dumps({**told, **counts}, ensure_ascii=False, indent=1))
    else:
        for name, score in told["scores"].items():
            click.echo(f"{name}  {score:g}")
        click.echo(f"{len(told['graded'])} graded, {len(told['unchanged'])} unchanged, {len(told['failed'])} failed in "
                   f"{told['seconds']:.1f} s; sandbox: {told['sandbox']}.")
    if told["failed"]:
        sys.exit(1)
