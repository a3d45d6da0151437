"""Text messages have the fields of their bearer, and their senders tell nothing of the label."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from spamlab.generate.ends import WORDS, firms_kept
from spamlab.generate.gsm import encoding, segments
from spamlab.generate.numbers import country_of
from spamlab.generate.safety import fictional_number
from spamlab.generate.traffic import Made, open_traffic
from spamlab.shipped import default_folder


@pytest.fixture(scope="module")
def messages() -> list[Made]:
    """Three thousand text messages."""
    return list(open_traffic(default_folder("datasets"), "sms", 8).records(0, 3000))


def kind(sender: str) -> str:
    """What a sender looks like."""
    return "word" if not sender.lstrip("+").isdigit() else "short code" if len(sender) == 5 else "number"


def test_fields(messages: list[Made]) -> None:
    """Encoding and segments are those of the text that is sent; recipients have numbers for fiction."""
    for one in messages:
        record = one.record
        if record["bearer"] == "sms":
            assert (record["encoding"], record["segments"]) == (encoding(record["text"]), segments(record["text"]))
        else:
            assert (record["encoding"], record["segments"]) == ("utf-8", 1)
        assert fictional_number(record["recipient"])
        assert kind(record["sender"]) != "number" or fictional_number(record["sender"])
    assert {one.record["bearer"] for one in messages} == {"sms", "rcs", "ott"}
    assert {one.record["encoding"] for one in messages} == {"gsm7", "ucs2", "utf-8"}
    assert max(one.record["segments"] for one in messages) > 1


def test_most_senders_live_where_the_recipient_lives(messages: list[Made]) -> None:
    """Some come from abroad, as many in both labels."""
    for label in ("ham", "spam"):
        found = [country_of(one.record["sender"]) != country_of(one.record["recipient"]) for one in messages
                 if one.record["label"] == label and kind(one.record["sender"]) == "number"]
        assert 0.02 < sum(found) / len(found) < 0.1


def test_kinds_of_senders_are_as_frequent_in_both_labels(messages: list[Made]) -> None:
    """Words, short codes and numbers come in the same shares in ham and spam."""
    shares = {}
    for label in ("ham", "spam"):
        found = Counter(kind(one.record["sender"]) for one in messages if one.record["label"] == label)
        shares[label] = {name: found[name] / found.total() for name in ("word", "short code", "number")}
    assert shares["ham"]["word"] > 0.03
    for name, share in shares["ham"].items():
        assert abs(share - shares["spam"][name]) < 0.035, (name, shares)


def test_the_sender_tells_nothing(messages: list[Made]) -> None:
    """A classifier on the letters and digits of sender and recipient, and the bearer, is at chance."""
    texts = [f"{one.record['sender']} > {one.record['recipient']} {one.record['bearer']}" for one in messages]
    rows = CountVectorizer(analyzer="char", ngram_range=(1, 3), max_features=600).fit_transform(texts)
    labels = np.array([one.record["label"] == "spam" for one in messages])
    found = cross_val_score(LogisticRegression(max_iter=400, C=0.05), rows, labels, cv=5, scoring="roc_auc").mean()
    assert abs(found - 0.5) < 0.05, found


def test_what_is_kept_evens_out() -> None:
    """The label with more of firms' senders keeps so many that the shares are the same; without any, all numbers."""
    language = open_traffic(default_folder("datasets"), "sms", 1).languages["en"]
    firm = next(one for one in language.types["sms"] if one.sender == "alpha")
    person = next(one for one in language.types["sms"] if one.sender == "mobile")
    kept = firms_kept({"ham": [(firm, 1.0), (person, 3.0)], "spam": [(firm, 3.0), (person, 1.0)]})
    assert kept == {"ham": 1.0, "spam": pytest.approx(1 / 3)}
    assert firms_kept({"ham": [(person, 1.0)], "spam": [(firm, 1.0)]}) == {"ham": 1.0, "spam": 0.0}
    assert set(WORDS) >= {"INFO"}
