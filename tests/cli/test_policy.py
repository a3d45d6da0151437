"""`spamlab policy`: what a document does, with intervals; every fault of it at once; what it can use."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from spamlab.cli import main
from spamlab.errors import MachineError
from spamlab.policy.document import TEXTS, Measure, Policy, policy_toml, read_policy
from spamlab.policy.instruments import PILLARS, read_instruments
from spamlab.policy.model import STRUCTURES
from spamlab.policy.scenarios import read_scenarios

ECONOMY = "mobile-money-leader"
KNOWN = read_instruments()
LONG = "This text is written for the test and says in more than fifteen words what has to be said about "


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit status of `spamlab policy` with these arguments, in this process."""
    monkeypatch.setattr(sys, "argv", ["spamlab", "policy", *arguments])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def document(folder: Path, *, texts: bool = False) -> Path:
    """A policy document in a file; the second measure waits for the first."""
    text = {key: f"{LONG}{key}." for key in TEXTS} if texts else {"purpose": f"{LONG}purpose."}
    measures = tuple(Measure(name, 4, KNOWN[name].complete({}))
                     for name in ("consent-law", "penalties", "sms-firewall"))
    file = folder / "p.toml"
    file.write_text(policy_toml(Policy("A plan", ECONOMY, 2, measures, text)), encoding="utf-8")
    return file


def test_what_scripts_rely_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                              capsys: pytest.CaptureFixture[str]) -> None:
    """The stable form: a score or null, and for each scenario name, harm avoided, cost, wanted lost and interval."""
    file = str(document(tmp_path))
    told: list[dict[str, Any]] = []
    for _again in range(2):
        assert run(monkeypatch, "run", file, "--scenario", "calm", "--scenario", "election", "--runs", "4",
                   "--json") == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1], "the same document and seed give the same figures"
    found = told[0]
    assert found["score"] is None
    assert [one["name"] for one in found["scenarios"]] == ["calm", "election"]
    for one in found["scenarios"]:
        assert {"name", "harm_avoided", "cost", "wanted_lost", "interval"} <= set(one)
        low, high = one["interval"]
        assert low <= one["gain"] <= high
        assert one["cost"] > 0
        assert all(isinstance(one[key], float) for key in ("harm_avoided", "cost", "wanted_lost"))
    assert found["note"] == "A score is relative to this model."
    assert len(found["structure"]) == len(STRUCTURES)
    assert [one["measure"] for one in found["delayed"] if one["scenario"] is None] == ["penalties"]
    assert run(monkeypatch, "run", file, "--scenario", "calm", "--runs", "4", "--seed", "other", "--json") == 0
    assert json.loads(capsys.readouterr().out)["scenarios"][0]["interval"] != found["scenarios"][0]["interval"]


def test_the_outcome_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                              capsys: pytest.CaptureFixture[str]) -> None:
    """Intervals in a table, three layers of what nobody knows, what is late and why, and which texts are missing."""
    assert run(monkeypatch, "run", str(document(tmp_path)), "--runs", "4") == 0
    out = capsys.readouterr().out
    for one in read_scenarios().values():
        assert f"\n{one.title} " in out
    assert "US dollars over 2 years, at home, against no policy: median (90 % of draws)." in out
    for layer in ("- Draws: ", f"- Structure: over {len(STRUCTURES)} forms of the model", "- Shocks: over 8 scenarios"):
        assert layer in out
    assert "- 2. Fines for breaking the consent law: It waits until week" in out
    assert ("No score is shown until the texts are written that only people can judge: “Proportionality”, “Rights”, "
            "“Remedies”.") in out
    assert "Score:" not in out
    assert out.endswith("A score is relative to this model.\n")


def test_a_score_where_all_texts_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    """With the four texts there is a score against the stored library."""
    file = document(tmp_path, texts=True)
    assert run(monkeypatch, "run", str(file), "--scenario", "calm", "--runs", "4", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert 0 <= found["score"] <= 100
    assert found["no_score"] is None
    assert found["library_fits"] is True
    assert run(monkeypatch, "run", str(file), "--scenario", "calm", "--runs", "4") == 0
    assert f"Score: {found['score']:.0f} of 100" in capsys.readouterr().out


def test_a_library_of_other_data_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    """Where the data have changed since the library was made, the score says so, with the command that mends it."""
    file = document(tmp_path, texts=True)
    monkeypatch.setattr("spamlab.policy.shown.content_digest", lambda _: "of today")
    assert run(monkeypatch, "run", str(file), "--scenario", "calm", "--runs", "2") == 0
    out = capsys.readouterr().out
    assert "This score may be wrong: instruments" in out
    assert f"python -m spamlab.policy.library --economy {ECONOMY}\n" in out


def test_without_a_library_all_else_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    """A trainer's own economy has no stored library: the outcome is there, and why there is no score."""
    def none(name: str) -> None:
        from spamlab.errors import ContentError

        raise ContentError(f"there is no stored library of policies for the economy {name}")

    monkeypatch.setattr("spamlab.policy.shown.read_library", none)
    assert run(monkeypatch, "run", str(document(tmp_path, texts=True)), "--scenario", "calm", "--runs", "2") == 0
    assert "No score can be given: there is no stored library" in capsys.readouterr().out


@pytest.mark.parametrize("shows", ["gain", "weeks", "channels", "plan", "measures"])
def test_figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                 shows: str) -> None:
    """Each figure goes to a file with its title in it, and the output says where it is."""
    out = tmp_path / "a.svg"
    assert run(monkeypatch, "run", str(document(tmp_path)), "--scenario", "calm", "--runs", "4", "--figure", str(out),
               "--shows", shows) == 0
    assert f"The figure is in {out}.\n" in capsys.readouterr().out
    title = {"gain": "What does the policy gain over no policy?", "weeks": "Victims week by week",
             "channels": "Where do victims and harm go?", "plan": "When does each measure begin, and who pays?",
             "measures": "What is each measure worth?"}[shows]
    assert title in out.read_text(encoding="utf-8")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.svg", "p.toml"]


