"""Figures of policies: each says its message in words, keeps its numbers, and never tells by colour alone."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from spamlab.errors import MachineError, UsageError
from spamlab.policy import drawing
from spamlab.policy.document import Measure, Policy
from spamlab.policy.drawing import BLUE, INK, Drawn, alt_text, in_digits, money_unit, signed, write_picture
from spamlab.policy.figures import (
    PARTS,
    displacement_figure,
    gain_figure,
    measures_figure,
    plan_figure,
    weekly_figure,
)
from spamlab.policy.levers import CHANNELS
from spamlab.policy.play import Play

WEEKS, DRAWS = 156, 24
SCENARIOS = ("calm", "new-channel", "budget-cut")
FACTORS = {"email": 0.9, "sms": 0.3, "voice": 0.8, "apps": 1.6}
INSTRUMENTS: Any = {name: SimpleNamespace(title=title) for name, title in (
    ("consent-law", "Consent law"), ("sms-firewall", "SMS firewall"), ("treaty", "Treaty"))}
POLICY = Policy("A plan", "mobile-money-leader", 3, tuple(Measure(name, 8, {}) for name in INSTRUMENTS), {})


def spread(middle: float, width: float, *shape: int) -> Any:
    """Numbers around a middle, the same ones each time."""
    return middle * np.exp(width * np.random.default_rng(5).standard_normal(shape))


def made_play() -> Play:
    """A play by hand: victims leave SMS for apps, and costs come on top."""
    shape = (len(SCENARIOS), DRAWS)
    baseline: dict[str, Any] = {name: spread(40.0, 0.3, *shape) for name in ("loss", "time", "wanted_lost")}
    baseline |= {name: np.zeros(shape) for name in ("public_cost", "operator_cost", "compliance_cost")}
    totals = {name: (values * 0.5 if name == "loss" else values + 2)[None] for name, values in baseline.items()}
    for kind in (baseline, totals):
        kind["welfare"] = -sum(kind[outcome] for outcome, *_rest in PARTS)
    baseline["harm_abroad"], totals["harm_abroad"] = spread(90.0, 0.2, *shape), spread(99.0, 0.2, *shape)[None]
    series, before = {}, {}
    for channel, factor in FACTORS.items():
        weekly = spread(100.0, 0.2, len(SCENARIOS), 1, DRAWS) * np.ones((1, WEEKS, 1))
        before[f"victims.{channel}"] = weekly
        series[f"victims.{channel}"] = (weekly * np.where(np.arange(WEEKS) > 30, factor, 1.0)[None, :, None])[None]
        baseline[f"victims.{channel}"] = before[f"victims.{channel}"].sum(axis=1)
        totals[f"victims.{channel}"] = series[f"victims.{channel}"].sum(axis=2)
    baseline["victims"] = sum(baseline[f"victims.{channel}"] for channel in CHANNELS)
    totals["victims"] = sum(totals[f"victims.{channel}"] for channel in CHANNELS)
    return Play(None, (POLICY,), SCENARIOS, DRAWS, totals, baseline, series, before)  # type: ignore[arg-type]


def made_plan() -> Any:
    """A plan by hand: one measure in time, one late and stopped, one that never begins."""
    paid = np.full(WEEKS, 2e4)
    return SimpleNamespace(
        levers=np.zeros((1, WEEKS)), starts={"consent-law": 30, "sms-firewall": 60, "treaty": None},
        begins={"consent-law": 8, "sms-firewall": 40, "treaty": None}, stops={"sms-firewall": 120},
        costs={("consent-law", "state"): paid, ("sms-firewall", "operators"): 2 * paid}, money=((1e6, 1.2e6),) * 3)


def all_figures() -> dict[str, Drawn]:
    """One of each kind."""
    play = made_play()
    worth = np.array([[1.0, -0.5, -3.0], [2.0, 0.1, -2.0], [3.0, 0.6, -1.0]])
    return {"gain": gain_figure(play, seed=7, titles={"calm": "A calm time"}), "weekly": weekly_figure(play, seed=7),
            "displacement": displacement_figure(play, scenario=1, seed=7), "plan": plan_figure(
                POLICY, made_plan(), INSTRUMENTS),
            "measures": measures_figure([one.title for one in INSTRUMENTS.values()], worth, draws=DRAWS)}


@pytest.fixture(scope="module")
def figures() -> dict[str, Drawn]:
    """The figures, drawn once."""
    return all_figures()


@pytest.mark.parametrize(("name", "texts"), [
    ("gain", ["A calm time", "new-channel", "million US dollars", "losses of victims", "wanted messages lost",
              "Source: simulated, spamlab model, 24 draws, seed 7."]),
    ("weekly", ["e-mail", "text messages", "calls", "apps", "week", "victims a week, no policy = 100", "no policy",
                "policy", "104", "Scenario “calm”; line: median, band: 90 % of draws."]),
    ("displacement", ["victims, text messages", "victims, all channels", "harm abroad",
                      "change against no policy, per cent", "fewer", "more", "open: may be either",
                      "Scenario “new-channel”; bar: median, line: 90 % of draws."]),
    ("plan", ["Consent law", "Treaty", "never", "stops", "set up", "in force", "year 3", "budget of the state",
              "operators", "Source: spamlab model, central figures of cost."]),
    ("measures", ["SMS firewall", "worth of the measure, million US dollars", "gains", "costs more than it gains"]),
])
def test_what_a_figure_says_stands_in_it_as_text(figures: dict[str, Drawn], tmp_path: Path, name: str,
                                                 texts: list[str]) -> None:
    """Labels with units, legend and source are text in the SVG, and the title and the alt text go with the file."""
    drawn = figures[name]
    svg = write_picture(drawn, tmp_path / "a.svg").read_text(encoding="utf-8")
    found = re.findall(r">([^<>]+)</text>", svg)
    for text in texts:
        assert text in found
    assert drawn.title in found
    assert f'role="img" aria-label="{drawn.alt}"' in svg


def test_alt_texts_are_short_and_say_the_message(figures: dict[str, Drawn]) -> None:
    """At most 150 characters, whatever the names are, with the figure's own result in them."""
    for drawn in figures.values():
        assert 20 < len(drawn.alt) <= drawing.MOST_ALT
        assert drawn.alt.endswith(".")
        assert all(len(row) == len(drawn.heads) for row in drawn.rows)
    assert "text messages -70 %" in figures["weekly"].alt
    assert re.search(r"by text messages \(-\d+ %\) and apps \(\+\d+ %\)", figures["displacement"].alt)
    assert figures["measures"].alt == "Gains most: Consent law; gains least or costs most: Treaty."
    assert figures["plan"].alt == "2 of 3 measures begin; 1 later than asked for."
    assert len(alt_text("word " * 60)) <= drawing.MOST_ALT


