"""The trusted side's steps in containers, as far as they need no engine."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from spamlab.content.identity import Workshop, read_workshop
from spamlab.errors import ServiceError
from spamlab.workshop import containers
from spamlab.workshop.containers import ENVIRONMENT, Layout, layout, prepare, told

LAB = "02-header-forensics"


@pytest.fixture(scope="module")
def places() -> Layout:
    """The usual layout, with the lab published elsewhere."""
    return layout({"SPAMLAB_PORT_LAB": "9105"})


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, places: Layout) -> Workshop:
    """A prepared workshop in a folder that held the places of volumes already."""
    root = tmp_path_factory.mktemp("workshop")
    (root / "participants/p01").mkdir(parents=True)
    prepare(root, LAB, "Two days", places, lambda _line: None)
    return read_workshop(root)


def test_lab_is_told_its_services_and_nothing_more(workshop: Workshop) -> None:
    """The lab is told judge, mailbox and own token; no file of it holds the secret or the instructor's token."""
    desk = workshop.root / "desks/p01"
    given = json.loads((desk / "config" / ENVIRONMENT).read_text())
    token = workshop.participant_token("p01")
    assert given["SPAMLAB_JUDGE_URL"] == "http://judge:8801"
    assert given["SPAMLAB_MAILBOX_URL"] == f"http://p01:{token}@mailbox:8025/p01"
    assert given["SPAMLAB_INSIDE"] == "1"
    for file in (*desk.rglob("*"), *workshop.home("p01").rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            assert workshop.secret().hex().encode() not in content
            assert workshop.instructor_token().encode() not in content


def test_what_holds_tokens_is_private(workshop: Workshop) -> None:
    """Files with tokens can be read by their owner alone."""
    files = (
        "desks/p01/config/environment.json",
        "run/instructor/environment.json",
        "run/addresses.json",
        "mail/p01.users",
    )
    for name in files:
        assert stat.S_IMODE((workshop.root / name).stat().st_mode) == 0o600, name
    assert (workshop.mail / "p01.users").read_text() == f"p01:{workshop.participant_token('p01')}\n"


def test_jupyter_listens_for_the_door_but_answers_to_local_names_alone(workshop: Workshop) -> None:
    """In its container Jupyter listens to the network, and takes only requests for this machine's own names."""
    file = workshop.root / "desks/p01/config/jupyter_server_config.json"
    server = json.loads(file.read_text())["ServerApp"]
    assert server["ip"] == "0.0.0.0"
    assert server["allow_remote_access"] is False


def test_addresses_are_the_published_ones(workshop: Workshop, places: Layout) -> None:
    """The addresses for people name this machine and the published ports."""
    text = told(containers.describe(workshop, places))
    assert f"http://127.0.0.1:9105/lab/tree/{LAB}/{LAB}.ipynb?token=" in text
    assert "@127.0.0.1:8802/p01/" in text
    assert "http://localhost:8800/?token=" in text


def test_preparing_again_keeps_the_work(workshop: Workshop, places: Layout) -> None:
    """A second start keeps secret and participant's work."""
    notebook = workshop.home("p01") / LAB / f"{LAB}.ipynb"
    notebook.write_text(notebook.read_text() + "\n")
    before = (notebook.read_bytes(), workshop.secret_file.read_bytes())
    prepare(workshop.root, "", "Another title", places, lambda _line: None)
    assert (notebook.read_bytes(), workshop.secret_file.read_bytes()) == before
    assert read_workshop(workshop.root).title == "Two days"


def test_keeper_gives_up_with_a_sentence(workshop: Workshop, places: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mailbox the keeper ends with a sentence."""
    monkeypatch.setattr(containers, "WAIT", 0.0)
    monkeypatch.setattr(containers, "answers", lambda _address: False)
    with pytest.raises(ServiceError, match="mailbox does not answer"):
        containers.await_mailbox(workshop, places, containers.Stop())


def test_main_says_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without a workshop is one sentence and a status."""
    monkeypatch.setattr(containers.os, "umask", lambda _mask: 0)
    assert containers.main(["addresses", "--workshop", str(tmp_path)]) != 0
    assert capsys.readouterr().err.startswith("spamlab: there is no workshop")