@pytest.mark.parametrize(("arguments", "told"), [
    (["run", "none.toml"], "none.toml can't be read"),
    (["run", "p.toml", "--runs", "0"], "--runs must be from 1 to 2000, not 0"),
    (["run", "p.toml", "--runs", "9999"], "--runs must be from 1 to 2000, not 9999"),
    (["run", "p.toml", "--scenario", "doom"], "there is no scenario called doom: known are calm"),
    (["run", "p.toml", "--figure", "a.gif"], "must end in .svg, .png, .pdf: a.gif"),
    (["run", "p.toml", "--figure", "none/a.svg"], "there is no folder none"),
    (["instruments", "--economy", "atlantis"], "atlantis"),
    (["new", "p.toml", "--economy", ECONOMY], "p.toml is there already; it is left as it is"),
    (["new", "a.txt", "--economy", ECONOMY], "ends in .toml: a.txt"),
    (["new", "a.toml", "--economy", "atlantis"], "atlantis"),
    (["new", "none/a.toml", "--economy", ECONOMY], "none/a.toml can't be written"),
])
def test_bad_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                   arguments: list[str], told: str) -> None:
    """One sentence, a status above 0, nothing printed or written."""
    before = document(tmp_path).read_bytes()
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, *arguments) in (1, 2)
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""
    assert [one.name for one in tmp_path.iterdir()] == ["p.toml"]
    assert (tmp_path / "p.toml").read_bytes() == before


def test_a_broken_document_gets_every_fault_with_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    """Four faults of one file are told at once, each with its line and what is allowed; a figure is not begun."""
    file = tmp_path / "p.toml"
    file.write_text('title = "x"\neconomy = "atlantis"\nyears = 9\n[[measure]]\ninstrument = "sms-firewal"\n'
                    'start = -1\n', encoding="utf-8")
    assert run(monkeypatch, "run", str(file), "--figure", f"{tmp_path}/a.svg") in (1, 2)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(", line ")[2].partition(":")[0] for line in lines] == ["2", "3", "5", "6"]
    assert all("; allowed: " in line for line in lines)
    assert "do you mean sms-firewall?" in lines[2]
    assert [one.name for one in tmp_path.iterdir()] == ["p.toml"]


def test_instruments_are_listed_with_their_cost(monkeypatch: pytest.MonkeyPatch,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    """Every instrument stands under its pillar with lead time, needs, source and what it costs in that economy."""
    assert run(monkeypatch, "instruments", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in listed] == list(KNOWN)
    for one in listed:
        assert one["pillar"] in PILLARS
        assert one["lead_weeks"] > 0
        assert one["source"]
        assert set(one["cost"]) <= {"state", "operators", "senders"}
        assert one["cost"]
    assert run(monkeypatch, "instruments", "--economy", "pacific-island", "--json") == 0
    small = {one["id"]: one["cost"] for one in json.loads(capsys.readouterr().out)}
    assert small["sms-firewall"]["operators"] < next(
        one["cost"]["operators"] for one in listed if one["id"] == "sms-firewall")
    assert run(monkeypatch, "instruments") == 0
    text = capsys.readouterr().out
    assert all(title in text for title in PILLARS.values())
    assert "needs consent-law" in text
    assert "channels: a list of email, sms, voice, apps" in text


def test_scenarios_are_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, title and what happens."""
    assert run(monkeypatch, "scenarios", "--json") == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == list(read_scenarios())
    assert run(monkeypatch, "scenarios") == 0
    assert len(capsys.readouterr().out.splitlines()) == len(read_scenarios())


@pytest.mark.parametrize("economy", [ECONOMY, "fragile-state"])
def test_a_new_document_can_be_played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                      capsys: pytest.CaptureFixture[str], economy: str) -> None:
    """It is read without a fault, names the economy, and holds only measures that the staff there can run."""
    file = tmp_path / "new.toml"
    assert run(monkeypatch, "new", str(file), "--economy", economy) == 0
    assert f"spamlab policy run {file}" in capsys.readouterr().out
    read = read_policy(file)
    assert read.economy == economy
    assert tomllib.loads(file.read_text(encoding="utf-8"))["text"] == dict.fromkeys(TEXTS, "")
    assert run(monkeypatch, "run", str(file), "--scenario", "calm", "--runs", "2") == 0
    assert "never begins" not in capsys.readouterr().out


def test_no_room_leaves_no_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                    capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no room for a new document, one sentence says so and no half of a file is left."""
    file = tmp_path / "p.toml"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        status = run(monkeypatch, "new", str(file), "--economy", ECONOMY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert status == 2
    assert "p.toml can't be written: File too large" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_sentence() -> None:
    """What is printed into a file on a full disk ends with one sentence and a status, not a traceback."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run([sys.executable, "-c", "from spamlab.cli import main; main()", "policy", "scenarios"],
                               stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == MachineError.exit_status
    assert ended.stderr == "spamlab: the disk is full, so what was to be written is not whole\n"
