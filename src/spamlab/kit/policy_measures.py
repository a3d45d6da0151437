"""The list of measures in the form of a policy: settings as fields, added, moved and removed by buttons.

The rows stay where they are and what they show changes places, so that a button keeps the focus under it; the focus
goes with the measure that moved. Does not belong here: the rest of the document (policy_form.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from spamlab.kit.fields import EMPTY, Field, make_field
from spamlab.kit.markup import escape
from spamlab.kit.show import DIRECTION, LANGUAGE
from spamlab.kit.words import say
from spamlab.policy.document import Measure
from spamlab.policy.instruments import PILLARS, Instrument, Setting, read_instruments
from spamlab.policy.plan import staff_factor
from spamlab.policy.prices import prices
from spamlab.records.economy import Economy

_NUMBER = "number"


class MeasureFields:
    """The fields of one measure: its earliest week and a field for each setting. widget: all of them."""

    def __init__(self, instrument: Instrument, measure: Measure, economy: Economy,
                 changed: Callable[[], None]) -> None:
        import ipywidgets as widgets

        self.instrument = instrument
        self.open = False
        self._start = make_field({"name": "start", "widget": _NUMBER, "label": say("policy-start")})
        self._start.put(measure.start)
        self._fields = {one.name: _SettingField(one) for one in instrument.settings}
        for name, value in instrument.complete(measure.settings).items():
            self._fields[name].put(value)
        self._start.on_change(changed)
        for one in self._fields.values():
            one.on_change(changed)
        about = f"<p>{escape(instrument.about)}</p><p>{escape(facts(instrument, economy))}</p>"
        grid = widgets.VBox([self._start.widget, *(one.widget for one in self._fields.values())])
        grid.add_class("spamlab-policy-fields")
        self.widget = widgets.VBox([widgets.HTML(framed(f'<div class="spamlab-quiet">{about}</div>')), grid])
        self.widget.add_class("spamlab-policy-body")

    def document(self) -> dict[str, Any]:
        """The measure as in the document; what is typed wrong stays as it was typed."""
        start = self._start.get()
        given = {"start": start, **{name: field.get() for name, field in self._fields.items()}}
        return {"instrument": self.instrument.id,
                **{name: "" if value is EMPTY else value for name, value in given.items()}}


class _SettingField:
    """One setting: the field, or the boxes, of its kind."""

    def __init__(self, setting: Setting) -> None:
        import ipywidgets as widgets

        self.setting = setting
        self._boxes: dict[str, Field] = {}
        options = [{"value": value, "label": label} for value, label in setting.options]
        if setting.kind == "many":
            self._boxes = {value: make_field({"name": value, "label": label, "widget": "check"})
                           for value, label in setting.options}
            for (_value, label), box in zip(setting.options, self._boxes.values(), strict=True):
                box.widget.tooltip = f"{setting.label}: {label}"
            head = widgets.HTML(f'<span class="spamlab-group">{escape(setting.label)}</span>')
            self.widget: Any = widgets.VBox([head, *(box.widget for box in self._boxes.values())])
            self.widget.add_class("spamlab-policy-many")
            self._note()
            return
        label = setting.label
        if setting.kind == "number":
            label = say("policy-range", label=setting.label, least=f"{setting.least:g}", most=f"{setting.most:g}",
                        unit=setting.unit).replace(" )", ")")
        widget = {"choice": "choice", "number": _NUMBER, "switch": "check"}[setting.kind]
        self._field = make_field({"name": setting.name, "label": label, "widget": widget, "options": options,
                                  "compact": True})
        self.widget = widgets.VBox([self._field.widget])
        self._note()

    def get(self) -> Any:
        """The value as in the document, or EMPTY."""
        if self._boxes:
            return [value for value, box in self._boxes.items() if box.get() is True]
        value = self._field.get()
        return value is True if self.setting.kind == "switch" else value

    def put(self, value: Any) -> None:
        """Show a value."""
        if self._boxes:
            held = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
            for name, box in self._boxes.items():
                box.put(name in held)
        else:
            self._field.put(value)

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` when the participant changes it."""
        for field in self._boxes.values() or (self._field,):
            field.on_change(told)

    def _note(self) -> None:
        import ipywidgets as widgets

        if self.setting.about:
            note = widgets.HTML(f'<span class="spamlab-quiet">{escape(self.setting.about)}</span>')
            self.widget.children = [*self.widget.children, note]


