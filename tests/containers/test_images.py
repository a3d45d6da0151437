"""The images are built and a whole workshop runs in them, on a real engine."""

from __future__ import annotations

import base64
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

import pytest

from containers.engine import ROOT, TAG, Engine, run

pytestmark = [pytest.mark.containers, pytest.mark.slow]

LAB = "02-header-forensics"
GUARDED = [
    "--rm",
    "--read-only",
    "--tmpfs",
    "/tmp:mode=1777,size=512m",
    "--network",
    "none",
    "--cap-drop",
    "ALL",
    "--security-opt",
    "no-new-privileges",
    "--pids-limit",
    "1000",
    "--memory",
    "2g",
]
GRADING = ["--security-opt", f"seccomp={ROOT / 'docker/seccomp.json'}", "--security-opt", "systempaths=unconfined"]
SERVICES = ("keeper", "judge", "page", "instructor", "lab", "mailbox", "door")


@pytest.mark.parametrize("target", ["workshop", "lab"])
def test_image_is_an_ordinary_user(engine: Engine, images: dict[str, str], target: str) -> None:
    """Whatever a container of the image runs, it is user 1000, who can write nowhere but in /tmp and /workshop."""
    test = "id -u; find / -xdev -writable -type d ! -path '/proc/*' ! -path '/dev/*' 2>/dev/null | sort"
    user, *folders = engine.says("run", "--rm", "--network", "none", images[target], "sh", "-c", test).splitlines()
    assert user == "1000"
    allowed = ("/tmp", "/var/tmp", "/workshop", "/home/spamlab", "/run/lock")
    assert [folder for folder in folders if not folder.startswith(allowed)] == []


