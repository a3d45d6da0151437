"""Validate: how each question stands, never whether it is right, and nobody waits."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from grading.room import LAB, Room, released, room
from nbformat.v4 import new_code_cell, new_notebook, new_output

from spamlab.kit.validating import Found, shown, state_of

from .server import TOKEN, chromium, serving
from .test_formgrader import in_background

__all__ = ["chromium", "released", "room"]


@contextmanager
def judging(room: Room) -> Iterator[dict[str, str]]:
    """The judge of a room as a real service; what a participant's kernel is told of it."""
    with socket.create_server(("127.0.0.1", 0)) as spare:
        port = int(spare.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "spamlab.judge.service", "--workshop", str(room.workshop.root),
                                "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield {"SPAMLAB_JUDGE_URL": f"http://127.0.0.1:{port}", "SPAMLAB_PARTICIPANT": "p01",
               "SPAMLAB_TOKEN": room.workshop.participant_token("p01")}
    finally:
        process.terminate()
        process.wait()


def with_answers(room: Room) -> Path:
    """p01's folder: q1's twin wrong but saved, q2 open, q3 without its function."""
    room.notebook()
    folder = room.workshop.home("p01") / LAB
    (folder / "answers").mkdir(exist_ok=True)
    (folder / "answers" / "q1-twin.json").write_text('{"answer": "192.0.2.77"}', encoding="utf-8")
    return folder


@pytest.mark.e2e
def test_validate_says_how_questions_stand(room: Room, tmp_path: Path, free_port: int) -> None:
    """Over a real server and judge: saved, not answered, failing; a wrong twin looks like a right one."""
    with_answers(room)
    path = f"{LAB}/{LAB}.ipynb"
    with judging(room) as extra, serving(room.workshop.home("p01"), tmp_path / "server", free_port, trainer=False,
                                         extra=extra) as server:
        thread, answers = in_background(lambda: server.ask("/assignments/validate", {"path": path}))
        slowest = 0.0
        while thread.is_alive():
            began = time.monotonic()
            server.ask("/api/status")
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.1)
        assert slowest < 1.0
        answer = answers[0]
        assert answer["success"], answer
        states = {one["question"]: (one["state"], one["sentence"]) for one in answer["value"]["spamlab"]}
        assert states["q1"] == ("saved", "answered and saved.")
        assert states["q2"] == ("missing", "not answered yet.")
        assert states["q3"][0] == "error"
        assert "NameError" in states["q3"][1]
        right = room.right()["q1-twin"]
        (room.workshop.home("p01") / LAB / "answers" / "q1-twin.json").write_text(json.dumps({"answer": right}))
        again = server.ask("/assignments/validate", {"path": path})
        assert again["value"] == answer["value"]
        with pytest.raises(urllib.error.HTTPError):
            server.ask("/assignments/validate", {"path": "../../secret"})


@pytest.mark.e2e
def test_the_button_in_a_browser(room: Room, tmp_path: Path, free_port: int, chromium: str) -> None:
    """JupyterLab's Validate button shows our words alone: neither "failed" nor "passes"."""
    from playwright.sync_api import expect, sync_playwright

    with_answers(room)
    with judging(room) as extra, serving(room.workshop.home("p01"), tmp_path / "server", free_port, trainer=False,
                                         extra=extra) as server, sync_playwright() as playwright:
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.goto(f"{server.address}/lab/tree/{LAB}/{LAB}.ipynb?token={TOKEN}")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        page.locator(".validate-button, [data-jp-item-name*=validate i]").first.click(timeout=30_000)
        dialog = page.locator(".jp-Dialog")
        expect(dialog).to_contain_text("q1: answered and saved.", timeout=90_000)
        expect(dialog).to_contain_text("q2: not answered yet.")
        told = dialog.inner_text().lower()
        assert "failed" not in told
        assert "passes" not in told
        assert told.count("run again from the top") == 1
        browser.close()


def test_a_classic_notebook(tmp_path: Path) -> None:
    """Its visible tests run as nbgrader runs them, through `spamlab validate`."""
    import nbformat

    marks = {"schema_version": 3, "points": 2, "locked": True, "grade": True, "solution": False, "task": False,
             "grade_id": "t", "cell_type": "code"}
    for source, told in (("x = 1", "pass"), ("x = 2", "AssertionError")):
        nb = new_notebook(cells=[new_code_cell(source), new_code_cell("assert x == 1", metadata={"nbgrader": marks})])
        nbformat.write(nb, tmp_path / "one.ipynb")
        done = subprocess.run([sys.executable, "-m", "spamlab.cli", "validate", str(tmp_path / "one.ipynb")],
                              capture_output=True, text=True, timeout=120)
        assert told in done.stdout, done.stderr


@pytest.mark.parametrize(("said", "kept", "state"), [
    ({"q1": "right", "q1-twin": "saved"}, "q1-twin", "saved"), ({"q1": "form"}, "q1", "form"), ({}, "", "missing"),
    ({"q1-twin": "form"}, "q1-twin", "form"), ({"q1": "wrong"}, "q1", "saved")])
def test_states(tmp_path: Path, said: dict[str, str], kept: str, state: str) -> None:
    """A state comes from the saved answer and the judge's word on its form, never from right or wrong."""
    (tmp_path / "answers").mkdir()
    if kept:
        (tmp_path / "answers" / f"{kept}.json").write_text("{}")
    cell = new_code_cell('check("q1")', outputs=[
        new_output("display_data", data={"text/plain": "x"}, metadata={"spamlab": said})])
    assert state_of(cell, "q1", tmp_path).state == state


def test_words_are_escaped() -> None:
    """nbgrader's button takes the text as HTML: what a cell raised is text."""
    value = shown([Found("q1", "error", "fails with <img src=x onerror=alert(1)>")], ["<script>"])
    assert "<img" not in value["failed"][0]["error"]
    assert "<script" not in value["failed"][0]["error"]
