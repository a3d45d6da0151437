"""The guided form of a question, built from the judge's form spec: practice, hints, the part for points.

What it saves goes to answers/ID.json first and to the judge then; the widgets hold nothing that counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from spamlab.errors import SpamlabError
from spamlab.kit import session as where
from spamlab.kit.answers import check_id, keep, kept
from spamlab.kit.asking import ask_judge
from spamlab.kit.display import lines_html
from spamlab.kit.errors import AnswerError, ServiceAway, ServiceRefused
from spamlab.kit.feedback import Feedback, HintOffer, builder, hint_offers, kit_words
from spamlab.kit.fields import EMPTY, Field, make_field
from spamlab.kit.hint import hint_html
from spamlab.kit.http import Judge, judge
from spamlab.kit.inbox import Inbox, inbox
from spamlab.kit.markup import escape, plain, rich, visible
from spamlab.kit.show import DIRECTION, LANGUAGE, framed, in_kernel, say_line, show
from spamlab.kit.style import CSS, FORM_CSS
from spamlab.kit.words import say

_MOST_MESSAGES = 4
_ONE_FIELD = ("single", "policy")
"""Shapes in which the answer is the value of the one field."""
_VIEW = "application/vnd.jupyter.widget-view+json"


def question(name: str) -> None:
    """Show the form of a question: practice with feedback and hints, then the part for points.

    >>> question("q3")
    """
    asked = check_id(name).removesuffix("-twin")
    now = where.session()
    if now.graded:
        say_line(say("form-graded", question=asked))
        return
    try:
        lab = where.lab()
        service = judge(now)
        spec = service.question(lab, asked)
    except (ServiceAway, ServiceRefused) as trouble:
        sentence = say("form-no-judge", question=asked, reason=str(trouble))
        show(f"<p>{escape(sentence)}</p>", sentence)
        return
    if not in_kernel():
        print(form_text(asked, spec))
        return
    text = form_again(asked, spec)
    form = Form(asked, lab, spec, service)
    from IPython.display import display

    display({_VIEW: {"version_major": 2, "version_minor": 0, "model_id": form.widget.model_id},
             "text/html": framed("".join(f"<p>{escape(one)}</p>" for one in text.split("\n"))),
             "text/plain": text}, raw=True)


def form_again(name: str, spec: Mapping[str, Any]) -> str:
    """What stands beside the form in the notebook's file, and is shown where the form was and its kernel is gone."""
    typed = [say("form-typed", title=plain(form.get("title", name)), question=f"{name}{end}")
             for form, end in ((spec.get("practice"), ""), (spec.get("twin"), "-twin")) if isinstance(form, Mapping)]
    return "\n".join([say("form-again"), *typed[:1]])


def form_text(name: str, spec: Mapping[str, Any]) -> str:
    """What is shown where no widget can be: title, task, and how to answer by typing."""
    parts = []
    for part in ("practice", "twin"):
        form = spec.get(part)
        if isinstance(form, Mapping):
            parts.append(say("form-text", title=plain(form.get("title", name)),
                             question=name if part == "practice" else f"{name}-twin"))
            parts.append(plain(form.get("prompt", "")))
            if isinstance(form.get("text"), str) and form["text"].strip():
                parts += [say("form-text-given"), visible(form["text"], lines=True)]
            for field in _listed(form.get("fields")):
                options = ", ".join(f"{plain(one.get('value'))} = {plain(one.get('label'))}"
                                    for one in _listed(field.get("options")))
                parts.append(f"- {plain(field.get('label', ''))}" + (f" ({options})" if options else ""))
    return "\n".join(part for part in parts if part) or say("form-nothing", question=name)


