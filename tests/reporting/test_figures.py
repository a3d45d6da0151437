"""Figures: well-formed, named, escaped, and without anything that a strict policy forbids."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from hypothesis import given
from hypothesis import strategies as st

from spamlab.reporting.figures import Mark, interval_chart

SVG = "{http://www.w3.org/2000/svg}"


def chart(*marks: Mark) -> ElementTree.Element:
    """A chart from 0 to 1, parsed."""
    return ElementTree.fromstring(interval_chart("d", "Share right", "Three questions.", marks, low=0, high=1,
                                                 step=0.25, per_cent=True))


def test_a_figure_says_what_it_shows() -> None:
    """It has a role, a title and a text that its label names, and each value is written beside its bar."""
    root = chart(Mark("q1", 0.5, 0.3, 0.7, "50 % (30 to 70)"), Mark("q2", None))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "d-title d-text"
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == ["d-title", "d-text"]  # type: ignore[union-attr]
    shown = [one.text for one in root.iter(f"{SVG}text")]
    assert "50 % (30 to 70)" in shown
    assert "no figure yet" in shown


def test_it_stands_under_a_strict_policy() -> None:
    """No style, no script, no address of another place."""
    text = ElementTree.tostring(chart(Mark("q1", 0.5, 0.3, 0.7))).decode()
    assert "style" not in text
    assert "script" not in text
    assert "href" not in text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30),
       st.floats(-3, 3), st.floats(-3, 3))
def test_any_label_and_value_stay_inside(label: str, value: float, low: float) -> None:
    """Labels are text whatever they hold, and no bar leaves the figure."""
    root = chart(Mark(label, value, low, 1.0, label))
    for bar in root.iter(f"{SVG}rect"):
        assert 0 <= float(bar.get("x", "-1")) <= float(bar.get("x", "0")) + float(bar.get("width", "0")) <= 560
    assert not list(root.iter("script"))
