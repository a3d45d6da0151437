"""Posts and messages have the fields of their channel, and none but the text knows of the label."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import cross_val_score

from spamlab.generate.draws import MASK
from spamlab.generate.handles import handle
from spamlab.generate.posts import APPS, PLATFORMS
from spamlab.generate.safety import unsafe
from spamlab.generate.traffic import open_traffic
from spamlab.shipped import default_folder

DATASETS = default_folder("datasets")


@given(st.integers(0, MASK))
def test_handles_look_like_handles(key: int) -> None:
    """Small letters, digits, dots and low lines, at most thirty, beginning and ending with a letter or a digit."""
    found = handle(key)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._]{2,28}[a-z0-9]", found)
    assert unsafe(found) == []
    assert unsafe(f"@{found} see x.example") == []


def test_handles_differ() -> None:
    """Hardly any two of a thousand are the same, and no form of them fills more than a third."""
    found = [handle(key * 0x9E3779B97F4A7C15 & MASK) for key in range(1000)]
    assert len(set(found)) > 980
    forms = Counter(re.sub(r"[a-z]+", "a", re.sub(r"\d+", "9", one)) for one in found)
    assert forms.most_common(1)[0][1] < 500


@pytest.mark.parametrize(("channel", "own"), [
    ("social", ["sender", "platform", "thread", "reply_to", "likes"]),
    ("chat", ["sender", "app", "conversation", "reply_to"])])
def test_fields(channel: str, own: list[str]) -> None:
    """Each record has its channel's fields, with values of the kinds that are told."""
    made = list(open_traffic(DATASETS, channel, 4).records(0, 400))
    assert {tuple(one.record) for one in made} == {("id", "channel", "language", "sent", *own, "text", "label")}
    if channel == "social":
        assert {one.record["platform"] for one in made} == set(PLATFORMS)
        likes = sorted(one.record["likes"] for one in made)
        assert likes[len(likes) // 3] == 0
        assert likes[-1] > 10
    else:
        assert {one.record["app"] for one in made} == set(APPS)
    assert {bool(one.record["reply_to"]) for one in made} == {True, False}


@pytest.mark.parametrize(("channel", "kind"), [("social", "platform"), ("chat", "app")])
def test_nothing_but_the_text_gives_the_label_away(channel: str, kind: str) -> None:
    """A classifier on handle, kind of place, identifiers, answers, likes and time is at chance."""
    made = list(open_traffic(DATASETS, channel, 8).records(0, 1500))
    handles = CountVectorizer(analyzer="char", ngram_range=(1, 2), max_features=80).fit_transform(
        [one.record["sender"] for one in made]).toarray()
    kinds = sorted({one.record[kind] for one in made})
    rest = [[kinds.index(one.record[kind]), bool(one.record["reply_to"]), one.record.get("likes", 0),
             len(one.record["sender"]),
             *(int(letter) for letter in one.record["sent"] + one.record["id"] if letter.isdigit())] for one in made]
    rows = np.hstack([handles, np.array(rest)])
    labels = np.array([one.record["label"] == "spam" for one in made])
    found = cross_val_score(RandomForestClassifier(60, random_state=0), rows, labels, cv=5, scoring="roc_auc").mean()
    assert abs(found - 0.5) < 0.05, found