class Form:
    """A question's form. widget: what is shown; practice, twin: its parts, None where the judge has none."""

    def __init__(self, name: str, lab: str, spec: Mapping[str, Any], service: Judge) -> None:
        import ipywidgets as widgets

        self.name = name
        practice, twin = (spec.get(key) if isinstance(spec.get(key), Mapping) else None
                          for key in ("practice", "twin"))
        alone = practice is None or twin is None
        box = _mailbox((practice, twin))
        self.practice = Part(name, lab, practice, service, box, alone=alone) if practice else None
        self.twin = Part(f"{name}-twin", lab, twin, service, box, alone=False) if twin else None
        self.hints = Hints(name, lab, hint_offers(spec.get("hints")), service)
        if self.practice is not None:
            self.practice.after = self.hints.refresh
        shown: list[Any] = [widgets.HTML(f"<style>{CSS}{FORM_CSS}</style>", layout=widgets.Layout(display="none"))]
        if self.practice is not None:
            self.practice.box.children = [*self.practice.box.children, self.hints.widget]
            shown.append(self.practice.box)
        if self.twin is not None:
            shown.append(self.twin.box)
        if self.practice is None and self.twin is None:
            shown.append(widgets.HTML(_framed(f"<p>{escape(say('form-nothing', question=name))}</p>")))
        self.widget = widgets.VBox(shown)
        self.widget.add_class("spamlab-form")


class Part:
    """The practice part or the part for points: task, messages, fields, a button, a box for feedback."""

    def __init__(self, name: str, lab: str, spec: Mapping[str, Any], service: Judge, box: Inbox | str,
                 *, alone: bool) -> None:
        import ipywidgets as widgets

        self.name, self.lab, self._service, self._alone = name, lab, service, alone
        self.shape = str(spec.get("shape", "record"))
        self.after: Callable[[tuple[HintOffer, ...]], None] = lambda _offers: None
        self._spec = spec
        silent = bool(spec["silent"]) if "silent" in spec else spec.get("points") == 0
        self.fields: list[Field] = [make_field(_numbered(one, self.shape)) for one in _field_specs(spec)]
        self.is_twin = name.endswith("-twin")
        self.feedback = widgets.HTML()
        self.status = widgets.HTML(layout=widgets.Layout(flex="1 1 auto"))
        key = ("form-save-twin" if self.is_twin else "form-save" if builder(spec) or silent
               else "form-save-practice")
        self.button = widgets.Button(description=say(key))
        self.button.add_class("save")
        self.button.on_click(lambda _button: self.save())
        self._put_saved(spec.get("saved"))
        for field in self.fields:
            field.on_change(self._changed)
        title = say("form-twin" if self.is_twin else "form-practice-silent" if alone else "form-practice")
        note = f'<p class="spamlab-quiet">{escape(say(_twin_note(self.shape)))}</p>' if self.is_twin else ""
        head = f"<h4>{escape(title)}</h4>{note}{rich(spec.get('prompt', ''))}{_messages(spec, box)}{_given(spec)}"
        row = widgets.HBox([self.button, self.status], layout=widgets.Layout(align_items="center"))
        row.add_class("spamlab-save-row")
        self.box = widgets.VBox([
            widgets.HTML(_framed(head)), *self._laid_out(spec),
            row, self.feedback])
        self.box.add_class("spamlab-part")
        if self.is_twin:
            self.box.add_class("twin")

    def value(self) -> Any:
        """The answer in the form's shape, or EMPTY where nothing is filled in."""
        given = [(field, field.get()) for field in self.fields]
        filled = [(field, value) for field, value in given if value is not EMPTY]
        if not filled:
            return EMPTY
        if self.shape in _ONE_FIELD:
            return filled[0][1]
        if self.shape == "table":
            table: dict[str, dict[str, Any]] = {}
            for field, value in filled:
                table.setdefault(field.row or field.name, {})[field.column or field.name] = value
            return table
        return {field.name: value for field, value in filled}

    def save(self) -> None:
        """Keep the answer, ask the judge, show what it says. Never raises: the box says what went wrong."""
        self.button.disabled = True
        self.status.value = _quiet(say("form-busy"))
        feedback = None
        try:
            feedback = self._saved()
        except SpamlabError as trouble:
            feedback = Feedback(self.name, "form" if isinstance(trouble, AnswerError) else "kept", str(trouble))
        except Exception:
            self.feedback.value = _framed(Feedback(self.name, "error", say("form-fault")).html())
            raise
        finally:
            self.button.disabled = False
            self.button.focus()
            self.status.value = ""
        self.feedback.value = _framed(feedback.html())
        if feedback.hints:
            self.after(feedback.hints)

    def _saved(self) -> Feedback:
        value = self.value()
        if value is EMPTY:
            return Feedback(self.name, "missing", say("check-none-form"))
        keep(self.name, value)
        try:
            told = ask_judge(self._service, self.lab, self.name, value, alone=self._alone, guided=True)
            return kit_words(told, self._spec)
        except ServiceAway:
            return Feedback(self.name, "kept", say("answer-kept-only"))

    def _changed(self) -> None:
        self.status.value = _quiet(say("form-changed"))

    def _put_saved(self, from_service: Any) -> None:
        """Show the answer kept beside the notebook; else the last one that the judge had."""
        try:
            there, value = kept(self.name)
        except AnswerError:
            there, value = False, None
        if not there:
            there, value = from_service is not None, from_service
        if not there:
            return
        for field in self.fields:
            if self.shape in _ONE_FIELD:
                field.put(value)
            elif isinstance(value, Mapping):
                row = value.get(field.row) if self.shape == "table" else value
                key = field.column if self.shape == "table" else field.name
                if isinstance(row, Mapping) and key in row:
                    field.put(row[key])
        self.status.value = _quiet(say("form-shown"))

    def _laid_out(self, spec: Mapping[str, Any]) -> list[Any]:
        if self.shape != "table":
            return [field.widget for field in self.fields]
        import ipywidgets as widgets

        specs = _listed(spec.get("fields"))
        columns = {str(one.get("column")): str(one.get("column_label") or _after(one)) for one in specs}
        rows = {str(one.get("row")): str(one.get("row_label") or one.get("row")) for one in specs}
        by_place = {(field.row, field.column): field.widget for field in self.fields}
        cells: list[Any] = [widgets.HTML()]
        cells += [widgets.HTML(f'<span class="spamlab-head">{escape(label)}</span>') for label in columns.values()]
        for head in cells:  # in a narrow window each cell shows its own label, and these go
            head.add_class("spamlab-column")
        for row, label in rows.items():
            cells.append(widgets.HTML(f'<span class="spamlab-head">{escape(label)}</span>'))
            cells += [by_place.get((row, column), widgets.HTML()) for column in columns]
        grid = widgets.GridBox(cells, layout=widgets.Layout(
            grid_template_columns=f"minmax(70px, auto) repeat({max(1, len(columns))}, minmax(110px, 1fr))",
            width="100%"))
        grid.add_class("spamlab-grid")
        return [grid]


