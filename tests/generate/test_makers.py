"""The makers keep scikit-learn's manners: seeds, shapes, frames; the streams give the same records."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pytest

from spamlab.errors import UsageError
from spamlab.generate import makers

MAKERS = [makers.make_sms, makers.make_calls, makers.make_posts, makers.make_chats, makers.make_emails,
          makers.make_campaign]
STREAMS = [makers.stream_sms, makers.stream_calls, makers.stream_posts, makers.stream_chats,
           makers.stream_emails, makers.stream_campaign]


@pytest.mark.parametrize(("make", "stream"), zip(MAKERS, STREAMS, strict=True))
def test_makers_and_streams_agree(make: Any, stream: Any) -> None:
    """Each channel has a maker and a stream that give the same records, and truth joined by id."""
    bunch = make(6, random_state=5)
    assert len(bunch.data) == len(bunch.records) == len(bunch.truth) == 6
    assert bunch.target.shape == (6,)
    assert bunch.target_names == ["ham", "spam"]
    assert [one["id"] for one in bunch.records] == [one["id"] for one in bunch.truth]
    assert [bunch.target_names[number] for number in bunch.target] == [one["label"] for one in bunch.truth]
    assert all("label" not in one for one in bunch.records)
    assert [one.record["text"] for one in stream(6, random_state=5)] == bunch.data
    assert [one.record["text"] for one in islice(stream(random_state=5, start=4), 2)] == bunch.data[4:]
    assert "6 records" in bunch.DESCR


def test_seeds_as_scikit_learn_takes_them() -> None:
    """The same whole number or the same RandomState gives the same data; None gives another each time."""
    first = makers.make_sms(5, random_state=1).data
    assert makers.make_sms(5, random_state=1).data == makers.make_sms(5, random_state=np.int64(1)).data == first
    state = [makers.make_sms(5, random_state=np.random.RandomState(3)).data for _ in range(2)]
    assert state[0] == state[1] != first
    assert makers.make_sms(5, random_state=None).data != makers.make_sms(5, random_state=None).data


def test_pairs_and_frames() -> None:
    """(X, y) alone where it is asked for; pandas where it is asked for."""
    texts, labels = makers.make_sms(8, random_state=2, return_X_y=True)
    assert isinstance(texts, list)
    assert labels.shape == (8,)
    fields, target = makers.make_sms(8, random_state=2, return_X_y=True, as_frame=True)
    assert isinstance(fields, pd.DataFrame)
    assert list(fields["text"]) == texts
    assert isinstance(target, pd.Series)
    assert target.tolist() == labels.tolist()
    assert list(makers.make_sms(8, random_state=2, as_frame=True).frame.columns)[-1] == "target"


def test_shares_and_types() -> None:
    """A share of spam and types take the place of the recipe's, and move no other record's text."""
    assert set(makers.make_sms(30, spam=1.0).target) == {1}
    only = makers.make_sms(30, spam=1.0, types={"parcel": 1.0})
    assert {one["type"] for one in only.truth} == {"parcel"}
    mixed = makers.make_sms(40, random_state=9)
    spam = makers.make_sms(40, random_state=9, spam=1.0)
    for number in np.flatnonzero(mixed.target):
        assert spam.data[number] == mixed.data[number]


@pytest.mark.parametrize(("options", "told"), [
    ({"n_samples": 0}, "n_samples must be"), ({"n_samples": 2.5}, "n_samples must be"), ({"spam": 2}, "spam must be"),
    ({"language": "xx"}, "no language called xx"), ({"recipe": "voice"}, "is for voice, not for sms"),
    ({"recipe": "none"}, "no recipe called none"),
])
def test_bad_arguments(options: dict[str, Any], told: str) -> None:
    """A bad argument gets a sentence."""
    with pytest.raises(UsageError, match=told):
        makers.make_sms(**options)


def test_mail_without_the_whole_message() -> None:
    """Without `raw` the records are the same but for it and the envelope."""
    whole, short = makers.make_emails(4, random_state=2), makers.make_emails(4, random_state=2, raw=False)
    assert short.data == whole.data
    assert "raw" not in short.records[0]
    assert short.records[0].items() <= whole.records[0].items()
    assert next(makers.stream_emails(1, random_state=2, raw=False)).record["text"] == whole.data[0]


def test_a_campaign_has_its_own_shares() -> None:
    """A share of spam that does not fit a recipe of campaigns is refused; its records are of several channels."""
    with pytest.raises(UsageError, match="has its own spam and types"):
        makers.make_campaign(5, spam=0.5)
    assert len({one["channel"] for one in makers.make_campaign(60).records}) > 2


def test_numbers_of_numpy_are_numbers() -> None:
    """A stream counts on where a small whole number of NumPy would overflow."""
    start: Any = np.int16(32_700)
    wanted = [one.record["id"] for one in makers.stream_sms(100, start=32_700)]
    counts: tuple[Any, ...] = (np.int16(100), None)
    for count in counts:
        assert [one.record["id"] for one in islice(makers.stream_sms(count, start=start), 100)] == wanted


def test_a_stream_says_at_once_what_is_wrong() -> None:
    """A stream refuses bad arguments when it is made, not when it is first read."""
    with pytest.raises(UsageError, match="start must be"):
        makers.stream_sms(3, start=-1)
