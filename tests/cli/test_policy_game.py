"""`spamlab policy game`: a whole game on the command line, one sentence for each mistake, the board on loopback."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spamlab.cli import main
from spamlab.policy.document import TEXTS, Measure, Policy, policy_toml
from spamlab.policy.instruments import read_instruments

KNOWN = read_instruments()
TEXT = {key: " ".join(f"{key}{number}" for number in range(20)) for key in TEXTS}
ECONOMIES = {"Table 1": "pacific-island", "Table 2": "caribbean-island"}


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit status of `spamlab policy game` with these arguments, in this process."""
    monkeypatch.setattr(sys, "argv", ["spamlab", "policy", "game", *arguments])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def new(monkeypatch: pytest.MonkeyPatch, folder: Path, *more: str) -> int:
    """Make a game of two tables."""
    tables = [part for name, economy in ECONOMIES.items() for part in ("--table", f"{name}={economy}")]
    return run(monkeypatch, "new", str(folder), *tables, "--rounds", "2", "--weeks", "26", "--seed", "s", *more)


def hand_in(folder: Path, number: int) -> None:
    """Each table hands in a document."""
    for name, economy in ECONOMIES.items():
        file = folder / "rounds" / str(number) / f"{name.lower().replace(' ', '-')}.toml"
        measure = Measure("complaint-line", 0, KNOWN["complaint-line"].complete({}))
        file.write_text(policy_toml(Policy("A plan", economy, 1, (measure,), TEXT)), encoding="utf-8")


