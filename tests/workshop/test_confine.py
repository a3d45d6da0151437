"""What a participant's server can see of the machine: tried by a program started as the server is."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from spamlab.content.identity import Workshop
from spamlab.workshop.confine import can_confine, launcher
from spamlab.workshop.desks import desk_of, set_up
from spamlab.workshop.processes import Service, plain_launch

PROBE = """
import json, os, sys
paths, home = json.loads(sys.argv[1]), sys.argv[2]
seen = {path: os.path.exists(path) for path in paths}
try:
    open(os.path.join(home, "mine.txt"), "w").write("work")
    seen["can write"] = True
except OSError:
    seen["can write"] = False
try:
    open(sys.argv[3], "w").write("x")
    seen["can change configuration"] = True
except OSError:
    seen["can change configuration"] = False
import spamlab.kit
try:
    import spamlab.judge
    seen["judge"] = True
except ImportError:
    seen["judge"] = False
seen["environment"] = sorted(os.environ)
print(json.dumps(seen))
"""


@pytest.mark.skipif(not can_confine(), reason="bubblewrap does not run on this machine (spamlab doctor says why)")
def test_a_participant_sees_the_own_home_and_nothing_of_the_workshop(
    small_workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret, the ledger, the gradebook, other homes, the labs and this user's environment are out of sight."""
    monkeypatch.setenv("SPAMLAB_TEST_SECRET", "x")
    workshop = small_workshop
    (workshop.exchange / "spamlab" / "outbound").mkdir(parents=True)
    (workshop.course / "source").mkdir(parents=True)
    for participant in workshop.participants:
        workshop.home(participant).mkdir(parents=True)
        set_up(desk_of(workshop, participant, "spamlab"))
    workshop.ledger_file.touch()
    (workshop.course / "gradebook.db").touch()
    desk = desk_of(workshop, "p01", "spamlab")
    hidden = [
        workshop.secret_file,
        workshop.ledger_file,
        workshop.course,
        workshop.home("p02"),
        workshop.labs_folder,
        desk_of(workshop, "p02", "spamlab").root,
        workshop.run,
        workshop.exchange / "spamlab/inbound",
        Path(__file__),
        Path.home() / ".ssh",
        Path("/etc/shadow"),
    ]
    shown = [workshop.home("p01"), desk.config, desk.own_exchange, desk.released]
    (desk.config / "server.json").write_text("{}")
    words = (
        json.dumps([str(path) for path in [*hidden, *shown]]),
        str(workshop.home("p01")),
        str(desk.config / "server.json"),
    )
    service = Service(
        "probe",
        (sys.executable, "-c", PROBE, *words),
        {"HOME": str(workshop.home("p01"))},
        workshop.home("p01"),
        tmp_path / "log",
        "",
        launcher(workshop, desk),
    )
    with (tmp_path / "log").open("wb") as log:
        assert service.launch
        assert service.launch(service, log.fileno()).wait(30) == 0, (tmp_path / "log").read_text()
    seen = json.loads((tmp_path / "log").read_text())
    assert [str(path) for path in hidden if seen[str(path)]] == []
    assert [str(path) for path in shown if not seen[str(path)]] == []
    assert seen["can write"]
    assert (workshop.home("p01") / "mine.txt").read_text() == "work"
    assert not seen["can change configuration"]
    assert not seen["judge"]
    assert "SPAMLAB_TEST_SECRET" not in seen["environment"]


def test_a_plain_child_has_the_environment_that_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child outside the sandbox, too, inherits no variable of this user."""
    monkeypatch.setenv("SPAMLAB_TEST_SECRET", "x")
    code = "import os; print(sorted(os.environ))"
    service = Service("probe", (sys.executable, "-c", code), {"ONLY": "1"}, tmp_path, tmp_path / "log", "")
    with (tmp_path / "log").open("wb") as log:
        assert plain_launch(service, log.fileno()).wait(30) == 0
    assert "SPAMLAB_TEST_SECRET" not in (tmp_path / "log").read_text()
