"""Whose turn it is in a grading process that has two submissions in hand: one runs, the other is prepared or marked.

Building a run's house and taking it down is mostly waiting, so it is done while another submission's cells run. Of
each kind of work there is one at a time: participants' code never runs beside participants' code of the same process,
and our own code, some of which knows nothing of threads, never runs beside itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LANES = 2
"""Submissions that a grading process has in hand at once."""


class Turns:
    """own: held while the trusted side works on a submission. run: held while a participant's code may run."""

    def __init__(self) -> None:
        self.own = threading.Lock()
        self.run = threading.Lock()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let go of `own`, which the caller holds, and wait for it again at the end."""
        self.own.release()
        try:
            yield
        finally:
            self.own.acquire()
