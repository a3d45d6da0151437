"""Forms are built from every widget of the form spec, and give answers in its shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from kit_fakes import HOSTILE, LAB, FakeServices, form

from spamlab.kit import answered, question
from spamlab.kit.answers import keep
from spamlab.kit.fields import EMPTY, make_field
from spamlab.kit.forms import Form, form_text
from spamlab.kit.http import Judge


def make(services: FakeServices, name: str) -> Form:
    """The form of one of the fake judge's questions."""
    service = Judge(services.url, "token-of-p01")
    return Form(name, LAB, service.question(LAB, name), service)


def fill(part: Any, **values: Any) -> None:
    """Fill fields of a part by name, as a participant would."""
    for field in part.fields:
        if field.name in values:
            field.put(values[field.name])


@pytest.mark.parametrize(("name", "values", "answer"), [
    ("q1", {"1": False, "2": True, "3": True, "reason": "b"}, {"1": False, "2": True, "3": True, "reason": "b"}),
    ("q1", {"2": False}, {"2": False}),
    ("q2", {"answer": [4, 3, 2, 1]}, [4, 3, 2, 1]),
    ("q3", {"answer": 2}, 2),
    ("q4", {"answer": " 192.0.2.7 "}, "192.0.2.7"),
    ("q5", {"3": "b"}, {"3": "b"}),
    ("q6", {"M1.spf": "pass", "M3.domain": "a.example", "M4.protects": "none"},
     {"M1": {"spf": "pass"}, "M3": {"domain": "a.example"}, "M4": {"protects": "none"}}),
    ("q7", {"place": "by"}, {"place": "by"}),
    ("q8", {"to": "abuse@sender.example", "text": "Dear desk,\n\nsee below.", "sure": True},
     {"to": "abuse@sender.example", "text": "Dear desk,\n\nsee below.", "sure": True}),
    ("q9", {"answer": "12"}, 12), ("q9", {"answer": "1.5"}, 1.5), ("q9", {"answer": "12 minutes"}, "12 minutes"),
    ("q9", {"answer": "1e5"}, "1e5"),
    ("q10", {"policy": "reject", "to": "mailto:a@b.example"}, {"policy": "reject", "to": "mailto:a@b.example"}),
    ("q11", {"answer": "  junk a.example\n\n  keep all\n"}, "  junk a.example\n\n  keep all"),
    ("q12", {"words": "all"}, {"words": "all"}),
    ("q13", {"law": " Section 4.\nWe take it.\n"}, {"law": "Section 4.\nWe take it."}),
    ("q13", {"law": "One line"}, {"law": "One line"}),
])
def test_shapes(services: FakeServices, name: str, values: dict[str, Any], answer: Any) -> None:
    """What is filled in is kept and sent in the shape of the form spec; what is empty is left out."""
    practice = make(services, name).practice
    assert practice is not None
    fill(practice, **values)
    practice.save()
    assert answered(name) == answer
    assert services.posted == [(name, answer)]
    assert json.dumps(answered(name)) == json.dumps(answer)


@pytest.mark.parametrize(("name", "value"), [
    ("q1", {"1": True, "2": False, "3": True, "reason": "a"}), ("q2", [3, 1, 2, 4]), ("q3", 3), ("q4", "192.0.2.7"),
    ("q5", {"1": "a", "4": "c"}), ("q6", {"M1": {"spf": "fail", "domain": "x.example"}}), ("q7", {"place": "top"}),
    ("q8", {"to": "a@b.example", "text": "x", "sure": True}), ("q9", 7),
    ("q10", {"policy": "none", "to": "x"}), ("q11", "  keep all"), ("q12", {"words": "some"}),
    ("q13", {"law": "Section 4.\nWe take it."}),
])
def test_saved_answers_come_back(services: FakeServices, name: str, value: Any) -> None:
    """After a restart the form shows the answer that is kept; without a file, the one the judge had."""
    services.questions[name]["practice"]["saved"] = value
    first = make(services, name).practice
    assert first is not None
    assert first.value() == value
    services.questions[name]["practice"]["saved"] = None
    keep(name, value)
    second = make(services, name).practice
    assert second is not None
    assert second.value() == value
    assert "saved answer" in second.status.value


