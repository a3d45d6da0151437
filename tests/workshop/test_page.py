"""The instructor's page: for the instructor alone, with everything escaped, and steps that tell how they ended."""

from __future__ import annotations

import json
import re
import time

import pytest

from spamlab.content.identity import Workshop

from .pages import LAB, Browser, collected


@pytest.mark.parametrize(
    "path", ["/", f"/lab/{LAB}", f"/lab/{LAB}/live", f"/lab/{LAB}/participant/p01", "/scores.csv", "/x",
     f"/lab/{LAB}/statistics", f"/lab/{LAB}/similarity", f"/lab/{LAB}/traces"]
)
def test_without_the_token_nothing_is_shown(browser: Browser, path: str) -> None:
    """Every address but the health check answers 401 without the instructor's token."""
    status, body, _ = browser.ask(path)
    assert status == 401
    assert "p01" not in body
    assert browser.ask("/health")[:2] == (200, '{"ok": true}')


def test_a_participants_token_does_not_open_it(browser: Browser, small_workshop: Workshop) -> None:
    """A participant's token is refused, in the address and as a bearer's."""
    token = small_workshop.participant_token("p01")
    assert browser.ask(f"/?token={token}")[0] == 401
    assert browser.ask(f"/lab/{LAB}", Authorization=f"Bearer {token}")[0] == 401


def test_the_token_is_taken_once_and_leaves_the_address(browser: Browser) -> None:
    """The token becomes a cookie for this page alone, hidden from scripts and from other sites."""
    browser.enter()
    cookie = next(iter(browser.cookies))
    assert browser.token not in (cookie.value or "")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Strict"
    assert browser.ask(f"/lab/{LAB}")[0] == 200


def test_a_made_up_cookie_opens_nothing(browser: Browser) -> None:
    """A cookie without the seal is refused."""
    assert browser.ask(f"/lab/{LAB}", Cookie=f"spamlab-page-{browser.port}=abc.def")[0] == 401


def test_pages_load_nothing_from_elsewhere(browser: Browser) -> None:
    """Every page and file has the policy that forbids scripts in the page, frames and other hosts."""
    browser.enter()
    for path in ("/nowhere", f"/lab/{LAB}", f"/lab/{LAB}/participant/p01", "/static/page.js", "/static/page.css"):
        policy = browser.ask(path)[2]["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    body = browser.ask(f"/lab/{LAB}")[1]
    assert "http://" not in body
    assert "https://" not in body
    assert not re.search(r"<script(?! src=\"/static)|style=|\son[a-z]+=", body)


def test_hostile_texts_are_shown_as_texts(browser: Browser) -> None:
    """The workshop's title, a name in the ledger, an answer, the trainer's sentence stay text in every page."""
    pages = [browser.enter(), browser.ask(f"/lab/{LAB}/participant/p01")[1]]
    parts = json.loads(browser.ask(f"/lab/{LAB}/live")[1])
    for page in [*pages, parts["room"], parts["jobs"]]:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<i>bottom" not in page
    assert "&lt;script&gt;alert(&#34;p&#34;)" in pages[0]
    assert "&lt;img src=x onerror=alert(1)&gt;" in pages[1]


def test_the_room_shows_states_and_mistakes_in_words(browser: Browser) -> None:
    """The grid says each state in a word, and the mistake of the room counts people."""
    body = browser.enter()
    assert "</span> mistake" in body
    assert 'twin<span class="hidden"> saved' in body
    assert "not yet" in body
    assert "2 of 4" in body
    assert 'lang="en"' in body


def test_a_foreign_host_name_is_refused(browser: Browser) -> None:
    """A request under another name, as a rebound domain sends it, is refused."""
    assert browser.ask(f"/lab/{LAB}", Host="evil.example:80", Authorization=f"Bearer {browser.token}")[0] == 400


def test_a_forged_form_starts_nothing(browser: Browser) -> None:
    """Without the form's token, with a wrong one, or from another site, no step starts."""
    browser.enter()
    good = browser.form_token()
    assert browser.ask(f"/lab/{LAB}/step", {"step": "release"})[0] == 403
    assert browser.ask(f"/lab/{LAB}/step", {"step": "release", "csrf": "0" * 64})[0] == 403
    forged = browser.ask(f"/lab/{LAB}/step", {"step": "release", "csrf": good}, Origin="http://127.0.0.1:1")
    assert forged[0] == 403
    assert "No step was started" in json.loads(browser.ask(f"/lab/{LAB}/live")[1])["jobs"]


def await_jobs(browser: Browser, text: str) -> str:
    """The jobs' HTML as soon as it holds a text."""
    limit = time.monotonic() + 10
    while True:
        jobs = str(json.loads(browser.ask(f"/lab/{LAB}/live")[1])["jobs"])
        if text in jobs:
            return jobs
        assert time.monotonic() < limit, jobs
        time.sleep(0.05)


def test_steps_tell_how_they_ended(browser: Browser, small_workshop: Workshop) -> None:
    """A step that ends well shows its sentence, a failed one its own sentence without the program's name."""
    browser.enter()
    collected(small_workshop, "p01")
    csrf = browser.form_token()
    assert browser.ask(f"/lab/{LAB}/step", {"step": "release", "csrf": csrf})[0] == 200
    await_jobs(browser, "3 of 3 were given the lab.")
    browser.ask(f"/lab/{LAB}/step", {"step": "grade", "csrf": csrf})
    assert "failed: no submission &lt;b&gt;yet&lt;/b&gt;" in await_jobs(browser, "failed")


def test_grade_before_collect_says_what_to_do(browser: Browser) -> None:
    """With nothing collected, Grade starts nothing and names the step that comes first."""
    browser.enter()
    asked = {"step": "grade", "csrf": browser.form_token()}
    status, body, _ = browser.ask(f"/lab/{LAB}/step", asked, Accept="application/json")
    assert status == 409
    assert "press Collect first" in json.loads(body)["error"]["sentence"]
    assert "No step was started" in json.loads(browser.ask(f"/lab/{LAB}/live")[1])["jobs"]


def test_one_step_at_a_time(browser: Browser, small_workshop: Workshop) -> None:
    """While a step runs another is refused with a sentence, and an unknown one always is."""
    browser.enter()
    collected(small_workshop, "p01")
    csrf = browser.form_token()
    assert browser.ask(f"/lab/{LAB}/step", {"step": "remove", "csrf": csrf})[0] == 409
    browser.ask(f"/lab/{LAB}/step", {"step": "collect", "csrf": csrf})
    status, body, _ = browser.ask(f"/lab/{LAB}/step", {"step": "grade", "csrf": csrf}, Accept="application/json")
    assert status == 409
    assert json.loads(body) == {"error": {"sentence": "Collect is still running: wait for its end."}}


@pytest.mark.parametrize("path", ["/lab/99-none", f"/lab/{LAB}/participant/p99", "/lab/..%2f..%2fsecret"])
def test_unknown_names_are_told(browser: Browser, path: str) -> None:
    """An unknown lab or participant is a 404 with a sentence, never a trace."""
    browser.enter()
    status, body, _ = browser.ask(path)
    assert status == 404
    assert "Traceback" not in body


def test_scores_before_any_grading(browser: Browser) -> None:
    """Before anything is graded the CSV file holds its head alone."""
    browser.enter()
    status, body, _ = browser.ask("/scores.csv")
    assert (status, body.strip()) == (200, "participant,lab,score,max,waits for a person")
