"""tools/install.sh: what a user can mend is told in one sentence, and a broken try is no trouble for the next."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCK = "requirements.lock"
TOOLS = ("sh", "cat", "cksum", "awk", "df", "du", "grep", "rm", "mkdir", "cp", "tail")


def program(file: Path, text: str) -> None:
    """A small shell program."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def fake_python(pip: str, *, version: str = "3.11.2", venv: bool = True) -> str:
    """A stand-in for Python: tells its version, has venv or not, makes a .venv whose pip does what `pip` says."""
    new = "0" if tuple(map(int, version.split("."))) >= (3, 11) else "1"
    return f"""
case "$1" in
  -VV) echo "Python {version}";;
  --version) echo "Python {version}";;
  -c) case "$2" in
        *version_info\\ \\<*) exit {new};;
        *ensurepip*) exit {0 if venv else 1};;
        *) echo 3.11;;
      esac;;
  -m) shift
      case "$1" in
        venv) mkdir -p "$2/bin"; cp "$0" "$2/bin/python";;
        pip) shift; echo "$@" >> pip-calls; {pip};;
      esac;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with a space in its name, with the installer and a lock of one package."""
    folder = tmp_path / "my workshop"
    (folder / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/install.sh", folder / "tools/install.sh")
    (folder / "pyproject.toml").write_text("[project]\n")
    (folder / LOCK).write_text("thing==1\n")
    (folder / "requirements-dev.lock").write_text("thing==1\nother==2\n")
    return folder


def install(checkout: Path, python: str, lock: str = LOCK) -> subprocess.CompletedProcess[str]:
    """Run the installer with a stand-in for python3."""
    tools = checkout.parent / "bin"
    program(tools / "python3", python)
    for name in TOOLS:
        if not (tools / name).exists():
            (tools / name).symlink_to(shutil.which(name) or name)
    return subprocess.run(
        ["sh", "tools/install.sh", lock],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": str(tools)},
    )


def calls(checkout: Path) -> int:
    """How often pip was asked to install."""
    file = checkout / "pip-calls"
    return sum("install" in line for line in file.read_text().splitlines()) if file.exists() else 0


def sentence(run: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a failed run; no trace stands with it."""
    assert run.returncode == 1
    said = [line for line in run.stderr.splitlines() if line.startswith("spamlab: ")]
    assert len(said) == 1, run.stderr
    assert "Traceback" not in run.stderr
    return said[0]


def test_the_second_time_nothing_is_installed(checkout: Path) -> None:
    """With an unchanged lock the second run calls no pip; with a changed one it does."""
    assert install(checkout, fake_python("exit 0")).returncode == 0
    first = calls(checkout)
    assert install(checkout, fake_python("exit 0")).returncode == 0
    assert calls(checkout) == first
    (checkout / LOCK).write_text("thing==2\n")
    assert install(checkout, fake_python("exit 0")).returncode == 0
    assert calls(checkout) > first


def test_the_tests_packages_serve_users_too(checkout: Path) -> None:
    """After `make test` has set up .venv, `make up` installs nothing."""
    assert install(checkout, fake_python("exit 0"), "requirements-dev.lock").returncode == 0
    first = calls(checkout)
    assert install(checkout, fake_python("exit 0")).returncode == 0
    assert calls(checkout) == first


def test_an_old_python_is_named(checkout: Path) -> None:
    """A Python below 3.11 is refused with the version found and the package to install."""
    said = sentence(install(checkout, fake_python("exit 0", version="3.9.2")))
    assert "found Python 3.9.2" in said
    assert "apt-get install" in said


def test_a_missing_venv_module_is_named(checkout: Path) -> None:
    """Without Debian's python3-venv the sentence names that package."""
    said = sentence(install(checkout, fake_python("exit 0", venv=False)))
    assert "apt-get install python3-venv" in said
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("Temporary failure in name resolution", "no package index can be reached"),
        ("OSError: [Errno 28] No space left on device", "the disk filled up"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one named in"),
        ("ERROR: No matching distribution found for thing==1", "lacks a package"),
        ("something else", "something else"),
    ],
)
def test_what_pip_says_becomes_one_sentence_and_the_next_try_works(checkout: Path, error: str, told: str) -> None:
    """Each trouble of pip is told in one sentence, leaves no stamp, and does not hinder the next run."""
    pip = f'case "$*" in *--version*) exit 0;; esac; echo "{error}"; exit 1'
    assert told in sentence(install(checkout, fake_python(pip)))
    program(checkout / ".venv/bin/python", fake_python("exit 0"))
    assert install(checkout, fake_python("exit 0")).returncode == 0