@pytest.mark.parametrize("saved", ["x", 3, [1], {"a": 1}, {"1": {"x": 1}}, True, [[1]], {"M1": 3}])
@pytest.mark.parametrize("name", ["q1", "q2", "q3", "q4", "q5", "q6", "q8", "q9"])
def test_odd_saved_answers_are_left_out(services: FakeServices, name: str, saved: Any) -> None:
    """A saved answer of another shape never stops a form."""
    services.questions[name]["practice"]["saved"] = saved
    make(services, name)


def test_the_text_with_its_blanks_is_shown(services: FakeServices) -> None:
    """A fill-in shows its text with each blank by its label, as text and not as HTML, also where no widget can be."""
    practice = make(services, "q10").practice
    assert practice is not None
    head = practice.box.children[0].value
    assert "v=DMARC1; p=[Policy]; rua=[Reports go to &lt;rua&gt;]" in head
    assert "v=DMARC1; p=[Policy]; rua=[Reports go to <rua>]" in form_text("q10", services.questions["q10"])


def test_words_in_backticks_are_quoted_in_labels(services: FakeServices) -> None:
    """A widget's labels have no font of code, so such words stand in quotation marks."""
    practice = make(services, "q10").practice
    assert practice is not None
    assert practice.fields[0].options[1][1] == "“reject” it"
    assert practice.fields[1].label == "Reports go to “rua”"


def test_a_text_begins_with_what_stands_there_at_first(services: FakeServices) -> None:
    """What the lab put into the field is no answer until it is changed; a saved answer takes its place."""
    practice = make(services, "q11").practice
    assert practice is not None
    assert practice.fields[0].widget.children[0].value == "# your rules\n"
    assert practice.value() is EMPTY
    keep("q11", "keep all")
    again = make(services, "q11").practice
    assert again is not None
    assert again.value() == "keep all"


def test_what_each_part_of_an_answer_does_is_folded_below(services: FakeServices) -> None:
    """The details of a verdict stand in a fold that a keyboard opens, escaped, with words of code in their font."""
    services.verdicts["q11"] = {"state": "part", "share": 0.5, "message": "2 of 4.", "details": [
        "Line 1, `junk <b>`, decides one case.", "Line 2 decides no case."]}
    practice = make(services, "q11").practice
    assert practice is not None
    fill(practice, answer="junk <b>")
    practice.save()
    shown = practice.feedback.value
    assert "<details" in shown
    assert "Show what 2 parts of your answer do" in shown
    assert ">junk &lt;b&gt;</code>, decides one case.</li>" in shown


def test_saved_choices_name_the_helper_that_makes_the_filter(services: FakeServices) -> None:
    """After saving, the participant reads which cell to run."""
    services.verdicts["q12"] = {"state": "saved", "share": None, "message": "Saved."}
    practice = make(services, "q12").practice
    assert practice is not None
    fill(practice, words="all")
    practice.save()
    assert "build_filter" in practice.feedback.value


def test_a_broken_answer_file_does_not_stop_the_form(services: FakeServices) -> None:
    """A spoilt file is left aside; saving anew mends it."""
    Path("answers").mkdir()
    Path("answers/q3.json").write_text("{")
    practice = make(services, "q3").practice
    assert practice is not None
    fill(practice, answer=1)
    practice.save()
    assert answered("q3") == 1


def test_nothing_chosen_is_said(services: FakeServices) -> None:
    """Pressing the button of an empty form asks nobody and keeps nothing."""
    practice = make(services, "q3").practice
    assert practice is not None
    practice.save()
    assert "No answer yet" in practice.feedback.value
    assert "answer(" not in practice.feedback.value
    assert services.posted == []
    assert not Path("answers/q3.json").exists()


