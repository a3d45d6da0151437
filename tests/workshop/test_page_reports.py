"""Statistics, similarity and traces on the instructor's page."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser

import pytest

from spamlab.content.identity import Workshop
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import open_ledger
from spamlab.judge.room import Room
from spamlab.workshop import reports

from .pages import LAB, Browser, collected
from .test_reports import CODE

PAGES = ("statistics", "similarity", "traces")
SCRIPT = "<script>alert('s')</script>"


class Outline(HTMLParser):
    """Headings, tables without header cells, ids that stand twice, labels that name nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.tables: list[int] = []
        self.figures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of a tag."""
        given = {name: value or "" for name, value in attrs}
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("aria-labelledby", "aria-describedby"):
            self.named += given.get(name, "").split()
        if tag == "table":
            self.tables.append(0)
        if tag == "th" and given.get("scope"):
            self.tables[-1] += 1
        if tag == "svg":
            self.figures += 1
            assert given["role"] == "img"


def outline(page: str) -> Outline:
    """A page's outline, after checks that hold for every page."""
    found = Outline()
    found.feed(page)
    assert found.levels[0] == 1
    assert found.levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(found.levels, found.levels[1:], strict=False))
    assert len(set(found.ids)) == len(found.ids)
    assert set(found.named) <= set(found.ids)
    assert all(found.tables)
    return found


@pytest.fixture
def filled(browser: Browser, small_workshop: Workshop) -> Browser:
    """The page of a room with tries, traces, two alike submissions and their comparison, all with hostile texts."""
    collected(small_workshop, "p01", CODE + f'# {SCRIPT}\nx = "{SCRIPT}"', q1=2)
    collected(small_workshop, "p02", CODE + f'y = "{SCRIPT}"', q1=2)
    ledger = open_ledger(small_workshop)
    ledger.record(Entry("p01", LAB, "q1", "note", json.dumps(SCRIPT), "trace", "forged-output"))
    ledger.record(Entry("<b>who</b>", LAB, "", "note", json.dumps("was here"), "trace", "socket"))
    reports.keep(small_workshop, LAB, reports.similarity_of(small_workshop, Room(small_workshop, ledger), LAB))
    ledger.close()
    browser.enter()
    return browser


def test_each_report_is_reached_from_the_room_and_back(browser: Browser) -> None:
    """The room links the three reports, each links the room and marks where one is."""
    room = browser.enter()
    for name in PAGES:
        assert f'href="/lab/{LAB}/{name}"' in room
        status, page, _ = browser.ask(f"/lab/{LAB}/{name}")
        assert status == 200
        assert f'href="/lab/{LAB}"' in page
        assert f'/{name}" aria-current="page"' in page
        outline(page)
    assert browser.ask("/lab/99-none/statistics")[0] == 404


def test_statistics_are_figures_and_tables(filled: Browser) -> None:
    """The statistics have a named figure, a sentence for the one that needs more participants, tables, warnings."""
    page = filled.ask(f"/lab/{LAB}/statistics")[1]
    found = outline(page)
    assert (found.figures, len(found.tables)) == (1, 3)
    assert "No figure yet: it needs more participants" in page
    assert "2 participants are few" in page or "3 participants are few" in page
    assert "took the &lt;i&gt;bottom&lt;/i&gt; line" in page
    data = json.loads(filled.ask(f"/lab/{LAB}/statistics", Accept="application/json")[1])
    assert data["items"][0]["question"] == "q1"


def test_likeness_is_shown_side_by_side_and_accuses_nobody(filled: Browser) -> None:
    """The list names the pair, the pair's page shows both passages, and other explanations stand beside both."""
    page = filled.ask(f"/lab/{LAB}/similarity")[1]
    outline(page)
    assert "worth a look" in page
    link = f"/lab/{LAB}/similarity/code/p01/p02"
    assert link in page
    pair = filled.ask(link)[1]
    outline(pair)
    assert pair.count("def border(raw):") == 2
    for shown in (page, pair):
        assert "one table" in shown
        assert not re.search("plagiar|cheat|guilt", shown, re.IGNORECASE)
    assert filled.ask(f"/lab/{LAB}/similarity/code/p01/p03")[0] == 404


def test_traces_say_that_they_prove_nothing(filled: Browser) -> None:
    """Traces stand under their participant, with the sentence that they are no proof."""
    page = filled.ask(f"/lab/{LAB}/traces")[1]
    assert outline(page).levels.count(2) == 2
    assert "A trace is no proof" in page
    assert "forged-output" in page


def test_hostile_texts_stay_texts(filled: Browser) -> None:
    """No text of a participant or a lab becomes markup in any report."""
    pages = [filled.ask(f"/lab/{LAB}/{name}")[1] for name in (*PAGES, "similarity/code/p01/p02")]
    pages.append(json.loads(filled.ask(f"/lab/{LAB}/similarity/live")[1])["room"])
    for page in pages:
        assert "<script>alert" not in page
        assert "<b>who" not in page
        assert "<i>bottom" not in page
        assert not re.search(r"style=|\son[a-z]+=", page)
    assert "&lt;script&gt;alert(&#39;s&#39;)" in pages[3]


def test_a_comparison_is_a_job_that_is_seen_and_blocks_nothing(browser: Browser) -> None:
    """While submissions are compared the page answers, both pages list the job, and a step can start beside it."""
    browser.enter()
    csrf = browser.form_token()
    assert browser.ask(f"/lab/{LAB}/similarity", {"csrf": "0" * 64})[0] == 403
    assert browser.ask(f"/lab/{LAB}/similarity", {"csrf": csrf})[0] == 200
    assert "Compare submissions" in json.loads(browser.ask(f"/lab/{LAB}/live")[1])["jobs"]
    assert browser.ask(f"/lab/{LAB}/step", {"step": "release", "csrf": csrf})[0] == 200
    limit = time.monotonic() + 10
    while "3 of 3 compared" not in (jobs := json.loads(browser.ask(f"/lab/{LAB}/similarity/live")[1])["jobs"]):
        assert time.monotonic() < limit, jobs
        time.sleep(0.05)


def test_a_second_comparison_is_told_to_wait(browser: Browser) -> None:
    """A second press while one runs gets a sentence."""
    browser.enter()
    csrf = browser.form_token()
    browser.ask(f"/lab/{LAB}/similarity", {"csrf": csrf})
    status, body, _ = browser.ask(f"/lab/{LAB}/similarity", {"csrf": csrf}, Accept="application/json")
    assert status == 409
    assert "still running" in json.loads(body)["error"]["sentence"]
