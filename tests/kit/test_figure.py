"""Figures: never without alt text and numbers, never in a graded run."""

from __future__ import annotations

import pytest

from spamlab.kit.errors import KitError
from spamlab.kit.figure import new_axes, show_figure, table_html


def test_a_figure_has_alt_text_and_its_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a notebook the title and the numbers are printed; without an alt text nothing is shown."""
    figure, axes = new_axes()
    axes.plot([1, 2], [3, 4])
    show_figure(figure, title="Found by month", alt="It falls.", heads=["month", "found"], rows=[["May", 4]])
    assert capsys.readouterr().out == "Found by month\nmonth: May; found: 4\n"
    for alt in ("", "x" * 151):
        with pytest.raises(KitError, match="alt text"):
            show_figure(figure, title="t", alt=alt, heads=[], rows=[])


def test_a_graded_run_draws_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Grading need not wait for pictures."""
    monkeypatch.setenv("SPAMLAB_GRADED", "1")
    show_figure(None, title="t", alt="", heads=["a"], rows=[["b"]])
    assert capsys.readouterr().out == ""


def test_a_table_escapes_what_it_shows() -> None:
    """Header cells for columns and rows, and no sign of a sender's is obeyed."""
    html = table_html(["a", "b"], [["<i>", "x"]], caption="c")
    assert '<th scope="row"><bdi>&lt;i&gt;</bdi></th>' in html
    assert '<th scope="col">b</th>' in html
    assert "<caption>c</caption>" in html
