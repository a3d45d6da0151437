"""The shape of texts beside that of real ones: word order, copies, near-repeats, vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """All runs of so many words."""
    own = words(text)
    return {tuple(own[place:place + length]) for place in range(len(own) - length + 1)}


def known_share(texts: Sequence[str], real: Iterable[str], length: int = 3) -> float:
    """Mean share of a text's runs of words that stand somewhere in the real texts too."""
    known = {run for text in real for run in runs(text, length)}
    shares = [len(found & known) / len(found) for found in (runs(text, length) for text in texts) if found]
    return sum(shares) / max(1, len(shares))


def copied_share(texts: Sequence[str], real: Iterable[str], length: int = 6) -> float:
    """Share of texts half of whose runs of six words stand in the real texts: these would be copies."""
    known = {run for text in real for run in runs(text, length)}
    found = [own for own in (runs(text, length) for text in texts) if own]
    return sum(len(own & known) * 2 >= len(own) for own in found) / max(1, len(found))


def repeated_share(texts: Sequence[str], length: int = 4) -> float:
    """Share of texts half of whose runs of four words stood in one text before."""
    seen: dict[tuple[str, ...], list[int]] = {}
    repeats = 0
    for number, text in enumerate(texts):
        own = runs(text, length)
        shared: dict[int, int] = {}
        for run in own:
            others = seen.setdefault(run, [])
            for other in others:
                shared[other] = shared.get(other, 0) + 1
            # A run that stands in hundreds of texts, such as a footer's, finds the latest of them.
            others[:] = [*others[-199:], number]
        repeats += bool(own) and max(shared.values(), default=0) * 2 >= len(own)
    return repeats / max(1, len(texts))


def vocabulary(texts: Iterable[str], at: Sequence[int] = (1_000, 10_000, 100_000)) -> list[int]:
    """How many different words stand in the first so many words; a number beyond the texts' end is left out."""
    known: set[str] = set()
    found: list[int] = []
    count = 0
    for text in texts:
        for word in words(text):
            known.add(word)
            count += 1
            if len(found) < len(at) and count == at[len(found)]:
                found.append(len(known))
                if len(found) == len(at):
                    return found
    return found
