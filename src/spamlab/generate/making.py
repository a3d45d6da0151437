"""What a channel is given to make the content of one record from, and the form of what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.generate.columns import Keys, Wholes
from spamlab.generate.languages import Language, Type


@dataclass(slots=True)
class Making:
    """One record that is being made; nobody changes it (a frozen class would take four times as long to make).

    key: the record's; each decision draws from it by its own name. id: the record's. sent: when, in UTC. give: the
    text of any rule of the type in this document (facts drawn in one are the same in the next), with what is done to
    running text already done. techniques: all that were drawn for this record, for what is done to more than words
    (`html_hiding`, `text_in_image`); a builder that uses one names it in its truth's "techniques". origin: the key
    that the sending machine or number is drawn from: the record's own, or one that several records of a botnet share.
    firms_kept: the share of firms' messages that come from a word or a short code (`ends.firms_kept`).
    """

    key: int
    id: str
    language: Language
    type: Type
    sent: datetime
    give: Callable[[str], str]
    techniques: frozenset[str] = frozenset()
    origin: int = 0
    firms_kept: float = 1.0

    @property
    def origin_key(self) -> int:
        """`origin`, or the record's key where there is none."""
        return self.origin or self.key


Content = tuple[Mapping[str, Any], Mapping[str, Any]]
"""(fields of the record, further fields of its truth); the record's hold "text" and nothing that tells the label."""
Builder = Callable[[Making], Content]


@dataclass(frozen=True)
class Rows:
    """Many records that are being made, as columns of the same length; what a single one has is told in `Making`.

    keys: of the records. kinds: the places of their types among `types`. tongues: of their languages among `codes`.
    texts: by rule, with what is done to running text already done. septets: of the first rule's text where it stands
    in the basic table of GSM alone (see gsm.py), -1 for others. firms_kept: of each.
    """

    keys: Keys
    kinds: Wholes
    tongues: Wholes
    types: Sequence[Type]
    codes: Sequence[str]
    texts: Mapping[str, Sequence[str]]
    septets: Wholes
    firms_kept: NDArray[np.float64]


ManyBuilder = Callable[[Rows], Iterable[Content]]
"""A `Builder` for many records at once: the same for each."""