@pytest.mark.parametrize("target", ["workshop", "lab"])
def test_image_says_what_it_is(engine: Engine, images: dict[str, str], target: str) -> None:
    """The image carries title, licence and a health check, and no setting of the machine that built it."""
    found = json.loads(engine.says("image", "inspect", images[target]))[0]["Config"]
    assert found["Labels"]["org.opencontainers.image.title"] == f"spamlab-{target}"
    assert found["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert found["Healthcheck"]["Test"][0] == "CMD"
    assert not [line for line in found["Env"] if line.startswith(("PIP_", "HTTP"))]


def test_lab_image_holds_nothing_of_the_trusted_side(engine: Engine, images: dict[str, str]) -> None:
    """In the participant's image the kit imports, and judge, generators, truth, labs and command line are not there."""
    test = (
        "import importlib.util as u, pathlib, shutil, spamlab.kit\n"
        "rooms = ('judge', 'generate', 'seeds', 'grading', 'content', 'workshop', 'rehearsal', 'cli')\n"
        "there = [room for room in rooms if u.find_spec(f'spamlab.{room}')]\n"
        "there += [name for name in ('spamlab.records.truth',) if u.find_spec(name)]\n"
        "there += [str(path) for path in pathlib.Path('/opt/spamlab').rglob('checks.py') if '.venv' not in str(path)]\n"
        "print(there, shutil.which('spamlab'))"
    )
    assert engine.says("run", *GUARDED, images["lab"], "python", "-c", test) == "[] None"


def test_doctor_answers_with_the_best_sandbox(engine: Engine, images: dict[str, str]) -> None:
    """`spamlab doctor --json` ends well in the image, and with the profile of docker/ the sandbox is bubblewrap."""
    done = engine.call("run", *GUARDED, *GRADING, images["workshop"], "spamlab", "doctor", "--json")
    checks = {check["what"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["Python"]["ok"]
    assert checks["user"]["ok"]
    assert checks["sandbox"]["ok"], checks["sandbox"]


def test_sandbox_falls_back_loudly_under_the_usual_profile(engine: Engine, images: dict[str, str]) -> None:
    """Under the engine's own profile the doctor says that the sandbox falls back, and why."""
    done = engine.call("run", *GUARDED, images["workshop"], "spamlab", "doctor", "--json", check=False)
    checks = {check["what"]: check for check in json.loads(done.stdout)["checks"]}
    assert not checks["sandbox"]["ok"]
    assert "docker/" in checks["sandbox"]["instead"]


def test_container_without_a_service_becomes_healthy(engine: Engine, images: dict[str, str]) -> None:
    """A container whose Jupyter has no workshop ends with one sentence in place of a trace."""
    done = engine.call("run", *GUARDED, images["lab"], check=False)
    assert done.returncode == 1
    assert "is the workshop prepared?" in done.stderr
    assert "Traceback" not in done.stderr


def test_rehearsal_in_the_image(engine: Engine, images: dict[str, str]) -> None:
    """A whole workshop with six simulated participants ends inside the image with every score as expected."""
    begin = time.monotonic()
    done = engine.call(
        "run",
        *GUARDED,
        *GRADING,
        images["workshop"],
        "spamlab",
        "rehearse",
        "--participants",
        "6",
        "--json",
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    outcome = json.loads(done.stdout)
    engine.figures["rehearsal of 6 seconds"] = round(time.monotonic() - begin, 1)
    assert outcome["ok"]
    assert outcome["sandbox"] == "bubblewrap"


def test_grading_at_the_floor_under_the_usual_profile(engine: Engine, images: dict[str, str]) -> None:
    """Where the engine's own profile is left, a rehearsal grades at the floor once that is asked for by name."""
    command = ["spamlab", "rehearse", "--participants", "3", "--labs", LAB, "--json"]
    done = engine.call(
        "run", *GUARDED, "--env", "SPAMLAB_SANDBOX=floor", images["workshop"], *command, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    outcome = json.loads(done.stdout)
    assert outcome["ok"]
    assert outcome["sandbox"] == "floor"


@dataclass
class Stack:
    """A running workshop of docker/compose.yaml."""

    engine: Engine
    command: list[str]
    environment: dict[str, str]
    addresses: dict[str, Any]

    def inside(self, service: str, *command: str, check: bool = True) -> str:
        """What a command prints in a service's container."""
        whole = [*self.command, "exec", "-T", service, *command]
        return run(whole, self.environment, timeout=120, check=check).stdout.strip()

    def python(self, service: str, code: str) -> str:
        """What a piece of Python prints in a service's container."""
        return self.inside(service, "python", "-c", code)

    def container(self, service: str) -> str:
        """The id of a service's container."""
        return run([*self.command, "ps", "-q", service], self.environment).stdout.strip()

    def participant(self, code: str) -> str:
        """What a piece of Python prints in the lab, in the first lab's folder, with the participant's environment."""
        starts = (
            "import json, os, subprocess, sys\n"
            "given = json.load(open('/workshop/desks/p01/config/environment.json'))\n"
            f"folder = '/workshop/participants/p01/{LAB}'\n"
            f"sys.exit(subprocess.run([sys.executable, '-c', {code!r}], env=given, cwd=folder).returncode)"
        )
        return self.python("lab", starts)


def free_ports(count: int) -> list[int]:
    """Ports of loopback that are free now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@pytest.fixture(scope="module")
def stack(engine: Engine, images: dict[str, str], mailpit: str, compose: list[str]) -> Iterator[Stack]:
    """The whole workshop, up and healthy; gone with its volumes at the end."""
    names = ("PAGE", "INBOX", "INSTRUCTOR", "LAB")
    environment = {
        **engine.environment,
        **{f"SPAMLAB_PORT_{name}": str(port) for name, port in zip(names, free_ports(len(names)), strict=True)},
        "SPAMLAB_WORKSHOP_IMAGE": images["workshop"],
        "SPAMLAB_LAB_IMAGE": images["lab"],
        "SPAMLAB_MAILPIT_IMAGE": mailpit,
        "SPAMLAB_LABS": LAB,
    }
    command = [*compose, "-p", f"spamlab-{TAG}", "-f", str(ROOT / "docker/compose.yaml")]
    run([*command, "config", "--quiet"], environment)
    begin = time.monotonic()
    try:
        up = run(
            [*command, "up", "--no-build", "--wait", "--wait-timeout", "120"], environment, timeout=150, check=False
        )
        if up.returncode != 0:
            logs = run([*command, "logs", "--no-color", "--tail", "15"], environment, check=False).stdout
            pytest.fail(f"the stack did not come up:\n{up.stderr[-1500:]}\n{logs[-5000:]}")
        engine.figures["stack up seconds"] = round(time.monotonic() - begin, 1)
        made = Stack(engine, command, environment, {})
        told = made.inside("keeper", "cat", "/workshop/run/addresses.json")
        made.addresses = json.loads(told)
        yield made
    finally:
        run([*command, "down", "--volumes", "--timeout", "3"], environment, timeout=90, check=False)


def fetch(address: str, user: str = "", password: str = "") -> tuple[int, str]:
    """Status and text of an address, with cookies kept over redirects and no proxy."""
    request = urllib.request.Request(address)
    if user:
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
    handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=60) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def test_stack_is_healthy_and_small(stack: Stack) -> None:
    """Every service of the stack is healthy, and their memory is written down."""
    for service in SERVICES:
        state = stack.engine.says("inspect", "-f", "{{.State.Health.Status}}", stack.container(service))
        assert state == "healthy", service
    lines = stack.engine.says("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}").splitlines()
    used = {name: usage.split(" /")[0] for name, _, usage in (line.partition(" ") for line in lines) if TAG in name}
    stack.engine.figures["memory"] = {name.split(f"{TAG}-")[1].rsplit("-", 1)[0]: used[name] for name in sorted(used)}
    assert len(used) == len(SERVICES)


def test_addresses_answer_on_loopback_alone(stack: Stack) -> None:
    """Notebook, page and Formgrader answer where they are told to, with their token alone, on loopback alone."""
    participant = stack.addresses["participants"][0]
    for address in (participant["notebook"], stack.addresses["page"], stack.addresses["formgrader"]):
        assert fetch(address)[0] == 200, address
    for address in (participant["notebook"], stack.addresses["formgrader"]):
        assert "Password or token" in fetch(address.split("?")[0])[1]
    assert fetch(stack.addresses["page"].split("?")[0])[0] == 401
    published = stack.engine.says("port", stack.container("door")).splitlines()
    assert len(published) == 4
    assert all(" 127.0.0.1:" in line for line in published)


def test_mail_has_arrived_in_the_real_mailpit(stack: Stack) -> None:
    """The participant's messages are in Mailpit, behind the participant's token."""
    token = stack.addresses["participants"][0]["notebook"].split("token=")[1]
    base = f"http://127.0.0.1:{stack.environment['SPAMLAB_PORT_INBOX']}/p01/api/v1"
    assert fetch(f"{base}/messages")[0] == 401
    status, text = fetch(f"{base}/messages", "p01", token)
    assert status == 200
    assert json.loads(text)["total"] >= 8


def test_lab_sees_no_secret(stack: Stack) -> None:
    """The lab holds no secret, ledger or gradebook, can't change its settings, and knows no name but its services'."""
    names = " -o ".join(
        f"-name {name}" for name in ("secret", "ledger.sqlite", "gradebook.db", "workshop.toml", "checks.py")
    )
    found = f"find /workshop /opt/spamlab /home /tmp -path '*/.venv' -prune -o \\( {names} \\) -print 2>/dev/null; true"
    assert stack.inside("lab", "sh", "-c", found) == ""
    assert stack.inside("lab", "sh", "-c", "find /workshop -maxdepth 1 -mindepth 1 | sort").split() == [
        "/workshop/desks",
        "/workshop/exchange",
        "/workshop/mail",
        "/workshop/participants",
    ]
    assert (
        stack.inside("lab", "sh", "-c", "find /workshop/mail -mindepth 1; find /workshop/exchange -name inbound") == ""
    )
    for folder in ("/workshop/desks/p01/config", "/workshop/exchange/spamlab/outbound"):
        tried = stack.inside("lab", "sh", "-c", f"touch {folder}/x 2>&1; mv {folder} {folder}2 2>&1; true")
        assert tried.count("Read-only file system") + tried.count("Device or resource busy") == 2, tried
    asks = (
        "import socket\n"
        "def known(name):\n"
        "    try: return bool(socket.getaddrinfo(name, 80))\n"
        "    except OSError: return False\n"
        "names = ('judge', 'mailbox', 'page', 'pypi.org')\n"
        "print([name for name in names if known(name)])"
    )
    assert stack.python("lab", asks) == "['judge', 'mailbox']"


def test_no_way_out_but_the_door(stack: Stack) -> None:
    """No service but the door reaches an address beyond its networks, nor the instructor's services from the lab."""
    for network in ("room", "staff"):
        assert stack.engine.says("network", "inspect", "-f", "{{.Internal}}", f"spamlab-{TAG}_{network}") == "true"
    beyond = [(address(stack, "door", "front"), 8800), (address(stack, "page", "staff"), 8800)]
    with suppress(OSError):
        beyond.append((socket.gethostbyname("pypi.org"), 443))
    code = (
        "import socket, sys\n"
        f"for place in {beyond!r}:\n"
        "    try: socket.create_connection(place, 1.5)\n"
        "    except OSError: continue\n"
        "    print('reached', place)"
    )
    assert stack.python("lab", code) == ""
    assert stack.python("judge", code) == ""
    assert stack.python("door", code).count("reached") >= 2


def address(stack: Stack, service: str, network: str) -> str:
    """A service's address in one of its networks."""
    template = f'{{{{(index .NetworkSettings.Networks "spamlab-{TAG}_{network}").IPAddress}}}}'
    return stack.engine.says("inspect", "-f", template, stack.container(service))


def test_participant_reads_mail_and_asks_the_judge(stack: Stack) -> None:
    """In the lab a notebook's code reads a message from the inbox and hears from the judge about an answer."""
    code = (
        "import json, os, urllib.request\n"
        "from spamlab.kit import inbox, start\n"
        f"start({LAB!r})\n"
        "print('lines', len(inbox().message('M1').received))\n"
        "ask = urllib.request.Request(os.environ['SPAMLAB_JUDGE_URL'] + '/api/v1/labs/" + LAB + "/answers',\n"
        "    data=json.dumps({'question': 'q1', 'answer': {}}).encode(),\n"
        "    headers={'Authorization': 'Bearer ' + os.environ['SPAMLAB_TOKEN']})\n"
        "print('judge', sorted(json.load(urllib.request.urlopen(ask))))\n"
    )
    said = stack.participant(code)
    assert "lines" in said
    assert "'state'" in said


def test_submission_goes_through_to_the_gradebook(stack: Stack) -> None:
    """What the participant hands in is carried to the exchange, collected, and graded in bubblewrap."""
    submit = (
        "import os, subprocess, sys\n"
        "os.chdir('..')\n"
        f"sys.exit(subprocess.run([sys.executable, '-m', 'nbgrader', 'submit', {LAB!r}]).returncode)"
    )
    stack.participant(submit)
    limit = time.monotonic() + 15
    arrived = f"find /workshop/exchange/spamlab/inbound -maxdepth 1 -name 'p01+{LAB}+*'"
    while not stack.inside("page", "sh", "-c", arrived, check=False):
        assert time.monotonic() < limit, "the submission was not carried to the exchange"
        time.sleep(0.5)
    stack.inside("page", "spamlab", "collect", LAB, "--workshop", "/workshop")
    graded = json.loads(stack.inside("page", "spamlab", "grade", LAB, "--workshop", "/workshop", "--json"))
    assert graded["scores"]["p01"] == 0
    assert not graded["failed"]
    assert graded.get("sandbox") == "bubblewrap"


def test_it_stops_at_once(stack: Stack) -> None:
    """Every service ends by itself when asked, in a few seconds, and none is killed."""
    begin = time.monotonic()
    run([*stack.command, "stop", "--timeout", "40"], stack.environment, timeout=120)
    stack.engine.figures["stack stop seconds"] = round(time.monotonic() - begin, 1)
    for service in SERVICES:
        container = run([*stack.command, "ps", "-a", "-q", service], stack.environment).stdout.strip()
        assert stack.engine.says("inspect", "-f", "{{.State.ExitCode}}", container) != "137", service
