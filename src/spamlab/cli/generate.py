"""`spamlab generate`: a synthetic data set from a recipe."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from spamlab.errors import UsageError

STOPPED = 130
"""Exit status after Ctrl-C, as shells count it: 128 and the signal's number."""


@click.command(name="generate")
@click.argument("recipe", metavar="RECIPE")
@click.option("--count", default=1000, show_default=True, help="How many records.")
@click.option("--seed", default="1", show_default=True, help="Another seed gives other records.")
@click.option("--out", required=True, metavar="FILE",
              help="What to write; its end says the form: .jsonl, .jsonl.gz, .csv, .parquet; for e-mail also .mbox, or "
                   "a new folder (with / at its end) for a Maildir.")
@click.option("--language", default="", help="Only this language, such as en.")
@click.option("--profile", default="", help="An economy, such as pacific-island: its languages, busy months, networks "
                                          "and kinds of spam.")
@click.option("--no-labels", is_flag=True, help="Leave the labels out; the truth goes to FILE.truth.jsonl.")
@click.option("--truth", is_flag=True, help="Write FILE.truth.jsonl with labels too: type, techniques, true origin.")
@click.option("--card", is_flag=True, help="Write FILE.card.md: fields, proportions, lengths, limits, as computed.")
@click.option("--workers", type=int, help="How many processes make it; the bytes stay the same. Left out: one, or one "
                                          "a core for 20000 records and more.")
@click.option("--scheduler", default="", metavar="ADDRESS",
              help="Let the workers of a Dask scheduler make it, such as tcp://host:8786; the bytes stay the same.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(recipe: str, count: int, seed: str, out: str, language: str, profile: str, no_labels: bool, truth: bool,
            card: bool, workers: int | None, scheduler: str, as_json: bool) -> None:
    """Write a synthetic data set from RECIPE, a name such as email, sms, voice, social or chat.

    The same recipe, seed and count give the same bytes on every machine. Nothing in it is real: names, addresses and
    numbers are reserved for examples or invented, and each record is looked through before it is written. The file
    comes to its place when all is written; where something goes wrong, nothing is left.

    JSON: {"recipe", "version", "seed", "count", "out", "truth" (a file or null), "card" (a file or null), "seconds"}.
    """
    from spamlab.generate.cards import write_card
    from spamlab.generate.shards import Order, generate
    from spamlab.shipped import default_folder

    if count < 1:
        raise UsageError(f"--count must be 1 or more, not {count}")
    if workers is not None and workers < 1:
        raise UsageError(f"--workers must be 1 or more, not {workers}")
    options = {"language": language, "profile": profile}
    order = Order(default_folder("datasets"), recipe, seed, count, options)
    began = time.monotonic()
    with _stoppable(out), click.progressbar(length=count, label="Making records", file=sys.stderr,
                                            hidden=as_json or not sys.stderr.isatty()) as bar:
        what, source = generate(order, out, labels=not no_labels, truth=truth, workers=workers, scheduler=scheduler,
                                 progress=lambda done: bar.update(done - bar.pos))
    seconds = time.monotonic() - began
    beside = what.out.with_name(f"{what.out.name}.card.md")
    told_card = write_card(source, count, seed, options, beside) if card else None
    if as_json:
        click.echo(json.dumps({
            "recipe": recipe, "version": source.recipe.version, "seed": seed, "count": count, "out": out,
            "truth": str(what.ledger) if what.truth else None, "card": str(told_card) if told_card else None,
            "seconds": round(seconds, 3)}))
        return
    click.echo(f"{count} records of {recipe} (seed {seed}) are in {out}.")
    if what.truth:
        click.echo(f"Their truth is in {what.ledger}.")
    if told_card:
        click.echo(f"Their card is {told_card}.")


@contextmanager
def _stoppable(out: str) -> Iterator[None]:
    """Ctrl-C, a polite request to end, and a terminal that goes away leave nothing behind; the first two are told."""
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    asked = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = [(one, signal.signal(one, stop)) for one in asked]
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"spamlab: stopped before {out} was whole; nothing was left behind", err=True)
        sys.exit(STOPPED)
    finally:
        for one, handler in before:
            signal.signal(one, handler)
