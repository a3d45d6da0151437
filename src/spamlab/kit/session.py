"""Where this notebook is: in class, or in a graded run; and which lab it belongs to.

Everything is read from the environment when asked for, never at import: graded runs fork from a process
that has imported this package already.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from spamlab.kit.errors import KitError
from spamlab.kit.words import say

_LAB = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_started: str | None = None


@dataclass(frozen=True)
class Session:
    """Where this notebook is.

    graded: a graded run, in which nothing goes over the network. data: a graded run's folder of messages.
    judge_url, token, mailbox_url, participant: as the workshop set them, "" where it did not.
    folder: the notebook's folder, where answers/ is.
    """

    graded: bool
    data: Path | None
    judge_url: str
    token: str
    mailbox_url: str
    participant: str
    folder: Path


def session() -> Session:
    """The session as the environment has it at this moment.

    SPAMLAB_GRADED, SPAMLAB_DATA, SPAMLAB_JUDGE_URL, SPAMLAB_TOKEN, SPAMLAB_MAILBOX_URL, SPAMLAB_PARTICIPANT.
    """
    env = os.environ
    graded = env.get("SPAMLAB_GRADED", "") not in ("", "0")
    data = env.get("SPAMLAB_DATA", "")
    return Session(
        graded=graded,
        data=Path(data) if data else None,
        judge_url="" if graded else env.get("SPAMLAB_JUDGE_URL", "").rstrip("/"),
        token="" if graded else env.get("SPAMLAB_TOKEN", ""),
        mailbox_url="" if graded else env.get("SPAMLAB_MAILBOX_URL", "").rstrip("/"),
        participant=env.get("SPAMLAB_PARTICIPANT", ""),
        folder=Path.cwd(),
    )


def begin(lab: str) -> str:
    """Remember the lab that this notebook belongs to; KitError if `lab` is no such name."""
    global _started
    if not isinstance(lab, str) or not _LAB.fullmatch(lab):
        raise KitError(say("lab-name"))
    _started = lab
    return lab


def lab() -> str:
    """The lab begun, or the one whose notebook stands in this folder; KitError where neither is known."""
    if _started is not None:
        return _started
    name = Path.cwd().name
    if _LAB.fullmatch(name) and Path(f"{name}.ipynb").is_file():
        return name
    raise KitError(say("no-lab"))
