"""The kernel of the notebooks, started by Jupyter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from spamlab.sandbox import Level, available_level, floor
from spamlab.sandbox.kernel import NAME, environment, write_kernelspec

CODE = """
import json, os, spamlab
from spamlab.kit import check, start
try:
    start("01-lab")
    check("q1")
    said = "passed"
except BaseException as error:
    said = type(error).__name__
def names(path):
    try:
        return sorted(os.listdir(path))
    except OSError as error:
        return type(error).__name__
def read(path):
    try:
        return open(path).read()
    except OSError as error:
        return type(error).__name__
print(json.dumps({"judge": read(os.path.dirname(spamlab.__file__) + "/judge/__init__.py"),
                  "environment": dict(os.environ), "check": said, "here": names("."), "above": names(".."),
                  "package": names(os.path.dirname(spamlab.__file__)),
                  "runtime": names("RUNTIME")}))
"""


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., dict[str, Any]]]:
    """Start the kernel in a lab's folder over a transport, run CODE, and end it."""
    from jupyter_client.manager import KernelManager

    write_kernelspec(tmp_path / "jupyter")
    course, lab, runtime = tmp_path / "course", tmp_path / "course" / "autograded" / "lab", tmp_path / "runtime"
    for folder in (lab, runtime):
        folder.mkdir(parents=True)
    (course / "gradebook.db").write_text("secret")
    (runtime / "other-kernel.json").write_text("key")
    (lab / "lab.ipynb").write_text("{}")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("SECRET_OF_OURS", "tell-nobody")
    started = []

    def play(transport: str = "tcp", folder: Path = lab, level: Level = Level.BUBBLEWRAP) -> dict[str, Any]:
        if level is Level.FLOOR:
            monkeypatch.setenv("SPAMLAB_SANDBOX", "floor")
            spec = tmp_path / "jupyter" / "kernels" / NAME / "kernel.json"
            facts = json.loads(spec.read_text())
            facts["argv"][1:3] = ["-c", "import sys; from spamlab.sandbox import bubblewrap; "
                                  "bubblewrap.machine = lambda: None; from spamlab.sandbox import kernel; "
                                  "kernel.main(sys.argv[1:])"]
            spec.write_text(json.dumps(facts))
        manager = KernelManager(kernel_name=NAME, transport=transport,
                                connection_file=str(runtime / f"k-{transport}.json"))
        manager.start_kernel(cwd=str(folder), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        started.append(manager)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            said: list[str] = []
            client.execute_interactive(CODE.replace("RUNTIME", str(runtime)), timeout=60,
                                       output_hook=lambda message: said.append(message["content"].get("text", "")))
        finally:
            client.stop_channels()
        found: dict[str, Any] = json.loads([line for text in said for line in text.splitlines() if line[:1] == "{"][-1])
        return found

    yield play
    for manager in started:
        manager.shutdown_kernel(now=True)
        manager.cleanup_connection_file()


@pytest.mark.skipif(available_level() < Level.BUBBLEWRAP, reason="needs bubblewrap")
@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_the_kernel_is_the_sandbox(ask: Callable[..., dict[str, Any]], transport: str) -> None:
    """A kernel sees its notebook's folder and what a notebook imports, and no course, no key, no service."""
    seen = ask(transport)
    assert seen["here"] == ["lab.ipynb"]
    assert seen["above"] == ["lab"]
    assert set(seen["package"]) <= {
        "__init__.py", "errors.py", "shipped.py", "kit", "filtering", "forensics", "policy", "records", "__pycache__"}
    assert seen["runtime"] in ("FileNotFoundError", ["k-tcp.json"])
    assert "tell-nobody" not in json.dumps(seen)
    assert seen["check"] == "NotChecked"


@pytest.mark.skipif(not floor.available(), reason="THIS MACHINE DOES NOT GIVE THE LEVEL floor")
@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_the_kernel_at_the_floor(ask: Callable[..., dict[str, Any]], transport: str) -> None:
    """Where only the floor can be had and the workshop allows it, the kernel sees as little, and ends whole."""
    seen = ask(transport, level=Level.FLOOR)
    assert seen["here"] == ["lab.ipynb"]
    assert (seen["above"], seen["runtime"]) == ("PermissionError", "PermissionError")
    assert seen["judge"] == "PermissionError"  # the package's names can be seen, the trusted side's files not read
    assert "tell-nobody" not in json.dumps(seen)
    assert seen["check"] == "NotChecked"


def test_no_service_while_nbgrader_grades(tmp_path: Path) -> None:
    """The kernel is told of the judge in class, and not while nbgrader runs notebooks: there nothing may pass."""
    outer = {"SPAMLAB_JUDGE_URL": "http://127.0.0.1:1", "SPAMLAB_TOKEN": "t", "OTHER": "x", "LANG": "C"}
    assert {"SPAMLAB_JUDGE_URL", "SPAMLAB_TOKEN", "LANG"} <= set(environment(outer, tmp_path))
    graded = environment({**outer, "NBGRADER_EXECUTION": "autograde"}, tmp_path)
    assert not {"SPAMLAB_JUDGE_URL", "SPAMLAB_TOKEN"} & set(graded)
    assert "OTHER" not in environment(outer, tmp_path)


def test_no_sandbox_no_kernel(tmp_path: Path) -> None:
    """Where there is no sandbox the kernel does not start, unless the workshop allows the level plain."""
    code = ("from spamlab.sandbox import bubblewrap, kernel; bubblewrap.machine = lambda: None; "
            "kernel.main(['-f', 'connection.json'])")
    (tmp_path / "connection.json").write_text(json.dumps({"transport": "tcp"}))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "SPAMLAB_SANDBOX": ""})
    assert done.returncode == 1
    assert "no sandbox" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("holds", ["workshop.toml", "gradebook.db", "nbgrader_config.py", "secret"])
def test_no_kernel_over_a_whole_course(tmp_path: Path, holds: str) -> None:
    """A kernel that is started in a folder of the trusted side does not start."""
    (tmp_path / holds).write_text("")
    (tmp_path / "connection.json").write_text(json.dumps({"transport": "tcp"}))
    done = subprocess.run([sys.executable, "-m", "spamlab.sandbox.kernel", "-f", "connection.json"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=60, env={**os.environ, "SPAMLAB_SANDBOX": "plain"})
    assert done.returncode == 1
    assert "no lab's folder" in done.stderr


def test_kernelspec_is_written_once(tmp_path: Path) -> None:
    """Writing the kernel's description again changes nothing, and interrupts come as messages."""
    file = write_kernelspec(tmp_path)
    before = file.stat().st_mtime_ns
    assert write_kernelspec(tmp_path).stat().st_mtime_ns == before
    spec = json.loads(file.read_text())
    assert spec["argv"][1:] == ["-m", "spamlab.sandbox.kernel", "-f", "{connection_file}"]
    assert spec["interrupt_mode"] == "message"
