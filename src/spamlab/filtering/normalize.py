"""Undoes the usual evasion in a text: styled letters, invisible characters, look-alikes of other scripts, leet.

Source: Unicode Technical Standard #39, "Unicode Security Mechanisms", section 4 (skeletons of confusable strings) and
section 5 (mixed-script detection). We fold less than its skeletons do: only letters of Cyrillic, Greek and Armenian
that look like Latin ones, and only in words that mix scripts or hide in Latin text, for a skeleton of honest Russian is
no Russian. NFKC: Unicode Standard Annex #15.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin

from spamlab.filtering.texts import Messages, texts_of

INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200b\u200c\u200d\u200e\u200f" \
            "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2065\u2066\u2067\u2068\u2069" \
            "\u206a\u206b\u206c\u206d\u206e\u206f\u3164\ufeff\uffa0"
"""Characters that show nothing (Default_Ignorable_Code_Point of the Unicode Character Database, DerivedCoreProperties),
without variation selectors, which NFKC and the eye leave alone, and without tags (U+E0000 and up)."""

# Other script's letter -> the Latin letter that it looks like in usual fonts; upper and lower case apart.
_TO_LATIN = {
    # Cyrillic
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "ӏ": "l", "о": "o", "р": "p",
    "ԛ": "q", "ѕ": "s", "т": "t", "у": "y", "х": "x", "ԝ": "w", "ѵ": "v", "к": "k", "м": "m", "ё": "ë", "ї": "ï",
    "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "І": "I", "Ј": "J", "К": "K", "М": "M", "О": "O", "Р": "P",
    "Ѕ": "S", "Т": "T", "У": "Y", "Х": "X", "Ԝ": "W", "Ѵ": "V", "Ԛ": "Q", "Ӏ": "I", "Ё": "Ë", "Ї": "Ï",
    # Greek
    "α": "a", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "υ": "u", "ϲ": "c", "ϳ": "j", "χ": "x", "ω": "w",
    "γ": "y", "τ": "t", "η": "n",
    "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P",
    "Τ": "T", "Υ": "Y", "Χ": "X", "Ϲ": "C",
    # Armenian
    "օ": "o", "ս": "u", "ո": "n", "հ": "h", "ց": "g", "զ": "q", "Տ": "S", "Օ": "O", "Ս": "U",
}
# Both ways between Latin and Cyrillic, for a Latin letter inside a Russian word.
_TO_CYRILLIC = {latin: other for other, latin in _TO_LATIN.items() if "\u0400" <= other <= "\u052f" and latin.isascii()}
_LATIN_TABLE = str.maketrans(_TO_LATIN)
_CYRILLIC_TABLE = str.maketrans(_TO_CYRILLIC)
_INVISIBLE_TABLE = dict.fromkeys(map(ord, INVISIBLE))

_LATIN = r"A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_OTHER = r"\u0370-\u03ff\u0400-\u052f\u0530-\u058f"
_LETTERS_OF = {"latin": re.compile(rf"[{_LATIN}]"), "other": re.compile(rf"[{_OTHER}]")}
_LETTERS = re.compile(rf"[{_LATIN}{_OTHER}\u0300-\u036f]+")
# Words whose letters come from Latin and from a script with look-alikes (UTS #39 section 5.1, narrowed to these).
MIXED_WORD = re.compile(rf"(?<![{_LATIN}{_OTHER}\u0300-\u036f])(?=[{_LATIN}\u0300-\u036f]*[{_OTHER}])"
                        rf"(?=[{_OTHER}\u0300-\u036f]*[{_LATIN}])[{_LATIN}{_OTHER}\u0300-\u036f]+")

_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
_LEET_TABLE = str.maketrans(_LEET)
LEET_WORD = re.compile(r"(?<![\w@$!])[^\W\d_]+(?:[013457@$!]+[^\W\d_]+)+(?![\w@$]|\.\w)")
"""A word with signs that stand for letters between its letters. A reference such as A12B looks the same."""


def normalize(text: str, *, leet: bool = False) -> str:
    """`text` with its evasion undone; what has none stays as it is, but for NFKC.

    NFKC (full-width and mathematical letters, ligatures), invisible characters removed, look-alikes folded to the
    script of their word. leet: also "fr3e" to "free", which harms references and names such as "A4B".
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE_TABLE))
    if leet:
        # Before the look-alikes: a letter so won counts for the script of its word.
        text = LEET_WORD.sub(_unleet, text)
    if not _LETTERS_OF["other"].search(text):
        return text
    # A folded letter may compose with the mark after it.
    return unicodedata.normalize("NFC", fold_look_alikes(text))


def fold_look_alikes(text: str) -> str:
    """`text` with the look-alikes of another script folded, word by word.

    A word of mixed scripts goes to Latin if each of its other letters looks like a Latin one, else to Cyrillic if each
    of its Latin letters looks like a Cyrillic one, else it is folded as far as it goes. In a text whose letters are
    mostly Latin, a word of nothing but look-alikes becomes Latin as a whole (UTS #39: whole-script confusable).
    """
    if not _LETTERS_OF["latin"].search(text):
        return text
    text = _LETTERS.sub(_fold_mixed, text)
    latin, other = len(_LETTERS_OF["latin"].findall(text)), len(_LETTERS_OF["other"].findall(text))
    return _LETTERS.sub(_fold_whole, text) if latin > other > 0 else text


def _fold_mixed(found: re.Match[str]) -> str:
    word = found.group()
    others, latins = _LETTERS_OF["other"].findall(word), _LETTERS_OF["latin"].findall(word)
    if not others or not latins:
        return word
    if not all(one in _TO_LATIN for one in others) and all(one in _TO_CYRILLIC for one in latins):
        return word.translate(_CYRILLIC_TABLE)
    return word.translate(_LATIN_TABLE)


def _fold_whole(found: re.Match[str]) -> str:
    word = found.group()
    return word.translate(_LATIN_TABLE) if all(one in _TO_LATIN for one in _LETTERS_OF["other"].findall(word)) else word


def _unleet(found: re.Match[str]) -> str:
    return found.group().translate(_LEET_TABLE)


class Normalize(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[misc, call-arg]
    """Texts with their evasion undone, as `normalize` does it; it learns nothing.

    leet: also read digits and signs between letters as the letters that they stand for.
    Takes messages, gives a list of texts.
    """

    def __init__(self, leet: bool = False) -> None:
        self.leet = leet

    def fit(self, X: Messages, y: Any = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Nothing is learned; the messages are only looked at for their form."""
        texts_of(X)
        return self

    def transform(self, X: Messages) -> list[str]:  # noqa: N803
        """The normalised text of each message."""
        return [normalize(text, leet=self.leet) for text in texts_of(X)]

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:
        """The one column, `text`, so that a pipeline can name what comes after it."""
        return np.asarray(["text"], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags
