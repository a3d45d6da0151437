"""The instructor's page in a real browser: it stays where the trainer is and works by keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from spamlab.content.identity import Workshop
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import Ledger

from .pages import LAB, Browser

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: sudo apt-get install chromium"),
]
OPTIONS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The page in a window of 1366 by 768, opened with its token; trouble in its console fails the test."""
    with sync_playwright() as playwright:
        options = OPTIONS + (["--no-sandbox"] if os.geteuid() == 0 else [])
        window = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        page = window.new_page(viewport={"width": 1366, "height": 768})
        trouble: list[str] = []
        page.on(
            "console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"http://127.0.0.1:{browser.port}/?token={browser.token}")
        yield page
        window.close()
    assert [one for one in trouble if "409 (Conflict)" not in one] == []


def row_of(page: Page, participant: str) -> Locator:
    """A participant's row in the grid."""
    return page.locator(".grid tr", has=page.locator(f"#of-{participant}"))


def test_an_update_keeps_focus_and_open_folds(page: Page, small_workshop: Workshop) -> None:
    """When the room changes, the focused link stays focused, an open fold stays open, and the new state is there."""
    page.locator("#questions summary").click()
    page.locator("#of-p03").focus()
    ledger = Ledger(small_workshop.ledger_file)
    ledger.record(Entry("p03", LAB, "q2", "tried", "2", "right", "", 1.0))
    ledger.close()
    expect(row_of(page, "p03")).to_contain_text("right", timeout=8000)
    assert page.evaluate("document.activeElement.id") == "of-p03"
    assert page.evaluate("document.getElementById('questions').open")


def test_paused_updates_stay_paused(page: Page, small_workshop: Workshop) -> None:
    """After "Pause updates" a change of the room is not shown until updates go on."""
    page.get_by_role("button", name="Pause updates").click()
    page.wait_for_timeout(200)
    ledger = Ledger(small_workshop.ledger_file)
    ledger.record(Entry("p03", LAB, "q2", "tried", "2", "right", "", 1.0))
    ledger.close()
    page.wait_for_timeout(3500)
    assert "right" not in row_of(page, "p03").inner_text()
    page.get_by_role("button", name="Updates are paused").click()
    expect(row_of(page, "p03")).to_contain_text("right", timeout=8000)


def test_a_step_is_started_by_keyboard_and_tells_its_outcome(page: Page) -> None:
    """Tab and Enter start a step; its outcome is told in the status region while the focus stays on the button."""
    page.get_by_role("button", name="1. Release").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#jobs")).to_contain_text("3 of 3 were given", timeout=8000)
    assert page.evaluate("document.activeElement.value") == "release"
    assert page.locator("#jobs").get_attribute("role") == "status"


def test_the_page_fits_small_and_enlarged_windows(page: Page) -> None:
    """At 1366 pixels and at 200 % zoom the page itself never scrolls sideways; tables do so in their boxes."""
    for width in (1366, 683):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


def test_headings_tables_and_language_are_marked(page: Page) -> None:
    """One first-level heading, no level left out, a language, header cells in every table, a name for every control."""
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("[...document.querySelectorAll('table')].every((one) => one.querySelector('th[scope]'))")
    assert page.evaluate("[...document.querySelectorAll('button,a')].every((one) => one.textContent.trim())")


def test_a_refused_press_is_told_beside_the_buttons(page: Page) -> None:
    """Grade before Collect, and a second press, are answered in an alert between the buttons and the list of jobs."""
    page.get_by_role("button", name="3. Grade").click()
    expect(page.locator("#told")).to_contain_text("press Collect first")
    page.get_by_role("button", name="2. Collect").click()
    expect(page.locator("#jobs")).to_contain_text("running")
    page.get_by_role("button", name="1. Release").click()
    expect(page.locator("#told")).to_contain_text("Collect is still running")


def test_reports_fit_a_narrow_window(page: Page, small_workshop: Workshop) -> None:
    """At 400 pixels neither the room nor a report scrolls sideways, and a comparison is told on its own page."""
    page.set_viewport_size({"width": 400, "height": 768})
    for name in ("", "/statistics", "/traces", "/similarity"):
        page.goto(f"{page.url.split('/lab/')[0]}/lab/{small_workshop.labs[0]}{name}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    page.get_by_role("button", name="Compare submissions").click()
    expect(page.locator("#jobs")).to_contain_text("3 of 3 compared", timeout=8000)
