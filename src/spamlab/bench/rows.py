"""One measured figure beside what it is measured against, in the form that scripts rely on."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One figure.

    value: in `unit`. against: the peer and its figure, in words. ratio: above 1 means better than the peer; None
    without a peer. goal: what was promised, in words; holds: whether it is kept.
    """

    what: str
    value: float
    unit: str
    against: str
    ratio: float | None
    goal: str
    holds: bool

    def as_json(self) -> dict[str, object]:
        """{"what", "value", "unit", "against", "ratio", "goal", "holds"}."""
        return asdict(self)


def lower_is_better(what: str, value: float, unit: str, peer: str, peers: float, *, times: float) -> Row:
    """A figure such as seconds or megabytes against a peer's of the same run, with a goal in multiples of the peer's.

    A goal in multiples holds on a slow and on a busy machine as it does on a fast one.
    """
    ratio = round(peers / value, 3) if value else None
    goal = f"at most {times:g} times the {peer}"
    return Row(what, round(value, 3), unit, f"{peer}: {peers:.3g} {unit}", ratio, goal, value <= times * peers)
