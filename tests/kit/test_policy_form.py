"""The form of a policy: measures by buttons, settings as fields, the same document as text, its faults and its plan."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
from kit_fakes import HOSTILE, LAB, FakeServices, form

from spamlab.errors import ContentError
from spamlab.kit import answered
from spamlab.kit.fields import EMPTY, make_field
from spamlab.kit.forms import Form, form_text
from spamlab.kit.http import Judge
from spamlab.kit.policy_desk import PolicyDesk, policy_desk
from spamlab.kit.policy_form import PolicyForm
from spamlab.policy.document import TEXTS, Measure, Policy, policy_of, policy_toml
from spamlab.policy.economies import economy_named
from spamlab.policy.instruments import read_instruments
from spamlab.policy.scenarios import scenarios_named

ECONOMY = economy_named("mobile-money-leader")
KNOWN = read_instruments()
NAMES = ("consent-law", "penalties", "sms-firewall", "awareness-campaign")


def policy(*names: str, **changed: Any) -> Policy:
    """A policy of instruments with their usual settings."""
    measures = tuple(Measure(name, 4 * place, KNOWN[name].complete({})) for place, name in enumerate(names or NAMES))
    parts = {"title": "A plan", "economy": ECONOMY.name, "years": 3, "measures": measures,
             "text": {"purpose": "Fewer people lose money."}}
    return Policy(**{**parts, **changed})


def shown(widget: Any) -> list[Any]:
    """A widget and all in it."""
    return [widget, *(inner for one in getattr(widget, "children", ()) for inner in shown(one))]


@pytest.fixture
def made() -> PolicyForm:
    """The form of a policy of four measures."""
    return PolicyForm(policy(), ECONOMY)


@pytest.fixture
def focused(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The buttons that were given the focus, in turn."""
    got: list[Any] = []
    monkeypatch.setattr(ipywidgets.Button, "focus", lambda button: got.append(button))
    return got


def order(made: PolicyForm) -> list[str]:
    """The instruments in the form's order."""
    return [one.instrument for one in made.policy.measures]


@pytest.mark.parametrize("names", [NAMES, tuple(KNOWN), ()])
def test_what_is_put_in_comes_out(names: tuple[str, ...]) -> None:
    """Every instrument with every kind of setting goes through the fields unchanged; so does an empty document."""
    start = policy(*names) if names else policy(measures=())
    assert PolicyForm(start, ECONOMY).policy == start


def test_each_setting_is_a_field_with_a_visible_label(made: PolicyForm) -> None:
    """A list for a choice, boxes for many, a text for a number: each with its label, and the unit of a number."""
    campaign = made.measures.placed[3]
    labels = [one.description for one in shown(campaign.widget) if getattr(one, "description", "")]
    assert labels == ["Earliest week in which its set-up begins (0 is the first)", "Those most at risk",
                      "People in general", "Those already careful", "Reach of a wave (1 to 60 per cent)",
                      "Weeks between waves (4 to 104 weeks)"]
    assert any("Audience" in getattr(one, "value", "") for one in shown(campaign.widget) if isinstance(
        getattr(one, "value", ""), str))
    firewall = made.measures.placed[2]
    choice = next(one for one in shown(firewall.widget) if isinstance(one, ipywidgets.Dropdown))
    assert [label for label, _place in choice.options] == ["The largest", "All"]


def test_a_change_of_a_field_is_a_change_of_the_policy(made: PolicyForm) -> None:
    """What is typed and ticked stands in the document, and somebody who listens is told."""
    told: list[int] = []
    made.on_change(lambda: told.append(1))
    fields = [one for one in shown(made.measures.placed[3].widget) if isinstance(
        one, ipywidgets.Text | ipywidgets.Checkbox)]
    fields[0].value, fields[2].value, fields[4].value = "30", True, "12.5"
    made.fields["years"].put(2)
    campaign = made.policy.measures[3]
    assert (campaign.start, dict(campaign.settings)) == (
        30, {"audience": ("exposed", "average"), "reach": 12.5, "every": 17})
    assert made.policy.years == 2
    assert len(told) == 4


