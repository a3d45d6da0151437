"""How careless writers write: small letters, lost apostrophes and full stops, short forms, slips of the finger.

A language has its habits in texture.toml: what each is, and the share of careless writers who have it. Habits are the
writer's, so they hold for the whole of a text; links, mail addresses, numbers and quoted lines are left as they are.
Nobody slips in a name or a signature: in words with a capital letter, in a language's own names, and in short lines.

>>> careless("I can't come at 5.30, see http://a.example/x.", 3, Texture({"no_apostrophes": 1.0}, {}))
'I cant come at 5.30, see http://a.example/x.'
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from spamlab.errors import ContentError
from spamlab.generate.draws import happens, limit, mixed, named, share, uniform

HABITS = ("small_letters", "no_accents", "no_apostrophes", "no_full_stop", "dots", "short_forms", "slips")
"""Habits by name: no capitals; no accents; no apostrophes; no full stop at the end of a line; "..." between sentences;
`words` in place of others; letters swapped, left out or doubled."""
SLIPS = 0.03
"""Of the words of a writer who slips: the share with a slip."""
SIGNATURE = 4
"""Words of the longest line that is taken for a greeting or a signature."""
_ENDS = (".", "!", "?", "؟")
_FILE = "texture.toml"
_KEPT = re.compile(r"[@/\d_]|\w\.\w")
"""What is in links, mail addresses and numbers: a token with it stays as it is."""
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])")
_MARKS = frozenset(",.!?;:")
_STOP_AT_END = re.compile(r"(?<=\w)\.(?=\s*$)")
_STOP_BETWEEN = re.compile(r"(?<=[^\W\d_]{4})\. (?=\w)")
"""A full stop after a word of four letters or more: "Mrs." and "St." end no sentence."""
SHORT, SLIP, KIND, PLACE = named("short form"), named("slip"), named("kind of slip"), named("place of slip")
LIKELY = limit(0.8)


@dataclass(frozen=True)
class Texture:
    """The habits of a language's careless writers. shares: habit -> share of them. words: word -> its short form.
    names: of persons, in which nobody slips; a name in ASCII is known by its capital letter alone."""

    shares: Mapping[str, float]
    words: Mapping[str, str]
    names: frozenset[str] = frozenset()


PLAIN = Texture({"slips": 0.6, "no_full_stop": 0.3}, {})
"""Habits where a language has no file."""


def read_texture(folder: Path) -> Texture:
    """The habits in a language's folder; `PLAIN` where it has no file. Raises ContentError with all faults."""
    path = folder / _FILE
    if not path.is_file():
        return PLAIN
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{folder.name}/{_FILE}: it can't be read: {error}") from None
    faults = list(_faults(read))
    if faults:
        raise ContentError("\n".join(f"{folder.name}/{_FILE}: {fault}" for fault in faults))
    return Texture(dict(read.get("habits", {})), dict(read.get("words", {})))


def careless(text: str, key: int, texture: Texture) -> str:
    """The text as a careless writer, who is drawn from the key, writes it."""
    has = {habit for habit, often in texture.shares.items() if happens(key, named(habit), limit(often))}
    if not has:
        return text
    lines = text.split("\n") if "\n" in text else [text]
    return "\n".join([line if line.startswith(">") else _line(line, mixed(key + number), has, texture, len(lines) > 1)
                      for number, line in enumerate(lines)])


def _line(line: str, key: int, has: set[str], texture: Texture, among_others: bool) -> str:
    """among_others: it is not the only line of its text."""
    tokens = line.split(" ")
    # Of several lines, those of few words without an end are greetings and signatures.
    signed = among_others and len(tokens) <= SIGNATURE and not line.endswith(_ENDS)
    if "slips" in has and not signed:
        _slip_in(tokens, key, texture.names)
    if "short_forms" in has:
        _shorten_in(tokens, key, texture.words)
    if not _KEPT.search(line):
        line = _plainer(" ".join(tokens), has)
    else:
        line = " ".join([token if _KEPT.search(token) else _plainer(token, has) for token in tokens])
    if "no_full_stop" in has:
        line = _STOP_AT_END.sub("", line)
    if "dots" in has:
        line = _STOP_BETWEEN.sub("... ", line)
    return line


def _plainer(text: str, has: set[str]) -> str:
    """Without what careless writers leave out of every word."""
    if "no_accents" in has and not text.isascii():
        text = "".join(letter for letter in normalize("NFD", text) if not combining(letter))
    if "no_apostrophes" in has and ("'" in text or "’" in text):
        text = _APOSTROPHE.sub("", text)
    return text.lower() if "small_letters" in has else text


def _shorten_in(tokens: list[str], key: int, words: Mapping[str, str]) -> None:
    """Puts short forms into their places; a mark after a word stays."""
    for place, token in enumerate(tokens):
        word, mark = (token[:-1], token[-1]) if token[-1:] in _MARKS else (token, "")
        short = words.get(word.lower())
        if short and happens(mixed(key + place), SHORT, LIKELY):
            tokens[place] = short + mark


def right_words(drawn: float) -> int:
    """How many words are right before the next one with a slip, for a draw from 0 up to 1."""
    return int(log(1 - drawn) / log(1 - SLIPS))


def _slip_in(tokens: list[str], key: int, names: frozenset[str]) -> None:
    """Slips in a few words of four letters or more that are no names: from one to the next it is a draw how many are
    right."""
    place = 0
    while True:
        key = mixed(key ^ SLIP)
        place += right_words(share(key, SLIP))
        if place >= len(tokens):
            return
        word = tokens[place]
        if len(word) > 3 and word.isalpha() and not (word[0].isupper() and word[1].islower()) and word not in names:
            tokens[place] = _slipped(word, key)
        place += 1


def _slipped(word: str, key: int) -> str:
    """Two letters swapped, one left out, or one doubled; never the first."""
    place = 1 + uniform(key, PLACE, len(word) - 2)
    kind = share(key, KIND)
    if kind < 0.45:
        return f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2:]}"
    if kind < 0.8:
        return word[:place] + word[place + 1:]
    return word[:place] + word[place] + word[place:]


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"the key {key} has no meaning" for key in sorted(set(read) - {"habits", "words"}))
    habits = read.get("habits", {})
    if not isinstance(habits, dict):
        yield "[habits] must be a table of habits with shares"
        habits = {}
    for name, often in habits.items():
        if name not in HABITS:
            yield f"there is no habit called {name}; there are: {', '.join(HABITS)}"
        elif type(often) not in (int, float) or not 0 <= often <= 1:
            yield f"the habit {name} must be a share from 0 to 1"
    words = read.get("words", {})
    if not isinstance(words, dict) or not all(isinstance(one, str) and one for one in words.values()):
        yield "[words] must be a table of words with their short forms"


def writing(document: Callable[[str], str], key: int, texture: Texture) -> Callable[[str], str]:
    """The document of a careless writer: what is read as running text is in the writer's own way."""
    return lambda rule: careless(document(rule), key, texture) if rule in RUNNING else document(rule)


RUNNING = frozenset(("text", "body", "subject"))