class Hints:
    """A button for each hint, which says whether it is open; a click opens it, or says why it is still closed."""

    def __init__(self, name: str, lab: str, offers: tuple[HintOffer, ...], service: Judge) -> None:
        import ipywidgets as widgets

        self.name, self.lab, self._service = name, lab, service
        self.texts: dict[int, str] = {}
        self.shown = widgets.HTML()
        self.buttons: dict[int, Any] = {}
        for one in offers:
            button = widgets.Button()
            button.on_click(lambda _button, step=one.step: self.open(step))
            button.add_class("spamlab-hint")
            self.buttons[one.step] = button
        self.refresh(offers)
        row = widgets.HBox(list(self.buttons.values()), layout=widgets.Layout(flex_flow="row wrap"))
        head = widgets.HTML(_framed(f"<h5>{escape(say('hints'))}</h5>"))
        self.widget = widgets.VBox([head, row, self.shown] if offers else [])

    def refresh(self, offers: tuple[HintOffer, ...]) -> None:
        """Write on each button whether its hint is open or what it waits for."""
        before_open, tried = True, any(one.open or one.wait is not None for one in offers)
        for one in offers:
            state = ("open" if one.open or one.step in self.texts else "order" if not before_open
                     else "try" if not tried else "wait" if one.wait else "")
            button = self.buttons.get(one.step)
            if button is not None:
                key = f"hint-button-{state}" if state else "hint-button"
                button.description = say(key, step=one.step, title=plain(one.title), before=one.step - 1)
                button.tooltip = button.description
            before_open = before_open and state == "open"

    def open(self, step: int) -> None:
        """Ask the judge for a hint and show it below those opened before."""
        note = ""
        try:
            said = self._service.hint(self.lab, self.name, step)
            self.texts[step] = hint_html(step, str(said.get("title", "")), str(said.get("text", "")))
        except (ServiceAway, ServiceRefused) as trouble:
            note = str(trouble)
        note = self._asked_again(step, note)
        note = f'<p role="status">{escape(note)}</p>' if note else ""
        self.shown.value = _framed("".join(self.texts[one] for one in sorted(self.texts)) + note)


    def _asked_again(self, step: int, note: str) -> str:
        """Bring the buttons up to date; the refusal `note`, or how long to wait where that is all that is lacking."""
        try:
            offers = hint_offers(self._service.question(self.lab, self.name).get("hints"))
        except (ServiceAway, ServiceRefused):
            return note
        self.refresh(offers)
        wait = next((one.wait for one in offers if one.step == step), None)
        return say("hint-again", n=math.ceil(wait)) if note and wait else note