def test_measures_move_by_buttons_and_the_focus_goes_with_them(made: PolicyForm, focused: list[Any]) -> None:
    """Down, down, up: the focus stays on the button of the measure that moved; at the end it changes to the other."""
    rows = made.measures._rows
    rows[1].buttons["down"].click()
    assert focused[-1] is rows[2].buttons["down"]
    rows[2].buttons["down"].click()
    assert focused[-1] is rows[3].buttons["up"]
    assert "Moved: Fines for breaking the consent law is now measure 4 of 4." in made.live.value
    assert 'role="alert" aria-live="polite"' in made.live.value
    rows[3].buttons["up"].click()
    assert focused[-1] is rows[2].buttons["up"]
    assert order(made) == ["consent-law", "sms-firewall", "penalties", "awareness-campaign"]
    assert rows[0].buttons["up"].disabled
    assert rows[3].buttons["down"].disabled
    assert rows[2].buttons["down"].tooltip == "Move Fines for breaking the consent law down"


def test_measures_are_added_removed_and_put_back(made: PolicyForm, focused: list[Any]) -> None:
    """An instrument is chosen by its pillar; one that is used is not offered; each step is said, and can be undone."""
    measures = made.measures
    measures.pillar.value = "technical"
    offered = [name for _title, name in measures.choice.options]
    assert "sms-firewall" not in offered
    assert offered == [one.id for one in KNOWN.values() if one.pillar == "technical" and one.id != "sms-firewall"]
    measures.choice.value = "port-25"
    assert "close port 25" in measures.about.value
    assert "Set-up: " in measures.about.value
    measures.add_button.click()
    assert order(made) == [*NAMES, "port-25"]
    assert "Added: " in made.live.value
    assert focused[-1] is measures._rows[4].buttons["fold"]
    assert measures.placed[4].widget in measures._rows[4].widget.children
    measures._rows[0].buttons["out"].click()
    assert "Removed: Consent law for commercial messages was measure 1; 4 left." in made.live.value
    assert focused[-1] is measures._rows[0].buttons["out"]
    measures._rows[2].buttons["out"].click()
    measures.back_button.click()
    measures.back_button.click()
    assert order(made) == [*NAMES, "port-25"]
    assert measures.back_button.layout.display == "none"


def test_the_last_measure_can_go_and_all_can_be_used() -> None:
    """With no measure a sentence stands in the list; with all of them nothing is left to add."""
    made = PolicyForm(policy("treaty"), ECONOMY)
    made.measures._rows[0].buttons["out"].click()
    assert made.measures._none.layout.display == ""
    assert made.document["measure"] == []
    full = PolicyForm(policy(*KNOWN), ECONOMY)
    assert full.measures.add_button.disabled
    full.measures.add_button.click()
    assert len(full.measures.placed) == len(KNOWN)


def test_settings_fold_away(made: PolicyForm) -> None:
    """A button opens and closes the settings, and says which it does; they stay open when the measure moves."""
    rows = made.measures._rows
    assert rows[0].buttons["fold"].description == "Settings"
    rows[0].buttons["fold"].click()
    assert rows[0].buttons["fold"].description == "Close"
    assert rows[0].buttons["fold"].tooltip == "Close the settings of Consent law for commercial messages"
    rows[0].buttons["down"].click()
    assert made.measures.placed[1].widget in rows[1].widget.children
    assert len(rows[0].widget.children) == 1


def test_faults_are_told_with_the_name_of_their_measure(made: PolicyForm) -> None:
    """Every fault at once: what is typed wrong, and what a measure needs that is gone; the plan waits."""
    start, reach = (one for one in shown(made.measures.placed[3].widget) if isinstance(one, ipywidgets.Text)
                    and one.description.startswith(("Earliest", "Reach")))
    start.value, reach.value = "soon", ""
    made.measures._rows[0].buttons["out"].click()
    assert made.press_plan() is None
    told = re.findall(r"<li>(.*?)</li>", made.faults.value)
    assert sorted(one.split(": ")[0] for one in told) == [
        f"1. {KNOWN['penalties'].title}", *[f"3. {KNOWN['awareness-campaign'].title}"] * 2]
    assert "The document has 3 faults." in made.faults.value
    with pytest.raises(ContentError, match=r"1\. Fines for breaking the consent law: "):
        _ = made.policy
    made.measures.back_button.click()
    start.value, reach.value = "3", "20"
    assert made.press_plan() is not None
    assert made.faults.value == ""


