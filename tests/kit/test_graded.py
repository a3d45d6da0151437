"""A graded run: static lines, files, and no network at all."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from kit_fakes import LAB, mail

from spamlab.kit import answer, answered, check, hint, inbox, lines, question, save_file, show_route, start


def test_a_whole_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every call of a notebook works without judge or mailbox, prints one line, and opens no socket."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "M1.eml").write_bytes(mail("M1", own=False))
    (data / "items.json").write_text(json.dumps({"items": [{"name": "M1", "file": "M1.eml", "set": "practice"}]}))
    monkeypatch.setenv("SPAMLAB_GRADED", "1")
    monkeypatch.setenv("SPAMLAB_DATA", str(data))
    monkeypatch.setenv("SPAMLAB_JUDGE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SPAMLAB_MAILBOX_URL", "http://127.0.0.1:9/p01")

    def refuse(*_args: Any, **_rest: Any) -> None:
        raise AssertionError("a graded run went to the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    start(LAB)
    question("q3")
    answer("q3-twin", 2)
    check("q3")
    check("q7", lambda _raw: 1 / 0)
    hint("q3")
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 6
    assert printed[3] == "q3: this answer is judged outside the notebook."
    lines("M1")
    show_route("M1")
    save_file("checklist.md", "x")
    assert len(inbox()) == 1
    assert answered("q3-twin") == 2
    assert json.loads(Path("answers/q3-twin.json").read_text()) == {"answer": 2}
