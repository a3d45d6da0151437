"""The kernel of the lab's notebooks: ipykernel in the sandbox.

A notebook names this kernel. A stock nbgrader whose configuration could not be read would run participants' code with
its own executor, and count a test cell that says nothing as passed. Our engine grades without a kernel; so this one
refuses to start while nbgrader grades (NBGRADER_EXECUTION=autograde): nothing runs, and nobody gains.

Run as `python -m spamlab.sandbox.kernel -f CONNECTION-FILE`. It sees the system, this Python, what a notebook
imports of spamlab, and the folder in which the notebook stands. It shares the machine's network: ZeroMQ needs the
loopback. SPAMLAB_INSIDE=1: the server is in a sandbox already, the kernel starts plainly. SPAMLAB_SANDBOX=floor or
plain: the workshop allows that level where there is no bubblewrap; without it the kernel does not start then.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from spamlab.errors import SandboxError
from spamlab.sandbox.limits import Level, Limits
from spamlab.sandbox.parts import PACKAGE, visible_parts
from spamlab.sandbox.process import available_level, command

NAME = "spamlab"
LIMITS = Limits(cpu_seconds=None, wall_seconds=None, memory_bytes=4 * 1024**3, processes=256, output_bytes=None)
KEPT = ("LANG", "LC_ALL", "TZ", "PYTHONDONTWRITEBYTECODE")
OURS = ("SPAMLAB_JUDGE_URL", "SPAMLAB_TOKEN", "SPAMLAB_MAILBOX_URL", "SPAMLAB_PARTICIPANT", "SPAMLAB_LANGUAGE")


def write_kernelspec(folder: Path, python: str = sys.executable) -> Path:
    """Write the kernel's description into FOLDER/kernels/spamlab/kernel.json; returns that file.

    folder: a Jupyter data folder such as PREFIX/share/jupyter.
    """
    place = Path(folder) / "kernels" / NAME
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps({
        "argv": [python, "-m", "spamlab.sandbox.kernel", "-f", "{connection_file}"],
        "display_name": "spamlab", "language": "python", "interrupt_mode": "message",
        "metadata": {"debugger": False}}, indent=1) + "\n"
    file = place / "kernel.json"
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        spare = file.with_suffix(".new")
        spare.write_text(text, encoding="utf-8")
        spare.replace(file)
    return file


def environment(outer: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What the kernel is told: its locale and, in class, where judge and mailbox are.

    Told of no service when nbgrader grades (NBGRADER_EXECUTION=autograde), where it does not start at all.
    """
    names = KEPT if outer.get("NBGRADER_EXECUTION") == "autograde" else (*KEPT, *OURS)
    found = {name: outer[name] for name in names if name in outer}
    return {**found, "HOME": str(folder), "IPYTHONDIR": "/tmp/ipython", "JUPYTER_PLATFORM_DIRS": "0",
            "JUPYTER_RUNTIME_DIR": "/tmp/runtime", "MPLCONFIGDIR": "/tmp/matplotlib", "PYTHONNOUSERSITE": "1"}


def main(argv: list[str] | None = None) -> None:
    """Become the kernel; on failure one sentence on standard error and status 1."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        _become_kernel(words)
    except SandboxError as error:
        print(f"spamlab: the kernel does not start: {error}", file=sys.stderr)
        sys.exit(1)


def _become_kernel(words: list[str]) -> None:
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        raise SandboxError("nbgrader grades with its own executor, so its configuration was not read: "
                           "`spamlab grade` says what is wrong with it")
    launcher = [sys.executable, "-m", "ipykernel_launcher"]
    if os.environ.get("SPAMLAB_INSIDE") == "1":
        os.execv(sys.executable, [*launcher, *words])
    level = _level()
    if "-f" not in words or words.index("-f") + 1 >= len(words):
        raise SandboxError("Jupyter named no connection file")
    place = words.index("-f") + 1
    connection = Path(words[place]).absolute()
    folder = _folder(Path.cwd())
    private = _private_sockets(connection)
    if private is not None:
        words[place] = str(private / "connection.json")
    nobody = os.open(os.devnull, os.O_WRONLY)  # exec replaces this process: nobody is left to be told
    made = command(
        [*launcher, *words, "--HistoryManager.hist_file=:memory:"], nobody, level=level,
        read_only=[*visible_parts(), *([connection] if private is None else [])],
        read_write=[folder, *([] if private is None else [private])], hidden=[PACKAGE], folder=folder,
        environment=environment(os.environ, folder), limits=LIMITS, network=True)
    for descriptor in made.inherits:
        os.set_inheritable(descriptor, True)
    if made.folder is not None:
        os.chdir(made.folder)
    os.execve(made.argv[0], list(made.argv), dict(made.environment))


def _level() -> Level:
    level = available_level()
    named = {one.label: one for one in Level}
    if level >= named.get(os.environ.get("SPAMLAB_SANDBOX", ""), Level.BUBBLEWRAP):
        return level
    if level is Level.FLOOR:
        raise SandboxError("this machine has no sandbox but the level floor; `spamlab doctor` says why, and "
                           "SPAMLAB_SANDBOX=floor allows participants' code to run at it")
    raise SandboxError("this machine has no sandbox; `spamlab doctor` says why, and SPAMLAB_SANDBOX=plain allows "
                       "participants' code to run without one")


def _folder(folder: Path) -> Path:
    """The notebook's folder; SandboxError for one that holds more than a lab, such as a course or the machine."""
    holds = any((folder / name).exists() for name in ("workshop.toml", "nbgrader_config.py", "gradebook.db", "secret"))
    if holds or PACKAGE.is_relative_to(folder) or Path(sys.prefix).is_relative_to(folder):
        raise SandboxError(f"the folder {folder.name or '/'} is no lab's folder; open a notebook that has its own")
    return folder


def _private_sockets(connection: Path) -> Path | None:
    """For the transport ipc: a private folder for the kernel's sockets, to which links beside the others point.

    The folder of the connection file holds the keys of other kernels and the server's token: it is never shown.
    """
    try:
        facts = json.loads(connection.read_text(encoding="utf-8"))
        if facts.get("transport") != "ipc":
            return None
        ports = [int(facts[name]) for name in sorted(facts) if name.endswith("_port")]
        outside = str(facts["ip"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SandboxError("the connection file can't be read") from None
    folder = Path(tempfile.mkdtemp(prefix="spamlab-sockets-"))
    for port in ports:
        link = Path(f"{outside}-{port}")
        link.unlink(missing_ok=True)
        link.symlink_to(folder / f"s-{port}")
    mine = folder / "connection.json"
    mine.write_text(json.dumps({**facts, "ip": str(folder / "s")}), encoding="utf-8")
    mine.chmod(0o600)
    return folder


if __name__ == "__main__":
    main()
