"""`spamlab rehearse`: the dress rehearsal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command()
@click.option("--participants", default=10, show_default=True, help="How many simulated participants take part.")
@click.option("--labs", default="", help="The labs with commas, such as 02 or 02-header-forensics; all if left out.")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same workshop, byte for byte.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the HTML report here.")
@click.option("--keep", type=click.Path(path_type=Path), help="Leave the rehearsed workshop in this new folder.")
@click.option("--workers", type=click.IntRange(1, 256), help="How many submissions are graded at once; one a core if "
              "left out.")
def command(participants: int, labs: str, seed: int, as_json: bool, report: Path | None, keep: Path | None,
            workers: int | None) -> None:
    """Play a whole workshop with simulated participants, end to end through nbgrader.

    The first ten are honest, guided-only (forms alone), two who make known mistakes, silent, hostile, copying, weak,
    absent and late. Further ones make the remaining known mistakes and attacks in turn; with 40 all of them are made.
    Ends with 0 only if every score in the gradebook is the one that the answers deserve, every attack left a trace,
    and nobody else did.
    """
    from spamlab.content.names import labs_called
    from spamlab.rehearsal.run import rehearse
    from spamlab.reporting.rehearsal_report import report_page, report_table
    from spamlab.shipped import default_folder

    chosen = labs_called([name for name in labs.split(",") if name.strip()], default_folder("labs"))
    outcome = rehearse(
        participants, chosen, seed=seed, keep=keep, workers=workers,
        say=lambda line: click.echo(line, err=True))
    page = report or (None if as_json else Path("rehearsal.html"))
    if page is not None:
        page.write_text(report_page(
            "spamlab", outcome.rows, seconds=outcome.seconds, sandbox=outcome.sandbox, mistakes=outcome.mistakes,
            trouble=outcome.trouble, notes=outcome.notes, traces=outcome.traces, parts=outcome.parts,
            per_submission=outcome.per_submission, workers=outcome.workers), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(outcome.to_json(), indent=2))
    else:
        click.echo(report_table(outcome.rows))
        for line in (*outcome.trouble, *outcome.notes):
            click.echo(line)
        click.echo("All scores are as expected." if outcome.ok else "The rehearsal is NOT as expected.")
        each = outcome.per_submission
        click.echo(f"{outcome.seconds:.1f} seconds; per submission {each['grading']:.2f} s of grading, "
                   f"{each['whole']:.2f} s of all; sandbox: {outcome.sandbox}; report: {page}")
    if not outcome.ok:
        sys.exit(1)
