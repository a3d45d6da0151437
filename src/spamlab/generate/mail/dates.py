"""Dates that a text tells: a weekday beside a date is made to fit it, and what is quoted was written before.

Texts draw a weekday, a day and a month each by itself. Where they stand together, whoever looks at a calendar sees that
they don't fit; so they are put right when the text is there. The weekday becomes the one that the date has, as it was
written ("Mon", "monday"); but where a day of work would become one of a weekend, or the other way, the date is moved by
up to six days instead. A date without a year is one of the year in which the mail is sent. In a line that tells when a
quoted message was written, a date that is still to come is one of the year before.

>>> english = Dates(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), (
...     "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
...     "December"), ("wrote:",))
>>> english.fitting("On Mon, 3 Jun 2025, Ana wrote:", date(2026, 2, 1))
'On Tue, 3 Jun 2025, Ana wrote:'
>>> english.fitting("We meet on Monday, June 7.", date(2025, 2, 1))
'We meet on Monday, June 9.'
>>> english.fitting("On 3 June 2026, Ana wrote:", date(2026, 2, 1))
'On 3 June 2025, Ana wrote:'
"""

from __future__ import annotations

import re
import unicodedata
from calendar import isleap
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

_SHORT = 3
"""Letters of a short form."""
_WEEKEND = 5
"""The first weekday that is none of work, from Monday as 0."""
_LONG = 160
"""Characters of a text that has accents somewhere, unless its writer uses none."""
_NEAR = 40
"""Characters before a month among which its weekday stands."""
_GAP = r"[.,،]?[ ]"
_YEAR = r"(?:,?[ ](?:del?[ ])?(?P<year>(?:1[89]|20)\d\d)(?!\d))?"
_CLOCK = r"(?:[ ]\d\d:\d\d:\d\d)?"
_ACCENTED = {"a": "[aáàâ]", "e": "[eéèêë]", "i": "[iíî]", "o": "[oóô]", "u": "[uúûü]"}
_DAY_BEFORE = r"\d(?:er)?[ ](?:de[ ])?"
_DAY_LIKELY = re.compile(r"(?:\d(?:st|nd|rd|th|er)?[.,،]?|[.,،]|\b(?:of|de)) \Z", re.IGNORECASE)
_DAY_LONG = 6
"""Characters of the longest end that `_DAY_LIKELY` finds, and one before it."""
_YEAR_AFTER = re.compile(r"\.?" + _YEAR)
_DAY_AFTER = re.compile(rf"\.?[ ]+(?P<day>[1-3]?\d)(?P<th>st|nd|rd|th)?(?![\w:]){_CLOCK}{_YEAR}")


