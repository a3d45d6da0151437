"""A participant's whole Jupyter in the sandbox: the own home and desk, the libraries, and nothing else of the machine.

The network is shared, since the judge and the mailbox are reached over loopback; each of them asks for the token.
Where no namespaces can be had the floor holds it: the same files, but which others exist can be told.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from spamlab.content.identity import Workshop
from spamlab.sandbox import SERVER, Level, available_level, start
from spamlab.sandbox.parts import PACKAGE, visible_parts
from spamlab.workshop.desks import Desk
from spamlab.workshop.processes import Service

# A server runs all day and is not bounded, but a program that multiplies without end must not take the machine with it.
LIMITS = replace(SERVER, processes=400)
PRIVATE = Path("/tmp/spamlab-runtime")


def can_confine() -> bool:
    """Whether this machine can hold a whole Jupyter, with namespaces of its own or at the floor."""
    return available_level() >= Level.FLOOR


def runtime(workshop: Workshop, participant: str) -> Path:
    """Where the participant's Jupyter keeps its sockets: in the sandbox's own /tmp, else in the run folder.

    At the floor the sandbox puts its private folder in the place of /tmp.
    """
    return PRIVATE if can_confine() else workshop.run / "jupyter" / participant


def launcher(workshop: Workshop, desk: Desk) -> Callable[[Service, int], subprocess.Popen[bytes]]:
    """What starts a participant's Jupyter in the sandbox, with its output in the log's descriptor.

    It sees its own home and desk to write to, its configuration and the released labs to read.
    """

    def launch(service: Service, log: int) -> subprocess.Popen[bytes]:
        process = start(
            service.argv,
            level=available_level(),
            read_only=[*visible_parts("sandbox"), desk.config, desk.released],
            read_write=[workshop.home(desk.participant), desk.data, desk.own_exchange],
            hidden=[PACKAGE],
            environment=service.environment,
            limits=LIMITS,
            network=True,
            folder=service.folder,
            stdout=log,
            stderr=log,
        )
        return process.popen

    return launch
