"""The instruments that are shipped are sound, and a broken file gets all its faults at once."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from spamlab.errors import ContentError
from spamlab.policy.evidence import read_evidence
from spamlab.policy.instruments import PILLARS, Factor, instrument_of, read_instruments, value_fault
from spamlab.policy.levers import LEVERS
from spamlab.shipped import default_folder

FOLDER = default_folder("datasets") / "policy" / "instruments"
IDS = {
    "law": "consent-law penalties private-action director-liability opt-out-list investigation-powers",
    "technical": "port-25 mail-authentication sender-id-registry sms-firewall caller-id-validation dns-blocking "
                 "operator-filtering bot-quarantine sim-registration",
    "industry": "code-of-practice information-sharing complaint-line published-rankings reseller-rules "
                "payment-friction",
    "education": "awareness-campaign", "cooperation": "treaty referral-desk shared-blocklists joint-takedown",
    "enforcement": "enforcement-staff operator-audits"}


def read(name: str) -> dict[str, Any]:
    """What a shipped file says."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def test_all_instruments_are_there() -> None:
    """The instruments of all six pillars, in the order of pillars."""
    found = read_instruments()
    assert list(IDS) == list(PILLARS)
    assert {name: one.pillar for name, one in found.items()} == {
        name: pillar for pillar, names in IDS.items() for name in names.split()}
    assert [one.pillar for one in found.values()] == sorted(
        (one.pillar for one in found.values()), key=list(PILLARS).index)


@pytest.mark.parametrize("name", sorted(read_instruments()))
def test_an_instrument_is_whole(name: str) -> None:
    """Each says what it does and what it costs whom, has an effect under its defaults, which go together, and names its
    source and confidence."""
    one = read_instruments()[name]
    assert one.about.count(".") >= 2
    assert len(one.about.split()) >= 20
    assert one.source
    assert any(cost.payer == "state" and cost.phase == "running" for cost in one.costs) or name == "port-25"
    assert one.staff.setup > 0
    settings = one.complete({})
    assert one.conflicts_in(settings) == []
    assert any(effect.value * effect.factor.of(settings) > 0 for effect in one.effects)
    assert all(cost.central < cost.high for cost in one.costs)


def test_evidence_is_there() -> None:
    """Each row of evidence that an instrument names is in the table of evidence."""
    known = set(read_evidence())
    for one in read_instruments().values():
        named = {*one.evidence, *re.findall(r"\b[A-Z]\d+\b", one.source)}
        assert named <= known, (one.id, named - known)


def test_every_lever_is_within_reach() -> None:
    """Each lever but the officers', which the plan sets, can be moved by an instrument; none goes above its unit."""
    moved = {effect.lever for one in read_instruments().values() for effect in one.effects}
    assert moved == set(LEVERS) - {"officers"}
    for one in read_instruments().values():
        for effect in one.effects:
            if effect.lever != "fine" and not effect.factor.times:
                assert effect.value <= 1


def test_factors() -> None:
    """times multiplies, over divides, choices takes the greatest of several, only makes it nothing."""
    factor = Factor(("reach",), ("every",), {"who": {"a": 2.0, "b": 3.0}, "on": {"true": 5.0}}, {"who": ("a", "c")})
    assert factor.of({"reach": 6, "every": 4, "who": ("a", "b"), "on": True}) == 6 / 4 * 3 * 5
    assert factor.of({"reach": 6, "every": 4, "who": ("b",), "on": True}) == 0
    assert factor.of({"reach": 6, "every": 4, "who": ("a",), "on": False}) == 0


@pytest.mark.parametrize(("name", "setting", "value", "told"), [
    ("penalties", "maximum", 10**400, "out of range"), ("penalties", "maximum", float("nan"), "must be a number"),
    ("penalties", "maximum", True, "must be a number"), ("sender-id-registry", "mode", ["voluntary"], "a text"),
    ("sender-id-registry", "mode", "Voluntary", "no option"), ("consent-law", "channels", "sms", "must be a list"),
    ("consent-law", "channels", [], "must be a list"), ("consent-law", "channels", ["sms", "sms"], "twice"),
    ("director-liability", "ban", 1, "true or false"), ("consent-law", "channels", ["sms", "voice"], "")])
def test_values(name: str, setting: str, value: object, told: str) -> None:
    """A value of the wrong type, out of range or unknown is told; a right one is not."""
    one = read_instruments()[name].setting(setting)
    assert one is not None
    fault = value_fault(one, value)
    assert (told in fault and "; allowed: " in fault) if told else fault == ""


def _broken() -> Mapping[str, Any]:
    broken = read("mail-authentication")
    broken["pillar"] = "magic"
    broken["colour"] = 1
    broken["lead_weeks"] = 0
    broken["setting"][0]["default"] = "none"
    broken["setting"][1]["name"] = "start"
    broken["effect"][0]["lever"] = "gravity"
    broken["effect"][1]["after"] = "domains"
    broken["cost"][0]["per"] = "moon"
    broken["cost"][1]["low"] = 1e9
    broken["conflict"][0]["when"] = {"domains": "all"}
    return broken


def test_all_faults_at_once() -> None:
    """A broken instrument gets each of its faults in one line with the file's name."""
    with pytest.raises(ContentError) as told:
        instrument_of("broken", _broken())
    lines = str(told.value).splitlines()
    assert all(line.startswith("broken.toml: ") for line in lines)
    for part in ("pillar must be one of: law", "colour has no meaning", "lead_weeks must be a number from 1",
                 "setting 1: default is no option", "can't be called start", "effect 1: lever must be one of",
                 "effect 2: after must name a setting", "cost 1: per must be one of",
                 "cost 2: high must be a number from", "conflict 1: it must have either when or rising"):
        assert part in str(told.value)


def test_a_folder_with_faults(tmp_path: Path) -> None:
    """Faults of all files are told together; needs must be there and not go in a circle."""
    with pytest.raises(ContentError, match="holds no instrument"):
        read_instruments(tmp_path)
    folder = tmp_path / "some"
    shutil.copytree(FOLDER, folder)
    (folder / "treaty.toml").write_text("title =")
    (folder / "port-25.toml").write_text((FOLDER / "port-25.toml").read_text().replace('"law"', "3").replace(
        'pillar = "technical"', 'pillar = "x"'))
    with pytest.raises(ContentError) as told:
        read_instruments(folder)
    assert "treaty.toml: it can't be read" in str(told.value)
    assert "port-25.toml: pillar must be" in str(told.value)
    other = tmp_path / "other"
    other.mkdir()
    for name, needs in (("treaty", "port-25"), ("port-25", "treaty"), ("penalties", "consent-law")):
        text = (FOLDER / f"{name}.toml").read_text()
        (other / f"{name}.toml").write_text(re.sub(r"needs = .*", f'needs = ["{needs}"]', text))
    with pytest.raises(ContentError) as told:
        read_instruments(other)
    assert str(told.value).splitlines() == [
        "penalties.toml: it needs consent-law, which is no instrument here",
        "port-25.toml: it needs itself, through what it needs", "treaty.toml: it needs itself, through what it needs"]
