"""Mark: lines of a text picked out, with a reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.kinds.choices import Offer, as_options, choose, find, named, offered
from spamlab.judge.question import FormError, Item


@dataclass(frozen=True)
class Mark(Plain):
    """Some of the offered lines, each with a reason: {"4": "break"}.

    options: Item -> pairs of value and label. reasons: code -> label, or a function of the item that gives
    such; empty: lines are marked without a reason.

    Share: a right line with its reason counts 1, with another reason one half; each line marked too much
    takes 1; over the number of right lines, never below 0.
    """

    name: ClassVar[str] = "mark"
    options: Offer
    reasons: Offer = field(default_factory=dict)

    def parse(self, given: Any, item: Item) -> dict[str, str]:
        """Line (as text) -> reason code, in the order of the lines. FormError: unknown line or reason, none."""
        pairs, reasons = offered(self.options, item), offered(self.reasons, item)
        marked: dict[str, str] = {}
        for line, reason in _entries(given):
            if reason in (None, "", False):
                continue
            value = str(choose(line, pairs))
            if value in marked:
                raise FormError(say("form-twice", name=value))
            if not reasons:
                marked[value] = ""
                continue
            code = find(reason, reasons)
            if code is None:
                raise FormError(say("form-reason", name=value, choices=named(reasons)))
            marked[value] = str(code)
        if not marked:
            raise FormError(say("form-marks"))
        return {str(value): marked[str(value)] for value, _label in pairs if str(value) in marked}

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share by overlap; the sentence counts found, too much and other reasons."""
        if self.same(right, given):
            return 1.0, ""
        found = [line for line in given if line in right]
        other = sum(1 for line in found if given[line] != right[line])
        extra = len(given) - len(found)
        share = max(0.0, (len(found) - other / 2 - extra) / len(right)) if right else 0.0
        return min(share, 0.99), say("part-mark", found=len(found), total=len(right), extra=extra, other=other)

    def form(self, item: Item) -> dict[str, Any]:
        """For each line a choice of reasons, the first of them none; or a check box."""
        reasons = as_options(offered(self.reasons, item))
        fields = []
        for value, label in offered(self.options, item):
            one: dict[str, Any] = {"name": str(value), "label": label, "widget": "check", "options": []}
            if reasons:
                one |= {"widget": "choice", "options": [{"value": "", "label": say("label-not-marked")}, *reasons]}
            fields.append(one)
        return {"shape": "record", "fields": fields}


def _entries(given: Any) -> list[tuple[Any, Any]]:
    """Pairs of line and reason out of a table {"4": "break"}, a list of lines, or a list of pairs."""
    if isinstance(given, Mapping):
        return list(given.items())
    if isinstance(given, list):
        return [(one[0], one[1]) if isinstance(one, list) and len(one) == 2 else (one, True) for one in given]
    return [(given, True)]
