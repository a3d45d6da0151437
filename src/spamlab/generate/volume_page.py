"""The page of volumes in the docs, with its figures: by type in each economy, and a recipe of campaigns day by day.

`python -m spamlab.generate.volume_page [FILE]` writes docs/volumes.md of the source tree, or FILE, with the figures in
a folder images beside it.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from spamlab.generate import page
from spamlab.generate.campaigns import CampaignTraffic
from spamlab.generate.opening import open_recipe
from spamlab.generate.volumes import VolumeTraffic
from spamlab.shipped import default_folder

MONTHS = 24
MESSAGES = 20_000
"""Records of the campaigns that are counted."""
SHOWN = ("advanced-city", "mobile-money-leader", "pacific-island", "very-large-south-asian")
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#000000", "#f0e442")
"""Colours that the colour-blind can tell apart (Okabe and Ito, "Color Universal Design", 2008)."""
_LINES = ("-", "--", ":", "-.")

_HEAD = """# Volumes over time

Written by `python -m spamlab.generate.volume_page` from `spamlab generate volumes --profile NAME` and
`spamlab generate campaigns`. The rates, shares and prices behind them are our own choices in orders of magnitude, for
exercises on tables such as the questionnaire of WTSA Resolution 52: they say nothing of any country.
"""


def write_page(path: Path) -> None:
    """The page and its figures. Raises UsageError and ContentError as `open_recipe` does."""
    datasets = default_folder("datasets")
    images = path.parent / "images"
    images.mkdir(parents=True, exist_ok=True)
    lines = [_HEAD, "## Spam by type in four economies", ""]
    for profile in SHOWN:
        opened = open_recipe(datasets, "volumes", "1", profile=profile)
        assert isinstance(opened, VolumeTraffic)
        table = _by_type(opened)
        image = images / f"volumes-{profile}.svg"
        _draw(image, opened.economy.title, "messages and calls a month for each 1,000 people", *table)
        lines += [f"![{opened.economy.title}: {_told(*table)}](images/{image.name})", ""]
    campaigns = open_recipe(datasets, "campaigns", "1")
    assert isinstance(campaigns, CampaignTraffic)
    days, counts = _by_campaign(campaigns)
    image = images / "campaigns.svg"
    _draw(image, "Six campaigns", f"messages a day, of {MESSAGES} records", days, counts)
    lines += ["## Campaigns day by day", "",
              "Bursts, working days, and the dip after a takedown (days after the start, and the days until the old "
              "volume is back, stand in `datasets/recipes/campaigns.toml`).", "",
              f"![Messages a day by campaign: {_told(days, counts)}](images/{image.name})"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _by_type(opened: VolumeTraffic) -> tuple[list[date], dict[str, list[float]]]:
    """Months, and for the largest types of spam their volume in each."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for one in opened.records(0, MONTHS * opened.rows_a_month):
        row = one.record
        if row["label"] == "spam":
            sums[f"{row['type']} ({row['about_channel']})"][row["month"]] += row["messages"]
    months = sorted({month for counts in sums.values() for month in counts})
    people = opened.economy.figures["population"] * 1000
    largest = sorted(sums, key=lambda name: -sums[name].total())[:len(_COLOURS)]
    return ([date.fromisoformat(f"{month}-01") for month in months],
            {name: [sums[name][month] / people for month in months] for name in largest})


def _by_campaign(opened: CampaignTraffic) -> tuple[list[date], dict[str, list[float]]]:
    first = opened.recipe.first_day
    days = [first + timedelta(days=number) for number in range(opened.recipe.days)]
    counts: Mapping[str, Counter[date]] = defaultdict(Counter)
    for one in opened.records(0, MESSAGES):
        name = one.truth["campaign"]
        if name and one.record["channel"] != "report":
            counts[name][datetime.fromisoformat(one.record["sent"]).date()] += 1
    return days, {name: [float(found[day]) for day in days] for name, found in counts.items()}


def _told(_when: Sequence[date], table: Mapping[str, Sequence[float]]) -> str:
    """What a figure shows, in words."""
    return "; ".join(f"{name} from {values[0]:.0f} to {values[-1]:.0f}, at most {max(values):.0f}"
                     for name, values in table.items())


def _draw(path: Path, title: str, unit: str, when: Sequence[date], table: Mapping[str, Sequence[float]]) -> None:
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "spamlab"  # the same figures give the same file
    figure = Figure(figsize=(8, 4.4), layout="constrained")
    axes: Any = figure.add_subplot()
    for number, (name, values) in enumerate(table.items()):
        axes.plot(when, values, label=name, color=_COLOURS[number % len(_COLOURS)], linewidth=1.4,
                  linestyle=_LINES[number % len(_LINES)])
    axes.set(title=title, ylabel=unit, ylim=(0, None))
    axes.tick_params(axis="x", rotation=30)
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", fontsize="small")
    figure.savefig(path, metadata={"Date": None})


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; the exit status, and a sentence where it can't be."""
    return page.write_page(write_page, default_folder("datasets").parent / "docs" / "volumes.md", arguments)


if __name__ == "__main__":
    sys.exit(main())
