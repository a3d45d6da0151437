"""What a form offers: pairs of value and label, and how a given value is found among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.reading import key_of, plain
from spamlab.judge.question import FormError, Item

Pair = tuple[Any, str]
Offer = Callable[[Item], Any] | Mapping[Any, str] | Iterable[Any]

_MOST_NAMED = 12


def offered(offer: Offer, item: Item) -> list[Pair]:
    """The pairs of value and label that `offer` gives for this item.

    `offer` is a list of pairs or of plain values, a mapping value -> label, or a function of the item.
    """
    given = offer(item) if callable(offer) else offer
    if isinstance(given, Mapping):
        return [(value, str(label)) for value, label in given.items()]
    return [(one[0], str(one[1])) if isinstance(one, tuple | list) else (one, str(one)) for one in given]


def find(given: Any, pairs: list[Pair]) -> Any:
    """The offered value that `given` means (by value, by label, "line 3" for 3), or None."""
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if isinstance(given, list | dict) or given is None:
        return None
    wanted = key_of(given)
    for value, _label in pairs:
        if key_of(value) == wanted:
            return value
    for value, label in pairs:
        if plain(label) == wanted:
            return value
    numbers = re.findall(r"\d+", wanted) if isinstance(given, str) else []
    if len(numbers) == 1 and len(wanted) <= 24:
        for value, _label in pairs:
            if key_of(value) == str(int(numbers[0])) and key_of(value).isdigit():
                return value
    return None


def choose(given: Any, pairs: list[Pair]) -> Any:
    """As `find`, but FormError that names the choices where there is none."""
    found = find(given, pairs)
    if found is None:
        raise FormError(say("form-choice", choices=named(pairs)) if len(pairs) <= _MOST_NAMED
                        else say("form-none"))
    return found


def named(pairs: list[Pair]) -> str:
    """The values offered, as a text for a sentence, bounded."""
    names = [str(value) for value, _label in pairs[:_MOST_NAMED]]
    return ", ".join(names) + (", ..." if len(pairs) > _MOST_NAMED else "")


def as_options(pairs: list[Pair]) -> list[dict[str, Any]]:
    """The pairs as a form spec's `options`."""
    return [{"value": value, "label": label} for value, label in pairs]