def test_a_whole_game(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """New, check, play, board: as a trainer leads it; at the end nothing more is played."""
    folder = tmp_path / "evening"
    assert new(monkeypatch, folder) == 0
    assert "spamlab policy game check" in capsys.readouterr().out
    assert run(monkeypatch, "check", str(folder)) == 1
    assert capsys.readouterr().out.count("has handed in nothing") == 2
    for number in (1, 2):
        hand_in(folder, number)
        assert run(monkeypatch, "check", str(folder), "--json") == 0
        ready = json.loads(capsys.readouterr().out)
        assert ready["round"] == number
        assert [one["measures"] for one in ready["tables"]] == [1, 1]
        assert run(monkeypatch, "play", str(folder)) == 0
        assert f"after round {number} of 2" in capsys.readouterr().out
    assert run(monkeypatch, "play", str(folder)) == 2
    assert capsys.readouterr().err == (
        f"spamlab: all 2 rounds are played; spamlab policy game board {folder} shows the end.\n")
    assert run(monkeypatch, "check", str(folder), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"round": None, "ready": False, "tables": []}
    assert run(monkeypatch, "board", str(folder), "--out", str(tmp_path / "b.html"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["round"] == 2
    assert {"name", "economy", "rank", "was", "points", "person", "round", "lesson"} <= set(told["tables"][0])
    page = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page


def test_a_round_with_faults_is_not_played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    """Faults are told with their lines, nothing is written; the table that is named goes on as it was."""
    folder = tmp_path / "g"
    new(monkeypatch, folder)
    hand_in(folder, 1)
    (folder / "rounds" / "1" / "table-2.toml").write_text('title = "x"\neconomy = \n')
    before = sorted(str(path) for path in folder.rglob("*"))
    capsys.readouterr()
    assert run(monkeypatch, "play", str(folder)) == 1
    told = capsys.readouterr().err
    assert "rounds/1/table-2.toml, line 2" in told
    assert 'Round 1 is not played. To let a table go on as it was last round: --as-last-round "Table 2"' in told
    assert [path for path in sorted(str(path) for path in folder.rglob("*")) if not path.endswith(".lock")] == before
    assert run(monkeypatch, "check", str(folder)) == 1
    assert "Table 1: ready, 1 measure." in capsys.readouterr().out
    assert run(monkeypatch, "play", str(folder), "--as-last-round", "Table 2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["round"] == 1


def test_wrong_arguments_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    """Each mistake is told in a sentence, with a status that is not 0, and leaves no file behind."""
    folder = tmp_path / "g"
    new(monkeypatch, folder)
    capsys.readouterr()
    page = str(tmp_path / "none" / "b.html")
    for arguments, told in (
            (["new", str(tmp_path / "h"), "--table", "Table 1"], "--table is a name, = and an economy"),
            (["new", str(tmp_path / "h"), "--table", "A=pacific-island"], "2 to 8 tables"),
            (["new", str(folder), "--table", "A=pacific-island", "--table", "B=pacific-island"], "left as it is"),
            (["board", str(tmp_path)], "there is no game in"), (["play", str(tmp_path)], "there is no game in"),
            (["check", str(tmp_path)], "there is no game in"), (["serve", str(tmp_path)], "there is no game in"),
            (["board", str(folder), "--out", page], "there is no folder"),
            (["board", str(folder), "--out", str(tmp_path / "b.txt")], "must end in .html"),
            (["play", str(folder), "--as-last-round", "Nobody"], "there is no table called Nobody"),
            (["serve", str(folder), "--port", "70000"], "is no port")):
        assert run(monkeypatch, *arguments) > 0
        error = capsys.readouterr().err
        assert told in error
        assert error.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["g"]


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A real server of the board, and its address."""
    command = [sys.executable, "-m", "spamlab.cli", "policy", "game", "serve", str(folder)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert found
            yield found[0], process
        finally:
            if process.poll() is None:
                process.kill()


def asked(address: str, host: str = "") -> tuple[int, str]:
    """The status and text that an address answers."""
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_the_board_is_served_and_follows_the_game(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On loopback alone, under its own names alone, anew after each round; Ctrl+C ends it with one sentence."""
    folder = tmp_path / "g"
    new(monkeypatch, folder)
    with served(folder) as (address, process):
        status, page = asked(address)
        assert status == 200
        assert "No round has been played yet" in page
        before = asked(f"{address}version")[1]
        hand_in(folder, 1)
        assert run(monkeypatch, "play", str(folder)) == 0
        assert asked(f"{address}version")[1] != before
        assert "After round 1 of 2" in asked(address)[1]
        assert asked(address, "spam.example")[0] == 400
        assert asked(f"{address}game.toml") == (404, "There is no such page.\n")
        (folder / "results.jsonl").write_text("torn")
        assert "results.jsonl, line 1: this is not the result of round 1" in asked(address)[1]
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == f"Stopped. The game is kept in {folder}.\n"
        assert process.returncode == 0


@pytest.mark.skipif(not (shutil.which("chromium") or shutil.which("google-chrome")), reason="no Chromium here")
def test_the_board_in_a_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """At 1366 x 768 the scoreboard fits the first screen, nothing goes out, and a round shows by itself."""
    sync_api = pytest.importorskip("playwright.sync_api")
    folder = tmp_path / "g"
    new(monkeypatch, folder)
    with served(folder) as (address, _process), sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            went, trouble = [], []
            page.on("request", lambda request: went.append(request.url))
            page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
            page.goto(address)
            page.wait_for_timeout(2500)
            hand_in(folder, 1)
            assert run(monkeypatch, "play", str(folder)) == 0
            page.get_by_text("After round 1 of 2").wait_for(timeout=20_000)
            box = page.locator("table.scores").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 768
            assert page.evaluate("document.documentElement.scrollWidth") <= 1366
            sizes = page.evaluate(
                "[...document.querySelectorAll('main *')].filter(one => one.firstChild?.nodeType === 3 && "
                "!one.closest('svg')).map(one => parseFloat(getComputedStyle(one).fontSize))")
            assert min(sizes) >= 17
            assert all(url.startswith(address) or url.endswith("/favicon.ico") for url in went)
            assert not [told for told in trouble if "favicon" not in told and "404" not in told]
        finally:
            browser.close()
