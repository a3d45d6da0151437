"""`spamlab collect`: collect what the participants submitted."""

from __future__ import annotations

from pathlib import Path

import click

from spamlab.cli.steps import alone, json_option, lab_argument, open_lab, tell, workshop_option


@click.command()
@lab_argument
@workshop_option
@json_option
def command(lab: str, workshop: Path, as_json: bool) -> None:
    """Take the last submission of each participant of LAB from the exchange into the course."""
    from spamlab.grading import steps

    opened, lab = open_lab(workshop, lab)
    with alone(opened.course, f"Collect of {lab}"):
        found = steps.collect(opened, lab)
    count = f"{len(found)} submission{'' if len(found) == 1 else 's'}"
    tell({"lab": lab, "collected": found}, as_json,
         f"{count} of {lab}: {', '.join(found) or 'nobody has submitted yet'}.")
