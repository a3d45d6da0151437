"""Pick: one of what is offered, such as one line of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain, single
from spamlab.judge.kinds.choices import Offer, as_options, choose, offered
from spamlab.judge.question import Item


@dataclass(frozen=True)
class Pick(Plain):
    """One value out of those that `options` offers for the participant's data.

    options: Item -> pairs of value (number or text) and label. label: the field's label in the form.
    """

    name: ClassVar[str] = "pick"
    options: Offer
    label: str = ""

    def parse(self, given: Any, item: Item) -> Any:
        """The offered value; "line 3", "3" and 3 are the same. FormError where it is not offered."""
        return choose(given, offered(self.options, item))

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """1 or 0."""
        return (1.0 if self.same(right, given) else 0.0), ""

    def form(self, item: Item) -> dict[str, Any]:
        """One choice."""
        return single("choice", self.label or say("label-pick"), as_options(offered(self.options, item)))
