"""How many tries the judge takes: a bound on their rate and on the bytes that it keeps.

A room of people never meets these bounds; a loop in a notebook does. What is refused is not judged and leaves no row
in the ledger. The answers in the folder answers/ are not touched by it, and it is they that are graded.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

TRIES_A_MINUTE = 30
BURST = 60
"""Tries at once after a quiet time: "run all cells" asks about every question of a lab."""
AGAIN = 0.25
"""What the same answer again (a cell run anew) costs of a try."""
MOST_KEPT = 2 * 1024 * 1024
"""Bytes of answers kept for one participant and question."""


@dataclass
class _Bucket:
    tokens: float
    at: float


@dataclass
class Flood:
    """The bounds of one service; safe from several threads.

    a_minute: tries that come back each minute, per participant. burst: most tries that can be saved up. most_kept:
    bytes of answers in the ledger for one participant and question. now: seconds of a clock that only goes forward.
    """

    a_minute: float = TRIES_A_MINUTE
    burst: int = BURST
    most_kept: int = MOST_KEPT
    now: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _kept: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, participant: str, cost: float = 1) -> int:
        """Take one try of the participant's: 0, or how many seconds to wait, with nothing taken.

        cost: less than 1 for what is less than a try, such as the same answer again.
        """
        with self._lock:
            now = self.now()
            bucket = self._buckets.setdefault(participant, _Bucket(float(self.burst), now))
            bucket.tokens = min(float(self.burst), bucket.tokens + (now - bucket.at) * self.a_minute / 60)
            bucket.at = now
            if bucket.tokens >= cost:
                bucket.tokens -= cost
                return 0
            return max(1, math.ceil((cost - bucket.tokens) * 60 / self.a_minute))

    def may_keep(self, participant: str, lab: str, question: str, size: int, before: Callable[[], int]) -> bool:
        """Whether `size` more bytes may be kept for the question, and count them.

        before: how many the ledger holds already; asked once for each question, at its first answer.
        """
        key = (participant, lab, question)
        with self._lock:
            known = key in self._kept
        held = 0 if known else before()
        with self._lock:
            kept = self._kept.setdefault(key, held)
            if kept + size > self.most_kept:
                return False
            self._kept[key] = kept + size
            return True
