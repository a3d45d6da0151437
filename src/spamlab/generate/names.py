"""Names of persons in a language's own script, and how these persons spell them in Latin letters.

A language brings them as two tables among its words (words/mail_names.toml), both with the columns name, latin, gender
("m", "f", or "" for both) and group: `mail_given` and `mail_family`. A family name that has a form for each gender has
a row for each. Names that are drawn together are of one group, such as those of one country. A third table may tell
titles that stand before a family name, `mail_titles` with the columns name and gender ("Madame", "f"), and a fourth how
single letters are spelled, `mail_letters` with the columns name and latin, for the domains of firms. Who is read from a
text is found whatever stands around the name: a title, a patronymic.

>>> names = Names([Name("Анна", "Anna", "f")], [Name("Смирнова", "Smirnova", "f")])
>>> names.read("Смирнова Анна Сергеевна").latin
'Anna Smirnova'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spamlab.generate.composer import Table
from spamlab.generate.draws import named, uniform

TABLES = ("mail_given", "mail_family")
COLUMNS: tuple[str, ...] = ("name", "latin", "gender", "group")
TITLES = "mail_titles"
TITLE_COLUMNS: tuple[str, ...] = ("name", "gender")
LETTERS = "mail_letters"
LETTER_COLUMNS: tuple[str, ...] = ("name", "latin")
GENDERS = ("m", "f", "")
_GIVEN, _FAMILY = named("given name"), named("family name")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_GREETING = 4
"""Words of the longest line that greets somebody by name."""
_GREETING_ENDS, _LITTLE = "，：！,:!", 3
"""How such a line ends where words stand without spaces, or how many characters it has beside the name."""
_LAST_LATIN = "\u024f"
_FIRST_WITHOUT_SPACES = "\u2e80"
"""Where the scripts begin that are written without spaces between words; family names stand first in them."""


@dataclass(frozen=True, slots=True)
class Name:
    """One given or family name. gender: "m", "f", "" for both. group: of names that go together."""

    shown: str
    latin: str
    gender: str
    group: str = ""

    def stands_in(self, text: str) -> bool:
        """Whether a text in small letters has it, be it without its accents."""
        return self.shown.lower() in text or (self.shown[0] <= _LAST_LATIN and self.latin.lower() in text)


@dataclass(frozen=True, slots=True)
class Person:
    """Who was read from a text or drawn. whole: the text holds nothing beside these names. title: the gender that a
    title tells, "" for none."""

    given: Name | None
    family: Name | None
    whole: bool = True
    title: str = ""

    @property
    def gender(self) -> str:
        """"m", "f", or "" where the names leave it open."""
        return (self.given.gender if self.given else "") or (
            self.family.gender if self.family else "") or self.title

    @property
    def group(self) -> str:
        """Of the names that are known."""
        return next((one.group for one in (self.given, self.family) if one), "")

    @property
    def latin(self) -> str:
        """In Latin letters, the given name first."""
        return " ".join(one.latin for one in (self.given, self.family) if one)

    def may_be(self, other: Person) -> bool:
        """Whether nothing that is known of this person differs from the other one."""
        pairs = ((self.given, other.given), (self.family, other.family), (self.gender, other.gender))
        return all(not mine or mine == theirs for mine, theirs in pairs)


    def told_in(self, text: str) -> Person | None:
        """As much of the person as a text names, the gender kept; None where it names nothing."""
        small = text.lower()
        given, family = (one if one and one.stands_in(small) else None for one in (self.given, self.family))
        if (given, family) == (self.given, self.family):
            return self
        return Person(given, family, self.whole, self.gender) if given or family else None


class Names:
    """The names of one language, never none."""

    def __init__(self, given: Iterable[Name], family: Iterable[Name], titles: Mapping[str, str] | None = None,
                 letters: Mapping[str, str] | None = None) -> None:
        """titles: in small letters, with the gender that they tell. letters: small ones, with their Latin spelling."""
        self._all = (list(given), list(family))
        # Who leaves out accents writes names in Latin letters so too.
        self._given, self._family = (
            {**{one.latin: one for one in some if one.shown[0] <= _LAST_LATIN}, **{one.shown: one for one in some}}
            for some in self._all)
        self._fit: dict[tuple[int, str, str | None], list[Name]] = {}
        self._titles = titles or {}
        self._letters = {ord(letter): latin for letter, latin in (letters or {}).items()}
        self.without_spaces = self._all[0][0].shown[0] >= _FIRST_WITHOUT_SPACES
        families, longer = (_any_of(some) for some in (self._family, [one for one in self._given if len(one) > 1]))
        whole = f"(?P<family>{families})(?P<given>{_any_of(self._given)})"
        self._inside, self._at_end = re.compile(f"{whole}|(?P<only>{longer})"), re.compile(rf"{whole}\Z")

    @property
    def words(self) -> frozenset[str]:
        """Each name as it is shown."""
        return frozenset(one.shown for some in self._all for one in some)

    def spelled(self, text: str) -> str:
        """The text in small Latin letters; as it is where the language doesn't tell how its letters are spelled."""
        return text.lower().translate(self._letters) if self._letters else text

    def read(self, text: str) -> Person | None:
        """The person whom a text names, such as a display name; None where no name is known."""
        given: Name | None = None
        family: Name | None = None
        whole, title = True, ""
        words = _WORD.findall(text)
        while words:
            count = next((count for count in (3, 2) if self._knows(" ".join(words[:count]))), 1)
            word = " ".join(words[:count])
            del words[:count]
            # Of a name that is both, the given one stands first, unless it is the only one after a title.
            alone = bool(title) and word in self._family and not any(map(self._knows, words))
            if given is None and word in self._given and not alone:
                given = self._given[word]
            elif family is None and word in self._family:
                family = self._family[word]
            elif self.without_spaces and given is None and family is None and (found := self._split(word)):
                given, family, whole = found.given, found.family, whole and found.whole
            else:
                whole, title = False, title or self._titles.get(word.lower(), "")
        return Person(given, family, whole, title) if given or family else None

    def greeted(self, line: str) -> Person | None:
        """Whom a short line greets by a given name, or by a family name with a title, as in "Здравствуйте, Анна!" and
        "Bonjour Madame Petit,"; None for any other line."""
        if self.without_spaces:
            found = self._inside.search(line) if len(line) <= 5 * _GREETING else None
            # Who is spoken of stands in a sentence; a line that greets ends in a sign of its own, or is little more.
            if found is None or (line.rstrip()[-1:] not in _GREETING_ENDS and len(line) - len(found.group()) > _LITTLE):
                return None
            return Person(self._given[found["given"] or found["only"]], self._family.get(found["family"] or ""), False)
        if len(_WORD.findall(line)) > _GREETING:
            return None
        person = self.read(line.title() if line.islower() else line)
        return person if person is not None and (person.given is not None or person.title) else None

    def completed(self, person: Person | None, key: int) -> Person:
        """The person with a given and a family name, of one gender; what is missing is drawn."""
        person = person or Person(None, None)
        if person.given is None:
            person = replace(person, given=self._drawn(0, person, key, _GIVEN))
        return person if person.family else replace(person, family=self._drawn(1, person, key, _FAMILY))

    def another(self, person: Person, key: int) -> Person:
        """Somebody of the same gender and group."""
        given = self._drawn(0, person, key, _GIVEN)
        return Person(given, self._drawn(1, replace(person, given=given, family=None), key, _FAMILY))

    def shown(self, person: Person) -> str:
        """The names as their language writes them."""
        order = (person.family, person.given) if self.without_spaces else (person.given, person.family)
        return ("" if self.without_spaces else " ").join(one.shown for one in order if one)

    def _knows(self, name: str) -> bool:
        return name in self._given or name in self._family

    def _drawn(self, which: int, person: Person, key: int, decision: int) -> Name:
        """A given (0) or family name (1) that goes with what is known of a person."""
        of = (which, person.group, person.gender) if person.given or person.family else (which, "", None)
        fit = self._fit.get(of)
        if fit is None:
            _, group, gender = of
            fit = self._fit[of] = self._all[which] if gender is None else [
                one for one in self._all[which] if one.group == group and (
                    one.gender == gender or not one.gender or not gender)] or self._all[which]
        return fit[uniform(key, decision, len(fit))]

    def _split(self, word: str) -> Person | None:
        """A word that begins with a family name, the given name or a title behind it, or ends in both, as behind the
        name of a firm."""
        for cut in (2, 1):
            family, rest = self._family.get(word[:cut]), word[cut:]
            if family is not None and rest:
                return Person(self._given.get(rest), family, rest in self._given)
        found = self._at_end.search(word)
        return Person(self._given[found["given"]], self._family[found["family"]], False) if found else None


