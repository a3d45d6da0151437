"""The forms of a notebook in a real JupyterLab, by keyboard: radio buttons are groups, texts have lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from spamlab.content.identity import Workshop, create_workshop
from spamlab.judge.ledger import open_ledger
from spamlab.workshop.jupyter import LABEXTENSIONS

from .pages import LAB
from .server import TOKEN, chromium, serving
from .test_validate import judging

__all__ = ["chromium"]

CHECKS = """
from spamlab.judge.kinds import Document, Pick
from spamlab.judge.question import Checks

checks = Checks()
pick = checks.question("q1", Pick(lambda item: [(1, "line 1"), (2, "line 2"), (3, "line 3")]), title="Border",
                       points=2, minutes=3, about={"practice": ("M1",), "twin": ("T1",)})
pick.answer(lambda item: 1)
pick.mistake("bottom-line", trainer="took the bottom line", message="Look again.")(lambda item: 2)
checks.question("q2", Document([("why", "Why", "sentences"), ("text", "Memo", "textarea")], [
    ("no-day", lambda _item, given: None if "day" in given["why"] else "no-day")]), title="Tell", points=1, minutes=3,
    about={"practice": ("M1",)}, manual=True)
"""

OWN_BUTTON = """
import time
import ipywidgets

button = ipywidgets.Button(description="Mine 0")

def count(_button):
    time.sleep(0.25)
    button.description = f"Mine {int(button.description.split()[1]) + 1}"

