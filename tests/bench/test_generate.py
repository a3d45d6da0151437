"""The bench of generation sets the same fields side by side, and its memory row can fail."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from spamlab.bench import generate


def test_peers_make_the_same_fields() -> None:
    """Records of the peers have the fields of ours, without what only ours has, and as many words."""
    ours = generate._traffic("sms").made(0).record
    for name, make in generate._peers("sms", 16).items():
        record: Any = make(0)
        assert set(record) <= set(ours), name
        assert len(record["text"].split()) == 16
    mail = generate._traffic("email").made(0, whole=False).record
    for name, make in generate._peers("email", 90).items():
        record = make(0)
        assert set(record) <= set(mail), name
        assert record["id"] == mail["id"]


def test_rates_take_turns() -> None:
    """Makers take turns with fresh numbers; the first turn counts for nothing; twice the work is half the rate."""
    seen: dict[str, list[int]] = {"one": [], "two": []}

    def make(name: str, work: int) -> generate.Maker:
        def made(number: int) -> object:
            seen[name].append(number)
            return sum(range(work))

        return made

    works = {"one": 20_000, "two": 40_000}
    makers = {name: partial(generate._one_by_one, make(name, work)) for name, work in works.items()}
    found = generate._rates(makers, 3, 20)
    assert seen["one"] == seen["two"] == list(range(80))
    assert found["one"] / found["two"] == pytest.approx(2.0, rel=0.4)


def test_speed_and_memory_have_rows() -> None:
    """Rows name the peers, the goal goes with Faker's default alone; a stream's memory is told early and late."""
    rows = generate._speed("sms", 1, 30)
    assert [row.against.split(":")[0] for row in rows] == [
        "Faker", "Faker, use_weighting=False", "mimesis", "Faker"]
    assert [row.goal for row in rows] == ["at least 3 times Faker's", "reported", "reported", "reported"]
    memory = generate._memory(300)
    assert memory.unit == "MB"
    assert memory.holds is (memory.value <= generate.FLAT * memory.value * (memory.ratio or 0))
