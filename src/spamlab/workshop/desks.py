"""A participant's desk: what the own Jupyter needs beside the home, and the way of a submission into the exchange.

nbgrader's exchange is one folder that everybody can write to. Where all participants share one account of the
machine, each could read what the others handed in, or hand in under another name. So each participant hands in at the
own desk, and the trusted side carries what is rightly named, whole and harmless from there to the exchange, and the
feedback back.
Files are opened without following links, so a link in a submission can't fetch anything of the trusted side.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MAX_BYTES = 20_000_000
MAX_FILES = 500
MAX_DEPTH = 8
COMPLETE = 0o777


class Place(Protocol):
    """What of a workshop is needed here."""

    @property
    def root(self) -> Path:
        """The workshop's folder."""

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange."""


@dataclass(frozen=True)
class Desk:
    """The folders of one participant's desk, and the course that is handed in to."""

    participant: str
    root: Path
    exchange: Path
    course: str

    @property
    def config(self) -> Path:
        """Jupyter's and nbgrader's configuration; the participant reads it and can't change it."""
        return self.root / "config"

    @property
    def data(self) -> Path:
        """Jupyter's own data: settings, workspaces, nbgrader's cache of what was submitted."""
        return self.root / "data"

    @property
    def own_exchange(self) -> Path:
        """The exchange as this participant's nbgrader sees it."""
        return self.root / "exchange"

    @property
    def inbound(self) -> Path:
        """Where this participant hands in."""
        return self.own_exchange / self.course / "inbound"

    @property
    def feedback(self) -> Path:
        """Where this participant's own feedback lies."""
        return self.own_exchange / self.course / "feedback"

    @property
    def released(self) -> Path:
        """The labs that were released to everybody."""
        return self.exchange / self.course / "outbound"


def desk_of(workshop: Place, participant: str, course: str) -> Desk:
    """The desk of one participant of a workshop."""
    return Desk(participant, workshop.root / "desks" / participant, workshop.exchange, course)


def set_up(desk: Desk) -> None:
    """Make the desk's folders; what is there stays."""
    for folder in (desk.config, desk.data, desk.inbound, desk.feedback):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (desk.root, desk.config, desk.data):
        folder.chmod(0o700)
    link = desk.own_exchange / desk.course / "outbound"
    if not link.is_symlink():
        link.symlink_to(os.path.relpath(desk.released, link.parent))
    desk.released.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True)
class Carried:
    """What one round did: the submissions carried, and a sentence for each that was refused."""

    carried: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def carry_submissions(desk: Desk) -> Carried:
    """Carry what this participant handed in from the desk into the exchange; each once, whole or not at all."""
    try:
        inbound = open_folder(desk.root, "exchange", desk.course, "inbound")
    except OSError:
        return Carried()
    carried: list[str] = []
    refused: list[str] = []
    try:
        for name in sorted(os.listdir(inbound)):
            if not (finished(inbound, name) or is_kept(desk, name)):
                continue
            try:
                check_name(name, desk)
                copy_in(inbound, name, desk.exchange / desk.course / "inbound")
            except RefusedError as error:
                refused.append(f"{desk.participant}: a submission was refused, because {error}.")
            else:
                carried.append(name)
            remove(inbound, name)
    finally:
        os.close(inbound)
    return Carried(tuple(carried), tuple(refused))


class RefusedError(Exception):
    """Why a submission is not carried, as the end of a sentence."""


def open_folder(root: Path, *parts: str) -> int:
    """A descriptor of root/parts..., no part of which may be a link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    folder = os.open(root, flags)
    for part in parts:
        try:
            deeper = os.open(part, flags, dir_fd=folder)
        finally:
            os.close(folder)
        folder = deeper
    return folder


def finished(inbound: int, name: str) -> bool:
    """Whether nbgrader has written the whole submission: its last step opens the folder's mode to everybody."""
    try:
        status = os.stat(name, dir_fd=inbound, follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) & COMPLETE == COMPLETE


def is_kept(desk: Desk, name: str) -> bool:
    """Whether nbgrader keeps a copy, which it makes last: at the floor it can open no mode to everybody."""
    try:
        cache = open_folder(desk.root, "data", "nbgrader_cache", desk.course)
    except OSError:
        return False
    try:
        return stat.S_ISDIR(os.stat("+".join(name.split("+")[:3]), dir_fd=cache, follow_symlinks=False).st_mode)
    except OSError:
        return False
    finally:
        os.close(cache)


def check_name(name: str, desk: Desk) -> None:
    """Raise RefusedError unless the name is PARTICIPANT+LAB+TIME, with this participant and a released lab."""
    parts = name.split("+")
    if len(parts) not in (3, 4) or parts[0] != desk.participant:
        raise RefusedError("it is not in this participant's own name")
    if not (desk.released / parts[1]).is_dir() or parts[1] in ("", ".", ".."):
        raise RefusedError("it is for a lab that was not released")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15} [A-Za-z+-]{1,6}", parts[2]):
        raise RefusedError("its time can't be read")


