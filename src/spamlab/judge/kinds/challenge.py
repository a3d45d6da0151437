"""Challenge: an answer that is code. It is put to inputs elsewhere; here its outputs are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.kinds.choices import Offer, as_options, choose, named, offered
from spamlab.judge.question import FormError, Item
from spamlab.records.truth import Labelled

MOST_INPUTS = 500
Inputs = list[tuple[str, Any]]


class Challenge(Plain):
    """A kind whose answer is a function or an object of the participant's, judged by its outputs.

    function: its name in the notebook. choices: the guided form, (key, label, options) for each choice; its record
    is saved as the guided answer, and the lab's helper called `build` makes the function from it.
    """

    build: ClassVar[str] = "build_rule"
    function: str
    choices: tuple[tuple[str, str, Offer], ...]

    def __init__(self, function: str, choices: Sequence[tuple[str, str, Offer]] = ()) -> None:
        self.function = function
        self.choices = tuple(choices)

    def inputs(self, data: Mapping[str, Labelled]) -> Inputs:
        """The draw -> pairs of name and JSON input, as they are put to the participant's code."""
        raise NotImplementedError

    def is_choices(self, given: Any) -> bool:
        """Whether `given` is the record of the guided form, not outputs."""
        keys = {str(choice[0]) for choice in self.choices}
        return bool(keys) and isinstance(given, Mapping) and bool(given) and set(given) <= keys

    def parse_choices(self, given: Any, item: Item) -> dict[str, Any]:
        """The guided form's record, complete. FormError: a field empty or none of its options."""
        read: dict[str, Any] = {}
        for key, label, options in self.choices:
            value = given.get(key)
            pairs = offered(options, item)
            if value is None or value == "":
                raise FormError(say("form-field", field=label))
            try:
                read[key] = choose(value, pairs)
            except FormError:
                raise FormError(say("form-field-choice", field=label, choices=named(pairs))) from None
        return read

    def parse(self, given: Any, item: Item) -> Any:
        """The outputs by name, or the guided form's record. FormError for anything else."""
        if self.is_choices(given):
            return self.parse_choices(given, item)
        if not isinstance(given, Mapping) or not given or len(given) > MOST_INPUTS:
            raise self._no_outputs()
        read: dict[str, dict[str, Any]] = {}
        for name, output in given.items():
            if not isinstance(output, Mapping) or set(output) not in ({"value"}, {"error"}):
                raise self._no_outputs()
            read[str(name)] = ({"value": output["value"]} if "value" in output
                               else {"error": str(output["error"])[:200]})
        return read

    def form(self, item: Item) -> dict[str, Any]:
        """The guided form's choices, and as "build" the helper that makes the function of them."""
        form: dict[str, Any] = {"shape": "record", "fields": [
            {"name": key, "label": label, "widget": "choice", "options": as_options(offered(options, item))}
            for key, label, options in self.choices]}
        return form | {"build": self.build} if self.choices else form

    def _no_outputs(self) -> FormError:
        return FormError(say("form-outputs", question="...", function=self.function))
