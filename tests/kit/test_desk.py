"""A desk shows what follows from its fields, and says which field is empty."""

from __future__ import annotations

from typing import Any

import pytest

from spamlab.kit.desk import Desk, desk
from spamlab.kit.errors import KitError

FIELDS = [{"name": "lost", "label": "A lost message costs", "widget": "number"},
          {"name": "way", "label": "Compare", "widget": "choice",
           "options": [{"value": "exact", "label": "exactly"}, {"value": "bare", "label": "without numbers"}]}]


def answer(values: dict[str, Any]) -> str:
    """A table out of the fields."""
    if values["lost"] == 13:
        raise KitError("Not 13.")
    return f"<p>{values['lost']} {values['way']}</p>"


def test_a_press_shows_the_answer_to_the_fields() -> None:
    """At once where every field has a value to begin with; anew after a press; a sentence in place of an error."""
    made = Desk("Costs", FIELDS, answer, {"lost": 3, "way": "bare"}, "")
    assert "<p>3 bare</p>" in made.shown.value
    made.fields[0].put(5)
    made.press()
    assert "<p>5 bare</p>" in made.shown.value
    made.fields[0].put(13)
    made.press()
    assert "Not 13." in made.shown.value


def test_an_empty_field_is_named() -> None:
    """Nothing is shown before all fields are filled; then the first empty one is named."""
    made = Desk("Costs", FIELDS, answer, {"way": "exact"}, "")
    assert made.shown.value == ""
    made.press()
    assert "A lost message costs" in made.shown.value


def test_outside_a_notebook_the_fields_are_named(capsys: pytest.CaptureFixture[str],
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets the labels; a graded run gets nothing."""
    desk("Costs", FIELDS, answer, start={"way": "exact"})
    assert "- Compare: exact" in capsys.readouterr().out
    monkeypatch.setenv("SPAMLAB_GRADED", "1")
    desk("Costs", FIELDS, answer)
    assert capsys.readouterr().out == ""
