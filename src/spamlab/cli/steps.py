"""What the verbs of nbgrader's steps share: the lab, the workshop, the form of what is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spamlab.errors import UsageError

if TYPE_CHECKING:
    from spamlab.content.identity import Workshop

lab_argument = click.argument("lab")
"""A lab's name, its number, or an unmistakable beginning of it: see `spamlab.content.names`."""
workshop_option = click.option(
    "--workshop", type=click.Path(path_type=Path, file_okay=False), default=Path("workshop"), show_default=True,
    help="The workshop's folder.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def open_lab(folder: Path, lab: str) -> tuple[Workshop, str]:
    """The workshop in a folder and its lab that is named; UsageError where there is no such workshop or lab."""
    from spamlab.content.identity import read_workshop
    from spamlab.content.names import lab_called

    workshop = read_workshop(folder)
    return workshop, lab_called(lab, workshop.labs, "in this workshop")


def lab_of_course(course: Path, lab: str) -> str:
    """The lab that is named, of those in an nbgrader course folder; UsageError where there is no such folder or lab."""
    from spamlab.content.names import lab_called

    if not course.is_dir():
        raise UsageError(f"there is no course folder called {course.name}")
    places = (place for pattern in ("source/*", "release/*", "submitted/*/*") for place in course.glob(pattern))
    return lab_called(lab, (place.name for place in places if place.is_dir()), "in this course")


@contextmanager
def alone(course: Path, what: str) -> Iterator[None]:
    """No other job of this course runs during the block, be it of a page or of the command line; BusyError else."""
    from spamlab.grading.busy import alone as held

    if not course.is_dir():
        yield  # there is nothing to guard, and the step will say so
        return
    with held(course, what):
        yield


def tell(told: Any, as_json: bool, sentence: str) -> None:
    """Print JSON, or one sentence."""
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else sentence)
