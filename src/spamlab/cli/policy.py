"""`spamlab policy`: play a policy document, and list what it can use."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from spamlab.cli.policy_game import command as game
from spamlab.errors import UsageError

FIGURES = ("gain", "weeks", "channels", "plan", "measures")
MOST_RUNS = 2000


@click.group(name="policy")
def command() -> None:
    """Play a policy document, and list what it can use."""


command.add_command(game)


@command.command(name="run")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--scenario", "names", multiple=True, metavar="NAME",
              help="A scenario of `spamlab policy scenarios`; may be given again. Left out: all.")
@click.option("--runs", default=32, show_default=True, help="How many draws of what nobody knows.")
@click.option("--seed", default="1", show_default=True, help="Another seed gives other draws.")
@click.option("--figure", metavar="FILE", help="Write a figure; its end says the form: .svg, .png, .pdf.")
@click.option("--shows", type=click.Choice(FIGURES), default="gain", show_default=True,
              help="What the figure shows: the gain by scenario and what it is made of; victims week by week, or by "
                   "channel, in the first scenario; the plan; what each measure is worth.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(file: Path, names: tuple[str, ...], runs: int, seed: str, figure: str | None, shows: str,
        as_json: bool) -> None:
    """Play a policy document through scenarios, against no policy.

    What is told: the gain, the harm avoided, the cost and the wanted messages lost, each as the median and the 90 %
    interval of paired differences; what begins late and why; draws, structure and shocks apart. A score only where the
    four texts are there. A document with faults gets each of them with its line.

    JSON: {"score" (null where a text is missing), "scenarios": [{"name", "harm_avoided", "cost", "wanted_lost",
    "interval" (of the gain)}]} and more; million US dollars over all years.
    """
    from spamlab.policy.document import read_policy
    from spamlab.policy.drawing import check_place, write_picture
    from spamlab.policy.economies import economy_named
    from spamlab.policy.model import STRUCTURES
    from spamlab.policy.scenarios import scenarios_named
    from spamlab.policy.shown import as_json as shown_json
    from spamlab.policy.shown import as_text, outcome

    if not 1 <= runs <= MOST_RUNS:
        raise UsageError(f"--runs must be from 1 to {MOST_RUNS}, not {runs}")
    if figure:
        check_place(figure)
    policy = read_policy(file, name=str(file))
    scenarios = scenarios_named(names)
    economy = economy_named(policy.economy)
    with click.progressbar(length=len(STRUCTURES), label="Playing", file=sys.stderr,
                           hidden=as_json or not sys.stderr.isatty()) as bar:
        found = outcome(policy, economy, scenarios, runs=runs, seed=seed, progress=lambda: bar.update(1))
    if figure:
        from spamlab.policy.pictures import picture

        write_picture(picture(shows, policy, economy, scenarios, runs=runs, seed=seed, played=found.played), figure)
    if as_json:
        click.echo(json.dumps(shown_json(found), indent=2))
        return
    click.echo(as_text(found))
    if figure:
        click.echo(f"The figure is in {figure}.")


@command.command(name="instruments")
@click.option("--economy", default="mobile-money-leader", show_default=True, metavar="NAME",
              help="The economy whose costs are shown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def instruments(economy: str, as_json: bool) -> None:
    """List the instruments by pillar: cost over three years, staff, lead time, what they need, sources.

    JSON: [{"id", "pillar", "title", "about", "settings", "needs", "lead_weeks", "ramp_weeks", "cost" (by payer, million
    US dollars, with the usual settings), "source", "evidence", "confidence"}].
    """
    from spamlab.policy.economies import economy_named
    from spamlab.policy.prices import price_list, price_text

    listed = price_list(economy_named(economy))
    click.echo(json.dumps(listed, indent=2) if as_json else price_text(listed, economy))


@command.command(name="scenarios")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def scenarios(as_json: bool) -> None:
    """List the scenarios: what may happen that nobody decided.

    JSON: [{"name", "title", "about"}].
    """
    from spamlab.policy.scenarios import read_scenarios

    known = list(read_scenarios().values())
    if as_json:
        click.echo(json.dumps([{"name": one.name, "title": one.title, "about": one.about} for one in known], indent=2))
        return
    width = max(len(one.name) for one in known)
    for one in known:
        click.echo(f"{one.name:{width}}  {one.title}: {one.about}")


@command.command(name="new")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--economy", required=True, metavar="NAME",
              help="The economy that the policy is for, such as pacific-island.")
def new(file: Path, economy: str) -> None:
    """Write a policy document to begin with. A file that is there is left as it is."""
    from spamlab.policy.economies import economy_named
    from spamlab.policy.prices import new_document

    text = new_document(economy_named(economy))
    if file.suffix != ".toml":
        raise UsageError(f"the name of a policy document ends in .toml: {file}")
    try:
        with file.open("x", encoding="utf-8") as out:
            try:
                out.write(text)
                out.flush()
            except BaseException:  # a full disk, Ctrl+C: nothing half-written is left
                file.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise UsageError(f"{file} is there already; it is left as it is.") from None
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}") from None
    click.echo(f"{file} is a document to begin with. Play it with: spamlab policy run {file}")
