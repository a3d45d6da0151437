"""Other words for the same: what a language model makes of a text when it is asked for variants, by rules of ours.

datasets/languages/LANG/rewording.toml
    synonyms    lists of words and phrases of which each may stand for any other of its list
    orders      pairs [from, to] of sentences with places {a} and {b}: "If {a}, {b}." -> "{b} if {a}."
    frames      what may stand around a sentence, {s}: "Please note that {s}"
    openers     words that a framed sentence may begin with, for it loses its capital letter then
    targets     words that a filter is thought to look for: hidden before others
    salad       harmless words and phrases, to be strewn in
    spaces      false where words are written without spaces between them (Chinese)

A language without the file has no paraphrase and no word salad; all other techniques need no words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError
from spamlab.generate.draws import below, mixed, named, share, uniform

_KEYS = {"synonyms", "orders", "frames", "openers", "targets", "salad", "spaces"}
_SYNONYM, _ORDER, _FRAME = named("synonym"), named("order"), named("frame")
_FIRST = re.compile(r"(?:^|(?<=[.!?] ))[^\W\d_]+")
_RUN = re.compile(r"\w+")
_PLACE = re.compile(r"\\\{([ab])\\\}")


@dataclass(frozen=True)
class Rewording:
    """A language's rules, ready for use. words: finds any word that has synonyms; begin: what these begin with, up to
    the first sign or space, in small letters, none where they can't be known so; others: what may stand for it. orders:
    how a sentence begins, the pattern of the whole of it, what stands for it."""

    words: re.Pattern[str] | None = None
    begin: frozenset[str] = frozenset()
    others: tuple[tuple[str, ...], ...] = ()
    group: Mapping[str, int] = field(default_factory=dict)
    orders: tuple[tuple[str, re.Pattern[str], str], ...] = ()
    frames: tuple[str, ...] = ()
    openers: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    salad: tuple[str, ...] = ()
    spaces: bool = True


def read_rewording(folder: Path) -> Rewording:
    """The rules of the language in `folder`; none where it has no file. Raises ContentError with all faults."""
    path = folder / "rewording.toml"
    if not path.is_file():
        return Rewording()
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{folder.name}/{path.name}: it can't be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{folder.name}/{path.name}: this is not TOML: {error}") from None
    faults = list(_faults(read))
    if faults:
        raise ContentError("\n".join(f"{folder.name}/{path.name}: {fault}" for fault in faults))
    spaces = read.get("spaces", True)
    others = tuple(tuple(group) for group in read.get("synonyms", ()))
    group = {word.lower(): number for number, words in enumerate(others) for word in words}
    border = (r"(?<![\w.@/-])", r"(?![\w@/-]|\.\w)") if spaces else ("", "")
    words = re.compile(f"{border[0]}{_any_of(group)}{border[1]}", re.IGNORECASE) if group else None
    begins = [_RUN.match(word) for word in group] if spaces else []
    begin = frozenset(found.group() for found in begins if found) if all(begins) else frozenset()
    return Rewording(words, begin, others, group, tuple(_order(*pair) for pair in read.get("orders", ())),
                     tuple(read.get("frames", ())), frozenset(read.get("openers", ())),
                     frozenset(word.lower() for word in read.get("targets", ())), tuple(read.get("salad", ())), spaces)


def paraphrased(text: str, key: int, rules: Rewording) -> tuple[str, int]:
    """The text in other words, and how many places were changed: clauses in another order, synonyms, frames."""
    changed = 0
    for number, (begin, pattern, to) in enumerate(rules.orders):
        if begin in text and share(key ^ number, _ORDER) < 0.7:
            text, count = pattern.subn(lambda found, to=to: _ordered(found, to), text)  # type: ignore[misc]
            changed += count
    if rules.words is not None:
        def other(found: re.Match[str]) -> str:
            nonlocal changed
            word, at = found.group(), mixed(key ^ found.start())
            if share(at, _SYNONYM) > 0.75:
                return word
            choice = [one for one in rules.others[rules.group[word.lower()]] if one.lower() != word.lower()]
            if not choice:
                return word
            changed += 1
            new = choice[uniform(at, below(_SYNONYM, 1), len(choice))]
            return new[:1].upper() + new[1:] if word[:1].isupper() else new

        text = _with_words(text, rules, rules.words, other)
    framed = _framed(text, key, rules)
    return framed, changed + (framed != text)


def word_salad(key: int, rules: Rewording, count: int) -> str:
    """So many different harmless words or phrases, without a sense; "" for a language that has none."""
    found = sorted(rules.salad, key=lambda words: mixed(key ^ named(words)))[:count]
    return (" " if rules.spaces else "").join(found)


def _with_words(text: str, rules: Rewording, words: re.Pattern[str], other: Callable[[re.Match[str]], str]) -> str:
    """`words.sub(other, text)`, but looked at closely where a word stands that one with synonyms begins with."""
    lower, begin = text.lower(), rules.begin
    if not begin or len(lower) != len(text):  # of some letters the small form is longer
        return words.sub(other, text)
    made, end, place = [], 0, 0
    for run in _RUN.findall(lower):
        place = lower.find(run, place)
        if run in begin and place >= end and (found := words.match(text, place)):
            made += [text[end:place], other(found)]
            end = found.end()
        place += len(run)
    return "".join([*made, text[end:]]) if made else text


def _framed(text: str, key: int, rules: Rewording) -> str:
    """One sentence of the text with a frame around it, where one begins with a word that may lose its capital."""
    if not rules.frames or share(key, _FRAME) > 0.6:
        return text
    places = [found for found in _FIRST.finditer(text) if found.group() in rules.openers]
    if not places:
        return text
    place = places[uniform(key, below(_FRAME, 1), len(places))].start()
    before, after = rules.frames[uniform(key, below(_FRAME, 2), len(rules.frames))].split("{s}")
    return f"{text[:place]}{before}{text[place:place + 1].lower()}{text[place + 1:]}{after}"


def _any_of(words: Iterable[str]) -> str:
    """A pattern that finds any of these words, the longest where several begin alike: what they begin with stands in it
    once, so that it is looked at once."""
    tree: dict[str, Any] = {}
    for word in words:
        place = tree
        for letter in (*word, ""):
            place = place.setdefault(letter, {})

    def pattern(place: Mapping[str, Any]) -> str:
        ways = [re.escape(letter) + pattern(rest) for letter, rest in place.items() if letter]
        return f"(?:{'|'.join(ways)}){'?' if '' in place else ''}" if ways else ""

    return pattern(tree)


def _order(before: str, after: str) -> tuple[str, re.Pattern[str], str]:
    # A clause has no end of a sentence and no link in it.
    pattern = _PLACE.sub(r"(?P<\1>[^.!?\\n:/,]{4,80}?)", re.escape(before))
    whole = re.compile(r"(?:^|(?<=[.!?] ))" + pattern.replace(r"\ ", " ") + r"(?=\s|$)")
    return before.partition("{")[0], whole, after


def _ordered(found: re.Match[str], to: str) -> str:
    text = to.replace("{a}", found["a"]).replace("{b}", found["b"])
    return text[:1].upper() + text[1:]


def _faults(read: dict[str, Any]) -> Iterator[str]:
    for key in sorted(set(read) - _KEYS):
        yield f"the key {key} has no meaning"
    for key in ("frames", "openers", "targets", "salad"):
        if not _texts(read.get(key, [])):
            yield f"{key} must be a list of texts"
    for key, least in (("synonyms", 2), ("orders", 2)):
        lists = read.get(key, [])
        if not isinstance(lists, list) or not all(_texts(one) and len(one) >= least for one in lists):
            yield f"{key} must be a list of lists with {least} texts or more"
    if _texts(read.get("frames", [])):
        yield from (f"the frame {frame!r} needs {{s}} once" for frame in read.get("frames", ())
                    if frame.count("{s}") != 1 or not frame.endswith("{s}"))
    orders = read.get("orders", [])
    for pair in orders if isinstance(orders, list) else ():
        if _texts(pair) and (len(pair) != 2 or any(one.count("{a}") != 1 or one.count("{b}") != 1 for one in pair)):
            yield f"the order {pair[0]!r} needs a second text, and {{a}} and {{b}} once in both"
    if not isinstance(read.get("spaces", True), bool):
        yield "spaces must be true or false"


def _texts(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(
        isinstance(one, str) and one for one in value)
