"""`spamlab statistics`: how hard each question of a lab was, and what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spamlab.cli.steps import json_option, lab_argument, open_lab, tell, workshop_option


@click.command()
@lab_argument
@workshop_option
@json_option
def command(lab: str, workshop: Path, as_json: bool) -> None:
    """Show difficulty, discrimination, mistakes, hints and tries for each question of LAB.

    Shares are those of grading; before it, those of the first try in class. Intervals are of 95 %.
    """
    from spamlab.judge.ledger import open_ledger
    from spamlab.judge.room import Room
    from spamlab.workshop.reports import statistics_of

    opened, lab = open_lab(workshop, lab)
    found = statistics_of(Room(opened, open_ledger(opened)), lab)
    tell(found, as_json, "" if as_json else "\n".join(_lines(found)))


def _lines(found: dict[str, Any]) -> list[str]:
    from spamlab.workshop.report_views import statistics_view

    view = statistics_view(found)
    lines = [f"{view['room']} {view['basis']}", *view["warnings"], ""]
    lines.append(f"{'':8}{'mean share':>20}{'with the rest':>24}{'left out':>20}{'tries':>7}{'hints':>10}")
    lines += [f"{row['question']:8}{row['share']:>20}{row['rest']:>24}{row['omitted']:>20}{row['tries']:>7}"
              f"{row['hints']:>10}" for row in view["items"]]
    alpha = view["alpha"]
    lines += ["", f"Cronbach's alpha: {alpha['value'] or 'none.'} {alpha['warning']}".rstrip()]
    lines += [f"{row['question']}: {row['people']:g} of {row['of']}: {row['trainer']} ({row['code']})"
              for row in view["mistakes"]]
    return lines
