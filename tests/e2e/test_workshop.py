"""One workshop from a fresh clone to the released feedback, by clicks and keys in a real browser."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from spamlab.content.identity import read_workshop
from spamlab.grading.steps import export_scores
from spamlab.judge.judging import mistaken_answer, right_answer, text_of
from spamlab.judge.lab_data import lab_data, load_checks

pytestmark = pytest.mark.e2e

LAB = "02-header-forensics"
FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
LETTER = (
    "Dear colleagues, on the date above a server in your network handed an unwanted message to our border server."
    " The message claims to come from a delivery company, and asks the reader to open a link and to pay a fee. "
    "The trace line that our own border server wrote is given above, with the address of the peer as our server "
    "saw it during the connection. The lines below it came with the message, and we do not rely on them. We ask "
    "you to find the customer who held this address at that time, to stop the sending, and to tell us what you "
    "found. We keep the whole message for three months, and can send it to you on request, without the data of "
    "the person who complained. You reach our abuse desk at this address on every working day. Thank you for your"
    " help. Kind regards, the abuse desk."
)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium; as root it has to run without its own sandbox."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield started
        started.close()


class Answers:
    """What the trusted side knows of p01's questions: the right answer and one known mistake."""

    def __init__(self, folder: str) -> None:
        workshop = read_workshop(Path(folder))
        self.checks = load_checks(workshop.labs_folder / LAB)
        self.data = {purpose: lab_data(workshop, "p01", LAB, purpose) for purpose in ("practice", "twin")}

    def right(self, question: str, purpose: str) -> Any:
        """The right answer."""
        one = self.checks.questions[question]
        item = one.item(purpose, self.data[purpose])
        assert item is not None
        return right_answer(one, item)

    def hint(self, question: str) -> str:
        """The text of the first hint."""
        one = self.checks.questions[question]
        item = one.item("practice", self.data["practice"])
        assert item is not None
        return text_of(one.hints[0].text, item)

    def mistaken(self, question: str, code: str) -> Any:
        """The wrong answer that a known mistake gives on the practice item."""
        one = self.checks.questions[question]
        item = one.item("practice", self.data["practice"])
        assert item is not None
        mistake = next(mistake for mistake in one.mistakes if mistake.code == code)
        return mistaken_answer(one, mistake, item)


def cell(page: Page, source: str) -> Locator:
    """The code cell with this source."""
    return page.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text=source)).first


def menu(page: Page, name: str, entry: str) -> None:
    """One entry of JupyterLab's menu bar."""
    page.get_by_role("menuitem", name=name, exact=True).click()
    page.locator(".lm-Menu-item", has_text=entry).first.click()


def run_all(page: Page) -> None:
    """Run all cells and wait until the last has an execution number."""
    menu(page, "Run", "Run All Cells")
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").last).to_have_text(re.compile(r"\[\d+\]:"), timeout=90_000)


def open_notebook(browser: Browser, address: str) -> Page:
    """The participant's notebook, loaded, with no error dialog over it."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(address)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    expect(page.get_by_role("button", name="spamlab | Idle")).to_be_visible(timeout=60_000)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    return page


def shown(place: Locator, artifacts: Path, name: str) -> None:
    """Scroll there and keep a screenshot of the whole window."""
    place.scroll_into_view_if_needed()
    place.page.wait_for_timeout(400)
    place.page.screenshot(path=artifacts / f"{name}.png")


def answers_by_form(page: Page, known: Answers, artifacts: Path) -> None:
    """Question 3 by the form: a known mistake is named, a hint opens, the right line is right, the twin is saved."""
    form = cell(page, 'question("q3")')
    options = form.locator(".widget-radio").first
    options.locator("label", has_text=known.mistaken("q3", "bottom-line")).locator("input").check()
    form.get_by_role("button", name="Save and check").click()
    expect(form.get_by_text("the bottom line. Many guides say so").first).to_be_visible(timeout=15_000)
    hint = form.get_by_role("button", name=re.compile("Hint 1"))
    hint.click()
    page.wait_for_timeout(21_000)
    hint.click()
    expect(form.get_by_text(known.hint("q3")[:40]).first).to_be_visible(timeout=10_000)
    shown(form.get_by_role("button", name="Save and check"), artifacts, "notebook")
    options.locator("label", has_text=known.right("q3", "practice")).locator("input").check()
    form.get_by_role("button", name="Save and check").click()
    expect(form.get_by_text("Right", exact=False).first).to_be_visible(timeout=15_000)
    twin = form.locator(".widget-radio").last
    twin.locator("label", has_text=known.right("q3", "twin")).locator("input").check()
    form.get_by_role("button", name="Save for points").click()
    expect(form.get_by_text(re.compile("Saved")).last).to_be_visible(timeout=15_000)
    shown(form.get_by_role("button", name="Save for points"), artifacts, "notebook-twin")


def answers_by_code(page: Page, known: Answers, artifacts: Path) -> None:
    """Question 4 typed into the open cell."""
    cell(page, '# answer("q4"').locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(f'answer("q4-twin", "{known.right("q4", "twin")}")')
    page.keyboard.press("Shift+Enter")
    check = cell(page, 'check("q4")')
    check.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(check.get_by_role("status").get_by_text("Saved").first).to_be_visible(timeout=15_000)
    shown(check, artifacts, "notebook-code")


def writes_report(page: Page, known: Answers, artifacts: Path) -> None:
    """Question 8: the letter's blanks and its text."""
    labelled = known.data["practice"]["M2"]
    truth = labelled.truth
    header = labelled.message.raw.split(b"\r\n\r\n")[0].decode()
    fields_of_header = re.split(r"\r\n(?=\S)", header)
    border = [field for field in fields_of_header if field.startswith("Received:")][truth.border_line - 1]
    form = cell(page, 'question("q8")')
    fields = form.locator("input[type=text], textarea")
    values = [truth.report_to, truth.handover_address, truth.notes["received_utc"],
              re.sub(r"\s+for <[^>]*>", "", border).replace("\r\n", "\n"), LETTER]
    for number, value in enumerate(values):
        fields.nth(number).fill(value)
        fields.nth(number).press("Tab")
    form.get_by_role("button", name=re.compile("Save")).first.click()
    expect(form.get_by_role("status").get_by_text("Saved").first).to_be_visible(timeout=15_000)
    shown(fields.nth(4), artifacts, "notebook-report")


