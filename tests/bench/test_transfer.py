"""The measure of realism finds what was put in: a corpus teaches itself, noise teaches nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from spamlab.bench import transfer

HAM = ["meet", "lunch", "report", "thanks", "tomorrow", "house", "school", "train", "garden", "see"]
SPAM = ["win", "prize", "claim", "free", "cash", "click", "offer", "loan", "urgent", "pill"]
COMMON = [f"word{number}" for number in range(60)]


def made(seed: int, count: int = 400, topics: tuple[Sequence[str], Sequence[str]] = (HAM, SPAM)) -> transfer.Corpus:
    """Short texts; each holds some words of its label."""
    stream = random.Random(seed)
    spam = [number % 2 == 1 for number in range(count)]
    texts = [" ".join(stream.choices(COMMON, k=8) + stream.choices(topics[label], k=2)) for label in spam]
    return transfer.corpus(f"made {seed}", texts, spam)


def test_a_corpus_of_the_same_kind_teaches_as_much() -> None:
    """Texts of the same making reach the ceiling; texts with labels at random stay at chance."""
    found = transfer.transfer(made(1), made(2), folds=3)
    assert found.auc_ratio == pytest.approx(1.0, abs=0.03)
    assert found.f1_ratio == pytest.approx(1.0, abs=0.06)
    mixed = made(3, topics=(HAM + SPAM, HAM + SPAM))
    noise = transfer.transfer(made(1), mixed, folds=3, ceiling=[transfer.Score(1, 1, 1)])
    assert abs(noise.synthetic.auc - 0.5) < 0.2
    assert found.ceiling.recall_at_1 > noise.synthetic.recall_at_1


def test_sources_are_told_apart() -> None:
    """Texts of one making are not told apart, texts on other things always."""
    ham = [list(one.texts[~one.spam]) for one in (made(1), made(2))]
    assert transfer.told_apart(*ham, folds=3) == pytest.approx(0.5, abs=0.12)
    assert transfer.told_apart(ham[0], list(made(1).texts[made(1).spam]), folds=3) > 0.95


def test_copies_and_empty_texts_are_left_out() -> None:
    """A second copy, also one with other punctuation, and an empty text count for nothing."""
    kept = transfer.corpus("x", ["Win now!", "win, NOW", "  ", "lunch"], [True, True, False, False])
    assert list(kept.texts) == ["Win now!", "lunch"]
    assert list(kept.spam) == [True, False]


def test_a_sample_keeps_the_asked_share() -> None:
    """The share of spam is kept as far as there is enough of both, and the same rows come each time."""
    whole = made(5)
    part = transfer.sampled(whole, 0.2, 100)
    assert (len(part.texts), int(part.spam.sum())) == (100, 20)
    assert list(transfer.sampled(whole, 0.2, 100).texts) == list(part.texts)
    assert len(transfer.sampled(whole, 0.8).texts) == 250
