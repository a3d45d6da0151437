"""`spamlab scores`: export the scores of the gradebook."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from spamlab.cli.steps import json_option, tell, workshop_option


@click.command()
@workshop_option
@json_option
def command(workshop: Path, as_json: bool) -> None:
    """Print the scores of all participants as CSV: one line for each participant and lab."""
    from spamlab.content.identity import read_workshop
    from spamlab.grading import steps

    rows = steps.export_scores(read_workshop(workshop))
    page = io.StringIO()
    names = ["participant", "lab", "score", "max", "submitted", "needs_manual_grade", "late"]
    writer = csv.DictWriter(page, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    tell(rows, as_json, page.getvalue().rstrip())