class _Row:
    """One row of the list: place, name, buttons, and below them the fields of the measure that stands here."""

    def __init__(self, slot: int, owner: Measures) -> None:
        import ipywidgets as widgets

        self.place = widgets.HTML(layout=widgets.Layout(width="30px", flex="0 0 auto"))
        self.label = widgets.HTML(layout=widgets.Layout(flex="1 1 200px"))
        self.buttons = {key: widgets.Button() for key in ("fold", "up", "down", "out")}
        self.buttons["fold"].on_click(lambda _button: owner.fold(slot))
        self.buttons["up"].on_click(lambda _button: owner.move(slot, -1))
        self.buttons["down"].on_click(lambda _button: owner.move(slot, 1))
        self.buttons["out"].on_click(lambda _button: owner.remove(slot))
        head = widgets.HBox([self.place, self.label, *self.buttons.values()])
        head.add_class("spamlab-order-row")
        self._head = head
        self.widget = widgets.VBox([head])
        self.show(None, slot, 0, locked=False)

    def show(self, measure: MeasureFields | None, slot: int, count: int, *, locked: bool) -> None:
        """Show a measure in this row, or hide the row."""
        self.widget.layout.display = "" if measure else "none"
        if measure is None:
            self.widget.children = [self._head]
            return
        title = measure.instrument.title
        self.place.value = f"<strong>{slot + 1}</strong>"
        pillar = PILLARS.get(measure.instrument.pillar, measure.instrument.pillar)
        self.label.value = (f'<span class="spamlab-order-label" dir="auto">{escape(title)} '
                            f'<span class="spamlab-quiet">({escape(pillar)})</span></span>')
        words = {"fold": ("policy-close" if measure.open else "policy-open", ""), "up": ("form-up", "▲ "),
                 "down": ("form-down", "▼ "), "out": ("policy-remove", "")}
        for key, (word, sign) in words.items():
            self.buttons[key].description = f"{sign}{say(word)}"
            self.buttons[key].tooltip = say(f"{word}-of", label=title[:60])
        self.buttons["up"].disabled = slot == 0
        self.buttons["down"].disabled = slot == count - 1
        self.buttons["out"].disabled = locked
        wanted = [self._head, measure.widget] if measure.open else [self._head]
        if list(self.widget.children) != wanted:
            self.widget.children = wanted


