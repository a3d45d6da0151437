"""Order: steps, hops or lines put in order; what is offered may hold pieces that belong nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain, single
from spamlab.judge.kinds.choices import Offer, as_options, choose, offered
from spamlab.judge.question import FormError, Item

_SEPARATORS = re.compile(r"\s*(?:->|=>|→|[,;>|])\s*")


@dataclass(frozen=True)
class Order(Plain):
    """A list of the offered values in order.

    options: Item -> pairs of value and label, in the order in which the form first shows them.
    distractors: whether some of the offered values do not belong in the list; else all must be placed.

    Share: with n places, the longest chain of values in right order (others may stand between), less one,
    less each value that does not belong, over n - 1. So a reversed list earns nothing.
    """

    name: ClassVar[str] = "order"
    options: Offer
    distractors: bool = False
    label: str = ""

    def parse(self, given: Any, item: Item) -> list[Any]:
        """The offered values in the order given; also from "3, 2, 1". FormError: unknown, twice, not all."""
        pairs = offered(self.options, item)
        if isinstance(given, str):
            text = given.strip().strip("[]()")
            parts = [part for part in _SEPARATORS.split(text) if part]
            given = parts if len(parts) > 1 else text.split()
        if not isinstance(given, list):
            raise FormError(say("form-list"))
        if len(given) > 2 * len(pairs):
            raise FormError(say("form-list"))
        placed: list[Any] = []
        for one in given:
            if one is None or one == "":
                continue
            value = choose(one, pairs)
            if value in placed:
                raise FormError(say("form-twice", name=value))
            placed.append(value)
        lacking = len(pairs) - len(placed)
        if lacking and not self.distractors:
            raise FormError(say("form-all", n=lacking, total=len(pairs)), partial=placed)
        return placed

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share of the longest right chain; the sentence names the first wrong place, not its value."""
        if self.same(right, given):
            return 1.0, ""
        extra = sum(1 for value in given if value not in right)
        chain = longest_chain(right, given)
        share = max(0.0, (chain - 1 - extra) / (len(right) - 1)) if len(right) > 1 else 0.0
        if extra:
            return min(share, 0.99), say("part-order-extra", chain=chain, total=len(right), extra=extra)
        place = next((i for i, (a, b) in enumerate(zip(right, given, strict=False), 1) if a != b),
                     min(len(right), len(given)) + 1)
        return min(share, 0.99), say("part-order", chain=chain, total=len(right), place=place)

    def form(self, item: Item) -> dict[str, Any]:
        """A list moved by up and down buttons; where some pieces belong nowhere, each can be left out."""
        form = single("order", self.label or say("label-order"), as_options(offered(self.options, item)))
        if self.distractors:
            form["fields"][0]["optional"] = True
        return form


def longest_chain(right: list[Any], given: list[Any]) -> int:
    """How many of `given` stand in the order of `right` at most (longest common subsequence)."""
    row = [0] * (len(given) + 1)
    for wanted in right:
        above = row
        row = [0]
        for column, one in enumerate(given, 1):
            row.append(above[column - 1] + 1 if one == wanted else max(above[column], row[-1]))
    return row[-1]
