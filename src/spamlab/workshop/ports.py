"""Which port each service listens on: a row of ports that starts at a base."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from spamlab.errors import MachineError, UsageError

DEFAULT_BASE = 8800
HOST = "127.0.0.1"
FIXED = ("the instructor's page", "the judge", "the mailbox", "the mailbox's SMTP", "the instructor's Jupyter")


@dataclass(frozen=True)
class Ports:
    """The ports of one running workshop; `participants` are in the order of the workshop's participants."""

    page: int
    judge: int
    mailbox: int
    smtp: int
    instructor: int
    participants: tuple[int, ...]

    def named(self) -> list[tuple[str, int]]:
        """Each port with the name of what listens there."""
        fixed = (self.page, self.judge, self.mailbox, self.smtp, self.instructor)
        homes = [(f"participant {number}'s Jupyter", port) for number, port in enumerate(self.participants, 1)]
        return [*zip(FIXED, fixed, strict=True), *homes]


def plan_ports(base: int, participants: int) -> Ports:
    """The ports from `base` on: five for the workshop, one for each participant.

    Raises UsageError if the row does not fit between 1024 and 65535.
    """
    last = base + len(FIXED) + participants - 1
    if base < 1024 or last > 65535:
        raise UsageError(
            f"--port {base} does not fit: the workshop needs the ports {base} to {last}, all between 1024 and 65535."
        )
    return Ports(base, base + 1, base + 2, base + 3, base + 4, tuple(range(base + len(FIXED), last + 1)))


def is_free(port: int) -> bool:
    """Whether a server of ours could listen on `port` of loopback now.

    A port on which only finished connections linger (TIME_WAIT) is free, as it is for the servers themselves.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def demand_free(ports: Ports) -> None:
    """Raise MachineError with one sentence if a port is taken: which one, what for, and what to do."""
    for name, port in ports.named():
        if not is_free(port):
            raise MachineError(
                f"port {port} ({name}) is taken by another program: stop that program, or start at another port "
                f"with --port {suggestion(ports)} (make up PORT={suggestion(ports)})."
            )


def suggestion(ports: Ports) -> int:
    """A base from which the same row of ports is free now; the next round number if none is found."""
    count = len(ports.named())
    for base in range(9000, 60000, 100):
        if all(is_free(port) for port in range(base, base + count)):
            return base
    return ports.page + 100
