"""The fields of a form, one class for each widget that the judge's form spec names.

A field gives its value as plain JSON, or `EMPTY`; it takes a saved value; it tells when it was changed.
ipywidgets is imported where a widget is made: importing the kit stays fast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from spamlab.kit.markup import escape, plain, visible
from spamlab.kit.words import say

EMPTY: Any = object()
_MOST_RADIO, _LONG_LABEL = 7, 60
_CODE = re.compile(r"`([^`\n]+)`")
_NUMBER = re.compile(r"[+-]?\d{1,15}")
_DECIMAL = re.compile(r"[+-]?\d{1,15}\.\d{1,15}")


class Field:
    """One field. widget: what is shown. name, row, column: its place in the answer.

    label: what is asked; inside a table cell it is there for screen readers alone.
    """

    widget: Any

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.name = str(spec.get("name", "answer"))
        self.row = None if spec.get("row") is None else str(spec["row"])
        self.column = None if spec.get("column") is None else str(spec["column"])
        self.label = visible(_quoted(spec.get("label") or self.name), joiners=True, most=1000)
        self.options = [(one.get("value"),
                         visible(_quoted(one.get("label", one.get("value"))), joiners=True, most=1000))
                        for one in spec.get("options") or [] if isinstance(one, Mapping)]
        self._changed: Callable[[], None] = lambda: None
        self.build(spec)

    def build(self, spec: Mapping[str, Any]) -> None:
        """Make the widget."""
        raise NotImplementedError

    def get(self) -> Any:
        """The value, or EMPTY."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a saved value; one that does not fit is left out."""
        raise NotImplementedError

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` when the participant changes the field."""
        self._changed = told

    def _watch(self, widget: Any, trait: str = "value") -> None:
        widget.observe(lambda _change: self._changed(), names=trait)

    def _dress(self, widget: Any, *kinds: str) -> Any:
        widget.add_class("spamlab-field")
        for kind in kinds:
            widget.add_class(kind)
        if self.row is not None and self.column is not None:
            widget.add_class("spamlab-cell")
        return widget


class Choice(Field):
    """One of some options: radio buttons for a few, a list for many, in a table, or where one is "none".

    compact: a list in any case, in which one option is always chosen.
    """

    def build(self, spec: Mapping[str, Any]) -> None:
        """Radio buttons show all options at once; a list saves room."""
        import ipywidgets as widgets

        blank = any(value in ("", None) for value, _label in self.options)
        longest = max((len(label) for _value, label in self.options), default=0)
        in_table, compact = self.row is not None, bool(spec.get("compact"))
        radio = not in_table and not compact and not blank and len(self.options) <= (
            12 if longest > _LONG_LABEL else _MOST_RADIO)
        pairs = [(label, place) for place, (_value, label) in enumerate(self.options)]
        if radio:
            made = widgets.RadioButtons(options=pairs, value=None, description=self.label)
            short = sum(len(label) for label, _place in pairs) <= 24
            self.widget = self._dress(made, *(["short"] if short else []))
        else:
            if not blank and not compact:
                pairs.insert(0, (say("form-choose"), -1))
            made = widgets.Dropdown(options=pairs, value=pairs[0][1] if pairs else None, description=self.label)
            self.widget = self._dress(made)
        self._watch(self.widget)

    def get(self) -> Any:
        """The option's value; EMPTY for none or the one that means none."""
        place = self.widget.value
        if place is None or place < 0 or self.options[place][0] in ("", None):
            return EMPTY
        return self.options[place][0]

    def put(self, value: Any) -> None:
        """The option with this value, or with the same text (3 and "3")."""
        for same in (lambda one: type(one) is type(value) and one == value, lambda one: str(one) == str(value)):
            for place, (one, _label) in enumerate(self.options):
                if same(one):
                    self.widget.value = place
                    return


class Text(Field):
    """A short text."""

    def build(self, spec: Mapping[str, Any]) -> None:
        """One line."""
        import ipywidgets as widgets

        self.widget = self._dress(widgets.Text(description=self.label, continuous_update=True))
        self._watch(self.widget)

    def get(self) -> Any:
        """The text without outer space."""
        return self.widget.value.strip() or EMPTY

    def put(self, value: Any) -> None:
        """Text or number."""
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            self.widget.value = str(value)


class Number(Text):
    """A number, typed as text: the judge reads other digits and units, and an empty field stays empty."""

    def get(self) -> Any:
        """A number where it is plainly one, else the text as typed."""
        typed = self.widget.value.strip()
        if typed.isascii() and _NUMBER.fullmatch(typed):
            return int(typed)
        if typed.isascii() and _DECIMAL.fullmatch(typed):
            return float(typed)
        return typed or EMPTY


class TextArea(Field):
    """A longer text, with its number of words below."""

    def build(self, spec: Mapping[str, Any]) -> None:
        """Ten rows to begin with, or `rows`; the participant can make it taller."""
        import ipywidgets as widgets

        self._area = self._dress(widgets.Textarea(description=self.label, rows=int(spec.get("rows", 10)),
                                                  continuous_update=True))
        self._count = widgets.HTML()
        self._area.observe(lambda _change: self._show_count(), names="value")
        self._watch(self._area)
        self._show_count()
        self.widget = widgets.VBox([self._area, self._count])

    def get(self) -> Any:
        """The text, outer empty lines dropped."""
        return self._area.value.strip() or EMPTY

    def put(self, value: Any) -> None:
        """A text."""
        if isinstance(value, str):
            self._area.value = value

    def _show_count(self) -> None:
        words = len(self._area.value.split())
        self._count.value = f'<span class="spamlab-quiet">{escape(say("form-words", n=words))}</span>'


class Sentences(TextArea):
    """One to three sentences: a few rows that grow with what is typed."""

    def build(self, spec: Mapping[str, Any]) -> None:
        """Two rows to begin with; where a browser can't let them grow, the participant can."""
        super().build({"rows": 2, **spec})
        self._area.add_class("sentences")

    def _show_count(self) -> None:
        self._count.value = ""


class Code(TextArea):
    """A text of lines whose spaces count: a record, a script, a table."""

    def build(self, spec: Mapping[str, Any]) -> None:
        """As a longer text, in the font of code and from left to right."""
        super().build(spec)
        self._area.add_class("script")
        self._start = str(spec.get("start") or "")
        self._area.value = self._start

    def get(self) -> Any:
        """The text as typed; EMPTY for none, or for what stood there at first."""
        text = self._area.value.rstrip()
        return EMPTY if not text.strip() or text == self._start.rstrip() else text

    def _show_count(self) -> None:
        self._count.value = ""


class Check(Field):
    """A box to tick."""

    def build(self, spec: Mapping[str, Any]) -> None:
        """The label stands beside the box."""
        import ipywidgets as widgets

        self.widget = self._dress(widgets.Checkbox(value=False, description=self.label, indent=False), "check")
        self._watch(self.widget)

    def get(self) -> Any:
        """True, or EMPTY where it is not ticked."""
        return True if self.widget.value else EMPTY

    def put(self, value: Any) -> None:
        """Ticked for anything but false, zero, nothing; a mark without reason is saved as an empty text."""
        self.widget.value = value is True or value == ""


class Order(Field):
    """A list moved by buttons up and down; with `optional`, a piece can be left out of it.

    The focus goes with the piece that moved, so that a keyboard moves it further with the same key.
    """

    def build(self, spec: Mapping[str, Any]) -> None:
        """One row for each piece: place, label, buttons."""
        import ipywidgets as widgets

        self._optional = bool(spec.get("optional"))
        self._placed = list(range(len(self.options)))
        self._out: list[int] = []
        self._rows: list[dict[str, Any]] = []
        for slot in range(len(self.options)):
            row: dict[str, Any] = {"place": widgets.HTML(layout=widgets.Layout(width="34px", flex="0 0 auto")),
                                   "label": widgets.HTML(layout=widgets.Layout(flex="1 1 auto")),
                                   "up": widgets.Button(), "down": widgets.Button()}
            row["up"].on_click(lambda _button, slot=slot: self._move(slot, -1))
            row["down"].on_click(lambda _button, slot=slot: self._move(slot, 1))
            parts = [row["place"], row["label"], row["up"], row["down"]]
            if self._optional:
                row["out"] = widgets.Button()
                row["out"].on_click(lambda _button, slot=slot: self._toggle(slot))
                parts.append(row["out"])
            row["box"] = widgets.HBox(parts)
            row["box"].add_class("spamlab-order-row")
            self._rows.append(row)
        head = widgets.HTML(f"<p><strong>{escape(self.label)}</strong></p>")
        self.widget = widgets.VBox([head, *(row["box"] for row in self._rows)])
        self._draw()

    def get(self) -> Any:
        """The values in the order shown, those left out not among them."""
        return [self.options[place][0] for place in self._placed] or EMPTY

    def put(self, value: Any) -> None:
        """A saved order; pieces that it does not name stay at the end, or out where that can be."""
        if not isinstance(value, list):
            return
        known = {str(one): place for place, (one, _label) in enumerate(self.options)}
        placed = list(dict.fromkeys(known[str(one)] for one in value if str(one) in known))
        rest = [place for place in range(len(self.options)) if place not in placed]
        self._placed, self._out = (placed, rest) if self._optional else (placed + rest, [])
        self._draw()

    def _move(self, slot: int, step: int) -> None:
        other = slot + step
        if not (0 <= slot < len(self._placed) and 0 <= other < len(self._placed)):
            return
        self._placed[slot], self._placed[other] = self._placed[other], self._placed[slot]
        self._draw()
        first, second = ("up", "down") if step < 0 else ("down", "up")
        row = self._rows[other]
        row[second if row[first].disabled else first].focus()
        self._changed()

    def _toggle(self, slot: int) -> None:
        if slot < len(self._placed):
            self._out.append(self._placed.pop(slot))
            goes_to = len(self._placed) + len(self._out) - 1
        else:
            self._placed.append(self._out.pop(slot - len(self._placed)))
            goes_to = len(self._placed) - 1
        self._draw()
        self._rows[goes_to]["out"].focus()
        self._changed()

    def _draw(self) -> None:
        for slot, place in enumerate(self._placed + self._out):
            row, out = self._rows[slot], slot >= len(self._placed)
            label = self.options[place][1]
            shown = say("form-left-out") if out else str(slot + 1)
            row["place"].value = f"<strong>{escape(shown)}</strong>"
            row["label"].value = f'<span class="spamlab-order-label" dir="auto">{escape(label)}</span>'
            for key, word, dead in (("up", "form-up", out or slot == 0),
                                    ("down", "form-down", out or slot == len(self._placed) - 1)):
                row[key].description = f"{'▲' if key == 'up' else '▼'} {say(word)}"
                row[key].tooltip = say(f"{word}-of", label=label[:60])
                row[key].disabled = dead
            if self._optional:
                row["out"].description = say("form-in" if out else "form-out")
                row["out"].tooltip = say("form-in-of" if out else "form-out-of", label=label[:60])
            (row["box"].add_class if out else row["box"].remove_class)("out")


class PolicyDocument(Field):
    """A policy document in a form of its own. The answer is the document as a table, also with faults in it."""

    def build(self, spec: Mapping[str, Any]) -> None:
        """economy: a profile's name, or what stands in one with its name as `id`. start: a document. locked: names."""
        from spamlab.kit.policy_form import form_of

        self._form = form_of(spec.get("economy"), spec.get("start"), spec.get("locked") or ())
        self._start = self._form.document
        self._form.on_change(lambda: self._changed())
        self.widget = self._form.widget

    def get(self) -> Any:
        """The document; EMPTY for one without a measure that is as it was at first."""
        document = self._form.document
        return EMPTY if not document["measure"] and document == self._start else document

    def put(self, value: Any) -> None:
        """A saved document: a table, or a text in TOML."""
        self._form.put(value)


WIDGETS: dict[str, type[Field]] = {"choice": Choice, "text": Text, "number": Number, "order": Order,
                                   "sentences": Sentences, "textarea": TextArea, "check": Check, "code": Code,
                                   "policy": PolicyDocument}


def _quoted(text: object) -> str:
    """A label as plain text: a widget shows no font of code, so words in backticks stand in quotation marks."""
    return plain(_CODE.sub(r"“\1”", str(text)))


def make_field(spec: Mapping[str, Any]) -> Field:
    """The field that `spec` describes; an unknown widget becomes a text field."""
    return WIDGETS.get(str(spec.get("widget")), Text)(spec)
