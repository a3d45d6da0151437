"""Numbers that say how a message is written: its length, its links, its signs, its tricks. Not what it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin

from spamlab.filtering.normalize import INVISIBLE, LEET_WORD, MIXED_WORD
from spamlab.filtering.texts import Floats, Messages, texts_of

FEATURES: dict[str, str] = {
    "characters": "number of characters",
    "words": "number of words (runs without white space)",
    "lines": "number of lines",
    "word_length": "mean length of the words, in characters",
    "distinct_words": "share of the words that stand there once or for the first time",
    "letters": "share of the characters that are letters",
    "capitals": "share of the letters with case that are capitals",
    "capital_words": "share of the words that are capitals only, of two or more",
    "digits": "share of the characters that are digits",
    "longest_number": "length of the longest run of digits",
    "exclamations": "number of exclamation marks, of any script",
    "questions": "number of question marks, of any script",
    "repeated": "length of the longest run of one sign or letter, spaces aside",
    "currency": "number of currency signs",
    "percents": "number of percent signs",
    "symbols": "number of other symbols and emoji",
    "links": "number of links, with or without a scheme",
    "link_hosts": "number of different hosts in links",
    "short_links": "links that look like a shortener's: a short host and one short word or code as path",
    "address_links": "links whose host is a bare IP address",
    "user_links": "links with a name and @ before the host",
    "encoded_links": "links whose host is in Punycode (xn--, RFC 3492), or not in ASCII",
    "deep_links": "links whose host has five labels or more",
    "mail_addresses": "number of e-mail addresses",
    "phone_numbers": "number of what looks like a telephone number",
    "scripts": "number of scripts that letters come from",
    "non_latin": "share of the letters that are not Latin",
    "mixed_words": "words that mix Latin letters with Cyrillic, Greek or Armenian ones (UTS #39 section 5)",
    "invisible": "invisible characters inside words of Latin, Greek, Cyrillic or Armenian, where nobody needs them",
    "direction_marks": "marks that turn the direction of text (Unicode Standard Annex #9)",
    "styled_letters": "full-width, mathematical and other letters that NFKC turns into plain ones",
    "leet_words": "words with digits or signs in place of letters",
    "spaced_letters": "letters of words written apart, as in f r e e",
    "replacements": "number of U+FFFD: text that was decoded wrongly",
    "html_tags": "number of HTML tags",
    "html_links": "number of HTML links (a, area, form with an address)",
    "html_hidden": "number of HTML marks that hide text: no display, no size, no opacity",
    "html_entities": "number of HTML character references",
}
"""Each feature with what it counts. All are at least 0."""

_NAMES = tuple(FEATURES)
_PLACE = {name: place for place, name in enumerate(_NAMES)}
_HOST = r"(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.){1,8}[^\W\d_][\w-]{0,62}[^\W_]"
_LINK = re.compile(
    rf"(?:\b(?:https?|hxxps?|ftp)://|\bwww\.)(?P<rest>[^\s<>\"'|\\^`{{}}]+)|(?<![\w.@/-])(?P<bare>{_HOST}/[^\s<>\"']*)",
    re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# The look behind stands after the first sign, so that the engine can leap from one possible first sign to the next.
_PHONE = re.compile(r"[+(0-9](?<![\w/.\-][+(0-9])(?:(?<=\+)|(?<=0)0|(?<=\()|(?<=\d))\(?\d{0,4}\)?"
                    r"(?:[ .\-/]?\(?\d{2,4}\)?){2,4}(?![\w-])")
_DATE = re.compile(r"\s*(?:\d{4}([-/. ])\d{1,2}\1\d{1,2}|\d{1,2}([-/. ])\d{1,2}\2\d{4})\s*")
_SHORT = re.compile(r"(?:www\.)?[\w-]{1,8}\.[a-z]{2,7}/[A-Za-z0-9_-]{2,10}/?", re.IGNORECASE)
_IPV4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|0x[0-9a-f]{8}|\d{8,10}", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_TAG_LINK = re.compile(r"<(?:a|area|form)\s[^<>]{0,2000}?(?:href|action)\s*=", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])"
                     r"|opacity\s*:\s*0(?![.\d]*[1-9])|mso-hide\s*:\s*all|<[^<>]{1,200}\shidden[\s>=]", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)

# What a character is, as bits; a character has all that apply. The scripts follow, one bit each, then "another one".
(_LETTER, _UPPER, _CASED, _DIGIT, _CURRENCY, _SYMBOL, _STYLED, _INVISIBLE, _DIRECTION, _WORD, _SPACE, _LEET, _APART,
 _EXCLAMATION, _QUESTION, _PERCENT, _REPLACEMENT, _NEWLINE) = (1 << place for place in range(18))
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "THAI",
            "GEORGIAN", "ETHIOPIC", "HIRAGANA", "KATAKANA", "HANGUL", "CJK")
_FIRST_SCRIPT = 18
_LATIN = 1 << _FIRST_SCRIPT
_ALIKE = sum(1 << (_FIRST_SCRIPT + _SCRIPTS.index(name)) for name in ("CYRILLIC", "GREEK", "ARMENIAN"))
_NEAR = _LATIN | _ALIKE | _DIGIT
_SIGNS = {
    _DIRECTION: "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", _LEET: "013457@$!",
    _APART: " .*_-", _EXCLAMATION: "!！¡﹗‼", _QUESTION: "?？¿؟⁇՞", _PERCENT: "%٪％", _REPLACEMENT: "\ufffd",
    _NEWLINE: "\n",
}
_COUNTED = {"currency": _CURRENCY, "symbols": _SYMBOL, "styled_letters": _STYLED, "direction_marks": _DIRECTION,
            "exclamations": _EXCLAMATION, "questions": _QUESTION, "percents": _PERCENT, "replacements": _REPLACEMENT}
_CHARACTERS_AT_ONCE = 1 << 20

_Bits = npt.NDArray[np.uint64]
_Flags = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.int64]


@lru_cache(maxsize=1 << 17)
def _kind(code: int) -> int:
    """The bits of one character."""
    sign = chr(code)
    category = unicodedata.category(sign)
    bits = sum(bit for bit, signs in _SIGNS.items() if sign in signs)
    if category[0] == "L":
        # The Unicode Character Database names a letter by its script first; Python has no property for the script.
        script = unicodedata.name(sign, "OTHER").split(" ")[0].split("-")[0]
        plain = unicodedata.normalize("NFKC", sign)
        if code > 0x7F and plain != sign and plain.isascii() and plain.isalpha() and category != "Lo":
            bits |= _STYLED
            script = "LATIN"
        bits |= _LETTER | 1 << (_FIRST_SCRIPT + (_SCRIPTS.index(script) if script in _SCRIPTS else len(_SCRIPTS)))
        bits |= {"Lu": _UPPER | _CASED, "Lt": _UPPER | _CASED, "Ll": _CASED}.get(category, 0)
    elif category == "Nd":
        bits |= _DIGIT
    elif category == "Sc":
        bits |= _CURRENCY
    elif category in ("So", "Sk") and code > 0x7F and not bits & _REPLACEMENT:
        bits |= _SYMBOL
    if sign.isalnum() or sign == "_":
        bits |= _WORD
    if sign.isspace():
        bits |= _SPACE
    if sign in INVISIBLE and not bits & _DIRECTION:
        bits |= _INVISIBLE
    return bits


@dataclass(frozen=True)
class _Joined:
    """Several messages one after the other, a line feed after each.

    codes: the code point of each character. bits: what it is. owner: the number of its message. starts: where each
    message begins. lengths: of each message, without the line feed.
    """

    codes: npt.NDArray[np.uint32]
    bits: _Bits
    owner: _Places
    starts: _Places
    lengths: _Places

    def __len__(self) -> int:
        return len(self.lengths)

    def has(self, bit: int) -> _Flags:
        """Which characters are of this kind, or of one of these."""
        flags: _Flags = (self.bits & np.uint64(bit)) != 0
        return flags

    def counts(self, flags: _Flags) -> Floats:
        """How many of the flagged characters each message holds."""
        return np.bincount(self.owner[flags], minlength=len(self)).astype(np.float64)

    def longest(self, begins: _Places, sizes: _Places) -> Floats:
        """The size of each message's longest run."""
        best = np.zeros(len(self))
        np.maximum.at(best, self.owner[begins], sizes)
        return best


