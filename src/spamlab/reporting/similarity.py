"""Which submissions of one lab share more than chance and the lab itself explain: a list worth a look, never a verdict.

What the lab gave out, and what more than half of the room wrote, does not count. Code and prose are compared apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from spamlab.reporting.grams import LENGTH, Cut, Kind, Part, cut_up

WORTH = 0.4
"""The share of both submissions' own units from which a pair is worth a look ..."""
WORTH_ONE = 0.6
"""... or of one of the two, where one has taken a part of the other."""
LEAST = {"code": 40, "text": 25}
"""Shared units below which a pair is never listed: short answers to one question are alike by nature."""
COMMON = 0.5
"""What more than this part of the room wrote is taken for the natural way ..."""
COMMON_LEAST = 5
"""... if at least so many wrote it."""
MOST_PAIRS = 100
MOST_PASSAGES = 12
MOST_SHOWN = 1500
MOST_PLACES = 20

EXPLANATIONS = (
    "They worked at one table, as the lab asked them to, or explained their answers to each other.",
    "A trainer or a neighbour showed the same lines to both.",
    "Both took the same example from documentation, from a book or from an assistant program.",
    "The task leaves few ways to be right, so two people alone find the same one.",
    "One person handed in from two places, or two persons shared one machine.",
)
"""What else may explain a likeness, said beside every list."""

SENTENCE = "These pairs are worth a look. A likeness is no proof of anything: read both, then ask."


@dataclass(frozen=True)
class Work:
    """What one participant handed in: own code cells (name -> source) and own texts (question -> text)."""

    participant: str
    code: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Given:
    """What the lab itself gave out: sources of cells and helpers, and texts."""

    code: Sequence[str] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Passage:
    """One passage that two submissions share: its part and its lines in each, and its length in units."""

    first_part: str
    second_part: str
    first_text: str
    second_text: str
    units: int


@dataclass(frozen=True)
class Pair:
    """Two submissions: shares from 0 to 1.

    share: the shared units of both over the own units of both, so it is the same whoever comes first. first_share,
    second_share: of each one's own units. units: shared units of the first.
    """

    first: str
    second: str
    kind: Kind
    share: float
    first_share: float
    second_share: float
    units: int
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """One kind of material of a room compared.

    pairs: those worth a look, most alike first. compared: how many had something own to compare. too_little: who had
    not. usual: the share that half of all pairs do not exceed, None below two. common: grams left out because more
    than half of the room wrote them. cut: whose submission was too long to be looked at whole.
    """

    kind: Kind
    pairs: tuple[Pair, ...]
    compared: int
    too_little: tuple[str, ...]
    usual: float | None
    common: int
    cut: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return asdict(self)


def compare(works: Sequence[Work], given: Given, kind: Kind) -> Comparison:
    """Compare all submissions of one lab with each other, code or texts."""
    handed_out = given_grams(given, kind)
    leave_out = given.code if kind == "code" else given.texts
    cuts = {one.participant: cut_up(one.code if kind == "code" else one.texts, kind, leave_out=leave_out)
            for one in works}
    common = common_grams(list(cuts.values()), handed_out)
    ignored = handed_out | common
    own = {name: own_units(cut, ignored) for name, cut in cuts.items()}
    names = sorted(name for name, cut in cuts.items() if len(own[name]) >= cut.length)
    likely, usual = _likely(names, cuts, ignored)
    pairs = []
    for first, second in likely:
        pair = compare_pair(first, cuts[first], second, cuts[second], kind, ignored,
                            own=(own[first], own[second]))
        if worth_a_look(pair):
            pairs.append(pair)
    pairs.sort(key=lambda pair: (-pair.share, -pair.units, pair.first, pair.second))
    return Comparison(kind, tuple(pairs[:MOST_PAIRS]), len(names), tuple(sorted(set(cuts) - set(names))), usual,
                      len(common), tuple(sorted(name for name, cut in cuts.items() if cut.cut)))


def worth_a_look(pair: Pair) -> bool:
    """Whether a pair belongs on the list."""
    return pair.units >= LEAST[pair.kind] and (
        pair.share >= WORTH or max(pair.first_share, pair.second_share) >= WORTH_ONE)


def given_grams(given: Given, kind: Kind) -> set[int]:
    """The grams of what the lab gave out; of code also what its comments hold: an open way is a comment at first."""
    opened = [uncommented(source) for source in given.code] if kind == "code" else []
    sources = [*(given.code if kind == "code" else given.texts), *opened]
    found: set[int] = set()
    for source in sources:
        found.update(cut_up({"": source}, kind).grams)
    return found


def uncommented(source: str) -> str:
    """The comment lines of a source with their sign taken away, as a participant does who takes the open way."""
    lines = [line.strip() for line in source.splitlines()]
    return "\n".join(line[1:].removeprefix(" ") for line in lines if line.startswith("#"))


def common_grams(cuts: Sequence[Cut], handed_out: set[int]) -> set[int]:
    """The grams that more than half of the room wrote, and at least five of it."""
    counts = Counter(chain.from_iterable(cut.grams for cut in cuts))
    limit = max(COMMON * len(cuts), COMMON_LEAST - 1)
    return {gram for gram, count in counts.items() if count > limit and gram not in handed_out}


