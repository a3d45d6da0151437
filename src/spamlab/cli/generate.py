"""`spamlab generate`: a synthetic data set from a recipe."""

from __future__ import annotations

import json
from pathlib import Path

import click

from spamlab.errors import UsageError


@click.command(name="generate")
@click.argument("recipe", metavar="RECIPE")
@click.option("--count", default=1000, show_default=True, help="How many records.")
@click.option("--seed", default="1", show_default=True, help="Another seed gives other records.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The file to write; its end says the form: .jsonl, .jsonl.gz, .csv.")
@click.option("--language", default="", help="Only this language, such as en.")
@click.option("--no-labels", is_flag=True, help="Leave the labels out; the truth goes to FILE.truth.jsonl.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(recipe: str, count: int, seed: str, out: Path, language: str, no_labels: bool, as_json: bool) -> None:
    """Write a synthetic data set from RECIPE, a name such as sms, voice, social or chat.

    The same recipe, seed and count give the same bytes on every machine. Nothing in it is real: names, addresses and
    numbers are reserved for examples or invented.
    """
    from spamlab.generate.files import write
    from spamlab.generate.traffic import open_traffic
    from spamlab.shipped import default_folder

    if count < 1:
        raise UsageError(f"--count must be 1 or more, not {count}")
    traffic = open_traffic(default_folder("datasets"), recipe, seed, language)
    with click.progressbar(length=count, label="Making records", hidden=as_json) as bar:
        def progress(done: int) -> None:
            if done % 1000 == 0 or done == count:
                bar.update(done - bar.pos)

        written = write(traffic.records(0, count), out, labels=not no_labels, progress=progress)
    told = {"recipe": recipe, "version": traffic.recipe.version, "seed": seed, "count": written, "out": str(out)}
    click.echo(json.dumps(told) if as_json else f"{written} records of {recipe} (seed {seed}) are in {out}.")
