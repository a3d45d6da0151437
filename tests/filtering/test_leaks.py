"""Leaks are found: a field that tells, a message on both sides; and chance is not called a leak."""

from __future__ import annotations

import random

import pytest

from spamlab.filtering import near_repeats, shared_share, telltale_fields
from tests.filtering.examples import labels, records


def test_a_field_that_tells_is_found() -> None:
    """An id with another beginning for spam, and a label in a folder's name, stand above chance; the others do not."""
    listed = records(400)
    draw = random.Random(3)
    for one in listed:
        one["id"] = f"{'s' if one['label'] == 'spam' else 'h'}{draw.randrange(10**6)}"
        one["folder"] = f"/mail/{one['label']}/2026"
        one["sender"] = f"+4479460{draw.randrange(10**5):05}"
        del one["type"]
    table = telltale_fields(listed, labels(listed))
    assert table["auc"].is_monotonic_decreasing
    found = table[table["auc"] > table["chance"] + 0.05]
    assert set(found["field"]) == {"id", "folder"}
    assert set(table["field"]) == {"id", "folder", "sender", "language", "channel", "sent"}
    assert telltale_fields(listed, labels(listed), fields=["sender"])["field"].tolist() == ["sender"]
    with pytest.raises(ValueError, match="no record has the field shoe"):
        telltale_fields(listed, labels(listed), fields=["shoe"])
    with pytest.raises(ValueError, match="5 folds need"):
        telltale_fields(listed[:4], labels(listed[:4]))


def test_near_repeats_are_grouped() -> None:
    """Other numbers, case and one word changed make a repeat; other sentences do not."""
    texts = [
        "Your parcel 123 is held at the depot, please pay the small fee of 2.99 today to get it to your door",
        "See you at the station at five, bring the old umbrella and the book that I left in the kitchen",
        "YOUR parcel 987 is held at the depot, please pay the small fee of 4.50 today to get it to your house",
        "ok", "", "ok", "see you",
    ]
    assert near_repeats(texts).tolist() == [0, 1, 0, 2, 3, 2, 4]
    assert shared_share(texts[:2], texts[2:4]) == 0.5
    assert near_repeats([]).tolist() == []


def test_alike_by_half_is_the_border() -> None:
    """Of word sequences shared, three quarters make a repeat nearly always and a quarter nearly never."""
    draw = random.Random(4)
    words = [f"w{chr(97 + place % 26)}{chr(97 + place // 26)}" for place in range(600)]
    together = {}
    for kept in (12, 26, 37):
        pairs = 0
        for _ in range(60):
            base = draw.sample(words, 40)
            other = base[:kept] + draw.sample(words, 40 - kept)
            pairs += len(set(near_repeats([" ".join(base), " ".join(other)]).tolist())) == 1
        together[kept] = pairs
    assert together[12] <= 2
    assert together[37] >= 55


def test_groups_do_not_depend_on_the_order() -> None:
    """The same messages in another order make the same groups."""
    texts = [one["text"] for one in records(200)]
    groups = near_repeats(texts)
    back = near_repeats(texts[::-1])[::-1]
    assert len(set(zip(groups.tolist(), back.tolist(), strict=True))) == len(set(groups.tolist()))
