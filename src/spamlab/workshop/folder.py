"""A workshop's folder from nothing to ready: made once, labs built and released, desks set, work found as it was.

Every step may run again: what is done already stays done.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from spamlab.content.identity import FILE, Workshop, create_workshop, numbered, read_workshop
from spamlab.content.lab import read_lab, read_labs
from spamlab.content.names import labs_called
from spamlab.errors import ContentError, MachineError, SpamlabError, UsageError
from spamlab.shipped import default_folder
from spamlab.workshop import grading
from spamlab.workshop.desks import Desk, desk_of, set_up

Say = Callable[[str], None]
NEEDED_MB = 200
TITLE = "spamlab workshop"


def open_workshop(root: Path, participants: str = "", labs: str = "", *, title: str = TITLE) -> tuple[Workshop, bool]:
    """The workshop in `root`, made if it is not there yet; True if it was made now.

    participants: a number, or ids with commas. labs: ids with commas; all labs if empty. A later run may add
    participants and labs; none is ever taken away. Raises UsageError or ContentError with one sentence.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file, not a folder: name another with --workshop.")
    if (root / FILE).exists():
        known = read_workshop(root)
        os.close(take_lock(known))  # a workshop that runs is refused before anything of it is changed
        return extend(known, people(participants), named_labs(labs)), False
    if root.exists() and any(root.iterdir()):
        raise UsageError(f"the folder {root} is not empty and holds no workshop: name another with --workshop.")
    chosen = named_labs(labs) or all_labs()
    return create_workshop(root, title=title, labs=chosen, participants=people(participants) or numbered(1)), True


def people(given: str) -> tuple[str, ...]:
    """The ids that "5" or "anna,ben" names; none for an empty text."""
    if not given.strip():
        return ()
    if given.strip().isdigit():
        count = int(given)
        if not 1 <= count <= 200:
            raise UsageError(f"--participants {count} does not fit: choose from 1 to 200.")
        return numbered(count)
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    for name in names:
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", name):
            raise UsageError(f"participant {name!r} needs an id of small letters, digits, _ or -, such as p01.")
    if len(set(names)) != len(names):
        raise UsageError("--participants names somebody twice.")
    return names


def named_labs(given: str) -> tuple[str, ...]:
    """The labs named with commas, each without a fault; a number such as "02" is enough. None for an empty text."""
    labs = default_folder("labs")
    found = labs_called([name for name in given.split(",") if name.strip()], labs)
    for name in found:
        read_lab(labs / name)
    return found


def all_labs() -> tuple[str, ...]:
    """The ids of all labs that can be read; raises ContentError if there are none."""
    labs, faults = read_labs(default_folder("labs"))
    if not labs:
        raise ContentError("no lab can be read:\n" + "\n".join(str(fault) for fault in faults))
    return tuple(lab.id for lab in labs)


def extend(workshop: Workshop, participants: Sequence[str], labs: Sequence[str]) -> Workshop:
    """The workshop with those added who are not in it yet; its file keeps everything else as it is."""
    new = {
        "participants": [*workshop.participants, *(name for name in participants if name not in workshop.participants)],
        "labs": [*workshop.labs, *(lab for lab in labs if lab not in workshop.labs)],
    }
    if len(new["participants"]) == len(workshop.participants) and len(new["labs"]) == len(workshop.labs):
        return workshop
    file = workshop.root / FILE
    text = file.read_text(encoding="utf-8")
    for key, names in new.items():
        line = f"{key} = [{', '.join(chr(34) + name + chr(34) for name in names)}]"
        text, count = re.subn(rf"(?ms)^{key}\s*=\s*\[[^\]]*\]", line, text, count=1)
        if count != 1:
            raise ContentError(f"{FILE}: {key} can't be added to by itself: write the new ones into the file.")
    half = file.with_suffix(".part")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
    return read_workshop(workshop.root)


def take_lock(workshop: Workshop) -> int:
    """The lock that says "this workshop is running"; raises UsageError if another `spamlab up` holds it.

    The lock is the kernel's: it is free as soon as its holder has ended, however it ended. Returns its descriptor.
    """
    workshop.root.chmod(0o700)
    workshop.run.mkdir(parents=True, exist_ok=True)
    workshop.run.chmod(0o700)
    descriptor = os.open(workshop.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise UsageError(
            f"this workshop is running already (process {holder}): its addresses are in "
            f"{workshop.run / 'addresses.json'}; stop it with Ctrl-C where it runs, "
            "or name another folder with --workshop."
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


def demand_space(folder: Path) -> None:
    """Raise MachineError with one sentence if the disk is nearly full."""
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < NEEDED_MB:
        raise MachineError(
            f"the disk has {free} MB free, and a workshop needs {NEEDED_MB} MB: make room, then start again."
        )


def release_labs(workshop: Workshop, say: Say) -> list[str]:
    """Build and release every lab of the workshop that is not released yet; returns the released ones in their order.

    A lab with a fault is named and left out; the others go on. Raises ContentError if none is left.
    """
    released = []
    faults = []
    for lab in workshop.labs:
        if not grading.is_released(workshop, lab):
            say(f"Building and releasing {lab} …")
            try:
                grading.build_and_release(workshop, lab)
            except SpamlabError as error:
                faults.append(f"{lab}: {error}")
                say(f"▲ {lab} is left out: {error}")
                continue
        released.append(lab)
    if not released:
        raise ContentError("no lab could be released:\n" + "\n".join(faults))
    return released


def set_desk(workshop: Workshop, participant: str) -> Desk:
    """The participant's home and desk, made where they are missing."""
    home = workshop.home(participant)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    desk = desk_of(workshop, participant, grading.COURSE)
    set_up(desk)
    return desk


def fetch_labs(workshop: Workshop, participant: str, labs: Sequence[str]) -> int:
    """Bring the released labs into the participant's home; what is there is the participant's and stays.

    Returns how many were brought.
    """
    home = workshop.home(participant)
    count = 0
    for lab in labs:
        target = home / lab
        if not target.exists() and not target.is_symlink():
            grading.fetch(workshop, participant, lab)
            count += 1
    return count