def _twin_note(shape: str) -> str:
    """What the part for points is beside the practice: a policy is written for another country, and is no sibling."""
    return "form-twin-note-policy" if shape == "policy" else "form-twin-note"


def _mailbox(parts: tuple[Any, ...]) -> Inbox | str:
    """The inbox, where a part shows messages; or the sentence that says why it can't be read."""
    if not any(isinstance(part, Mapping) and part.get("messages") for part in parts):
        return ""
    try:
        return inbox()
    except SpamlabError as trouble:
        return str(trouble)


def _messages(spec: Mapping[str, Any], box: Inbox | str) -> str:
    """The header lines of the messages that are asked about, each in a fold that a keyboard opens."""
    names = [str(name) for name in spec.get("messages") or []]
    if not names:
        return ""
    if len(names) > _MOST_MESSAGES:
        listed = say("form-messages", names=", ".join(names), first=names[0])
        return f"<p>{escape(listed)}</p>"
    if isinstance(box, str):
        return f"<p>{escape(box)}</p>"
    folds = ""
    for name in names:
        try:
            inner = lines_html(box.message(name))
        except SpamlabError as trouble:
            inner = f"<p>{escape(str(trouble))}</p>"
        folds += (f'<details class="spamlab-fold"><summary>{escape(say("form-message", name=name))}</summary>'
                  f"{inner}</details>")
    return folds


def _given(spec: Mapping[str, Any]) -> str:
    """The text whose blanks the fields fill, each blank as its label in square brackets."""
    text = spec.get("text")
    if not isinstance(text, str) or not text.strip():
        return ""
    return (f'<p>{escape(say("form-text-given"))}</p><pre class="spamlab-code" dir="ltr">'
            f"{escape(text, lines=True)}</pre>")


def _after(one: Mapping[str, Any]) -> str:
    """The column's part of a cell's label "row: column"."""
    return str(one.get("label", "")).rpartition(": ")[2] or str(one.get("column", ""))


def _numbered(one: Mapping[str, Any], shape: str) -> Mapping[str, Any]:
    """The field with its number before its label, where its name is one: a task may speak of "statement 1"."""
    name, label = str(one.get("name", "")), str(one.get("label", ""))
    if shape != "record" or not name.isdecimal() or name in label[:10]:
        return one
    return {**one, "label": f"{name}. {label}"}


def _field_specs(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The fields that a form spec lists; a policy is one field, which builds itself from the economy's name."""
    if spec.get("shape") == "policy" and not spec.get("fields"):
        return [{**spec, "name": "answer", "label": spec.get("title", ""), "widget": "policy"}]
    return _listed(spec.get("fields"))


def _listed(given: Any) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []


def _framed(inner: str) -> str:
    return f'<div class="spamlab" lang="{LANGUAGE}" dir="{DIRECTION}">{inner}</div>'


def _quiet(text: str) -> str:
    return f'<span class="spamlab-quiet">{escape(text)}</span>'