button.on_click(count)
display(button)
time.sleep(1.5)
"""


@pytest.fixture
def class_of_one(tmp_path: Path, small_labs: Path) -> Workshop:
    """A workshop of p01, whose notebook asks two questions."""
    (small_labs / LAB / "checks.py").write_text(CHECKS, encoding="utf-8")
    workshop = create_workshop(tmp_path / "class", title="Forms", labs=[LAB], participants=1, labs_folder=small_labs)
    folder = workshop.home("p01") / LAB
    folder.mkdir(parents=True)
    cells = [new_code_cell(f'from spamlab.kit import *\nstart("{LAB}")'), new_code_cell('question("q1")'),
             new_code_cell('question("q2")'), new_code_cell(OWN_BUTTON)]
    kernel = {"kernelspec": {"name": "spamlab", "display_name": "spamlab", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / f"{LAB}.ipynb")
    return workshop


@pytest.fixture
def page(class_of_one: Workshop, tmp_path: Path, free_port: int, chromium: str) -> Iterator[Any]:
    """The notebook in a browser of a laptop's size, all cells run."""
    from playwright.sync_api import expect, sync_playwright

    room: Any = SimpleNamespace(workshop=class_of_one)
    with judging(room) as extra, serving(class_of_one.homes / "p01", tmp_path / "server", free_port, trainer=False,
                                         extra=extra) as server, sync_playwright() as playwright:
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{server.address}/lab/tree/{LAB}/{LAB}.ipynb?token={TOKEN}")
        expect(page.get_by_role("button", name="spamlab | Idle")).to_be_visible(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator(".lm-Menu-item", has_text="Run All Cells").first.click()
        expect(page.locator("textarea.widget-input")).to_have_count(2, timeout=60_000)
        yield page
        browser.close()


def focused(page: Any) -> str:
    """What has the focus: the value of a radio button, else its kind and label."""
    return str(page.evaluate("(({tagName, type, value, textContent}) => type === 'radio' ? `radio ${value}` : "
                             "`${tagName} ${textContent}`)(document.activeElement)"))


@pytest.mark.e2e
def test_forms_by_keyboard(page: Any, class_of_one: Workshop) -> None:
    """One tab stop for a group of radio buttons, arrows choose; Enter makes a line; both reach the judge."""
    from playwright.sync_api import expect

    groups = page.get_by_role("radiogroup")
    expect(groups).to_have_count(2)
    assert len({one.locator("input").first.get_attribute("name") for one in groups.all()}) == 2
    first = groups.first.locator("input")
    first.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert [one.is_checked() for one in first.all()] == [False, False, True]
    assert focused(page) == "radio 2"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert focused(page) == "BUTTON Save and check"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "radio 1"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Look again.").first).to_be_visible(timeout=15_000)

    prompts = page.locator(".jp-InputPrompt").all_inner_texts()
    why, memo = page.locator("textarea.widget-input").all()
    low = why.bounding_box()["height"]
    why.click()
    page.keyboard.type("It can be undone")
    for key in ("Enter", "Shift+Enter", "Enter"):
        page.keyboard.press(key)
        page.keyboard.type("d d within a day")
    assert why.bounding_box()["height"] > low + 20
    assert page.locator(".jp-InputPrompt").all_inner_texts() == prompts
    expect(page.locator(".jp-CodeCell")).to_have_count(4)
    page.keyboard.press("Tab")
    page.keyboard.type("The memo.")
    assert memo.input_value() == "The memo."
    page.locator(".jupyter-button.save").last.click()
    expect(page.get_by_text("The form is complete")).to_be_visible(timeout=15_000)
    kept = json.loads((class_of_one.home("p01") / LAB / "answers" / "q2.json").read_text(encoding="utf-8"))
    assert kept["answer"] == {"why": "It can be undone" + "\nd d within a day" * 3, "text": "The memo."}
    states = {entry.question: entry.state for entry in open_ledger(class_of_one).entries()}
    assert states["q2"] == "saved", states


@pytest.mark.e2e
def test_a_quick_press_is_of_the_newest_answer(page: Any) -> None:
    """While the kernel is busy an answer is changed and the button pressed: judged is the answer that is seen."""
    from playwright.sync_api import expect

    expect(page.get_by_role("button", name="spamlab | Idle")).to_be_visible(timeout=30_000)
    page.locator(".jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="spamlab | Busy")).to_be_visible()
    page.get_by_role("radiogroup").first.locator("input").first.focus()
    for key in ("ArrowUp", "ArrowUp", "Tab", "Enter"):
        page.keyboard.press(key)
    feedback = page.locator(".spamlab-part").first
    expect(feedback.get_by_text("Not yet")).to_be_visible(timeout=15_000)
    expect(feedback.get_by_text("Look again.")).to_be_visible()
    expect(feedback.get_by_text("Changed, not saved yet.")).to_have_count(0)


@pytest.mark.e2e
def test_other_buttons_lose_no_press_and_a_restart_leaves_none_dead(page: Any) -> None:
    """A participant's own button counts each press; after a restart with a value unanswered a form saves at once."""
    from playwright.sync_api import expect

    idle, restarted = (page.get_by_role("button", name=f"spamlab | {word}") for word in ("Idle", "Busy"))
    expect(idle).to_be_visible(timeout=30_000)
    own = page.locator("button.jupyter-button", has_text="Mine")
    for _ in range(4):
        own.click()
        page.wait_for_timeout(60)
    expect(own).to_have_text("Mine 4", timeout=10_000)

    page.locator(".jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\ntime.sleep(60)")
    page.keyboard.press("Control+Enter")
    expect(restarted).to_be_visible()
    choice = page.get_by_role("radiogroup").first.locator("input")
    choice.nth(2).check()
    choice.nth(1).check()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Restart Kernel…").first.click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    expect(idle).to_be_visible(timeout=60_000)
    for number in (0, 1):
        page.locator(".jp-CodeCell").nth(number).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("radiogroup").first.locator("input")).to_have_count(3, timeout=30_000)
    expect(idle).to_be_visible(timeout=30_000)
    page.get_by_role("radiogroup").first.locator("input").nth(1).check()
    page.locator("button.save").first.click()
    expect(page.locator(".spamlab-part").first.get_by_text("Look again.")).to_be_visible(timeout=4_000)


def test_the_extension_has_the_form_that_jupyterlab_loads() -> None:
    """JupyterLab finds it by its package.json, which names a script that is there."""
    from jupyterlab_server.config import get_federated_extensions

    (found,) = get_federated_extensions([str(LABEXTENSIONS)]).values()
    load = Path(found["ext_path"]) / found["jupyterlab"]["_build"]["load"]
    assert f'window._JUPYTERLAB["{found["name"]}"]' in load.read_text(encoding="utf-8")