def own_units(cut: Cut, ignored: set[int]) -> set[tuple[int, int]]:
    """The units, as (part, unit), that no ignored gram covers, of the parts that are long enough for a gram."""
    own = {(index, unit) for index, part in enumerate(cut.parts) if len(part.units) >= cut.length
           for unit in range(len(part.units))}
    return own - covered(cut, ignored & cut.grams.keys())


def covered(cut: Cut, grams: set[int]) -> set[tuple[int, int]]:
    """The units that these grams cover in a submission."""
    return {(index, start + step) for gram in grams for index, start in cut.grams[gram] for step in range(cut.length)}


def compare_pair(
    first: str, one: Cut, second: str, other: Cut, kind: Kind, ignored: set[int] | None = None, *,
    own: tuple[set[tuple[int, int]], set[tuple[int, int]]] | None = None,
) -> Pair:
    """Two submissions exactly: shares and passages."""
    left_out = ignored or set()
    own_one, own_other = own or (own_units(one, left_out), own_units(other, left_out))
    shared = (one.grams.keys() & other.grams.keys()) - left_out
    in_one, in_other = covered(one, shared) & own_one, covered(other, shared) & own_other
    total = len(own_one) + len(own_other)
    return Pair(
        first, second, kind,
        share=(len(in_one) + len(in_other)) / total if total else 0.0,
        first_share=len(in_one) / len(own_one) if own_one else 0.0,
        second_share=len(in_other) / len(own_other) if own_other else 0.0,
        units=len(in_one), passages=passages(one, other, shared))


def passages(one: Cut, other: Cut, shared: set[int]) -> tuple[Passage, ...]:
    """The longest runs that both hold, longest first, as whole lines of each."""
    at = {place: gram for gram in shared for place in one.grams[gram]}
    found: list[Passage] = []
    seen: set[tuple[int, int, int, int]] = set()
    for index, part in enumerate(one.parts):
        unit = 0
        while unit + one.length <= len(part.units):
            gram = at.get((index, unit))
            if gram is None:
                unit += 1
                continue
            length, place = max((_same_run(part, unit, other.parts[where], start), (where, start))
                                for where, start in other.grams[gram][:MOST_PLACES])
            if length < one.length:  # two grams with one hash
                unit += 1
                continue
            key = (index, unit, *place)
            if key not in seen:
                seen.add(key)
                match = other.parts[place[0]]
                found.append(Passage(part.name, match.name, _lines(part, unit, length), _lines(match, place[1], length),
                                     length))
            unit += length
    found.sort(key=lambda passage: -passage.units)
    return tuple(found[:MOST_PASSAGES])


def similarity_report(works: Sequence[Work], given: Given) -> dict[str, Any]:
    """Code and texts of one lab compared, as plain data: {"code", "text", "sentence", "explanations", "units"}."""
    return {"code": compare(works, given, "code").to_json(), "text": compare(works, given, "text").to_json(),
            "sentence": SENTENCE, "explanations": list(EXPLANATIONS),
            "units": {"code": f"tokens, in runs of {LENGTH['code']}", "text": f"words, in runs of {LENGTH['text']}"}}


def _same_run(one: Part, start: int, other: Part, begin: int) -> int:
    length = 0
    most = min(len(one.units) - start, len(other.units) - begin)
    while length < most and one.units[start + length][0] == other.units[begin + length][0]:
        length += 1
    return length


def _lines(part: Part, start: int, length: int) -> str:
    """The whole lines that a run of units stands on, cut where they are many."""
    begin = part.source.rfind("\n", 0, part.units[start][1]) + 1
    last = part.units[start + length - 1][2]
    end = part.source.find("\n", last)
    text = part.source[begin:len(part.source) if end < 0 else end]
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + " …"


def _likely(
    names: Sequence[str], cuts: Mapping[str, Cut], ignored: set[int],
) -> tuple[list[tuple[str, str]], float | None]:
    """The pairs with the most grams in common, and the usual likeness; one sparse product in place of all pairs."""
    if len(names) < 2:
        return [], None
    import numpy as np
    from scipy.sparse import csr_array

    column: dict[int, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, name in enumerate(names):
        for gram in cuts[name].grams.keys() - ignored:
            rows.append(row)
            columns.append(column.setdefault(gram, len(column)))
    table = csr_array((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=(len(names), max(1, len(column))))
    shared = (table @ table.T).toarray()
    sizes = np.maximum(shared.diagonal(), 1)
    first, second = np.triu_indices(len(names), 1)
    both = shared[first, second]
    likeness = 2 * both / (sizes[first] + sizes[second])
    contained = both / np.minimum(sizes[first], sizes[second])
    rank = np.maximum(likeness, contained)
    # A pair that is worth a look shares at least a third of its grams: a gram is lost at both ends of every passage.
    chosen = [index for index in np.argsort(-rank, kind="stable")[:4 * MOST_PAIRS] if rank[index] >= WORTH / 4]
    return [(names[first[index]], names[second[index]]) for index in chosen], float(np.median(likeness))
