"""`spamlab generate`: what it prints, and one sentence for whatever goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spamlab import shipped
from spamlab.cli import main

DATASETS = shipped.default_folder("datasets")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit status of `spamlab generate` with these arguments, in this process."""
    monkeypatch.setattr(sys, "argv", ["spamlab", "generate", *arguments])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def names(folder: Path) -> list[str]:
    """What is in a folder, hidden or not."""
    return sorted(one.name for one in folder.iterdir())


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of content with the shipped languages, and with recipes of its own."""
    folder = tmp_path / "datasets"
    (folder / "recipes").mkdir(parents=True)
    (folder / "languages").symlink_to(DATASETS / "languages")
    (folder / "recipes/chat.toml").write_bytes((DATASETS / "recipes/chat.toml").read_bytes())
    monkeypatch.setattr(shipped, "default_folder", lambda name: folder.parent / name)
    return folder


def test_what_it_tells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON: what was written where, from what, and how long it took; as text: the same in sentences."""
    out = f"{tmp_path}/a.jsonl"
    twelve = ("chat", "--count", "12", "--seed", "x", "--out")
    assert run(monkeypatch, *twelve, out, "--no-labels", "--card", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("seconds") >= 0
    assert told.pop("version") >= 1
    assert told == {"recipe": "chat", "seed": "x", "count": 12, "out": out, "truth": f"{out}.truth.jsonl",
                    "card": f"{out}.card.md"}
    assert names(tmp_path) == ["a.jsonl", "a.jsonl.card.md", "a.jsonl.truth.jsonl"]
    assert "`spamlab generate chat --count 12 --seed x`" in (tmp_path / "a.jsonl.card.md").read_text(encoding="utf-8")
    assert run(monkeypatch, *twelve, f"{tmp_path}/b.jsonl", "--workers", "1") == 0
    printed = capsys.readouterr()
    assert printed.out == f"12 records of chat (seed x) are in {tmp_path}/b.jsonl.\n"
    assert printed.err == ""


def test_what_scripts_rely_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each channel's recipe exists, and its records have the stable fields; about half of them are spam."""
    for channel in ("email", "sms", "voice", "social", "chat"):
        out = tmp_path / f"{channel}.jsonl"
        assert run(monkeypatch, channel, "--count", "120", "--seed", "4", "--out", str(out), "--language", "en") == 0
        made = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert len(made) == len({one["id"] for one in made}) == 120
        wanted = {"id", "channel", "language", "text", "label", *(["raw"] if channel == "email" else [])}
        assert all(wanted <= set(one) for one in made)
        assert {(one["channel"], one["language"]) for one in made} == {(channel, "en")}
        assert 30 < sum(one["label"] == "spam" for one in made) < 90
        assert {one["label"] for one in made} == {"spam", "ham"}


@pytest.mark.parametrize(("arguments", "told"), [
    (["fax", "--out", "a.jsonl"], "spamlab: there is no recipe called fax; there are: broken, chat, typo"),
    (["chat", "--out", "a.jsonl", "--count", "-3"], "spamlab: --count must be 1 or more, not -3"),
    (["chat", "--out", "a.jsonl", "--count", "0"], "spamlab: --count must be 1 or more, not 0"),
    (["chat", "--out", "a.jsonl", "--count", "many"], "'many' is not a valid integer"),
    (["chat", "--out", "a.jsonl", "--workers", "0"], "spamlab: --workers must be 1 or more, not 0"),
    (["chat", "--out", "a.jsonl", "--language", "tlh"], "spamlab: there is no language called tlh"),
    (["chat", "--out", "a.jsonl", "--profile", "atlantis"], "atlantis"),
    (["chat", "--out", "a.jsonl", "--scheduler", "tcp://127.0.0.1:1"], "spamlab: "),
    (["chat", "--out", "a.exe"], "spamlab: the name of the file must end in .jsonl"),
    (["chat", "--out", "a.mbox"], "spamlab: a.mbox: only e-mails are kept in an mbox or a Maildir, and this is chat"),
    (["chat", "--out", "none/a.csv"], "spamlab: there is no folder none"),
    (["chat", "--out", "datasets"], "spamlab: datasets: only e-mails are kept"),
    (["chat", "--out", "."], "spamlab: the name of the file must end in"),
    (["typo", "--out", "a.jsonl"], "spamlab: typo.toml: the key spma has no meaning\ntypo.toml: the key spam is"),
    (["broken", "--out", "a.jsonl"], "spamlab: broken.toml: this is not TOML: "),
])
def test_bad_input(content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
                   arguments: list[str], told: str) -> None:
    """Each mistake is told in one sentence that names the place, with a status above 0; no file is there after it."""
    monkeypatch.setattr("spamlab.cluster_client.CONNECT_SECONDS", 1)
    monkeypatch.chdir(content.parent)
    recipe = (content / "recipes/chat.toml").read_text(encoding="utf-8")
    (content / "recipes/typo.toml").write_text(recipe.replace("\nspam", "\nspma"), encoding="utf-8")
    (content / "recipes/broken.toml").write_text(recipe.replace('"chat"', '"chat'), encoding="utf-8")
    assert run(monkeypatch, *arguments) in (1, 2)
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""
    assert names(content.parent) == ["datasets"]
    assert names(content / "recipes") == ["broken.toml", "chat.toml", "typo.toml"]


@pytest.mark.parametrize(("sent", "workers", "ending"), [
    (signal.SIGINT, 1, ".jsonl"), (signal.SIGINT, 2, ".parquet"), (signal.SIGTERM, 1, "/"),
    (signal.SIGTERM, 2, ".csv"), (signal.SIGHUP, 1, ".csv")])
def test_stopped(tmp_path: Path, sent: signal.Signals, workers: int, ending: str) -> None:
    """Ctrl-C, and a polite request to end, leave no file, say so, and end with 130; also where others do the work."""
    recipe = "email" if ending == "/" else "chat"
    process = subprocess.Popen(
        [sys.executable, "-m", "spamlab.cli", "generate", recipe, "--count", "3000000", "--out",
         f"{tmp_path}/a{ending}", "--workers", str(workers), "--no-labels"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None and not any(
            one.stat().st_size for one in tmp_path.rglob("*") if one.is_file()):
        time.sleep(0.02)
    # As a terminal does it: to all of the group.
    (os.killpg if sent == signal.SIGINT else os.kill)(process.pid, sent)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, (out, err)
    assert err == f"spamlab: stopped before {tmp_path}/a{ending} was whole; nothing was left behind\n"
    assert out == ""
    assert names(tmp_path) == []
