"""Letters that look like others, and the way back: a small table in the manner of Unicode's confusables.

Source: UTS #39 (Unicode Security Mechanisms) section 4 and its data file confusables.txt, of which these are pairs of
letters that common fonts draw alike. `skeleton` is that section's idea for this table alone: two texts with the same
skeleton look alike.

>>> skeleton("раураl") == skeleton("paypal")
True
"""

from __future__ import annotations

import re

LOOKS: dict[str, str] = {
    # Latin -> Cyrillic, Greek, Armenian
    "a": "а", "c": "с", "d": "ԁ", "e": "е", "h": "һ", "i": "і", "j": "ј", "o": "оο", "p": "р", "q": "ԛ", "s": "ѕ",
    "v": "ν", "w": "ԝ", "x": "х", "y": "у",
    "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "ҮΥ", "Z": "Ζ",
    # Cyrillic -> Latin
    "а": "a", "с": "c", "е": "e", "і": "i", "о": "o", "р": "p", "ѕ": "s", "х": "x", "у": "y",
    "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "К": "K", "М": "M", "О": "O", "Р": "P", "Т": "T", "Х": "X",
    # Arabic letters that differ in their code, or in what stands below them, and not in the middle of a word
    "ي": "ی", "ك": "ک", "ه": "ہ",
    # Chinese characters and the radicals of the same form (Kangxi radicals, U+2F00 and on)
    **dict(zip("一人入八力十口土大女子小工己山干心手文方日月水火生用立行見里金面音食首高黑",
               "⼀⼈⼊⼋⼒⼗⼝⼟⼤⼥⼦⼩⼯⼰⼭⼲⼼⼿⽂⽅⽇⽉⽔⽕⽣⽤⽴⾏⾒⾥⾦⾯⾳⾷⾸⾼⿊", strict=True)),
}
"""Letter -> letters that may stand in its place."""
ZERO_WIDTH = "\u200b\u2060\ufeff\u00ad"
"""Characters without a width: zero width space, word joiner, zero width no-break space, soft hyphen. The joiners
U+200C and U+200D are left out, for Arabic, Indic scripts and emoji need them."""
_BACK = {look: letter for letter, looks in LOOKS.items() if not ("а" <= letter <= "я" or "А" <= letter <= "Я"
                                                                  or letter in "іѕ") for look in looks}
_SKELETON = str.maketrans(_BACK)
_NOTHING = re.compile(f"[{ZERO_WIDTH}]")


def skeleton(text: str) -> str:
    """The text with look-alikes drawn back to one letter (Cyrillic and Greek ones to Latin) and without zero width."""
    return _NOTHING.sub("", text).translate(_SKELETON)