class Dates:
    """The weekdays (from Monday) and months of one language, and how lines begin or end that tell when a quoted message
    was written."""

    def __init__(self, weekdays: Sequence[str], months: Sequence[str], quoting: Sequence[str] = ()) -> None:
        self._names, self._quoting = tuple(weekdays), tuple(quoting)
        # Short forms are told apart from other words by their capital letter.
        cased = all(name[:1].isupper() for name in (*weekdays, *months))
        self._weekdays, self._months = _forms(weekdays, short=cased), _forms(months, short=cased)
        # Capital letters are seldom, and so are figures: what begins with one is found fast.
        month = _any_of([one.title() for one in self._months] if cased else months)
        self._month = re.compile(rf"{'' if cased else _DAY_BEFORE}(?P<month>{month})(?!\w)")
        self._sign = re.compile("|".join(re.escape(name[:_SHORT] if cased else name[1:]) for name in weekdays))
        self._any_month = re.compile(rf"(?<!\w)(?P<month>{_any_of(self._months)})(?!\w)", re.IGNORECASE)
        self._ends = tuple(f"{one} " for form in self._weekdays for one in (form, form.title(), form.upper()))
        weekday = rf"(?<!\w)(?P<weekday>{_any_of(self._weekdays)}){_GAP}"
        self._before = re.compile(
            rf"{weekday}(?:(?:(?:the|le|el)[ ])?(?P<day>[1-3]?\d)(?P<th>st|nd|rd|th|er)?{_GAP}(?:(?:of|de)[ ])?)?\Z",
            re.IGNORECASE)
        any_month = f"(?P<month>{_any_of(self._months)})"
        self._dated = [re.compile(rf"(?<!\w)(?:{one}),?[ ](?:\d\d:\d\d:\d\d[ ])?(?P<year>20\d\d)(?!\d)", re.IGNORECASE)
                       for one in (rf"(?P<day>[1-3]?\d)[ ]{any_month}", rf"{any_month}[ ]+(?P<day>[1-3]?\d)")]

    def fitting(self, text: str, sent: date) -> str:
        """The text with quoted messages before, and each weekday that stands before a date put right. sent: the day of
        the mail, whose year is that of dates that tell none."""
        for word in self._quoting:
            place = text.find(word)
            while place >= 0:
                begin, end = text.rfind("\n", 0, place) + 1, text.find("\n", place) % (len(text) + 1)
                line = text[begin:end]
                if line.endswith(word) or line.lstrip("> ").startswith(word):
                    text = text[:begin] + self._past(line, sent) + text[end:]  # as long as before
                place = text.find(word, place + 1)
        return self._with_weekdays(text, sent.year)

    def _past(self, line: str, sent: date) -> str:
        """The line with a date that is still to come set a year back."""
        def before(found: re.Match[str]) -> str:
            month, day, year = self._months[_plain(found["month"])], int(found["day"]), int(found["year"])
            if (year, month, day) <= (sent.year, sent.month, sent.day):
                return found.group()
            year = sent.year - ((month, day) > (sent.month, sent.day))
            while (month, day) == (2, 29) and not isleap(year):
                year -= 1
            return f"{found.group()[:-len(found['year'])]}{year}"

        for pattern in self._dated:
            line = pattern.sub(before, line)
        return line

    def _with_weekdays(self, text: str, year: int) -> str:
        of_one_case = text.islower() or text.isupper()
        if not of_one_case and self._sign.search(text) is None:
            return text
        made, done = [], 0
        for month in (self._any_month if of_one_case else self._month).finditer(text):
            begin, end = month.span("month")
            # Most months stand in "in January", "January 2026" and the like: that is seen at once.
            if not (text.endswith(self._ends, 0, begin) or _DAY_LIKELY.search(text, max(0, begin - _DAY_LONG), begin)):
                continue
            start = max(done, begin - _NEAR)
            before = self._before.search(text[start:begin])
            if before is None:
                continue
            after = (_YEAR_AFTER if before["day"] else _DAY_AFTER).match(text, end)
            if after is None:
                continue
            day = before if before["day"] else after
            word, number = self._fitted(before["weekday"], int(day["day"]), self._months[_plain(month["month"])],
                                        int(after["year"] or year), accents=not text.isascii() or len(text) < _LONG)
            if number != int(day["day"]) and day["th"]:
                continue  # an ordinal ("3rd") would become another one
            places = [(start + before.start("weekday"), before["weekday"], word)]
            if number != int(day["day"]):
                shown = f"{number:02d}" if day["day"][0] == "0" else str(number)
                places.append((day.start("day") + (start if day is before else 0), day["day"], shown))
            for place, old, new in places:
                made += [text[done:place], new]
                done = place + len(old)
        return "".join([*made, text[done:]]) if made else text

    def _fitted(self, word: str, number: int, month: int, year: int, *, accents: bool) -> tuple[str, int]:
        """A weekday as it is written and the day of a month, one of them changed so that they fit."""
        wanted = self._weekdays[_plain(word)] - 1
        try:
            told = date(year, month, number).weekday()
        except ValueError:
            return word, number
        if told == wanted:
            return word, number
        if (told < _WEEKEND) == (wanted < _WEEKEND):
            return _like(word, self._names[told], accents=accents), number
        moved = number + (wanted - told) % 7
        # Every month has 28 days; what lies behind them comes a week earlier.
        return word, moved if moved <= 28 else moved - 7


@lru_cache(maxsize=32)
def dates_of(weekdays: tuple[str, ...], months: tuple[str, ...], quoting: tuple[str, ...]) -> Dates:
    """The dates of a language, as for `Dates`."""
    return Dates(weekdays, months, quoting)


def _like(word: str, name: str, *, accents: bool) -> str:
    """A name written as a word was: as short, in small letters or capitals. accents: it may have some."""
    made = name[:_SHORT] if len(word) == _SHORT else name
    made = made if accents else _plain_letters(made)
    if word.isupper():
        return made.upper()
    return made[:1].upper() + made[1:] if word[:1].isupper() else made.lower()


def _forms(names: Sequence[str], *, short: bool) -> dict[str, int]:
    """Each form of a name in small letters without accents -> its number from 1. short: forms of three letters too."""
    found = {_plain(name): number for number, name in enumerate(names, 1)}
    return {**({name[:_SHORT]: number for name, number in found.items()} if short else {}), **found}


def _plain(text: str) -> str:
    return _plain_letters(text).lower()


def _plain_letters(text: str) -> str:
    """Latin letters without their accents; letters of other scripts as they are."""
    if text.isascii():
        return text
    return "".join([unicodedata.normalize("NFD", one)[0] if one < "\u0250" else one for one in text])


def _any_of(forms: Iterable[str]) -> str:
    """A pattern for these forms, with or without accents, the longest first."""
    return "|".join("".join(_ACCENTED.get(one, re.escape(one)) for one in form)
                    for form in sorted(forms, key=len, reverse=True))
