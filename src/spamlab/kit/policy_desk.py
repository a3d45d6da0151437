"""A desk for free replays of a policy: its form, what follows from it week by week, and what each measure is worth.

It asks nobody and keeps nothing; in a graded run nothing is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from spamlab.errors import SpamlabError, UsageError
from spamlab.kit.fields import make_field
from spamlab.kit.figure import picture_html, table_html
from spamlab.kit.markup import escape
from spamlab.kit.policy_form import PolicyForm, plan_sentences, plan_table
from spamlab.kit.policy_measures import framed
from spamlab.kit.session import session
from spamlab.kit.show import in_kernel
from spamlab.kit.style import CSS, FORM_CSS
from spamlab.kit.words import say
from spamlab.policy.document import WEEKS_A_YEAR, Policy
from spamlab.policy.drawing import Drawn
from spamlab.policy.instruments import read_instruments
from spamlab.policy.plan import plan
from spamlab.policy.scenarios import Scenario, scenarios_named
from spamlab.records.economy import Economy


def policy_desk(policy: Policy, economy: Economy, *, scenarios: Sequence[str] = (), runs: int = 48,
                seed: int | str = 0, locked: Collection[str] = ("text",)) -> None:
    """Show the form of a policy with buttons that plan it and play it. In a graded run nothing is shown.

    scenarios: names of those that can be chosen; all if none is named. runs: draws. locked: as in `PolicyForm`.
    Outside a notebook the plan is printed.
    """
    if session().graded:
        return
    offered = scenarios_named(scenarios)
    if not in_kernel():
        made = plan(policy, economy, read_instruments(), weeks=WEEKS_A_YEAR * policy.years)
        heads, rows = plan_table(policy, made)
        lines = ["; ".join(f"{head}: {cell}" for head, cell in zip(heads, row, strict=True) if cell) for row in rows]
        print("\n".join([policy.title, *lines, *plan_sentences(policy, made)]))
        return
    from IPython.display import display

    display(PolicyDesk(policy, economy, offered, runs, seed, locked).widget)


class PolicyDesk:
    """The widget of the desk: form, scenario, buttons, and the figures that a press makes."""

    def __init__(self, policy: Policy, economy: Economy, scenarios: Sequence[Scenario], runs: int, seed: int | str,
                 locked: Collection[str]) -> None:
        import ipywidgets as widgets

        self._economy, self._scenarios, self._runs, self._seed = economy, tuple(scenarios), runs, seed
        self.form = PolicyForm(policy, economy, locked)
        self.form.on_change(self._changed)
        options = [{"value": one.name, "label": f"{one.title}: {one.about}"} for one in self._scenarios]
        if len(options) > 1:
            options.append({"value": "*", "label": say("policy-every")})
        self.scenario = make_field({"name": "scenario", "label": say("policy-scenario"), "widget": "choice",
                                    "options": options, "compact": True})
        self.play_button = widgets.Button(description=say("policy-play"))
        self.worth_button = widgets.Button(description=say("policy-worth"))
        for button, press in ((self.play_button, self.press_play), (self.worth_button, self.press_worth)):
            button.add_class("save")
            button.on_click(lambda _button, press=press: press())
        self.status = widgets.HTML()
        self.shown = widgets.HTML()
        row = widgets.HBox([self.play_button, self.worth_button, self.status],
                           layout=widgets.Layout(align_items="center"))
        row.add_class("spamlab-save-row")
        head = widgets.HTML(f"<style>{CSS}{FORM_CSS}</style>" + framed(f"<h4>{escape(say('policy-desk'))}</h4>"))
        part = widgets.VBox([head, self.form.widget, self.scenario.widget, row, self.shown])
        part.add_class("spamlab-part")
        self.widget = widgets.VBox([part])
        self.widget.add_class("spamlab-form")

    def press_play(self) -> None:
        """Play the policy, and show what it gains, when, and in which channel."""
        self._press(self.play_button, self._played)

    def press_worth(self) -> None:
        """Play the policy without each of its measures, and show what each is worth."""
        self._press(self.worth_button, self._worth)

    def _press(self, button: Any, figures: Any) -> None:
        policy = self.form.checked()
        if policy is None:
            self.shown.value = ""
            return
        if not policy.measures:
            self.shown.value = framed(f'<p role="alert">{escape(say("policy-no-play"))}</p>')
            return
        button.disabled = True
        self.status.value = _quiet(say("policy-playing"))
        try:
            self.shown.value = framed(figures(policy) + f"<p>{escape(say('policy-relative', draws=self._runs))}</p>")
        except SpamlabError as trouble:
            self.shown.value = framed(f'<p role="alert">{escape(str(trouble))}</p>')
        finally:
            button.disabled = False
            button.focus()
            self.status.value = ""

    def _chosen(self) -> tuple[Scenario, ...]:
        name = self.scenario.get()
        if name == "*":
            return self._scenarios
        found = tuple(one for one in self._scenarios if one.name == name)
        if not found:
            raise UsageError(say("desk-empty", field=self.scenario.label))
        return found

    def _played(self, policy: Policy) -> str:
        from spamlab.policy.pictures import WEEKLY, picture
        from spamlab.policy.play import play

        chosen = self._chosen()
        made = play([policy], self._economy, chosen, runs=self._runs, seed=self._seed, record=WEEKLY)
        return "".join(drawn_html(picture(name, policy, self._economy, chosen, runs=self._runs, seed=self._seed,
                                          played=made)) for name in ("gain", "weeks", "channels", "plan"))

    def _worth(self, policy: Policy) -> str:
        from spamlab.policy.feedback import feedback
        from spamlab.policy.pictures import worth_picture

        chosen = self._chosen()
        drawn = worth_picture(policy, self._economy, chosen, runs=self._runs, seed=self._seed)
        # The same advice as the judge's on practice, so that nobody has to type to get it for the own country.
        advice = feedback(policy, self._economy, chosen, seed=self._seed).advice()
        return drawn_html(drawn) + "".join(f"<p>{escape(one)}</p>" for one in (say("policy-worth-note"), *advice))

    def _changed(self) -> None:
        self.status.value = _quiet(say("policy-old")) if self.shown.value else ""


def drawn_html(drawn: Drawn) -> str:
    """A figure with its title and alt text, and its numbers in a fold below it."""
    # In a narrow window the figure keeps its size and is scrolled, by keys too: made smaller, its text can't be read.
    return (f"<h4>{escape(drawn.title)}</h4>"
            f'<div class="spamlab-scroll spamlab-wide" tabindex="0" role="group" aria-label="{escape(drawn.title)}">'
            f"{picture_html(drawn.figure, drawn.alt)}</div>"
            f'<details class="spamlab-fold"><summary>{escape(say("policy-numbers"))}</summary>'
            f"{table_html(drawn.heads, drawn.rows)}</details>")


def _quiet(text: str) -> str:
    return f'<span class="spamlab-quiet">{escape(text)}</span>'
