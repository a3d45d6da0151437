"""Document: a letter, report or memo. A person gives the points; the judge looks at its form before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.question import FormError, Item

Check = Callable[[Item, dict[str, Any]], str | None]
_MOST_SIGNS = 20_000


@dataclass(frozen=True)
class Document(Plain):
    """{"to": ..., "text": ...}.

    fields: triples of key, label and widget ("text" for a line, "sentences", "textarea", "choice" with a fourth part:
    its options).
    checks: functions (item, answer) -> None, or what is missing: the code of one of the question's mistakes,
    or a sentence. A check may also stand as a pair (code, function).
    """

    name: ClassVar[str] = "document"
    fields: Sequence[Sequence[Any]]
    checks: Sequence[Check | tuple[str, Check]] = ()

    def parse(self, given: Any, item: Item) -> dict[str, str]:
        """Each field -> text, line ends as \\n. FormError: no record, unknown or empty field."""
        if isinstance(given, str) and len(self.fields) == 1:
            given = {str(self.fields[0][0]): given}
        names = [str(one[0]) for one in self.fields]
        if not isinstance(given, Mapping):
            raise FormError(say("form-record", fields=", ".join(names)))
        for name, value in given.items():
            if name not in names:
                raise FormError(say("form-unknown", name=str(name)[:40]))
            if isinstance(value, list | dict):
                raise FormError(say("form-single"))
        read = {}
        for one in self.fields:
            text = "" if given.get(str(one[0])) is None else str(given[str(one[0])])
            text = "\n".join(line.rstrip() for line in text.splitlines()).strip()
            if not text:
                raise FormError(say("form-field", field=one[1]))
            if len(text) > _MOST_SIGNS:
                raise FormError(say("form-long", most=_MOST_SIGNS))
            read[str(one[0])] = text
        return read

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """1 where every form check is silent, else 0 and what it says; the points come from a person."""
        trouble = self.trouble(given, item)
        return (1.0, "") if trouble is None else (0.0, trouble[1])

    def trouble(self, given: dict[str, Any], item: Item) -> tuple[str, str] | None:
        """The first form check that speaks: its code and what it said; None where all are silent."""
        for check in self.checks:
            code, function = check if isinstance(check, tuple) else (str(getattr(check, "code", "")), check)
            said = function(item, given)
            if said:
                name = getattr(function, "__name__", "").strip("_<>").replace("_", "-")
                return (code or name or "form-check"), str(said)
        return None

    def form(self, item: Item) -> dict[str, Any]:
        """The fields as they are declared."""
        fields = []
        for one in self.fields:
            options = one[3] if len(one) > 3 else []
            fields.append({"name": str(one[0]), "label": str(one[1]), "widget": str(one[2]),
                           "options": [option if isinstance(option, dict) else
                                       {"value": option[0], "label": option[1]}
                                       if isinstance(option, tuple | list) else
                                       {"value": option, "label": str(option)} for option in options]})
        return {"shape": "record", "fields": fields}
