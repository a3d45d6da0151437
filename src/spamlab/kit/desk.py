"""A desk: some fields and what follows from them, to try things out. It asks nobody and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spamlab.kit.errors import KitError
from spamlab.kit.fields import EMPTY, Field, make_field
from spamlab.kit.markup import escape
from spamlab.kit.session import session
from spamlab.kit.show import DIRECTION, LANGUAGE, framed, in_kernel
from spamlab.kit.style import CSS, FORM_CSS
from spamlab.kit.words import say

Answer = Callable[[dict[str, Any]], str]


def desk(title: str, fields: Sequence[Mapping[str, Any]], answer: Answer, *, start: Mapping[str, Any] | None = None,
         button: str = "") -> None:
    """Show fields and a button; each press shows what `answer` gives for them: HTML, already escaped.

    fields: {"name", "label", "widget": "number" or "choice", "options": [{"value", "label"}]}. start: values to begin
    with; where all fields have one, the answer to them is shown at once. In a graded run nothing is shown.
    """
    if session().graded:
        return
    begun = dict(start or {})
    if not in_kernel():
        print(title)
        print("\n".join(f"- {one.get('label', '')}: {begun.get(str(one.get('name')), '-')}" for one in fields))
        return
    from IPython.display import display

    display(Desk(title, fields, answer, begun, button).widget)


class Desk:
    """The widget of a desk, its fields and the box in which its answers stand."""

    def __init__(self, title: str, fields: Sequence[Mapping[str, Any]], answer: Answer, start: Mapping[str, Any],
                 button: str) -> None:
        import ipywidgets as widgets

        self._answer = answer
        self.fields: list[Field] = [make_field(one) for one in fields]
        for field in self.fields:
            if field.name in start:
                field.put(start[field.name])
        self.button = widgets.Button(description=button or say("desk-show"))
        self.button.add_class("save")
        self.button.on_click(lambda _button: self.press())
        self.shown = widgets.HTML()
        head = widgets.HTML(f"<style>{CSS}{FORM_CSS}</style>" + _inside(f"<h4>{escape(title)}</h4>"))
        row = widgets.HBox([self.button])
        row.add_class("spamlab-save-row")
        part = widgets.VBox([head, *(field.widget for field in self.fields), row, self.shown])
        part.add_class("spamlab-part")
        self.widget = widgets.VBox([part])
        self.widget.add_class("spamlab-form")
        if all(field.get() is not EMPTY for field in self.fields):
            self.press()

    def press(self) -> None:
        """Show the answer for the fields as they stand, or which of them is empty."""
        values = {field.name: field.get() for field in self.fields}
        empty = next((field.label for field in self.fields if values[field.name] is EMPTY), None)
        try:
            inner = self._answer(values) if empty is None else f"<p>{escape(say('desk-empty', field=empty))}</p>"
        except KitError as trouble:
            inner = f"<p>{escape(str(trouble))}</p>"
        self.shown.value = framed(inner)


def _inside(inner: str) -> str:
    return f'<div class="spamlab" lang="{LANGUAGE}" dir="{DIRECTION}">{inner}</div>'
