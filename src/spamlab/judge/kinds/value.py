"""A value: a number, an address, a domain, a short text; exact, or within a tolerance that the question states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain, single
from spamlab.judge.kinds.numbers import read_number
from spamlab.judge.kinds.reading import address_of, plain
from spamlab.judge.question import FormError, Item

_MOST_SIGNS = 300
_LABEL = re.compile(r"[\w](?:[\w-]{0,61}[\w])?", re.UNICODE)


@dataclass(frozen=True)
class Value(Plain):
    """One typed value.

    type: "address" (IPv4 or IPv6), "domain", "number", "text". unit: of a number, stated in the question.
    tolerance: greatest distance that still counts, in that unit. units: other units that may be written, and how
    many of `unit` one of them is. label: the field's label in the form.
    """

    name: ClassVar[str] = "value"
    type: Literal["address", "text", "number", "domain"] = "text"
    unit: str | None = None
    tolerance: float = 0
    label: str = ""
    units: Mapping[str, float] = field(default_factory=dict)

    def parse(self, given: Any, item: Item) -> Any:
        """An address (RFC 5952), a domain or text in small letters, or a number; FormError."""
        if isinstance(given, list) and len(given) == 1:
            given = given[0]
        if isinstance(given, list | dict) or given is None:
            raise FormError(say("form-single"))
        if self.type == "number":
            return read_number(given, self.unit, self.units)
        if isinstance(given, bool) or (not isinstance(given, str) and self.type != "text"):
            raise FormError(say("form-address" if self.type == "address" else
                                "form-domain" if self.type == "domain" else "form-single"))
        text = str(given)
        if len(text) > _MOST_SIGNS:
            raise FormError(say("form-long", most=_MOST_SIGNS))
        if self.type == "address":
            address = address_of(text)
            if address is None:
                raise FormError(say("form-address"))
            return address
        return self._domain(text) if self.type == "domain" else plain(text)

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """1 or 0; there is no half address."""
        return (1.0 if self.same(right, given) else 0.0), ""

    def same(self, first: Any, second: Any) -> bool:
        """Equal, or within the tolerance."""
        if self.type == "number" and not isinstance(first, str) and not isinstance(second, str):
            return bool(abs(first - second) <= self.tolerance * (1 + 1e-9))
        return bool(first == second)

    def form(self, item: Item) -> dict[str, Any]:
        """One text or number field."""
        label = self.label or say(f"label-{self.type}")
        if self.unit:
            label = say("label-unit", label=label, unit=self.unit)
        return single("number" if self.type == "number" else "text", label)

    def _domain(self, text: str) -> str:
        name = plain(text).removeprefix("mailto:").strip("<>").rsplit("@", 1)[-1].rstrip(".")
        labels = name.split(".")
        if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or address_of(name):
            raise FormError(say("form-domain"))
        return name
