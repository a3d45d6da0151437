"""The inbox in class and in a graded run."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from kit_fakes import HOSTILE, FakeServices, mail

from spamlab.kit import inbox
from spamlab.kit.errors import KitError, ServiceAway


def test_messages_by_name(services: FakeServices) -> None:
    """The lab's names are matched to the mailbox by Message-ID, and each message is fetched once."""
    assert inbox().names == services.names
    assert inbox().message("m1").received[1].claims.by == "store.harbornet.example"
    assert sum(path.endswith("/M1/raw") for path in services.asked) == 1


def test_missing_and_foreign_messages(services: FakeServices) -> None:
    """A message that was removed and one that is not the lab's are told in sentences."""
    del services.mails["M2"]
    services.mails["X9"] = mail("X9")
    box = inbox()
    assert box.missing == ["M2"]
    assert "One more message" in repr(box)
    with pytest.raises(KitError, match="not in your mailbox"):
        box.message("M2")
    with pytest.raises(KitError, match="M0, M1"):
        box.message("M77")


def test_table_is_escaped(services: FakeServices) -> None:
    """Hostile names and subjects stay text."""
    services.mails["M1"] = mail("M1", subject=HOSTILE, hostile=HOSTILE)
    html = inbox()._repr_html_()
    assert "<script" not in html
    assert "[U+202E]" in html
    assert '<th scope="col">' in html
    assert "\x1b" not in repr(inbox())


@pytest.mark.usefixtures("services")
def test_no_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mailbox there is one sentence."""
    monkeypatch.setenv("SPAMLAB_MAILBOX_URL", "http://127.0.0.1:1/p01")
    with pytest.raises(ServiceAway):
        inbox()
    monkeypatch.delenv("SPAMLAB_MAILBOX_URL")
    with pytest.raises(ServiceAway, match="where your mailbox is"):
        inbox()


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A graded run with one message in its folder; opening a socket fails the test."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "M1.eml").write_bytes(mail("M1", own=False))
    (data / "items.json").write_text(json.dumps({"items": [
        {"name": "M1", "message_id": "m1@sender.example", "set": "practice", "file": "M1.eml"}]}))
    monkeypatch.setenv("SPAMLAB_GRADED", "1")
    monkeypatch.setenv("SPAMLAB_DATA", str(data))

    def refuse(*_args: Any, **_rest: Any) -> None:
        raise AssertionError("a graded run went to the network")

    monkeypatch.setattr(socket, "socket", refuse)
    return data


@pytest.mark.usefixtures("graded")
def test_graded_inbox_is_a_folder() -> None:
    """A graded run reads the same messages from its folder, with the same numbers."""
    assert inbox().message("M1").received[1].claims.by == "store.harbornet.example"


@pytest.mark.parametrize("file", ["../secret", "/etc/hostname", "x/y.eml", "", ".."])
def test_graded_folder_is_not_left(graded: Path, file: str) -> None:
    """A file name that leads elsewhere is refused."""
    (graded / "items.json").write_text(json.dumps({"items": [{"name": "M1", "file": file}]}))
    with pytest.raises(KitError):
        inbox()


def test_graded_without_data(graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing or broken folder is the workshop's fault, and says so."""
    (graded / "items.json").write_text("{")
    with pytest.raises(KitError, match="not yours"):
        inbox()
    monkeypatch.delenv("SPAMLAB_DATA")
    with pytest.raises(KitError, match="not yours"):
        inbox()
