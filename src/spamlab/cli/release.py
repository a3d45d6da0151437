"""`spamlab release`: give a lab to the participants."""

from __future__ import annotations

from pathlib import Path

import click

from spamlab.cli.steps import alone, json_option, lab_argument, open_lab, tell, workshop_option


@click.command()
@lab_argument
@workshop_option
@json_option
def command(lab: str, workshop: Path, as_json: bool) -> None:
    """Build LAB and put it into the exchange, where participants fetch it."""
    from spamlab.grading import steps

    opened, lab = open_lab(workshop, lab)
    opened.course.mkdir(parents=True, exist_ok=True)
    with alone(opened.course, f"Release of {lab}"):
        steps.build(opened, lab)
        steps.release(opened, lab)
    tell({"released": lab}, as_json, f"{lab} is released.")
