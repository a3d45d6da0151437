"""Prints texts of a type, for whoever writes it.

Run as `python -m spamlab.generate.preview FOLDER CHANNEL [TYPE] [COUNT] [SEED]`. FOLDER is a language's. Without a
TYPE, or with "all", some of each are shown. At the end stands how varied they are: different words in so many words,
and how many texts share half of their runs of four words with an earlier one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spamlab.errors import SpamlabError, UsageError
from spamlab.generate.draws import dataset_key, named, record_key, uniform
from spamlab.generate.languages import CHANNELS, Language, Type, read_language

_FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
_WORD = re.compile(r"\w+")


def samples(language: Language, one: Type, count: int, seed: int = 1) -> list[str]:
    """So many texts of a type; the rules of an e-mail stand one under the other."""
    root = dataset_key(f"preview {one.channel} {one.name}", 1, seed)
    found = []
    for number in range(count):
        key = record_key(root, number)
        sent = _FIRST_DAY + timedelta(minutes=uniform(key, named("sent"), 365 * 24 * 60))
        give = language.document(one, key, sent)
        found.append("\n".join(give(rule) for rule in CHANNELS[one.channel]))
    return found


def variety(texts: Sequence[str]) -> tuple[int, int, float]:
    """(words, different words, share of texts half of whose runs of four words stood in one text before)."""
    words, known = 0, set[str]()
    seen: dict[tuple[str, ...], list[int]] = {}
    repeats = 0
    for number, text in enumerate(texts):
        own = [word.lower() for word in _WORD.findall(text)]
        words += len(own)
        known.update(own)
        runs = {tuple(own[place:place + 4]) for place in range(len(own) - 3)}
        shared: dict[int, int] = {}
        for run in runs:
            for other in seen.setdefault(run, []):
                shared[other] = shared.get(other, 0) + 1
            seen[run].append(number)
        repeats += bool(runs) and max(shared.values(), default=0) * 2 >= len(runs)
    return words, len(known), repeats / max(1, len(texts))


def show(language: Language, types: Iterable[Type], count: int, seed: int) -> Iterable[str]:
    """The lines to print."""
    for one in types:
        texts = samples(language, one, count, seed)
        yield f"=== {one.channel} {one.name} ({one.label}): {one.about}"
        for text in texts:
            yield text
            yield "---" if "\n" in text else ""
        words, known, repeats = variety(samples(language, one, 1000, seed))
        yield f"in 1000 texts: {words} words, {known} different; {repeats:.0%} repeat half of an earlier text"


def main(arguments: Sequence[str] | None = None) -> int:
    """Show samples; 2 with a sentence for bad input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        folder, channel, name, count, seed = (*given, *("", "", "all", "20", "1")[len(given):])
        if channel not in CHANNELS:
            raise UsageError(f"there is no channel called {channel}; there are: {', '.join(CHANNELS)}")
        language = read_language(Path(folder), channel, "" if name == "all" else name)
        types = language.types.get(channel, ()) if name == "all" else (language.type(channel, name),)
        for line in show(language, types, int(count), int(seed)):
            print(line)
        sys.stdout.flush()
    except ValueError:
        print("give FOLDER CHANNEL [TYPE] [COUNT] [SEED]", file=sys.stderr)
        return 2
    except SpamlabError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
