"""`spamlab similarity`: which submissions of a lab are worth a look side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spamlab.cli.steps import json_option, lab_argument, lab_of_course, open_lab, tell, workshop_option


@click.command()
@lab_argument
@workshop_option
@click.option("--course", type=click.Path(path_type=Path, file_okay=False, exists=True), default=None,
              help="An nbgrader course folder in place of a workshop.")
@json_option
def command(lab: str, workshop: Path, course: Path | None, as_json: bool) -> None:
    """Compare the collected submissions of LAB with each other: code, texts, and answers that fit another's data.

    A likeness is no proof of anything. Of a workshop the result is also kept for the instructor's page.
    """
    from spamlab.workshop import reports

    if course is not None:
        found = reports.similarity_of_course(course, lab_of_course(course, lab))
    else:
        from spamlab.judge.ledger import open_ledger
        from spamlab.judge.room import Room

        opened, lab = open_lab(workshop, lab)
        found = reports.similarity_of(opened, Room(opened, open_ledger(opened)), lab)
        reports.keep(opened, lab, found)
    tell(found, as_json, "" if as_json else "\n".join(_lines(found)))


def _lines(found: dict[str, Any]) -> list[str]:
    from spamlab.workshop.report_views import similarity_view
    from spamlab.workshop.views import counted

    view = similarity_view(found)
    assert view is not None
    lines = []
    for kind in view["kinds"]:
        lines += [f"{kind.heading}: {' '.join(kind.sentences)}"]
        lines += [f"  {pair.first} and {pair.second}: {pair.share} shared ({pair.each}), {pair.length}"
                  for pair in kind.pairs]
    lines += [f"  {row['participant']} has {row['count']} of {row['of']} answers that fit the data of {row['other']}: "
              f"{row['questions']}" for row in view["answers"]]
    pairs = sum(len(kind.pairs) for kind in view["kinds"])
    return [*lines, f"{view['submissions']} submissions compared: "
            f"{counted(pairs, 'pair is', 'pairs are')} worth a look. A likeness is no proof."]
