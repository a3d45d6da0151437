"""The form of a policy document: title and years, the measures in their order, the four texts, the plan, the TOML.

Everything in it is reached by keyboard. The form and the text in TOML are two views of the same document. Does not
belong here: the list of measures (policy_measures.py), playing a policy (policy_desk.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from spamlab.errors import ContentError, SpamlabError
from spamlab.kit.fields import EMPTY, Field, make_field
from spamlab.kit.figure import table_html
from spamlab.kit.markup import escape
from spamlab.kit.policy_measures import Measures, framed, millions
from spamlab.kit.words import say
from spamlab.policy.document import TEXTS, WEEKS_A_YEAR, YEARS, Measure, Policy, policy_of, policy_toml, read_policy
from spamlab.policy.economies import economy_named
from spamlab.policy.instruments import read_instruments
from spamlab.policy.plan import Plan, plan
from spamlab.records.economy import Economy, economy_of

NAME = "policy"
"""What the sentences about faults call a document that is in no file."""
_OF_MEASURE = re.compile(r"^measure (\d+): ")


class PolicyForm:
    """The form of a policy. widget: what is shown.

    start: what stands in it at first. economy: where it is played; the form can't change it. locked: what can't be
    changed: "title", "years", "text" (the texts stay as they are and are not shown), or ids of instruments that can't
    be removed.
    """

    def __init__(self, start: Policy, economy: Economy, locked: Collection[str] = ()) -> None:
        import ipywidgets as widgets

        self.economy = economy
        self._locked = set(locked)
        self._instruments = read_instruments()
        self._told: Callable[[], None] = lambda: None
        self._quiet = False
        self.live = widgets.HTML()
        self.fields: dict[str, Field] = {
            "title": make_field({"name": "title", "label": say("policy-title"), "widget": "text"}),
            "years": make_field({"name": "years", "label": say("policy-years"), "widget": "choice", "compact": True,
                                 "options": [{"value": year, "label": year}
                                             for year in range(YEARS[0], YEARS[1] + 1)]}),
            **{key: make_field({"name": key, "label": say("policy-text", title=one.title, about=one.about, n=one.words),
                                "widget": "textarea", "rows": 5}) for key, one in TEXTS.items()}}
        self.measures = Measures(self._instruments, economy, self._locked, self._changed)
        self.faults = widgets.HTML()
        self.plan_button = widgets.Button(description=say("policy-plan"))
        self.plan_button.add_class("save")
        self.plan_button.on_click(lambda _button: self.press_plan())
        self.plan_status = widgets.HTML(layout=widgets.Layout(flex="1 1 auto"))
        self.plan_shown = widgets.HTML()
        self.source = _Source(self)
        self._show(start)
        for field in self.fields.values():
            field.on_change(lambda: self._changed(""))
        self.widget = widgets.VBox(self._parts())
        self.widget.add_class("spamlab-policy")

    @property
    def document(self) -> dict[str, Any]:
        """The document as plain data, as it stands in the form, also with what is typed wrong."""
        given = {name: field.get() for name, field in self.fields.items()}
        values = {name: "" if value is EMPTY else value for name, value in given.items()}
        return {"title": values["title"], "economy": self.economy.name, "years": values["years"],
                "text": {key: values[key] for key in TEXTS if values[key]}, "measure": self.measures.document()}

    @property
    def policy(self) -> Policy:
        """The policy. Raises ContentError with every fault, one a line, each with its measure's name."""
        try:
            return policy_of(self.document, name=NAME)
        except ContentError as error:
            raise ContentError("\n".join(self._named(one) for one in str(error).splitlines())) from None

    def put(self, value: Any) -> None:
        """Show another policy: a Policy, plain data as `document`, or TOML; what can't be read is left out."""
        try:
            policy = value if isinstance(value, Policy) else read_policy(value, name=NAME) \
                if isinstance(value, str) else policy_of(value, name=NAME)
        except ContentError:
            if not isinstance(value, Mapping):
                return
            policy = _loose(value)
        self._show(policy)
        self.source.refresh()

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` when the participant changes anything."""
        self._told = told

    def press_plan(self) -> Plan | None:
        """Show the plan of the document as it stands, or its faults."""
        self.plan_status.value = ""
        policy = self.checked()
        self.plan_shown.value = ""
        if policy is None:
            return None
        try:
            made = plan(policy, self.economy, self._instruments, weeks=WEEKS_A_YEAR * policy.years)
        except SpamlabError as trouble:
            self.plan_shown.value = framed(f'<p role="alert">{escape(str(trouble))}</p>')
            return None
        self.plan_shown.value = framed(plan_html(policy, made))
        return made

    def checked(self) -> Policy | None:
        """The policy; where it has faults, they are shown and there is None."""
        try:
            policy = self.policy
        except ContentError as trouble:
            self.faults.value = framed(faults_html(str(trouble).splitlines()))
            return None
        self.faults.value = ""
        return policy

    def _parts(self) -> list[Any]:
        import ipywidgets as widgets

        head = say("policy-economy", economy=self.economy.title)
        parts: list[Any] = [widgets.HTML(framed(f"<p>{escape(head)}</p>"))]
        pair = widgets.HBox([self._fixed(name) if name in self._locked else self.fields[name].widget
                             for name in ("title", "years")])
        pair.add_class("spamlab-policy-pair")
        parts.append(pair)
        parts += [widgets.HTML(framed(f"<h5>{escape(say('policy-measures'))}</h5>")), self.live, self.measures.widget]
        if "text" not in self._locked:
            parts.append(widgets.HTML(framed(f"<h5>{escape(say('policy-texts'))}</h5>")))
            parts += [self.fields[key].widget for key in TEXTS]
        row = widgets.HBox([self.plan_button, self.plan_status], layout=widgets.Layout(align_items="center"))
        row.add_class("spamlab-save-row")
        return [*parts, self.source.widget, row, self.faults, self.plan_shown]

    def _fixed(self, name: str) -> Any:
        import ipywidgets as widgets

        return widgets.HTML(framed(f"<p>{escape(say(f'policy-{name}'))}: {escape(self.fields[name].get())}</p>"))

    def _show(self, policy: Policy) -> None:
        self._quiet = True
        try:
            for name, value in (("title", policy.title), ("years", policy.years)):
                self.fields[name].put(value)
            for key in TEXTS:
                self.fields[key].put(policy.text.get(key, ""))
            self.measures.put(policy.measures)
        finally:
            self._quiet = False
        self.live.value = self.faults.value = self.plan_shown.value = self.plan_status.value = ""

    def _changed(self, what: str) -> None:
        if self._quiet:
            return
        if what:
            # The widget writes its content anew each time. Screen readers speak an alert that appears, and not a
            # status that does; polite, it waits until they have spoken what the key did.
            self.live.value = framed(f'<p role="alert" aria-live="polite">{escape(what)}</p>')
        self.plan_status.value = f'<span class="spamlab-quiet">{escape(say("policy-old"))}</span>' \
            if self.plan_shown.value else ""
        self.source.refresh()
        self._told()

    def _named(self, fault: str) -> str:
        """A fault with the name of its measure in place of its number alone."""
        told = fault.removeprefix(f"{NAME}: ")
        found = _OF_MEASURE.match(told)
        if not found or int(found[1]) > len(self.measures.placed):
            return told
        title = self.measures.placed[int(found[1]) - 1].instrument.title
        return say("policy-fault", place=found[1], label=title, fault=told[found.end():])


class _Source:
    """The document as text in TOML, in a fold: to read, to copy, and to type or paste."""

    def __init__(self, form: PolicyForm) -> None:
        import ipywidgets as widgets

        self._form = form
        self._open = False
        self._shown = ""
        self.button = widgets.Button()
        self.button.on_click(lambda _button: self.fold())
        self.area = widgets.Textarea(description=say("policy-toml"), rows=14, continuous_update=True)
        self.area.add_class("spamlab-field")
        self.area.add_class("script")
        self.read_button = widgets.Button(description=say("policy-read"))
        self.read_button.add_class("spamlab-waits")
        self.read_button.on_click(lambda _button: self.read())
        self.told = widgets.HTML()
        self._inner = widgets.VBox([self.area, widgets.HBox([self.read_button]), self.told])
        self.widget = widgets.VBox([widgets.HBox([self.button]), self._inner])
        self._draw()

    def fold(self) -> None:
        """Open or close it."""
        self._open = not self._open
        self._draw()
        self.refresh()

    def refresh(self) -> None:
        """Write the document as it stands, unless somebody has typed in the text since."""
        if self._open and self.area.value == self._shown:
            self._shown = policy_toml(_loose(self._form.document))
            self.area.value = self._shown

    def read(self) -> None:
        """Show in the form what stands in the text, or what is wrong with it."""
        form = self._form
        try:
            policy = read_policy(self.area.value, name="TOML")
            faults = [say("policy-other", what=name, wanted=wanted) for name, given, wanted in (
                ("economy", policy.economy, form.economy.name),
                *((name, getattr(policy, name), form.document[name]) for name in ("title", "years")
                  if name in form._locked)) if given != wanted]
            faults += [say("policy-must-stay", name=name) for name in sorted(form._locked & form._instruments.keys())
                       if name not in {one.instrument for one in policy.measures}]
            if faults:
                raise ContentError("\n".join(faults))
        except ContentError as trouble:
            self.told.value = framed(faults_html(str(trouble).splitlines()))
            return
        if "text" in form._locked:
            policy = Policy(policy.title, policy.economy, policy.years, policy.measures, form.document["text"])
        form._show(policy)
        self._shown = self.area.value = policy_toml(policy)
        self.told.value = framed(f'<p role="alert" aria-live="polite">'
                                 f'{escape(say("policy-was-read", n=len(policy.measures)))}</p>')
        form._told()

    def _draw(self) -> None:
        self.button.description = say("policy-toml-close" if self._open else "policy-toml-open")
        self._inner.layout.display = "" if self._open else "none"
        self.told.value = ""


def form_of(economy: Any, start: Any = None, locked: Collection[str] = ()) -> PolicyForm:
    """The form that a form spec describes.

    economy: a profile's name, or what stands in its file with its name as `id`. start: a document to begin with,
    as a table or a text in TOML. Raises ContentError where the economy can't be read, UsageError for an unknown name.
    """
    if isinstance(economy, Mapping):
        read = dict(economy)
        known = economy_of(str(read.pop("id", "economy")), read)
    else:
        known = economy_named(str(economy))
    form = PolicyForm(Policy("", known.name, 3, (), {}), known, locked)
    if start:
        form.put(start)
    return form


def faults_html(faults: list[str]) -> str:
    """The faults of a document as a list, said at once by a screen reader."""
    listed = "".join(f"<li>{escape(one)}</li>" for one in faults)
    return (f'<div class="spamlab-box not-yet" role="alert"><span class="spamlab-word">'
            f'{escape(say("policy-faults", n=len(faults)))}</span><ul>{listed}</ul></div>')


def plan_html(policy: Policy, made: Plan) -> str:
    """A plan as a table: when each measure begins and who pays what; below, why it is later or never."""
    heads, rows = plan_table(policy, made)
    told = "".join(f"<li>{escape(one)}</li>" for one in plan_sentences(policy, made))
    return f"{table_html(heads, rows, say('policy-plan-title'))}<ul>{told}</ul>"


def plan_table(policy: Policy, made: Plan) -> tuple[list[str], list[list[str]]]:
    """The heads and rows of a plan: place, measure, weeks, and money by payer in million US dollars."""
    instruments = read_instruments()
    payers = ("state", "operators", "senders")
    heads = [say(f"policy-col-{key}") for key in ("measure", "asked", "setup", "force", *payers)]
    rows, total = [], dict.fromkeys(payers, 0.0)
    for place, measure in enumerate(policy.measures, 1):
        begin, force = made.begins.get(measure.instrument), made.starts.get(measure.instrument)
        paid = {payer: sum((float(costs.sum()) for (name, by), costs in made.costs.items()
                            if name == measure.instrument and by == payer), 0.0) / 1e6 for payer in payers}
        total = {payer: total[payer] + paid[payer] for payer in payers}
        rows.append([f"{place}. {instruments[measure.instrument].title}", str(measure.start),
                     "-" if begin is None else str(begin), say("policy-never") if force is None else str(force),
                     *(millions(paid[one]) for one in payers)])
    rows.append([say("policy-total"), "", "", "", *(millions(total[one]) for one in payers)])
    return heads, rows


def plan_sentences(policy: Policy, made: Plan) -> list[str]:
    """Money and staff beside what there is, and why measures begin later than asked for, stop, or never begin."""
    instruments = read_instruments()
    told = [say("policy-money", year=year, spent=millions(spent / 1e6), budget=millions(budget / 1e6))
            for year, (spent, budget) in enumerate(made.money, 1)]
    most = int((made.staff / made.capacity.clip(1e-9)).argmax())
    told.append(say("policy-people", used=f"{made.staff[most]:.1f}", there=f"{made.capacity[most]:.1f}", week=most))
    for place, measure in enumerate(policy.measures, 1):
        reason = made.reasons.get(measure.instrument)
        if reason:
            told.append(say("policy-fault", place=place, label=instruments[measure.instrument].title, fault=reason))
    return told


def _loose(document: Mapping[str, Any]) -> Policy:
    """The document as it stands, with what is typed wrong in it: to be shown, never to be played."""
    def table(value: Any) -> Mapping[str, Any]:
        return value if isinstance(value, Mapping) else {}

    listed = document.get("measure")
    measures = tuple(Measure(str(one.get("instrument", "")), one.get("start", 0), {
        key: value for key, value in one.items() if key not in ("instrument", "start")})
        for one in (listed if isinstance(listed, list) else []) if isinstance(one, Mapping))
    text = {key: value for key, value in table(document.get("text")).items() if isinstance(value, str)}
    return Policy(str(document.get("title", "")), str(document.get("economy", "")), document.get("years", YEARS[0]),
                  measures, text)