def test_the_numbers_of_a_figure_stand_beside_it(figures: dict[str, Drawn]) -> None:
    """What is drawn can be read: the gain with its interval, the change by channel, the weeks of the plan."""
    assert [row[0] for row in figures["gain"].rows] == ["A calm time", "new-channel", "budget-cut"]
    assert all(re.fullmatch(r"-?[\d.,]+ \(-?[\d.,]+ to -?[\d.,]+\)", row[1]) for row in figures["gain"].rows)
    assert figures["displacement"].rows[1][3].startswith("-56")
    assert figures["plan"].rows == [["Consent law", "8", "8", "30", "3.12"], ["SMS firewall", "8", "40", "60", "0"],
                                    ["Treaty", "8", "-", "never", "0"]]


def test_nothing_is_told_by_colour_alone(figures: dict[str, Drawn]) -> None:
    """Bars of two colours differ in hatch too, lines in their dash, marks in their shape."""
    for drawn in figures.values():
        for axes in drawn.figure.axes:
            looks = {(bar.get_facecolor(), bar.get_hatch()) for bar in axes.patches if bar.get_width()}
            assert len({colour for colour, _hatch in looks}) == len({hatch or "" for _colour, hatch in looks})
    lines = {line.get_color(): line.get_linestyle() for line in figures["weekly"].figure.axes[0].lines}
    assert sorted(lines.values()) == ["-", "--"]
    marks = {line.get_color(): line.get_marker() for line in figures["gain"].figure.axes[0].lines
             if line.get_marker() not in ("None", None)}
    assert len(set(marks.values())) == len(marks)


def test_colours_stand_off_the_paper() -> None:
    """Ink and the colour of lines have a contrast of 3 and more on white (WCAG 2.2, 1.4.11)."""
    for colour in (INK, BLUE, drawing.VERMILLION, drawing.GREEN, drawing.QUIET):
        parts = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (light + 0.05) >= 3


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_the_same_figure_is_the_same_file(tmp_path: Path, suffix: str) -> None:
    """No date and no chance in a file; nothing else is left beside it."""
    made = [write_picture(all_figures()["measures"], tmp_path / f"{name}{suffix}").read_bytes() for name in "ab"]
    assert made[0] == made[1]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(("name", "told"), [
    ("a.gif", "must end in .svg, .png, .pdf"), ("a", "must end in"), (".svg", "must end in"),
    ("none/a.svg", "there is no folder"), ("d.svg", "is a folder")])
def test_bad_places_are_told(figures: dict[str, Drawn], tmp_path: Path, name: str, told: str) -> None:
    """One sentence, and no file."""
    (tmp_path / "d.svg").mkdir()
    with pytest.raises(UsageError, match=told):
        write_picture(figures["measures"], tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == ["d.svg"]


def test_a_full_disk_leaves_what_was_there(figures: dict[str, Drawn], tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing fails, the old file stays whole and no half of a new one is left."""
    place = tmp_path / "a.svg"
    place.write_text("old", encoding="utf-8")

    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drawing.os, "replace", full)
    with pytest.raises(MachineError, match="the disk is full; nothing was left behind"):
        write_picture(figures["measures"], place)
    assert place.read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_play_without_weeks_has_no_weekly_figure() -> None:
    """Asked for an outcome that was not recorded, it says what was."""
    with pytest.raises(UsageError, match=r"recorded no weekly complaints; recorded: victims\.apps"):
        weekly_figure(made_play(), "complaints")


def test_a_weekly_figure_can_show_what_was_counted() -> None:
    """In per cent of the same draw without policy, no policy is a line at 100; as counted, it has its own level."""
    for paired, level in ((True, 100.0), (False, 97.0)):
        drawn = weekly_figure(made_play(), paired=paired, unit="people")
        none = next(line for line in drawn.figure.axes[0].lines if line.get_linestyle() == "--")
        assert none.get_ydata()[0] == pytest.approx(level, rel=0.1 if paired is False else 1e-9)
    assert drawn.figure.get_supylabel() == "victims a week, people"


def test_numbers_are_easy_to_read() -> None:
    """Three digits that count; money in the unit in which it is short."""
    assert [in_digits(value) for value in (0, 1234567.0, -12.345, 0.0123, 100.0)] == [
        "0", "1,234,567", "-12.3", "0.0123", "100"]
    assert [signed(value) for value in (-0.4, 0.2, 12.4, -1234.0)] == ["0", "0", "+12", "-1,234"]
    assert money_unit(np.array([2500.0])) == (1e-3, "billion US dollars")
    assert money_unit(np.array([0.2, -0.5])) == (1e3, "thousand US dollars")
    assert money_unit(np.array([0.0])) == (1.0, "million US dollars")
