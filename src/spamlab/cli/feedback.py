"""`spamlab feedback`: write and release the feedback."""

from __future__ import annotations

from pathlib import Path

import click

from spamlab.cli.steps import alone, json_option, lab_argument, open_lab, tell, workshop_option


@click.command()
@lab_argument
@workshop_option
@json_option
def command(lab: str, workshop: Path, as_json: bool) -> None:
    """Write the feedback pages of LAB and release them to the participants."""
    from spamlab.grading import steps

    opened, lab = open_lab(workshop, lab)
    with alone(opened.course, f"Feedback of {lab}"):
        found = steps.feedback(opened, lab)
    tell({"lab": lab, "released": found}, as_json, f"The feedback of {len(found)} participants is released.")