def test_practice_and_twin(services: FakeServices) -> None:
    """Practice gets the message and the hint offer; the part for points is only saved."""
    made = make(services, "q3")
    assert made.practice is not None
    assert made.twin is not None
    fill(made.practice, answer=4)
    made.practice.button.click()
    assert "Not yet" in made.practice.feedback.value
    assert "You took the bottom line" in made.practice.feedback.value
    assert "opens after a short wait" in made.practice.feedback.value
    fill(made.twin, answer=1)
    made.twin.button.click()
    assert "Saved" in made.twin.feedback.value
    assert services.posted == [("q3", 4), ("q3-twin", 1)]
    assert answered("q3-twin") == 1


def test_hints_open_by_a_click(services: FakeServices) -> None:
    """A hint's text comes with its click; a closed one says why."""
    hints = make(services, "q3").hints
    hints.buttons[1].click()
    assert "Look at the line with" in hints.shown.value
    hints.buttons[2].click()
    assert "Open hint 1 first" in hints.shown.value
    assert "Look at the line with" in hints.shown.value


def test_hint_buttons_say_what_they_wait_for(services: FakeServices) -> None:
    """A closed hint looks closed in words; pressed too early, it says when to press again, counted anew each time."""
    listed = services.questions["q3"]["hints"]
    listed[0]["wait"] = None
    made = make(services, "q3")
    assert made.practice is not None
    assert [made.hints.buttons[step].description for step in (1, 2)] == [
        "Hint 1: Where to look (opens after a try)", "Hint 2: The rule (opens after hint 1)"]
    listed[0]["wait"] = 15
    fill(made.practice, answer=4)
    made.practice.save()
    assert made.hints.buttons[1].description == "Hint 1: Where to look (wait a little)"
    listed[0].update(open=True, wait=0)
    listed[1]["wait"] = 7
    made.hints.buttons[2].click()
    assert "Press again in 7 seconds." in made.hints.shown.value
    assert made.hints.buttons[1].description == "Hint 1: Where to look (open)"
    listed[1]["wait"] = 1
    made.hints.buttons[2].click()
    assert "Press again in one second." in made.hints.shown.value


@pytest.mark.parametrize(("spec", "label"), [
    ({"points": 0}, "Save"), ({"points": 0, "silent": False}, "Save and check"), ({"silent": True}, "Save"),
    ({}, "Save and check")])
def test_silent_questions_only_save(services: FakeServices, spec: dict[str, Any], label: str) -> None:
    """A vote or an exit question saves, promises no check and no points, and shows that it was saved again."""
    services.questions["q3"]["practice"].update(spec)
    services.questions["q3"]["twin"] = None
    services.verdicts["q3"] = {"state": "saved", "share": None, "message": "Saved. This part earns the points."}
    practice = make(services, "q3").practice
    assert practice is not None
    assert practice.button.description == label
    fill(practice, answer=4)
    practice.save()
    if spec.get("points") == 0:
        assert re.search(r"Saved</span>\s*at \d\d:\d\d:\d\d .*Nothing is told back\.", practice.feedback.value)
        assert "points" not in practice.feedback.value


def test_order_moves_by_buttons(services: FakeServices) -> None:
    """Up and down move one piece by one place; at the ends the button is off."""
    made = make(services, "q2").practice
    assert made is not None
    order: Any = made.fields[0]
    order._rows[0]["down"].click()
    order._rows[1]["down"].click()
    assert order.get() == [2, 3, 1, 4]
    order._rows[3]["up"].click()
    assert order.get() == [2, 3, 4, 1]
    assert order._rows[0]["up"].disabled
    assert order._rows[3]["down"].disabled
    assert "not saved" in made.status.value


def test_order_with_pieces_left_out() -> None:
    """Where the spec allows it, pieces can be left out and put back."""
    order: Any = make_field({"name": "answer", "widget": "order", "label": "Order", "optional": True,
                             "options": [{"value": value, "label": value} for value in "abc"]})
    order._rows[1]["out"].click()
    assert order.get() == ["a", "c"]
    order._rows[2]["out"].click()
    assert order.get() == ["a", "c", "b"]
    order.put(["c"])
    assert order.get() == ["c"]


