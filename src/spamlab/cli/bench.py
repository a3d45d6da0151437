"""`spamlab bench`: every figure that the project claims, measured beside its peers in one run."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import click

BENCHES = {"startup": "spamlab.bench.startup", "grading": "spamlab.bench.grading",
           "attacks": "spamlab.bench.attacks", "generate": "spamlab.bench.generate", "realism": "spamlab.bench.realism",
           "policy": "spamlab.bench.policy"}
IN_A_CHECKOUT = {"attacks": "tests/hostile/attacks"}
"""Benches whose files stay in the checkout; where these are missing, a run of all benches goes on without them."""
PAGES = ("grading", "generate", "realism", "policy")
"""Benches that can write a page of the docs."""


@click.command()
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True, help="End within a minute: fewer repetitions, smaller cases.")
@click.option("--json", "as_json", is_flag=True, help='Print {"bench", "rows"}, one JSON line for each bench.')
@click.option("--many", type=click.IntRange(min=30), default=None, metavar="N",
              help="grading: in place of the comparison, memory and time of one run over N submissions.")
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE",
              help="grading, generate, realism, policy: write the figures into this page of the docs too.")
@click.option("--real", multiple=True, metavar="[LANGUAGE=]FILE",
              help="realism: a real corpus, JSON lines with text, label and channel; may be given more than once.")
def command(names: tuple[str, ...], quick: bool, as_json: bool, many: int | None, markdown: Path | None,
            real: tuple[str, ...]) -> None:
    """Measure the benches NAMES, or all of them: startup, grading, attacks, generate, realism, policy.

    attacks puts every attack of tests/hostile to plain nbgrader and to spamlab: without --quick it takes many minutes.
    Exit status 0 if every goal holds. A ratio above 1 is better than what it is measured against.
    """
    from spamlab.errors import UsageError

    for name in names:
        if name not in BENCHES:
            raise UsageError(f"there is no bench called {name}: known are {', '.join(BENCHES)}.")
    more: dict[str, Any] = {}
    options = (("many", many, ("grading",)), ("markdown", markdown, PAGES), ("real", real, ("realism",)))
    for option, value, fits in options:
        if value:
            if len(names) != 1 or names[0] not in fits:
                raise UsageError(f"--{option} goes with one bench alone: {' or '.join(fits)}.")
            more[option] = value
    held = True
    for name in names or _all():
        rows = importlib.import_module(BENCHES[name]).measure(quick=quick, **more)
        held = held and all(row.holds for row in rows)
        if as_json:
            click.echo(json.dumps({"bench": name, "rows": [row.as_json() for row in rows]}, ensure_ascii=False))
            continue
        click.echo(f"{name}:")
        for row in rows:
            ratio = "" if row.ratio is None else f", ratio {row.ratio:g}"
            said = f"{row.what}: {row.value:g} {row.unit} ({row.against}{ratio})"
            click.echo(f"  {said}; {row.goal}: {'holds' if row.holds else 'MISSED'}")
    if not held:
        sys.exit(1)


def _all() -> list[str]:
    """Every bench that can be measured from here; those that can't are named on standard error."""
    from spamlab.shipped import default_folder

    checkout = default_folder("labs").parent
    lacking = [name for name, folder in IN_A_CHECKOUT.items() if not (checkout / folder).is_dir()]
    for name in lacking:
        click.echo(f"{name}: left out, for its files come with a checkout alone.", err=True)
    return [name for name in BENCHES if name not in lacking]
