"""`spamlab bench`: every figure that the project claims, measured beside its peers in one run."""

from __future__ import annotations

import importlib
import json
import sys

import click

BENCHES = {"startup": "spamlab.bench.startup"}


@click.command()
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True, help="End within a minute: fewer repetitions, smaller cases.")
@click.option("--json", "as_json", is_flag=True, help='Print {"bench", "rows"}, one JSON line for each bench.')
def command(names: tuple[str, ...], quick: bool, as_json: bool) -> None:
    """Measure the benches NAMES, or all of them: startup.

    Exit status 0 if every goal holds. A ratio above 1 is better than what it is measured against.
    """
    from spamlab.errors import UsageError

    for name in names:
        if name not in BENCHES:
            raise UsageError(f"there is no bench called {name}: known are {', '.join(BENCHES)}.")
    held = True
    for name in names or BENCHES:
        rows = importlib.import_module(BENCHES[name]).measure(quick=quick)
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
