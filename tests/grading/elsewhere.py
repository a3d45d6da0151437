"""Workers as if on other machines: each in a network namespace of its own, with a mount namespace in which this
machine's workshop does not exist, as an ordinary user. Needs root to make them."""

from __future__ import annotations

import contextlib
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import spamlab

USER = "nobody"


@dataclass(frozen=True)
class Place:
    """A namespace: its address, a folder of the user's there, and the command that starts a program in it."""

    address: str
    folder: Path
    before: tuple[str, ...]
    env: dict[str, str]


@contextlib.contextmanager
def elsewhere(count: int, hidden: Sequence[Path]) -> Iterator[tuple[str, list[Place]]]:
    """So many places on one network, and this machine's own address in it. hidden: folders that are empty there."""
    if os.geteuid() != 0:
        pytest.skip("network namespaces are made by root alone: NOT TESTED as an ordinary user")
    lacking = [name for name in ("ip", "unshare", "setpriv", "mount") if shutil.which(name) is None]
    if lacking:
        pytest.skip(f"this machine lacks {', '.join(lacking)}: workers in namespaces of their own are NOT TESTED")
    number = os.getpid()
    net, own, switch = f"10.213.{number % 251 + 1}", f"slb{number % 10**7}", f"slt{number}-switch"
    with contextlib.ExitStack() as stack:
        try:
            # The bridge stands in a namespace of its own: a container engine's rules on this machine drop what passes
            # over a bridge here.
            _run("ip", "netns", "add", switch)
            stack.callback(_run, "ip", "netns", "del", switch)
            _run("ip", "-n", switch, "link", "add", "bridge", "type", "bridge")
            _run("ip", "-n", switch, "link", "set", "bridge", "up")
            _run("ip", "link", "add", own, "type", "veth", "peer", "name", "own", "netns", switch)
            _run("ip", "-n", switch, "link", "set", "own", "master", "bridge", "up")
            _run("ip", "addr", "add", f"{net}.1/24", "dev", own)
            _run("ip", "link", "set", own, "up")
            places = [_place(stack, f"slt{number}-{one}", f"v{one}", switch, f"{net}.{one + 2}", hidden)
                      for one in range(count)]
        except subprocess.CalledProcessError as error:
            pytest.skip(f"this machine makes no network namespaces ({error.stderr.strip()}): NOT TESTED")
        yield f"{net}.1", places


def _place(stack: contextlib.ExitStack, name: str, link: str, switch: str, address: str, hidden: Sequence[Path],
           ) -> Place:
    _run("ip", "netns", "add", name)
    stack.callback(_run, "ip", "netns", "del", name)
    _run("ip", "-n", switch, "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
    _run("ip", "-n", switch, "link", "set", link, "master", "bridge", "up")
    for words in (("addr", "add", f"{address}/24", "dev", "eth0"), ("link", "set", "eth0", "up"),
                  ("link", "set", "lo", "up")):
        _run("ip", "-n", name, *words)
    folder = Path(tempfile.mkdtemp(prefix="elsewhere-", dir="/tmp"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    account = pwd.getpwnam(USER)
    os.chown(folder, account.pw_uid, account.pw_gid)
    script = folder.with_suffix(".sh")
    stack.callback(script.unlink, missing_ok=True)
    script.write_text(_script(folder, hidden), encoding="utf-8")
    env = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8",
           "PYTHONDONTWRITEBYTECODE": "1"}
    return Place(address, folder, ("ip", "netns", "exec", name, "unshare", "--mount", "--propagation", "private", "sh",
                                   str(script)), env)


def _script(folder: Path, hidden: Sequence[Path]) -> str:
    """Hide folders; where Python lies in a folder of root's, show Python alone there; then become an ordinary user."""
    lines = ["set -e"]
    source = Path(spamlab.__file__).resolve().parents[1]
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), source]
    shut = {one: [above for above in reversed(one.parents) if not above.stat().st_mode & 0o001] for one in needed}
    shown = {one: (folder / f"shown{number}", above[0]) for number, (one, above) in enumerate(shut.items()) if above}
    for one, (stage, _) in shown.items():
        lines += [f"mkdir {_quoted(stage)}", f"mount --bind {_quoted(one)} {_quoted(stage)}"]
    lines += [f"mount -t tmpfs -o mode=755 tmpfs {_quoted(top)}" for top in {top for _, top in shown.values()}]
    for one, (stage, _) in shown.items():
        lines += [f"mkdir -p {_quoted(one)}", f"mount --move {_quoted(stage)} {_quoted(one)}"]
    lines += [f"mount -t tmpfs -o mode=700 tmpfs {_quoted(one)}" for one in hidden]
    lines += [f"cd {_quoted(folder)}",
              f"exec setpriv --reuid {USER} --regid {pwd.getpwnam(USER).pw_gid} --clear-groups \"$@\""]
    return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, text=True)
