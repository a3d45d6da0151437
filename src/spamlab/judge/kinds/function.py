"""Function: the participant's function is put to inputs elsewhere; here its outputs are compared."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spamlab.judge.kinds.challenge import Challenge, Inputs
from spamlab.judge.kinds.choices import Offer
from spamlab.judge.kinds.reading import address_of, key_of, plain
from spamlab.judge.question import Item
from spamlab.records.truth import Labelled


def raw_inputs(data: Mapping[str, Labelled]) -> Inputs:
    """Every message of the draw but M0-M4 and T1-T4 as {"base64": ...} of its bytes: the usual inputs."""
    return [(name, {"base64": base64.b64encode(one.message.raw).decode("ascii")})
            for name, one in data.items() if name[:1] in {"P", "H"}]


class Function(Challenge):
    """A function of one argument, judged by its outputs: {name: {"value": ...} or {"error": "..."}}.

    name (kept as `function`): its name in the notebook. inputs: the draw -> pairs of name and JSON input (bytes are
    {"base64": ...}). expected: one labelled message -> the right output. sort: one labelled message -> the kind
    of input in words that follow "where", such as "a line is folded over two rows".
    choices: the rule form: (key, label, options) for each choice; its record is saved as the guided answer.
    per_key: an output that is a record earns the share of its right keys; else it counts whole or not at all.

    Share: the share of the inputs that are right, rounded down to hundredths; an error counts as wrong.
    """

    def __init__(
        self, name: str, inputs: Callable[[Mapping[str, Labelled]], Inputs], expected: Callable[[Labelled], Any],
        sort: Callable[[Labelled], str], choices: Sequence[tuple[str, str, Offer]] = (), per_key: bool = False,
    ) -> None:
        super().__init__(name, choices)
        self.put = inputs
        self.expected = expected
        self.sort = sort
        self.per_key = per_key

    @property
    def name(self) -> str:
        """The kind's name."""
        return "function"

    def inputs(self, data: Mapping[str, Labelled]) -> Inputs:
        """The lab's inputs of this draw."""
        return self.put(data)

    def right_inputs(self, data: Mapping[str, Labelled], outputs: Mapping[str, Any]) -> dict[str, float]:
        """For each input of the draw the share of its output that is right, 0 where none came back."""
        shares = {}
        for name, _input in self.inputs(data):
            output = outputs.get(name, {})
            shares[name] = self._share(self.expected(data[name]), output["value"]) if "value" in output else 0.0
        return shares

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The mean share over the inputs of the item's draw; the words are those of `judging.judge_outputs`."""
        shares = list(self.right_inputs(item.data, given).values())
        return (sum(shares) / len(shares) if shares else 0.0), ""

    def _share(self, expected: Any, value: Any) -> float:
        if self.per_key and isinstance(expected, dict) and isinstance(value, dict) and expected:
            return sum(1 for key in expected if key in value and alike(expected[key], value[key])) / len(expected)
        return 1.0 if alike(expected, value) else 0.0


def alike(expected: Any, value: Any) -> bool:
    """Whether an output counts as the expected one: case, outer quotes and forms of an address do not count.

    A record may hold further keys; a list must hold the same in the same order; true is not 1.
    """
    if isinstance(expected, dict):
        return isinstance(value, dict) and all(key in value and alike(expected[key], value[key])
                                               for key in expected)
    if isinstance(expected, list | tuple):
        return (isinstance(value, list) and len(value) == len(expected)
                and all(alike(a, b) for a, b in zip(expected, value, strict=True)))
    if isinstance(expected, str) and isinstance(value, str):
        return (address_of(expected) or plain(expected)) == (address_of(value) or plain(value))
    if isinstance(expected, bool) or isinstance(value, bool) or expected is None or value is None:
        return expected is value
    if isinstance(expected, int | float) and isinstance(value, int | float):
        return bool(abs(expected - value) <= 1e-9 * max(1.0, abs(expected)))
    return bool(expected == value) and key_of(expected) == key_of(value)
