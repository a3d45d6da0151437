"""`spamlab rehearse`: the dress rehearsal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command()
@click.option("--participants", default=10, show_default=True, help="How many simulated participants take part.")
@click.option("--labs", default="", help="The labs to play, separated by commas; all of them if left out.")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same workshop, byte for byte.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the HTML report here.")
@click.option("--keep", type=click.Path(path_type=Path), help="Leave the rehearsed workshop in this new folder.")
def command(participants: int, labs: str, seed: int, as_json: bool, report: Path | None, keep: Path | None) -> None:
    """Play a whole workshop with simulated participants, end to end through nbgrader.

    Some are perfect, some use only the forms, some make each known mistake, one hands in nothing, one is hostile.
    Ends with 0 only if every score in the gradebook is the one that the answers deserve.
    """
    from spamlab.rehearsal.run import rehearse
    from spamlab.reporting.rehearsal_report import report_page, report_table

    outcome = rehearse(
        participants, [name for name in labs.split(",") if name], seed=seed, keep=keep,
        say=lambda line: click.echo(line, err=True))
    page = report or (None if as_json else Path("rehearsal.html"))
    if page is not None:
        page.write_text(report_page(
            "spamlab", outcome.rows, seconds=outcome.seconds, sandbox=outcome.sandbox, mistakes=outcome.mistakes,
            notes=[*outcome.trouble, *outcome.notes]), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(outcome.to_json(), indent=2))
    else:
        click.echo(report_table(outcome.rows))
        for line in (*outcome.trouble, *outcome.notes):
            click.echo(line)
        click.echo("All scores are as expected." if outcome.ok else "The rehearsal is NOT as expected.")
        click.echo(f"{outcome.seconds:.1f} seconds; sandbox: {outcome.sandbox}; report: {page}")
    if not outcome.ok:
        sys.exit(1)