class Measures:
    """The measures in their order. widget: the list, and below it what adds one.

    locked: ids of instruments that can't be removed. told: called with what changed, in words, after each change.
    """

    def __init__(self, instruments: Mapping[str, Instrument], economy: Economy, locked: Collection[str],
                 told: Callable[[str], None]) -> None:
        import ipywidgets as widgets

        self._instruments, self._economy, self._locked, self._told = instruments, economy, set(locked), told
        self.placed: list[MeasureFields] = []
        self._gone: list[tuple[int, MeasureFields]] = []
        self._rows: list[_Row] = []
        self._list = widgets.VBox([])
        self._none = widgets.HTML(f'<p class="spamlab-quiet">{escape(say("policy-no-measure"))}</p>')
        self.pillar = widgets.Dropdown(description=say("policy-pillar"))
        self.choice = widgets.Dropdown(description=say("policy-instrument"))
        for field in (self.pillar, self.choice):
            field.add_class("spamlab-field")
        self.about = widgets.HTML()
        self.add_button = widgets.Button(description=say("policy-add"))
        self.add_button.on_click(lambda _button: self.add())
        self.back_button = widgets.Button(description=say("policy-back"))
        self.back_button.on_click(lambda _button: self.put_back())
        self.pillar.observe(lambda _change: self._offer(), names="value")
        self.choice.observe(lambda _change: self._tell_about(), names="value")
        pair = widgets.HBox([self.pillar, self.choice])
        pair.add_class("spamlab-policy-pair")
        buttons = widgets.HBox([self.add_button, self.back_button])
        buttons.add_class("spamlab-save-row")
        adding = widgets.VBox([widgets.HTML(framed(f"<h5>{escape(say('policy-add-head'))}</h5>")), pair, self.about,
                               buttons])
        adding.add_class("spamlab-policy-add")
        self.widget = widgets.VBox([self._none, self._list, adding])
        self._draw()

    def put(self, measures: Sequence[Measure]) -> None:
        """Show these measures; those of unknown instruments are left out."""
        self.placed = [self._made(one) for one in measures if one.instrument in self._instruments]
        self._gone = []
        self._draw()

    def document(self) -> list[dict[str, Any]]:
        """The measures as in the document."""
        return [one.document() for one in self.placed]

    def add(self) -> None:
        """Add the chosen instrument at the end, its settings open, and go there."""
        instrument = self._instruments.get(self.choice.value or "")
        if instrument is None:
            return
        made = self._made(Measure(instrument.id, 0, {}))
        made.open = True
        self.placed.append(made)
        self._changed("policy-added", made, len(self.placed) - 1, "fold")

    def put_back(self) -> None:
        """Put the measure removed last back into its place."""
        if not self._gone:
            return
        slot, made = self._gone.pop()
        slot = min(slot, len(self.placed))
        self.placed.insert(slot, made)
        self._changed("policy-added", made, slot, "out")

    def remove(self, slot: int) -> None:
        """Take a measure out; the focus goes to the one that comes into its place."""
        made = self.placed.pop(slot)
        self._gone.append((slot, made))
        self._changed("policy-removed", made, min(slot, len(self.placed) - 1), "out", was=slot)

    def move(self, slot: int, step: int) -> None:
        """Move a measure by one place, and the focus with it."""
        other = slot + step
        if not (0 <= slot < len(self.placed) and 0 <= other < len(self.placed)):
            return
        self.placed[slot], self.placed[other] = self.placed[other], self.placed[slot]
        first, second = ("up", "down") if step < 0 else ("down", "up")
        last = other == 0 if step < 0 else other == len(self.placed) - 1
        self._changed("policy-moved", self.placed[other], other, second if last else first)

    def fold(self, slot: int) -> None:
        """Open or close the settings of a measure."""
        self.placed[slot].open = not self.placed[slot].open
        self._draw()

    def _made(self, measure: Measure) -> MeasureFields:
        instrument = self._instruments[measure.instrument]
        return MeasureFields(instrument, measure, self._economy, lambda: self._told(""))

    def _changed(self, word: str, made: MeasureFields, goes_to: int, button: str, was: int | None = None) -> None:
        self._draw()
        if goes_to >= 0:
            self._rows[goes_to].buttons[button].focus()
        else:
            self.add_button.focus()
        place = (goes_to if was is None else was) + 1
        self._told(say(word, label=made.instrument.title, place=place, count=len(self.placed)))

    def _draw(self) -> None:
        # One row more than is used stands ready: a row just made could not take the focus yet.
        while len(self._rows) <= len(self.placed):
            self._rows.append(_Row(len(self._rows), self))
            self._list.children = [row.widget for row in self._rows]
        for slot, row in enumerate(self._rows):
            made = self.placed[slot] if slot < len(self.placed) else None
            row.show(made, slot, len(self.placed), locked=made is not None and made.instrument.id in self._locked)
        self._none.layout.display = "none" if self.placed else ""
        self.back_button.layout.display = "" if self._gone else "none"
        self._offer_pillars()

    def _left(self) -> list[Instrument]:
        used = {one.instrument.id for one in self.placed}
        return [one for one in self._instruments.values() if one.id not in used]

    def _offer_pillars(self) -> None:
        left = {one.pillar for one in self._left()}
        wanted = tuple((title, key) for key, title in PILLARS.items() if key in left)
        if self.pillar.options != wanted:
            before = self.pillar.value
            self.pillar.options = wanted
            self.pillar.value = before if before in left else wanted[0][1] if wanted else None
        self._offer()

    def _offer(self) -> None:
        wanted = tuple((one.title, one.id) for one in self._left() if one.pillar == self.pillar.value)
        if self.choice.options != wanted:
            self.choice.options = wanted
            self.choice.value = wanted[0][1] if wanted else None
        self.add_button.disabled = not wanted
        self._tell_about()

    def _tell_about(self) -> None:
        one = self._instruments.get(self.choice.value or "")
        inner = f"<p>{escape(one.about)}</p><p>{escape(facts(one, self._economy))}</p>" if one else ""
        self.about.value = framed(f'<div class="spamlab-quiet">{inner}</div>')


def facts(instrument: Instrument, economy: Economy) -> str:
    """What an instrument takes in an economy, in one line: lead time, staff, cost with its usual settings, needs."""
    known, factor = read_instruments(), staff_factor(economy)
    parts = [say("policy-lead", n=instrument.lead_weeks),
             say("policy-staff", weeks=f"{instrument.staff.setup * factor:.0f}",
                 people=f"{instrument.staff.running * factor:.2g}")]
    paid = ", ".join(say(f"policy-by-{payer}", cost=millions(cost))
                     for payer, cost in prices(instrument, economy).items() if cost)
    if paid:
        parts.append(say("policy-cost", paid=paid))
    if instrument.needs:
        parts.append(say("policy-needs", names=", ".join(known[one].title for one in instrument.needs)))
    return " ".join(parts)


def millions(value: float) -> str:
    """Million US dollars in few digits."""
    return "-" if value == 0 else f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 \
        else f"{value:.2f}" if value >= 0.005 else "< 0.01"


def framed(inner: str) -> str:
    """HTML in the kit's style, with its language and direction."""
    return f'<div class="spamlab" lang="{LANGUAGE}" dir="{DIRECTION}">{inner}</div>'
