"""The measures of a text's shape count what they say."""

from __future__ import annotations

import pytest

from spamlab.generate.shape import copied_share, known_share, repeated_share, vocabulary

REAL = ["the quick brown fox jumps over the lazy dog tonight"]


def test_word_order() -> None:
    """Runs of three words count as known where the real texts have them in that order."""
    assert known_share(["quick brown fox", "fox brown quick"], REAL) == pytest.approx(0.5)
    assert known_share(["QUICK, brown: fox jumps high"], REAL) == pytest.approx(2 / 3)
    assert known_share(["two words"], REAL) == 0


def test_copies() -> None:
    """A text half of whose runs of six words are real ones is a copy."""
    assert copied_share(["the quick brown fox jumps over", "a b c d e f g"], REAL) == pytest.approx(0.5)
    assert copied_share(["too short"], REAL) == 0


def test_repeats() -> None:
    """A text that shares half of its runs of four words with one earlier text repeats it; the first never does."""
    texts = ["one two three four five", "one two three four six", "seven eight nine ten eleven", "a b c"]
    assert repeated_share(texts) == pytest.approx(0.25)
    assert repeated_share(texts[:1] * 5) == pytest.approx(0.8)
    assert repeated_share([]) == 0


def test_vocabulary() -> None:
    """Different words are counted after so many words, and not where the texts end before."""
    assert vocabulary(["a b a", "c d"], (1, 3, 5, 9)) == [1, 2, 4]