def copy_in(inbound: int, name: str, exchange: Path) -> None:
    """Copy the submission's ordinary files into the exchange, then give it its name: nobody ever sees half of one."""
    target = exchange / name
    if target.exists():
        raise RefusedError("the same one was handed in before")
    half = exchange / f".arriving-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    source = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=inbound)
    try:
        copy_tree(source, half, Budget())
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    finally:
        os.close(source)
    half.chmod(0o755)
    half.rename(target)


@dataclass
class Budget:
    """What one submission may still bring."""

    bytes: int = MAX_BYTES
    files: int = MAX_FILES


def copy_tree(source: int, target: Path, budget: Budget, depth: int = 0) -> None:
    """Copy ordinary files and folders; links, sockets, pipes and devices are left out."""
    if depth > MAX_DEPTH:
        raise RefusedError(f"it has folders more than {MAX_DEPTH} deep")
    with os.scandir(source) as entries:
        names = sorted(
            (entry.name, entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False)) for entry in entries
        )
    for name, is_folder, is_file in names:
        if is_folder:
            deeper = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=source)
            try:
                (target / name).mkdir()
                copy_tree(deeper, target / name, budget, depth + 1)
            finally:
                os.close(deeper)
        elif is_file:
            copy_file(source, name, target / name, budget)


def copy_file(folder: int, name: str, target: Path, budget: Budget) -> None:
    """Copy one file within the budget; what is not an ordinary file when opened is left out."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with open(descriptor, "rb") as source:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return
        budget.files -= 1
        if budget.files < 0:
            raise RefusedError(f"it has more than {MAX_FILES} files")
        content = source.read(budget.bytes + 1)
        budget.bytes -= len(content)
        if budget.bytes < 0:
            raise RefusedError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    target.write_bytes(content)
    target.chmod(0o644)


def remove(inbound: int, name: str) -> None:
    """Remove a submission whose folders nbgrader made unwritable, following no link."""
    for _, _, _, folder in os.fwalk(name, dir_fd=inbound, follow_symlinks=False, onerror=None):
        with contextlib.suppress(OSError):
            os.fchmod(folder, 0o700)
    shutil.rmtree(name, ignore_errors=True, dir_fd=inbound)


def carry_feedback(desk: Desk) -> list[str]:
    """Bring this participant's released feedback to the desk; returns the labs of which feedback came or changed.

    nbgrader names a feedback file by the submission's secret (notebook_hash: MD5 of secret and notebook's name).
    """
    course = desk.exchange / desk.course
    if not (course / "feedback").is_dir():
        return []
    try:
        own = open_folder(desk.root, "exchange", desk.course, "feedback")
    except OSError:
        return []
    changed = []
    try:
        for source, lab in feedback_files(desk):
            if copy_if_newer(source, own):
                changed.append(lab)
    finally:
        os.close(own)
    return changed


def feedback_files(desk: Desk) -> Iterator[tuple[Path, str]]:
    """Where this participant's feedback would lie in the exchange, and its lab, for each submission."""
    course = desk.exchange / desk.course
    for submission in sorted((course / "inbound").glob(f"{desk.participant}+*+*")):
        try:
            secret = (submission / "submission_secret.txt").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for notebook in submission.glob("*.ipynb"):
            name = hashlib.md5(f"{secret}{notebook.stem}".encode(), usedforsecurity=False).hexdigest() + ".html"
            yield course / "feedback" / name, submission.name.split("+")[1]


def copy_if_newer(source: Path, folder: int) -> bool:
    """Copy a file with its time into the open folder; False if there is none or it is there with that time."""
    try:
        wanted = source.stat()
    except OSError:
        return False
    with contextlib.suppress(OSError):
        there = os.stat(source.name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISREG(there.st_mode) and there.st_mtime_ns == wanted.st_mtime_ns:
            return False
    half = f".{source.name}.part"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(half, dir_fd=folder)
    descriptor = os.open(
        half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=folder
    )
    with open(descriptor, "wb") as target:
        target.write(source.read_bytes())
        target.flush()
        os.utime(descriptor, ns=(wanted.st_atime_ns, wanted.st_mtime_ns))
    os.replace(half, source.name, src_dir_fd=folder, dst_dir_fd=folder)
    return True


def carry_all(desks: list[Desk], say: Callable[[str], None]) -> None:
    """One round over all desks, both ways; what is carried or refused is said."""
    for desk in desks:
        done = carry_submissions(desk)
        for name in done.carried:
            say(f"{desk.participant} handed in {name.split('+')[1]}.")
        for sentence in done.refused:
            say(sentence)
        for lab in carry_feedback(desk):
            say(f"{desk.participant} can fetch the feedback of {lab}.")
