"""The first cell and the hints: sentences, whatever answers or not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from kit_fakes import LAB, FakeServices

import spamlab.kit
from spamlab.kit import hint, save_file, start
from spamlab.kit.errors import KitError
from spamlab.kit.session import lab


@pytest.mark.usefixtures("services")
def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    """One line says who you are, and that judge and mailbox answer."""
    start(LAB)
    line = capsys.readouterr().out.splitlines()[0]
    assert line == f"Lab {LAB}: you are p01. The judge answers. Your mailbox answers."


def test_mail_still_on_its_way(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """Messages that are not there yet are counted."""
    del services.mails["M1"], services.mails["M2"]
    start(LAB)
    assert "2 messages are not there yet" in capsys.readouterr().out


def test_nothing_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """Without judge or mailbox the line says what to do, and is no error."""
    start(LAB)
    assert "not check" in capsys.readouterr().out


@pytest.mark.usefixtures("services")
def test_mailbox_alone_is_away(capsys: pytest.CaptureFixture[str],
                               monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that does not answer is named."""
    monkeypatch.setenv("SPAMLAB_MAILBOX_URL", "http://127.0.0.1:1/p01")
    start(LAB)
    assert "mailbox does not answer" in capsys.readouterr().out


@pytest.mark.usefixtures("services")
def test_a_lab_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """The judge's refusal is shown as it is; a name that is none is a sentence."""
    start("99-nothing")
    assert "no question called that" in capsys.readouterr().out
    with pytest.raises(KitError, match="named by its folder"):
        start("../x")


def test_lab_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before start(), the lab is known from the notebook that stands in a folder of its name."""
    with pytest.raises(KitError, match="first cell"):
        lab()
    folder = tmp_path / LAB
    folder.mkdir()
    (folder / f"{LAB}.ipynb").write_text("{}")
    monkeypatch.chdir(folder)
    assert lab() == LAB


def test_hint_opens_the_next(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """hint() opens the first closed hint; later ones stay closed, with the judge's reason."""
    hint("q3")
    assert "Hint 1: Where to look\nLook at the line with by our own server." in capsys.readouterr().out
    services.questions["q3"]["hints"][0]["open"] = True
    hint("q3")
    printed = capsys.readouterr().out
    assert "Hint 1" in printed
    assert "Open hint 1 first." in printed
    hint("q7")
    assert "no hints" in capsys.readouterr().out


def test_hint_without_a_judge(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a judge a hint is one sentence, no error."""
    monkeypatch.setattr("spamlab.kit.session._started", LAB)
    hint("q3")
    assert "where the judge is" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".bashrc", "x" * 100])
def test_files_stay_in_their_folder(name: str) -> None:
    """A take-home file can't be written elsewhere."""
    with pytest.raises(KitError, match="file name"):
        save_file(name, "x")


def test_save_file(capsys: pytest.CaptureFixture[str]) -> None:
    """A take-home file stands in its folder."""
    save_file("checklist.md", "# Olá")
    assert Path("take-home/checklist.md").read_text("utf-8") == "# Olá"
    assert "take-home/checklist.md" in capsys.readouterr().out


def test_few_names() -> None:
    """`import *` brings these names and no others."""
    assert spamlab.kit.__all__ == ["answer", "answered", "check", "dataset", "hint", "inbox", "lines", "question",
                                   "save_file", "show_route", "show_text", "start"]


def test_import_is_light() -> None:
    """Importing the kit loads no widget, no IPython, no HTTP client of third parties and nothing of the engine."""
    code = ("import sys, spamlab.kit; print([name for name in sys.modules if name.split('.')[0] in "
            "('ipywidgets', 'IPython', 'httpx', 'mailpit', 'tornado') or name.startswith('spamlab.') "
            "and not name.startswith(('spamlab.kit', 'spamlab.errors', 'spamlab.forensics'))])")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
