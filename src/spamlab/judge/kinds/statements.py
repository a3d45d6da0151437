"""Statements: true or false for each of some sentences, and one reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.kinds.choices import Offer, as_options, find, named, offered
from spamlab.judge.kinds.reading import key_of
from spamlab.judge.question import FormError, Item

_TRUE = {"true", "t", "yes", "y", "1", "right", "correct"}
_FALSE = {"false", "f", "no", "n", "0", "wrong"}


@dataclass(frozen=True)
class Statements(Plain):
    """{"1": true, "2": false, ..., "reason": "b"}.

    texts: Item -> {key: sentence}. reasons: code -> label (or a function of the item); empty: no reason asked.

    Share: the share of right answers above chance, (2 * right - n) / n, never below 0; a reason that does
    not fit halves it.
    """

    name: ClassVar[str] = "statements"
    texts: Callable[[Item], Mapping[str, str]] | Mapping[str, str]
    reasons: Offer = field(default_factory=dict)

    def parse(self, given: Any, item: Item) -> dict[str, Any]:
        """Each key -> bool, and "reason" -> code. FormError: unknown key, not all answered, unknown reason."""
        keys, reasons = [str(key) for key, _text in offered(self.texts, item)], offered(self.reasons, item)
        if isinstance(given, list):
            answers = given[: len(keys) + 1]
            if len(given) not in (len(keys), len(keys) + bool(reasons)):
                raise FormError(say("form-statements-shape"))
            given = dict(zip([*keys, "reason"], answers, strict=False))
        if not isinstance(given, Mapping):
            raise FormError(say("form-statements-shape"))
        by_name = {key_of(name): value for name, value in given.items()}
        known = {key_of(key) for key in keys} | {"reason"}
        for name in by_name:
            if name not in known:
                raise FormError(say("form-unknown", name=name[:40]))
        read: dict[str, Any] = {}
        for key in keys:
            value = by_name.get(key_of(key))
            if value is not None and value != "":
                read[key] = _bool(value, key)
        code = find(by_name.get("reason"), reasons)
        if code is not None:
            read["reason"] = code
        for key in keys:
            if key not in read:
                raise FormError(say("form-statements", name=key), partial=read)
        if reasons and code is None:
            raise FormError(say("form-why", choices=named(reasons)), partial=read)
        return read

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share above chance; the sentence counts, since naming the right ones would give the rest away."""
        if self.same(right, given):
            return 1.0, ""
        keys = [key for key in right if key != "reason"]
        good = sum(1 for key in keys if given.get(key) is right[key])
        share = max(0.0, (2 * good - len(keys)) / len(keys)) if keys else 0.0
        reason = ""
        if "reason" in right:
            fits = given.get("reason") == right["reason"]
            share = share if fits else share / 2
            reason = say("part-statements-fits" if fits else "part-statements-not")
        share = min(share, 0.99)
        if good == len(keys):
            return share, say("part-statements-all", total=len(keys))
        return share, say("part-statements", n=good, total=len(keys), reason=reason)

    def form(self, item: Item) -> dict[str, Any]:
        """A choice of true and false for each sentence, and one of reasons."""
        both = [{"value": True, "label": say("label-true")}, {"value": False, "label": say("label-false")}]
        fields: list[dict[str, Any]] = [
            {"name": str(key), "label": text, "widget": "choice", "options": both}
            for key, text in offered(self.texts, item)]
        reasons = offered(self.reasons, item)
        if reasons:
            fields.append({"name": "reason", "label": say("label-reason"), "widget": "choice",
                           "options": as_options(reasons)})
        return {"shape": "record", "fields": fields}


def _bool(value: Any, key: str) -> bool:
    word = key_of(value)
    if isinstance(value, list | dict) or word not in _TRUE | _FALSE:
        raise FormError(say("form-statement", name=key))
    return word in _TRUE
