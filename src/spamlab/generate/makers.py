"""Data sets in the manner of scikit-learn's `make_*` and `fetch_*`: texts, labels and what the generator knows of them.

>>> texts, labels = make_sms(4, random_state=1, return_X_y=True)
>>> len(texts), labels.shape
(4, (4,))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain, count, pairwise
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np
from sklearn.utils import Bunch, check_random_state

from spamlab.errors import UsageError
from spamlab.generate.blocks import MANY
from spamlab.generate.opening import Source, open_recipe
from spamlab.generate.traffic import Made, Traffic
from spamlab.shipped import default_folder

TARGET_NAMES = ("ham", "spam")
"""What the numbers of `target` stand for."""
FEW = 2_000
"""Records of an endless stream that are made one by one before it goes on in blocks."""
_RECIPES = {"campaign": "campaigns"}


class Chosen(TypedDict, total=False):
    """Which records are made.

    random_state: int for the same data set each time; RandomState or None as scikit-learn takes them; 0 if not given.
    recipe: a name in datasets/recipes; the channel's own if not given. language: this one alone, such as "fr".
    spam: share of spam, 0 to 1, in place of the recipe's. types: weights by type, in place of the recipe's.
    datasets: the folder, in place of the shipped one.
    """

    random_state: Any
    recipe: str
    language: str
    spam: float | None
    types: Mapping[str, float] | None
    datasets: Path | None


class Wanted(Chosen, total=False):
    """What every maker can be told. raw: False leaves the whole message out of e-mail records, which then come about
    three times as fast."""

    raw: bool


class Shape(Wanted, total=False):
    """What every `make_*` can be told. return_X_y: only (data, target). as_frame: pandas in place of lists."""

    return_X_y: bool
    as_frame: bool


def make_emails(n_samples: int = 100, **options: Unpack[Shape]) -> Any:
    """E-mail messages; `raw` of a record is the whole message.

    n_samples: how many. options: see `Shape`.

    Returns a Bunch:
        data : list of str, subject and body of each message; a DataFrame of all fields if `as_frame`
        target : ndarray of shape (n_samples,), 0 for ham and 1 for spam; a Series if `as_frame`
        records : list of dict, all fields but the label
        truth : list of dict, what the generator knows (type, techniques, true origin and so on), joined by "id"
        target_names, frame, DESCR
    or (data, target) if `return_X_y`. Raises UsageError for bad arguments.
    """
    return _bunch("email", n_samples, **options)


def make_sms(n_samples: int = 100, **options: Unpack[Shape]) -> Any:
    """Text messages. Arguments and result as those of `make_emails`."""
    return _bunch("sms", n_samples, **options)


def make_calls(n_samples: int = 100, **options: Unpack[Shape]) -> Any:
    """Calls; the text is what a speech recogniser wrote down. Arguments and result as those of `make_emails`."""
    return _bunch("voice", n_samples, **options)


def make_posts(n_samples: int = 100, **options: Unpack[Shape]) -> Any:
    """Posts and comments in public. Arguments and result as those of `make_emails`."""
    return _bunch("social", n_samples, **options)


def make_chats(n_samples: int = 100, **options: Unpack[Shape]) -> Any:
    """Messages in chats and applications. Arguments and result as those of `make_emails`."""
    return _bunch("chat", n_samples, **options)


def make_campaign(n_samples: int = 100, **options: Unpack[Shape]) -> Any:
    """Messages of several campaigns on several channels, wanted ones beside them, and reports of those who got one.

    Arguments and result as those of `make_emails`; spam and types are the recipe's own (see campaigns.py).
    """
    return _bunch("campaign", n_samples, **options)


def stream_emails(n_samples: int | None = None, *, start: int = 0, **options: Unpack[Wanted]) -> Iterator[Made]:
    """E-mail records one by one, in constant memory, the same as `make_emails` gives in the same order.

    n_samples: how many; None never ends. start: the number of the first. options: see `Wanted`. Each is a `Made`:
    `record` and, apart from it, `truth`. Raises UsageError for bad arguments.
    """
    return _stream("email", n_samples, start, **options)


def stream_sms(n_samples: int | None = None, *, start: int = 0, **options: Unpack[Wanted]) -> Iterator[Made]:
    """Text messages one by one. Arguments and result as those of `stream_emails`."""
    return _stream("sms", n_samples, start, **options)


def stream_calls(n_samples: int | None = None, *, start: int = 0, **options: Unpack[Wanted]) -> Iterator[Made]:
    """Calls one by one. Arguments and result as those of `stream_emails`."""
    return _stream("voice", n_samples, start, **options)


def stream_posts(n_samples: int | None = None, *, start: int = 0, **options: Unpack[Wanted]) -> Iterator[Made]:
    """Posts and comments one by one. Arguments and result as those of `stream_emails`."""
    return _stream("social", n_samples, start, **options)


def stream_chats(n_samples: int | None = None, *, start: int = 0, **options: Unpack[Wanted]) -> Iterator[Made]:
    """Messages in chats one by one. Arguments and result as those of `stream_emails`."""
    return _stream("chat", n_samples, start, **options)


def stream_campaign(n_samples: int | None = None, *, start: int = 0, **options: Unpack[Wanted]) -> Iterator[Made]:
    """Records of campaigns one by one. Arguments and result as those of `stream_emails`."""
    return _stream("campaign", n_samples, start, **options)


def _bunch(channel: str, n_samples: int, *, raw: bool = True, return_X_y: bool = False,  # noqa: N803
           as_frame: bool = False, **options: Unpack[Chosen]) -> Any:
    if not _is_whole(n_samples, 1):
        raise UsageError(f"n_samples must be a whole number of 1 or more, not {n_samples!r}")
    source = _source(channel, **options)
    made = list(_records(source, 0, n_samples, raw))
    records = [{key: value for key, value in one.record.items() if key != "label"} for one in made]
    target: Any = np.array([TARGET_NAMES.index(one.truth["label"]) for one in made])
    data: Any = [one["text"] for one in records]
    frame = None
    if as_frame:
        import pandas as pd

        frame = pd.DataFrame(records).assign(target=target)
        data, target = frame.drop(columns="target"), frame["target"]
    if return_X_y:
        return data, target
    return Bunch(data=data, target=target, target_names=list(TARGET_NAMES), records=records, frame=frame,
                 truth=[dict(one.truth) for one in made], DESCR=_description(source, made))


def _stream(channel: str, n_samples: int | None, start: int, *, raw: bool = True, **options: Unpack[Chosen],
            ) -> Iterator[Made]:
    if not _is_whole(start, 0) or not (n_samples is None or _is_whole(n_samples, 0)):
        raise UsageError(f"n_samples and start must be whole numbers of 0 or more, not {n_samples!r} and {start!r}")
    source = _source(channel, **options)
    start = int(start)  # one of NumPy's would overflow
    if n_samples is not None:
        return _records(source, start, start + int(n_samples), raw)
    # Who reads few of an endless stream need not wait for what many are made with.
    ends = chain([start, start + FEW], count(start + FEW + MANY, MANY))
    return chain.from_iterable(_records(source, *pair, raw) for pair in pairwise(ends))


def _records(source: Source, start: int, stop: int, raw: bool) -> Iterator[Made]:
    if raw or not isinstance(source, Traffic):
        return source.records(start, stop)
    return source.records(start, stop, whole=False)


def _source(channel: str, *, random_state: Any = 0, recipe: str = "", language: str = "", spam: float | None = None,
            types: Mapping[str, float] | None = None, datasets: Path | None = None) -> Source:
    seed = random_state if _is_whole(random_state, 0) else int(check_random_state(random_state).randint(2**31))
    if spam is not None and not 0 <= spam <= 1:
        raise UsageError(f"spam must be a share from 0 to 1, not {spam!r}")
    name = recipe or _RECIPES.get(channel, channel)
    source = _opened(datasets or default_folder("datasets"), name, int(seed), language)
    if source.recipe.channel != channel:
        raise UsageError(f"the recipe {source.recipe.name} is for {source.recipe.channel}, not for {channel}")
    if spam is None and types is None:
        return source
    if not isinstance(source, Traffic):
        raise UsageError(f"the recipe {source.recipe.name} has its own spam and types")
    changed = source.recipe
    if spam is not None:
        changed = replace(changed, spam=float(spam))
    if types is not None:
        known = source.type_names()
        if unknown := sorted(set(types) - set(known)):
            raise UsageError(f"there is no type called {unknown[0]}; there are: {', '.join(known)}")
        changed = replace(changed, types=dict(types))
    return source.with_recipe(changed)


def _is_whole(value: Any, least: int) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(value >= least)


@lru_cache(maxsize=8)
def _opened(folder: Path, recipe: str, seed: int, language: str) -> Source:
    """Reading the texts of a language takes longer than making a hundred records of them."""
    return open_recipe(folder, recipe, seed, language)


def _description(source: Source, made: list[Made]) -> str:
    recipe = source.recipe
    counts = Counter((one.truth["label"], one.truth["type"]) for one in made)
    words = sorted(len(one.record["text"].split()) for one in made)
    lines = [
        f"Recipe {recipe.name}, version {recipe.version} ({recipe.channel})", "", recipe.about, "",
        f"{len(made)} records, {sum(many for (label, _), many in counts.items() if label == 'spam')} of them spam; "
        f"{words[len(words) // 2]} words in the median text, {words[0]} to {words[-1]}.",
        "All of it is made: names, addresses and numbers are reserved for examples or invented.", "", "Types:",
        *(f"    {label:4s} {name}: {many}" for (label, name), many in sorted(counts.items()))]
    return "\n".join(lines) + "\n"
