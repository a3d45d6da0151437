"""What the kinds share: comparing two canonical answers, and the shape of a form."""

from __future__ import annotations

from typing import Any

from spamlab.judge.question import Item


class Plain:
    """Two canonical answers are the same where their JSON is the same."""

    def same(self, first: Any, second: Any) -> bool:
        """Whether both are equal; true and 1 are different."""
        return bool(_typed(first) == _typed(second))

    def matches(self, known: Any, given: Any, item: Item) -> bool:
        """Whether `given` counts as the known answer; a kind whose answers are run compares what they do."""
        return self.same(known, given)

    def fact(self, right: Any, given: Any, item: Item) -> str:
        """One true sentence about a wrong answer of which nothing is right; "" where the kind knows none."""
        return ""

    def details(self, given: Any, item: Item) -> tuple[str, ...]:
        """What stands below the message, one sentence a line, such as the effect of each clause."""
        return ()


def single(widget: str, label: str, options: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A form of one field, whose value is the answer."""
    return {"shape": "single", "fields": [{"name": "answer", "label": label, "widget": widget,
                                           "options": options or []}]}


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _typed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_typed(part) for part in value]
    return (isinstance(value, bool), value)
