"""The files of docker/ say what they must; no engine is needed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from spamlab.sandbox.parts import VISIBLE
from spamlab.workshop.containers import layout
from spamlab.workshop.grading import COURSE

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker/compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.mark.parametrize("forbidden", [r"<<", r"COPY --link", r"# *syntax=", r"\bADD\b", r"curl|wget", r"apt-get"])
def test_dockerfile_is_taken_by_every_engine(forbidden: str) -> None:
    """The Dockerfile uses nothing that older engines refuse, and brings nothing in but locked packages."""
    assert not re.search(forbidden, DOCKERFILE)


def test_packages_come_from_the_lock_by_hash() -> None:
    """Packages are installed from requirements.lock with hashes, the project itself without an index."""
    installs = re.findall(r"pip --python .* install .*", DOCKERFILE.replace("\\\n", " "))
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--no-index" in installs[1]


def test_both_images_end_as_an_ordinary_user() -> None:
    """Each image's last USER is 1000, so nothing runs as root unless somebody asks for it."""
    stages = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]
    for stage in stages:
        if re.search(r" AS (base|lab|workshop)\b", stage):
            assert re.findall(r"(?m)^USER (\S+)", stage)[-1] == "1000:1000"


def test_participants_image_holds_what_the_sandbox_shows() -> None:
    """The lab's image copies the parts that the sandbox shows a participant, the sandbox itself, and nothing else."""
    stage = next(part for part in re.split(r"(?m)^FROM ", DOCKERFILE) if " AS lab" in part)
    copied = set(re.findall(r"src/spamlab/(\S+)(?= )", stage)) - {""}
    assert {name for name in copied if not name.startswith("/")} == {*VISIBLE, "sandbox"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_guarded(name: str) -> None:
    """Each service is an ordinary user without capabilities, on a read-only root, bounded, and can ask for no name."""
    service = SERVICES[name]
    assert service["user"] == "1000:1000"
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "no-new-privileges=true" in service["security_opt"]
    assert service["pids_limit"]
    assert service["mem_limit"]
    assert service["dns"] == ["127.0.0.1"]
    assert "privileged" not in service
    assert "cap_add" not in service


def test_only_the_door_publishes_and_only_on_loopback() -> None:
    """No service but the door publishes ports, each on 127.0.0.1, and only it is in a network with a way out."""
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["door"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["door"]["ports"])
    outside = {name for name, network in COMPOSE["networks"].items() if not (network or {}).get("internal")}
    assert [name for name in SERVICES if outside & set(SERVICES[name]["networks"])] == ["door"]


def test_lab_sees_its_own_folders_alone() -> None:
    """The participant's container mounts its own and the released labs, and is in no network of the instructor's."""
    volumes = dict(volume.split(":", 1) for volume in SERVICES["lab"]["volumes"])
    assert set(volumes) == {"home", "config", "data", "handin", "released"}
    assert volumes["config"].endswith(":ro")
    assert volumes["released"] == f"/workshop/exchange/{COURSE}/outbound:ro"
    assert SERVICES["lab"]["networks"] == ["room"]
    assert "build" in SERVICES["lab"]
    assert SERVICES["lab"]["build"]["target"] == "lab"


def test_only_what_grades_is_given_namespaces() -> None:
    """The looser seccomp profile is that of the two services that grade, not of the participant's."""
    loose = [name for name in SERVICES if any("seccomp" in option for option in SERVICES[name]["security_opt"])]
    assert sorted(loose) == ["instructor", "page"]


def test_compose_and_code_agree_on_ports() -> None:
    """The ports of the compose file are those that the services are told of."""
    places = layout({})
    assert SERVICES["judge"]["command"][-1] == str(places.ports.judge)
    assert SERVICES["page"]["command"][-1] == str(places.ports.page)
    assert f"8802=mailbox:{places.ports.mailbox}" in SERVICES["door"]["command"]
    assert f"8804=instructor:{places.ports.instructor}" in SERVICES["door"]["command"]
    assert f"8805=lab:{places.ports.participants[0]}" in SERVICES["door"]["command"]
    assert layout({"SPAMLAB_PORT_LAB": "9105"}).published.participants == (9105,)


def test_seccomp_profile_allows_what_bubblewrap_needs() -> None:
    """The profile refuses by default, allows what bubblewrap needs, and nothing that root alone needs."""
    profile = json.loads((ROOT / "docker/seccomp.json").read_text(encoding="utf-8"))
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    free = {
        name
        for rule in profile["syscalls"]
        if rule["action"] == "SCMP_ACT_ALLOW" and not rule.get("includes") and not rule.get("excludes")
        for name in rule["names"]
        if not rule.get("args")
    }
    assert {"clone", "unshare", "setns", "mount", "umount2", "pivot_root", "sethostname"} <= free
    assert not free & {
        "bpf",
        "keyctl",
        "ptrace_peek",
        "init_module",
        "kexec_load",
        "open_by_handle_at",
        "reboot",
    }
