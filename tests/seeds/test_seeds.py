"""Random streams by name: the same everywhere, independent of each other and of the order of calls."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.seeds import derive, stream

names = st.text(min_size=1, max_size=20).filter(lambda name: "|" not in name)


def test_known_values() -> None:
    """Fixed inputs give fixed outputs, so that a workshop is the same on any machine; change this only on purpose."""
    assert derive(b"secret", "p01", "02-header-forensics", "practice").hex()[:16] == "54a0eddd0f4436cd"
    assert stream(b"seed", "a", 1).randrange(1000) == 76


@given(st.binary(max_size=40), names, names)
def test_every_part_counts(secret: bytes, participant: str, lab: str) -> None:
    """Another secret, participant, lab or purpose gives another seed."""
    made = {
        derive(secret, participant, lab, "practice"),
        derive(secret, participant, lab, "twin"),
        derive(secret, participant, lab, "hidden"),
        derive(secret + b"x", participant, lab, "practice"),
        derive(secret, participant + "x", lab, "practice"),
        derive(secret, participant, lab + "x", "practice"),
    }
    assert len(made) == 6
    assert all(len(seed) == 32 for seed in made)


def test_names_that_could_share_a_seed_are_refused() -> None:
    """ "|" joins the parts, so no part may hold it; nor may one be empty, nor a purpose be unknown."""
    for participant, lab in (("a|b", "c"), ("a", "b|c"), ("", "c"), ("a", "")):
        with pytest.raises(ValueError, match="must not be empty"):
            derive(b"s", participant, lab, "practice")
    with pytest.raises(ValueError, match="purpose"):
        derive(b"s", "a", "b", "exam")


@given(st.binary(min_size=1, max_size=40), st.lists(names, min_size=1, max_size=4, unique=True))
def test_streams_do_not_move_each_other(seed: bytes, decisions: list[str]) -> None:
    """What one decision draws is the same, however many others draw before it."""
    alone = {name: stream(seed, name).random() for name in decisions}
    assert len(set(alone.values())) == len(decisions)
    for name in reversed(decisions):
        stream(seed, name).randbytes(100)
        assert stream(seed, name).random() == alone[name]


def test_another_process_draws_the_same() -> None:
    """Python's own hash, which changes from process to process, plays no part."""
    script = "from spamlab.seeds import stream; print(stream(b'seed', 'hosts').random())"
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASH54a0eddd0f4436cd": number},
        ).stdout
        for number in ("0", "1")
    }
    assert told == {f"{stream(b'seed', 'hosts').random()}\n"}