def names_in(tables: Mapping[str, Table], faults: list[str]) -> Names | None:
    """The names in a language's tables; None where it has none. Faults are added to the list."""
    if not {TITLES, *TABLES} & tables.keys():
        return None
    wrong = [f"table {name}: it is missing" for name in TABLES if name not in tables]
    needed = {name: COLUMNS for name in TABLES if name in tables and not _sound(tables[name])}
    titles = tables.get(TITLES, Table(TITLE_COLUMNS, ()))
    if titles.columns != TITLE_COLUMNS or any(gender not in GENDERS for _, gender in titles.rows):
        needed[TITLES] = TITLE_COLUMNS
    letters = tables.get(LETTERS, Table(LETTER_COLUMNS, ()))
    if letters.columns != LETTER_COLUMNS or any(len(one) != 1 or not latin.isascii() for one, latin in letters.rows):
        wrong.append(f"table {LETTERS}: it needs the columns name, which is one letter, and latin")
    wrong += [f"table {name}: it needs the columns {', '.join(columns)}, and a gender that is m, f or empty"
              for name, columns in needed.items()]
    faults += wrong
    if wrong:
        return None
    given, family = ([Name(*row) for row in tables[name].rows] for name in TABLES)
    return Names(given, family, {name.lower(): gender for name, gender in titles.rows},
                 {row[0]: row[1] for row in letters.rows})


def _sound(table: Table) -> bool:
    return table.columns == COLUMNS and all(
        shown and latin.isascii() and any(map(str.isalpha, latin)) and gender in GENDERS
        for shown, latin, gender, _group in table.rows)


def _any_of(texts: Sequence[str] | Mapping[str, Name]) -> str:
    """A pattern that finds any of the texts, the longest where several begin alike; nothing where there is none."""
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True))) or r"(?!)"