def test_the_plan_says_when_and_who_pays(made: PolicyForm) -> None:
    """A row for each measure, the budget of each year, and why something is late; a change makes the plan old."""
    made.plan_button.click()
    table = made.plan_shown.value
    assert "<caption>When each measure begins, and who pays" in table
    assert table.count('<th scope="row">') == len(NAMES) + 1
    assert "Year 3: the state spends" in table
    assert "2. Fines for breaking the consent law: It waits" in table
    assert made.plan_status.value == ""
    made.measures._rows[0].buttons["down"].click()
    assert "press the button again" in made.plan_status.value


def test_the_document_is_a_text_too(made: PolicyForm) -> None:
    """The fold shows the TOML of what stands in the form; what is pasted and read stands in the form."""
    source = made.source
    assert source._inner.layout.display == "none"
    source.button.click()
    assert source.area.value == policy_toml(policy())
    made.measures._rows[1].buttons["out"].click()
    assert source.area.value == policy_toml(made.policy)
    other = policy("treaty", title="Another", years=2)
    source.area.value = policy_toml(other)
    made.measures._rows[0].buttons["down"].click()
    assert source.area.value == policy_toml(other), "what somebody types is not written over"
    source.read_button.click()
    assert made.policy == other
    assert "its one measure" in source.told.value


def test_faults_of_the_text_have_lines(made: PolicyForm) -> None:
    """A broken text changes nothing in the form, and each fault names its line; another economy is refused."""
    source = made.source
    source.button.click()
    for text, told in ((policy_toml(policy()).replace("start = 4", "strat = 4"), "TOML, line 16: the key strat"),
                       (policy_toml(policy(economy="pacific-island")), "economy can&#x27;t be changed here"),
                       ("title = ", "TOML, line 1")):
        source.area.value = text
        source.read_button.click()
        assert told in source.told.value
        assert made.policy == policy()


def test_what_is_locked_stays() -> None:
    """Title and years are shown as text, a locked measure has no way out, the texts are kept and not asked for."""
    made = PolicyForm(policy(), ECONOMY, ("title", "years", "text", "penalties"))
    labels = [one.description for one in shown(made.widget) if getattr(one, "description", "")]
    assert "Title of the policy" not in labels
    assert not any(label.startswith("Purpose") for label in labels)
    assert made.measures._rows[1].buttons["out"].disabled
    assert not made.measures._rows[0].buttons["out"].disabled
    made.source.button.click()
    made.source.area.value = policy_toml(policy("treaty", years=2))
    made.source.read_button.click()
    assert "years can&#x27;t be changed here; allowed: 3" in made.source.told.value
    assert "penalties has to stay" in made.source.told.value
    made.source.area.value = policy_toml(policy("penalties", "consent-law", text={}))
    made.source.read_button.click()
    assert made.policy.text == policy().text


def test_texts_are_counted(made: PolicyForm) -> None:
    """Each of the four texts has its question, the least number of words, and how many there are."""
    for key, one in TEXTS.items():
        field: Any = made.fields[key]
        assert one.about in field.label
        assert f"At least {one.words} words." in field.label
    made.fields["rights"].put("one two three")
    assert "3 words." in made.fields["rights"].widget.children[1].value
    assert made.policy.text["rights"] == "one two three"


def test_hostile_texts_are_shown_as_text(made: PolicyForm) -> None:
    """Script and direction signs in a document are shown for what they are, in faults too."""
    made.source.button.click()
    made.source.area.value = f"title = '''{HOSTILE}'''\neconomy = 1\n"
    made.source.read_button.click()
    made.put({"title": HOSTILE, "economy": ECONOMY.name, "years": 3})
    values = [one.value for one in shown(made.widget) if isinstance(one, ipywidgets.HTML)]
    assert not any("<script" in value or "\u202e" in value for value in values)


