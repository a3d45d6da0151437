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
workshop_option = click.option(
    "--workshop", type=click.Path(path_type=Path, file_okay=False), default=Path("workshop"), show_default=True,
    help="The workshop's folder.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def open_workshop(folder: Path, lab: str = "") -> Workshop:
    """The workshop in a folder; UsageError where there is none, or where it has no such lab."""
    from spamlab.content.identity import read_workshop

    workshop = read_workshop(folder)
    if lab and lab not in workshop.labs:
        raise UsageError(f"there is no lab called {lab} in this workshop: it has {', '.join(workshop.labs)}")
    return workshop


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