def submits(page: Page, artifacts: Path) -> None:
    """Save the notebook and hand it in through nbgrader's Assignment List."""
    page.keyboard.press("Control+s")
    menu(page, "Nbgrader", "Assignment List")
    button = page.get_by_role("button", name="Submit", exact=True).first
    button.wait_for(timeout=30_000)
    page.screenshot(path=artifacts / "assignment-list.png")
    button.click()
    expect(page.locator("#submitted_assignments_list, .nbgrader-SubmittedAssignmentsList, [id*=submitted]").first
           ).to_contain_text(LAB, timeout=30_000)
    page.screenshot(path=artifacts / "submitted.png")


def step(page: Page, name: str, done: re.Pattern[str]) -> None:
    """Press one of the page's buttons and wait for the sentence that says what came of it."""
    page.get_by_role("button", name=name).first.click()
    expect(page.locator("body")).to_contain_text(done, timeout=120_000)


def grades_report(browser: Browser, address: str, artifacts: Path) -> None:
    """The Formgrader: the report is read and gets 4 points and a comment."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(address)
    page.goto(address.split("?")[0] + f"/gradebook/{LAB}/{LAB}")
    page.get_by_role("link", name=re.compile("Submission #1")).first.click(timeout=30_000)
    score = page.locator("input.score[type=number], input.score").last
    score.wait_for(timeout=30_000)
    shown(score, artifacts, "formgrader")
    expect(page.locator("body")).to_contain_text("a server in your network handed an unwanted message")
    score.fill("4")
    score.press("Tab")
    comment = page.locator("textarea.comment").last
    comment.fill("Clear and complete. Name the time zone first.")
    comment.press("Tab")
    page.wait_for_timeout(1500)
    page.close()


def test_a_workshop_from_clone_to_feedback(workshop: dict[str, Any], browser: Browser, artifacts: Path) -> None:
    """A participant answers by form and by code and hands in; the instructor sees it, grades and gives feedback."""
    known = Answers(workshop["folder"])
    me = workshop["participants"][0]

    page = open_notebook(browser, me["notebook"])
    page.screenshot(path=artifacts / "notebook-start.png")
    run_all(page)
    answers_by_form(page, known, artifacts)
    answers_by_code(page, known, artifacts)
    writes_report(page, known, artifacts)

    inbox = browser.new_page(viewport={"width": 1366, "height": 768})
    inbox.goto(me["inbox"])
    expect(inbox.locator("body")).to_contain_text(".example", timeout=10_000)
    inbox.screenshot(path=artifacts / "inbox.png")
    inbox.close()

    submits(page, artifacts)

    desk = browser.new_page(viewport={"width": 1366, "height": 768})
    desk.goto(workshop["page"])
    expect(desk.locator("body")).to_contain_text("p01")
    expect(desk.locator("body")).to_contain_text("bottom line")
    desk.screenshot(path=artifacts / "instructor.png", full_page=True)
    step(desk, "2. Collect", re.compile(r"✓\s*Collect, "))
    step(desk, "3. Grade", re.compile(r"✓\s*Grade, "))
    desk.wait_for_timeout(1500)
    desk.screenshot(path=artifacts / "instructor-graded.png", full_page=True)

    grades_report(browser, workshop["formgrader"], artifacts)
    step(desk, "4. Release feedback", re.compile(r"✓\s*Release feedback, "))

    scores = {row["participant"]: row["score"] for row in export_scores(read_workshop(Path(workshop["folder"])))
              if row["lab"] == LAB}
    assert scores == {"p01": 3 + 2 + 4}

    page.bring_to_front()
    page.get_by_role("button", name=re.compile("Fetch Feedback")).first.click(timeout=60_000)
    page.get_by_text("view feedback").first.wait_for(timeout=30_000)
    page.screenshot(path=artifacts / "feedback-list.png")
    found = sorted((Path(workshop["folder"]) / "participants" / "p01").rglob("feedback/**/*.html"))
    assert found, "no feedback page reached the participant"
    text = found[-1].read_text(encoding="utf-8")
    assert "Clear and complete. Name the time zone first." in text
    reading = browser.new_page(viewport={"width": 1366, "height": 768})
    reading.goto(found[-1].as_uri())
    reading.screenshot(path=artifacts / "feedback.png")


def test_the_addresses_are_printed_with_a_next_step(workshop: dict[str, Any]) -> None:
    """`make up` prints every address and one line on what to do next."""
    log = workshop["log"]
    for address in (workshop["page"], workshop["formgrader"], *workshop["participants"][0].values()):
        assert address in log
    assert "Next:" in log
    assert json.dumps(workshop["participants"][0])