def test_a_table_can_stack(services: FakeServices) -> None:
    """In a narrow window the column heads go and each cell shows its label; the style that does so is in the form."""
    made = make(services, "q6")
    assert made.practice is not None
    grid = next(widget for widget in _all(made.widget) if "spamlab-grid" in widget._dom_classes)
    assert sum("spamlab-column" in cell._dom_classes for cell in grid.children) == 4
    style = made.widget.children[0].value
    assert "@container (max-width:620px)" in style
    assert style.count("{") == style.count("}")


def test_the_next_cell_does_not_push_a_form_away(services: FakeServices) -> None:
    """The page does not hold the next cell in place while a form grows above it, after Shift and Enter."""
    assert ".jp-WindowedPanel-outer{overflow-anchor:none}" in make(services, "q3").widget.children[0].value


def test_judge_away_keeps_the_answer(services: FakeServices) -> None:
    """If the judge goes away, the answer is still kept, and the box says that it was not checked."""
    practice = make(services, "q3").practice
    assert practice is not None
    practice._service = Judge("http://127.0.0.1:1", "x", seconds=1)
    fill(practice, answer=2)
    practice.save()
    assert "Kept, not checked" in practice.feedback.value
    assert answered("q3") == 2


def test_labels_are_there_for_every_field(services: FakeServices) -> None:
    """Each input carries its label as its description, which ipywidgets ties to it."""
    for name in services.questions:
        made = make(services, name)
        for part in (made.practice, made.twin):
            for field in part.fields if part else []:
                assert field.label
                widget = getattr(field, "_area", field.widget)
                assert name == "q2" or widget.description == field.label


def test_hostile_spec(services: FakeServices) -> None:
    """Script, terminal escapes and direction signs in a spec become visible text."""
    spec = {"practice": form("q3", "single", [{"name": "answer", "label": HOSTILE, "widget": "order",
                                               "options": [{"value": 1, "label": HOSTILE}]}], prompt=HOSTILE),
            "twin": None}
    made = Form("q3", LAB, spec, Judge(services.url, "token-of-p01"))
    texts = [widget.value for widget in _all(made.widget) if isinstance(getattr(widget, "value", None), str)]
    assert any("&lt;script&gt;" in text for text in texts)
    assert not any("<script" in text or "\u202e" in text for text in texts)
    assert "\x1b" not in form_text("q3", spec)


def test_unknown_widget_and_empty_spec(services: FakeServices) -> None:
    """A widget of a later version becomes a text field; a question without forms says how to answer."""
    assert make_field({"widget": "hologram"}).get() is EMPTY
    made = Form("q3", LAB, {"practice": None, "twin": None}, Judge(services.url, "x"))
    assert "answer(&quot;q3&quot;, ...)" in made.widget.children[-1].value


@pytest.mark.usefixtures("services")
def test_text_fallback(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no widget can be shown, the task, the fields and the way to answer are printed."""
    question("q5")
    printed = capsys.readouterr().out
    assert 'answer("q5", ...)' in printed
    assert 'answer("q5-twin", ...)' in printed
    assert "line 2: by mx1.harbornet.example" in printed


@pytest.mark.usefixtures("services")
def test_what_stands_beside_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a notebook the text kept with the form is short and begins with how to see the form again."""
    shown: list[dict[str, str]] = []
    monkeypatch.setattr("spamlab.kit.forms.in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, **_rest: shown.append(bundle))
    question("q6")
    text = shown[0]["text/plain"]
    assert text.splitlines() == ["To see the form again, choose Run, then Run All Cells.",
                                 'Claim. Typed, the same answer is answer("q6", ...).']
    assert "Protects the reader" not in shown[0]["text/html"]


def test_no_judge(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a judge the form is a sentence, not an error: the notebook runs through."""
    monkeypatch.setattr("spamlab.kit.session._started", LAB)
    question("q3")
    assert 'answer("q3", ...)' in capsys.readouterr().out


def _all(widget: Any) -> list[Any]:
    found = [widget]
    for child in getattr(widget, "children", ()):
        found += _all(child)
    return found