def test_a_policy_is_a_field_of_a_form() -> None:
    """The field gives the document as plain data and takes it back as data or text; at first it is empty."""
    field = make_field({"name": "answer", "widget": "policy", "economy": ECONOMY.name})
    assert field.get() is EMPTY
    field.put(policy_toml(policy()))
    given = field.get()
    assert policy_of(given) == policy()
    again = make_field({"name": "answer", "widget": "policy", "economy": ECONOMY.name, "start": given})
    assert again.get() == given
    for odd in (3, None, [1], "no = toml = ", {"measure": 3, "text": [1]}, {"measure": [{"instrument": "witchcraft"}]}):
        again.put(odd)
    assert again.get() is EMPTY or again.get()["measure"] == []


def test_the_part_for_points_is_called_what_it_is(services: FakeServices) -> None:
    """A policy for points is no sibling of the practice; any other twin is the same task with other data."""
    service = Judge(services.url, "token-of-p01")
    one = form("q13-twin", "policy", [], kind="policy") | {"economy": ECONOMY.name}
    for spec, words in (({"twin": one}, "the policy that earns points"),
                        (service.question(LAB, "q3"), "same task with other data")):
        twin = Form("q13", LAB, spec, service).twin
        assert twin is not None
        assert words in twin.box.children[0].value


def test_a_policy_is_the_answer_to_a_question(services: FakeServices) -> None:
    """The judge's form of shape policy becomes this form; saving keeps the document and sends it; it comes back."""
    services.questions["q13"] = {"practice": form("q13", "policy", [], kind="policy") | {"economy": ECONOMY.name},
                                 "twin": None, "hints": [], "attempts": 0, "go_on": False}
    service = Judge(services.url, "token-of-p01")
    part = Form("q13", LAB, service.question(LAB, "q13"), service).practice
    assert part is not None
    part.save()
    assert "No answer yet" in part.feedback.value
    part.fields[0].put(policy_toml(policy()))
    part.save()
    assert policy_of(answered("q13")) == policy()
    assert services.posted == [("q13", answered("q13"))]
    again = Form("q13", LAB, service.question(LAB, "q13"), service).practice
    assert again is not None
    assert again.value() == part.value()
    assert 'answer("q13", ...)' in form_text("q13", services.questions["q13"])


def test_a_desk_plays_what_stands_in_its_form() -> None:
    """Play shows figures with alt texts and numbers; so does the worth of measures; faults are said before."""
    desk = PolicyDesk(policy(), ECONOMY, scenarios_named(["calm", "election"]), 4, 1, ("text",))
    desk.play_button.click()
    html = desk.shown.value
    alts = re.findall(r'alt="([^"]*)"', html)
    assert len(alts) == 4
    assert all(0 < len(alt) <= 150 for alt in alts)
    assert html.count("<details") == 4
    assert "relative to this model" in html
    assert desk.status.value == ""
    desk.scenario.put("*")
    desk.worth_button.click()
    assert "What is each measure worth?" in desk.shown.value
    assert "Of what you left out" in desk.shown.value
    desk.form.measures._rows[0].buttons["out"].click()
    assert "press the button again" in desk.status.value
    desk.play_button.click()
    assert desk.shown.value == ""
    assert "needs consent-law" in desk.form.faults.value
    desk.form.put(policy(measures=()))
    desk.play_button.click()
    assert "nothing to play" in desk.shown.value


def test_outside_a_notebook_the_plan_is_printed(capsys: pytest.CaptureFixture[str],
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets the plan as lines; a graded run gets nothing."""
    policy_desk(policy(), ECONOMY)
    printed = capsys.readouterr().out
    assert printed.startswith("A plan\nMeasure: 1. Consent law for commercial messages; Asked for, week: 0; ")
    assert "Year 1: the state spends" in printed
    monkeypatch.setenv("SPAMLAB_GRADED", "1")
    policy_desk(policy(), ECONOMY)
    assert capsys.readouterr().out == ""


def test_importing_the_kit_stays_fast() -> None:
    """A notebook without a policy loads nothing of the simulator."""
    import subprocess
    import sys

    script = "import sys, spamlab.kit; print([name for name in sys.modules if name.startswith('spamlab.policy')])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert run.stdout.strip() == "[]"
