"""`spamlab trace`: its JSON form, its table, and one sentence for a bad file."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spamlab.cli import main

RECEIVED = (
    "Received: from a.example (b.example [192.0.2.7]) by mx.c.example with ESMTP id 1; Tue, 15 Sep 2026 10:00:00 +0300"
)
ONE = f"{RECEIVED}\r\nFrom: A <a@a.example>\r\nDate: Tue, 15 Sep 2026 10:00:00 +0300\r\n\r\nbody\r\n".encode()


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, stdin: bytes = b"") -> int:
    """The exit status of `spamlab trace` with these arguments, in this process."""
    monkeypatch.setattr(sys, "argv", ["spamlab", "trace", *arguments])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """One message in a file."""
    file = tmp_path / "one.eml"
    file.write_bytes(ONE)
    return file


def test_the_stable_form(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mail: Path) -> None:
    """One file gives one JSON document with hops, origin and findings of what, header and source."""
    assert run(monkeypatch, str(mail), "--json", "--trusted", "mx.c.example") == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"hops", "origin", "findings"}
    assert told["hops"][0]["from"] == {"name": "a.example", "reverse": "b.example", "address": "192.0.2.7"}
    assert told["hops"][0]["utc"] == "2026-09-15T07:00:00+00:00"
    assert (told["origin"]["how"], told["origin"]["address"]) == ("border", "192.0.2.7")
    for finding in told["findings"]:
        assert {"what", "header", "source"} <= set(finding)


def test_the_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mail: Path) -> None:
    """Without --json a person reads a table, who handed it over, and the findings with their sources."""
    assert run(monkeypatch, str(mail)) == 0
    out = capsys.readouterr().out
    assert "192.0.2.7" in out
    assert "written by" in out
    assert "RFC 8601" in out


def test_a_message_without_received_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It is no mistake of the user's: the exit status is 0 and a finding says what is missing."""
    file = tmp_path / "x.eml"
    file.write_bytes(b"From: a@a.example\n\nbody")
    assert run(monkeypatch, str(file), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["hops"] == []
    assert told["origin"]["how"] == "none"
    assert any(finding["code"] == "no-received" for finding in told["findings"])


def test_a_folder_gives_one_line_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Also for files below, in a fixed order; hidden files and pipes are passed over; a bad one stops nothing."""
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur/b").write_bytes(ONE)
    (tmp_path / "a.eml").write_bytes(ONE)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / ".hidden").write_bytes(ONE)
    os.mkfifo(tmp_path / "pipe")
    assert run(monkeypatch, str(tmp_path), "--json") == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert [row["file"] for row in rows] == ["a.eml", "empty", "picture", "cur/b"]
    assert [len(row["hops"]) for row in rows] == [1, 0, 0, 1]


def test_an_mbox_gives_one_line_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An mbox is cut where a "From " row follows an empty one, and nowhere else."""
    box = tmp_path / "box"
    box.write_bytes(b"From x Tue Sep 15 10:00:00 2026\n" + ONE + b"From here on, text.\n\nFrom y Tue Sep 15\n" + ONE)
    assert run(monkeypatch, str(box), "--json") == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert [(row["number"], len(row["hops"])) for row in rows] == [(1, 1), (2, 1)]


def test_standard_input_gives_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """'-' reads a message, or an mbox, from standard input."""
    assert run(monkeypatch, "-", "--json", stdin=ONE) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 1
    assert json.loads(rows[0])["hops"][0]["by"] == "mx.c.example"


@pytest.mark.parametrize(
    ("name", "content"),
    [("missing", None), ("empty", b""), ("picture", b"\x89PNG\r\n\x1a\n\x00"), ("text", b"just words\n")],
)
def test_a_bad_file_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    content: bytes | None,
) -> None:
    """Exit status 2, one line on standard error, nothing on standard output."""
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert run(monkeypatch, str(file), "--json") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert told.err.startswith("spamlab: ")


def test_nothing_on_standard_input_and_an_empty_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Both are told in a sentence, exit status 2; so is a pipe given as a file and an empty --trusted."""
    os.mkfifo(tmp_path / ".pipe")
    for arguments in (["-"], [str(tmp_path)], [str(tmp_path / ".pipe")], ["-", "--trusted", " "]):
        assert run(monkeypatch, *arguments) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_terminal_obeys_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Escapes in headers and in file names come out as visible codes, in the table as in JSON."""
    hostile = ONE.replace(b"from a.example", b"from \x1b]0;owned\x07\x1b[2J.example").replace(b"+0300", b"\x9b31m")
    (tmp_path / "a\x1b[31m.eml").write_bytes(hostile)
    for arguments in ([str(tmp_path)], [str(tmp_path), "--json"]):
        assert run(monkeypatch, *arguments) == 0
        out = capsys.readouterr().out
        assert not {"\x1b", "\x07", "\x9b"} & set(out)


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`spamlab trace FOLDER --json | head -1` ends without a traceback."""
    for number in range(300):
        (tmp_path / f"{number}.eml").write_bytes(ONE)
    with subprocess.Popen(
        [sys.executable, "-m", "spamlab.cli", "trace", str(tmp_path), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
        child.wait(30)
