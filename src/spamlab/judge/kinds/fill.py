"""Fill: the blanks of a record, rule, letter or line of code; the whole is run, and what it does counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.kinds.choices import Offer, as_options, find, named, offered
from spamlab.judge.kinds.playing import (
    Outcomes,
    Run,
    compare_outcomes,
    outcomes_of,
    same_outcomes,
    text_within,
)
from spamlab.judge.kinds.reading import key_of
from spamlab.judge.question import FormError, Item

_PLACE = re.compile(r"\{\{(\w+)\}\}")
Blank = tuple[str, str, Offer | None]


@dataclass(frozen=True)
class Fill(Plain):
    """{blank: text}, or the whole text typed with its blanks filled.

    template: the text with its blanks as {{key}}, or a function of the item. blanks: triples of key, label and
    choices (None: a short text). run: (filled text, Item) -> what it does: {case: outcome}, or one outcome; ValueError
    with a sentence for what breaks the rules of its language (see `playing`). most: characters of one blank.
    idle: a record that earns nothing, such as the policy none, or a function of the item.

    Share: the share of the right answer's cases that come out as with it, beyond those that `idle` gets right. How it
    is written does not count.
    """

    name: ClassVar[str] = "fill"
    template: str | Callable[[Item], str]
    blanks: Sequence[Blank]
    run: Run
    most: int = 200
    idle: Mapping[str, str] | Callable[[Item], Mapping[str, str]] | None = None

    def parse(self, given: Any, item: Item) -> dict[str, str]:
        """Each blank -> text. FormError: no record, an unknown or empty blank, and a text that can't be run."""
        if isinstance(given, str):
            given = self._unfilled(given, item)
        if not isinstance(given, Mapping):
            raise FormError(say("form-record", fields=", ".join(str(label) for _key, label, _choices in self.blanks)))
        keys = {key_of(key): str(key) for key, _label, _choices in self.blanks}
        record: dict[str, Any] = {}
        for name, value in given.items():
            if key_of(name) not in keys:
                raise FormError(say("form-unknown", name=str(name)[:40]))
            record[keys[key_of(name)]] = value
        read = {str(key): self._blank(record.get(str(key)), label, choices, item)
                for key, label, choices in self.blanks}
        self.outcomes(read, item)
        return read

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share of cases that come out right; the sentence says what the text now does with another."""
        idle = self.idle(item) if callable(self.idle) else self.idle
        return compare_outcomes(self.outcomes(right, item), self.outcomes(given, item),
                                self.outcomes(idle, item) if idle else None)

    def matches(self, known: Any, given: Any, item: Item) -> bool:
        """Whether both texts do the same."""
        return same_outcomes(self.outcomes(known, item), self.outcomes(given, item))

    def fact(self, right: Any, given: Any, item: Item) -> str:
        """What the text does with the first case."""
        return self.compare(right, given, item)[1]

    def filled(self, given: Mapping[str, str], item: Item) -> str:
        """The whole text."""
        return _PLACE.sub(lambda place: given.get(place[1], place[0]), self._template(item))

    def outcomes(self, given: Mapping[str, str], item: Item) -> Outcomes:
        """What the filled text does."""
        return outcomes_of(self.run, self.filled(given, item), item)

    def form(self, item: Item) -> dict[str, Any]:
        """The text with its blanks, and a field or choice for each."""
        labels = {str(key): str(label) for key, label, _choices in self.blanks}
        return {"shape": "record",
                "text": _PLACE.sub(lambda place: f"[{labels.get(place[1], place[1])}]", self._template(item)),
                "fields": [{"name": str(key), "label": str(label), "widget": "text" if choices is None else "choice",
                            "options": [] if choices is None else as_options(offered(choices, item))}
                           for key, label, choices in self.blanks]}

    def _template(self, item: Item) -> str:
        return self.template(item) if callable(self.template) else self.template

    def _blank(self, value: Any, label: str, choices: Offer | None, item: Item) -> str:
        if isinstance(value, list | dict | bool):
            raise FormError(say("form-single"))
        text = text_within("" if value is None else str(value), self.most).strip()
        if not text:
            raise FormError(say("form-field", field=label))
        if "\n" in text:
            raise FormError(say("form-one-line", field=label))
        if choices is None:
            return text
        pairs = offered(choices, item)
        found = find(value, pairs)
        if found is None:
            raise FormError(say("form-field-choice", field=label, choices=named(pairs)))
        return str(found)

    def _unfilled(self, text: str, item: Item) -> dict[str, str]:
        """The blanks of the whole text: each goes to the next fixed piece. FormError where a fixed piece is lacking."""
        if len(text) > self.most * (len(self.blanks) + 1) + len(self._template(item)):
            raise FormError(say("form-long", most=self.most))
        pieces = _PLACE.split(self._template(item))
        left = " ".join(text.split())
        read: dict[str, str] = {}
        blank = ""
        for number, piece in enumerate(pieces):
            if number % 2:
                blank = piece
                continue
            fixed = " ".join(piece.split())
            last = number == len(pieces) - 1
            at = len(left) if last and not fixed else left.rfind(fixed) if last else left.find(fixed)
            if at < 0 or (not blank and at):
                raise FormError(say("form-template"))
            if blank:
                read[blank] = left[:at].strip()
            left = left[at + len(fixed):].strip()
        if left:
            raise FormError(say("form-template"))
        return read