def _join(texts: list[str]) -> _Joined:
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    codes = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    present = np.flatnonzero(np.bincount(codes))
    kinds = np.zeros(int(present[-1]) + 1, dtype=np.uint64)
    kinds[present] = [_kind(int(code)) for code in present]
    owner = np.repeat(np.arange(len(texts)), lengths + 1)
    return _Joined(codes, kinds[codes], owner, np.cumsum(lengths + 1) - lengths - 1, lengths)


def _after(flags: _Flags) -> _Flags:
    """Whether the character before has the flag."""
    return np.concatenate(([False], flags[:-1]))


def _before(flags: _Flags) -> _Flags:
    """Whether the character after has the flag."""
    return np.concatenate((flags[1:], [False]))


def _runs(flags: _Flags) -> tuple[_Places, _Places]:
    """Where the runs of flagged characters begin, and how long each is."""
    begins = np.flatnonzero(flags & ~_after(flags))
    ends = np.flatnonzero(flags & ~_before(flags))
    return begins, ends - begins + 1


def _over(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _by_character(texts: list[str], table: Floats) -> tuple[_Flags, _Flags]:
    """Fills the columns that need no look at patterns, for all messages at once.

    Returns which messages may hold a leet word and which a word of mixed scripts.
    """
    joined = _join(texts)
    whole = joined.lengths.astype(np.float64)
    # How often each kind of character stands in each message, in one pass; from that, the counts of all single bits.
    kinds, which = np.unique(joined.bits, return_inverse=True) if len(joined.bits) < 4096 else _distinct(joined.bits)
    held = np.bincount(joined.owner * len(kinds) + which, minlength=len(texts) * len(kinds)).reshape(len(texts), -1)

    def count(bit: int) -> Floats:
        counted: Floats = held[:, (kinds & np.uint64(bit)) != 0].sum(axis=1).astype(np.float64)
        return counted

    def put(name: str, values: Floats) -> None:
        table[:, _PLACE[name]] = values

    letters = count(_LETTER)
    put("characters", whole)
    # The line feed after each message is not the message's own.
    put("lines", np.where(whole > 0, count(_NEWLINE), 0))
    put("letters", _over(letters, whole))
    put("capitals", _over(count(_UPPER), count(_CASED)))
    put("digits", _over(count(_DIGIT), whole))
    put("non_latin", _over(letters - count(_LATIN), letters))
    for name, bit in _COUNTED.items():
        put(name, count(bit))
    scripts = sum(count(1 << (_FIRST_SCRIPT + place)) > 0 for place in range(len(_SCRIPTS) + 1))
    put("scripts", np.asarray(scripts, dtype=np.float64))

    space, word, upper, letter = joined.has(_SPACE), joined.has(_WORD), joined.has(_UPPER), joined.has(_LETTER)
    words = joined.counts(~space & (_after(space) | (np.arange(len(space)) == 0)))
    put("words", words)
    put("word_length", _over(whole + 1 - count(_SPACE), words))
    put("longest_number", joined.longest(*_runs(joined.has(_DIGIT))))
    same = np.concatenate(([False], joined.codes[1:] == joined.codes[:-1])) & ~space
    begins, sizes = _runs(same)
    put("repeated", joined.longest(begins[sizes >= 2], sizes[sizes >= 2] + 1))
    begins, sizes = _runs(upper)
    alone = (sizes >= 2) & ~_after(word)[begins] & ~_before(word)[begins + sizes - 1]
    capitals = np.bincount(joined.owner[begins[alone]], minlength=len(texts)).astype(np.float64)
    put("capital_words", _over(capitals, words))
    # A letter apart, a sign, a letter apart, a sign, a letter apart.
    lone = letter & ~_after(word & ~joined.has(_APART)) & ~_before(word & ~joined.has(_APART))
    apart = joined.has(_APART)
    triple = np.zeros(len(lone), dtype=bool)
    if len(lone) >= 5:
        triple[:-4] = lone[:-4] & apart[1:-3] & lone[2:-2] & apart[3:-1] & lone[4:]
    marked = triple.copy()
    marked[2:] |= triple[:-2]
    marked[4:] |= triple[:-4]
    put("spaced_letters", joined.counts(marked))
    unseen = joined.has(_INVISIBLE)
    if unseen.any():
        begins, sizes = _runs(unseen)
        near = joined.has(_NEAR)
        inside = _after(near)[begins] & _before(near)[begins + sizes - 1]
        hidden = np.bincount(joined.owner[begins[inside]], weights=sizes[inside], minlength=len(texts))
        put("invisible", hidden.astype(np.float64))
    begins, sizes = _runs(joined.has(_LEET))
    between = begins[_after(letter)[begins] & _before(letter)[begins + sizes - 1]]
    may_leet = np.bincount(joined.owner[between], minlength=len(texts)) > 0
    return may_leet, (count(_LATIN) > 0) & (count(_ALIKE) > 0)


def _distinct(bits: _Bits) -> tuple[_Bits, _Places]:
    """As np.unique with its inverse, without sorting every character: there are few kinds."""
    mixed = (bits * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)
    seen = np.zeros(1 << 16, dtype=np.uint64)
    seen[mixed] = bits
    if (seen[mixed] != bits).any():
        return np.unique(bits, return_inverse=True)
    filled = np.flatnonzero(np.bincount(mixed.astype(np.int64), minlength=1 << 16))
    place = np.zeros(1 << 16, dtype=np.int64)
    place[filled] = np.arange(len(filled))
    return seen[filled], place[mixed]


def _links(text: str, row: Floats) -> None:
    """Fills the columns about links."""
    hosts = set()
    for found in _LINK.finditer(text):
        rest = (found.group("rest") or found.group("bare")).rstrip(".,;:!?)]»”")
        authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
        user, at, server = authority.rpartition("@")
        host = server.rsplit(":", 1)[0].casefold() if not server.startswith("[") else server
        hosts.add(host.removeprefix("www."))
        row[_PLACE["links"]] += 1
        row[_PLACE["user_links"]] += bool(at and user)
        row[_PLACE["address_links"]] += bool(_IPV4.fullmatch(host)) or host.startswith("[")
        row[_PLACE["encoded_links"]] += "xn--" in host or not host.isascii()
        row[_PLACE["deep_links"]] += host.count(".") >= 4 and not _IPV4.fullmatch(host)
        row[_PLACE["short_links"]] += bool(_SHORT.fullmatch(rest))
    row[_PLACE["link_hosts"]] = len(hosts)


def _by_message(text: str, row: Floats) -> None:
    """Fills the columns that need a look at words and patterns, one message at a time."""
    words = text.split()
    if words:
        row[_PLACE["distinct_words"]] = len(set(words)) / len(words)
    if "/" in text or "www." in text.lower():
        _links("\n".join(one for one in words if "/" in one or "www." in one.lower()), row)
    if "@" in text:
        some = "\n".join(one for one in words if "@" in one and "://" not in one)
        row[_PLACE["mail_addresses"]] = len(_MAIL.findall(some))
    if row[_PLACE["digits"]] * row[_PLACE["characters"]] >= 7:
        row[_PLACE["phone_numbers"]] = sum(1 for one in _PHONE.findall(text)
                                           if 7 <= sum(map(str.isdigit, one)) <= 15 and not _DATE.fullmatch(one))
    if "<" in text:
        row[_PLACE["html_tags"]] = len(_TAG.findall(text))
        row[_PLACE["html_links"]] = len(_TAG_LINK.findall(text))
        row[_PLACE["html_hidden"]] = len(_HIDDEN.findall(text))
    if "&" in text:
        row[_PLACE["html_entities"]] = len(_ENTITY.findall(text))


def _measure(texts: list[str], table: Floats) -> None:
    may_leet, may_mix = _by_character(texts, table)
    for place, (text, row) in enumerate(zip(texts, table, strict=True)):
        _by_message(text, row)
        if may_leet[place]:
            row[_PLACE["leet_words"]] = len(LEET_WORD.findall(text))
        if may_mix[place]:
            row[_PLACE["mixed_words"]] = len(MIXED_WORD.findall(text))


def _portions(texts: list[str]) -> Iterator[tuple[int, int]]:
    """Ranges of messages of about a million characters, so that memory stays flat."""
    start = size = 0
    for place, text in enumerate(texts):
        if size + len(text) > _CHARACTERS_AT_ONCE and place > start:
            yield start, place
            start, size = place, 0
        size += len(text) + 1
    if start < len(texts):
        yield start, len(texts)


def composed(text: str) -> str:
    """NFC, so that a text in another of Unicode's canonical forms has the same features (Standard Annex #15)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class MessageFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A table of numbers about how each message is written; it learns nothing.

    columns: names of FEATURES to give, in this order; None gives all. The form of the text is looked at as it stands,
    after NFC, for normalising would hide what the features are to see. Counts grow with the message's length:
    take logarithms before a linear model, as `make_filter` does.

    Takes messages, gives floats of shape (messages, columns), all at least 0.
    """

    def __init__(self, columns: Any = None) -> None:
        self.columns = columns

    def fit(self, X: Messages, y: Any = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Nothing is learned; the messages and the names of columns are only looked at for their form."""
        texts_of(X)
        self._columns()
        return self

    def transform(self, X: Messages) -> Floats:  # noqa: N803
        """The features of each message."""
        columns = self._columns()
        texts = [composed(text) for text in texts_of(X)]
        table = np.zeros((len(texts), len(_NAMES)))
        for start, end in _portions(texts):
            _measure(texts[start:end], table[start:end])
        return table if columns == _NAMES else table[:, [_PLACE[name] for name in columns]]

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:
        """The names of the columns; `input_features` is there for scikit-learn and not looked at."""
        return np.asarray(self._columns(), dtype=object)

    def _columns(self) -> tuple[str, ...]:
        if self.columns is None:
            return _NAMES
        columns = tuple(self.columns)
        unknown = [str(one) for one in columns if one not in FEATURES]
        if unknown or not columns:
            raise ValueError(f"there is no feature {', '.join(unknown) or 'asked for'}; known: {', '.join(FEATURES)}")
        return columns

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags
