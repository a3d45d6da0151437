"""A policy as a document: the measures in their order, and the texts that only people can judge.

Does not belong here: what an instrument is (instruments), what a policy leads to (plan, model, play).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, UsageError
from spamlab.policy.economies import economy_names
from spamlab.policy.instruments import (
    RESERVED,
    Conflict,
    Instrument,
    allowed_values,
    chosen,
    read_instruments,
    value_fault,
)
from spamlab.policy.lines import Place, line_numbers, line_of

WEEKS_A_YEAR = 52
YEARS = (1, 5)
LARGEST = 200_000
"""A policy document has at most so many bytes."""
MOST_MEASURES = 60
LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
_KEYS = ("title", "economy", "years", "text", "measure")
_MOST_FAULTS = 60
_MOST_READ = 1_000_000
"""So many characters are read at most for one document, with all readings after lines that are no TOML."""
_LONG_KEY = re.compile(r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}""")
"""A key of more than a hundred parts: reading it takes time that grows with the square of the parts."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters, halves of characters, and those that turn the direction of writing or break lines: they would
garble a page."""
_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that write without spaces; two of them are counted as a word."""


@dataclass(frozen=True)
class Measure:
    """One measure: an instrument of datasets/policy/instruments with its settings. start: the earliest week, from 0."""

    instrument: str
    start: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Policy:
    """A policy document.

    economy: name of a profile. years: 1 to 5. measures: in order of priority. text: purpose, proportionality, rights,
    remedies; they must be there before a score is shown.
    """

    title: str
    economy: str
    years: int
    measures: tuple[Measure, ...]
    text: Mapping[str, str]


@dataclass(frozen=True)
class Text:
    """A text that only people can judge. about: what it must answer. words: the least number of them."""

    title: str
    about: str
    words: int


TEXTS: Mapping[str, Text] = {
    "purpose": Text("Purpose", "Which harm is to fall, for whom, and why these measures in this order.", 15),
    "proportionality": Text(
        "Proportionality", "Why nothing milder would do, and what the measures cost those who did nothing wrong.", 15),
    "rights": Text("Rights", "Whose privacy, speech and access are touched, and what protects them.", 15),
    "remedies": Text(
        "Remedies", "What somebody can do whose message, number or name was blocked by mistake, and how soon.", 15),
}
"""Key of [text] -> what it is."""


def read_policy(source: Path | str, *, name: str = "", datasets: Path | None = None) -> Policy:
    """Read a policy from a file (a Path) or from its text (a str).

    name: what faults call it; default the file's name or "policy". datasets: folder with profiles/ and
    policy/instruments/. Settings that are not given get their default. Raises UsageError for a file that can't be read,
    ContentError with every fault, one a line: "NAME, line N: what is wrong; allowed: what is".
    """
    shown = name or (source.name if isinstance(source, Path) else "policy")
    text = _text_of(source, shown)
    read, faults = _parsed(text, shown)
    if read is None:
        raise ContentError("\n".join(f"{shown}, line {line}: {what}" for line, what in faults))
    return _Checker(shown, line_numbers(text), datasets, faults, text.split("\n")).policy(read)


def policy_of(read: Mapping[str, Any], *, name: str = "policy", datasets: Path | None = None) -> Policy:
    """The policy in what was read from TOML or JSON, or filled in by a form. Raises ContentError as `read_policy`."""
    if not isinstance(read, Mapping):
        raise ContentError(f"{name}: a policy is a table with the keys {', '.join(_KEYS)}")
    return _Checker(name, {}, datasets, [], []).policy(read)


def missing_texts(policy: Policy) -> list[str]:
    """What the texts of a policy lack before a score can be shown, one sentence each."""
    missing = []
    for key, told in TEXTS.items():
        words = _words(policy.text.get(key, ""))
        if len(words) < told.words:
            missing.append(f"{told.title} ({key}) has {len(words)} words; at least {told.words} are needed. "
                           f"{told.about}")
        elif len(set(words)) <= told.words // 2:
            missing.append(f"{told.title} ({key}) says the same words again and again. {told.about}")
    if not missing and len({tuple(_words(policy.text[key])) for key in TEXTS}) == 1:
        missing.append("The four texts are the same; each must answer its own question.")
    return missing


def _words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    words = [word for word in text.lower().split() if re.search(r"\w", word)]
    letters = _NO_SPACES.findall(text)
    return words + ["".join(letters[at:at + 2]) for at in range(0, len(letters), 2)]


def policy_toml(policy: Policy) -> str:
    """The policy as TOML text; `read_policy` of it gives the same policy."""
    lines = [f"title = {_toml(policy.title)}", f"economy = {_toml(policy.economy)}", f"years = {policy.years}", "",
             "[text]", *(f"{_toml_key(key)} = {_toml(text)}" for key, text in policy.text.items())]
    for measure in policy.measures:
        lines += ["", "[[measure]]", f"instrument = {_toml(measure.instrument)}", f"start = {measure.start}",
                  *(f"{_toml_key(key)} = {_toml(value)}" for key, value in measure.settings.items())]
    return "\n".join(lines) + "\n"


def _text_of(source: Path | str, shown: str) -> str:
    if isinstance(source, str):
        if len(source) > LARGEST or len(source.encode("utf-8", "surrogatepass")) > LARGEST:
            raise ContentError(f"{shown}: it is longer than {LARGEST:,} bytes, too long for a policy")
        if half := re.search("[\ud800-\udfff]", source):
            line = source.count("\n", 0, half.start()) + 1
            raise ContentError(f"{shown}, line {line}: this is no text in UTF-8; save the file in UTF-8")
        return source.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        with source.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{shown} can't be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise ContentError(f"{shown}: it is longer than {LARGEST:,} bytes, too long for a policy")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[:error.start].count(b"\n") + 1
        raise ContentError(f"{shown}, line {line}: this is no text in UTF-8; save the file in UTF-8") from error


def _parsed(text: str, shown: str) -> tuple[dict[str, Any] | None, list[tuple[int, str]]]:
    """What the text says, and the lines that are no TOML with what is wrong; None where nothing can be read.

    A line that is no TOML is left out and the rest read again, so that one reading tells all such lines.
    """
    if long := _LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + 1
        raise ContentError(f"{shown}, line {line}: more than a hundred names are joined with dots; allowed: one key")
    lines = text.split("\n")
    faults: list[tuple[int, str]] = []
    most = min(_MOST_FAULTS, 1 + _MOST_READ // (len(text) + 1))
    while True:
        try:
            return tomllib.loads("\n".join(lines)), faults
        except tomllib.TOMLDecodeError as error:
            place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
            what = str(error)[:place.start()] if place else str(error)
            until = int(place[1]) if place and place[1] else len(lines)
            line = _opened(lines, until) if what in ("Unclosed array", "Unterminated string") or until == len(lines) \
                else until
            faults.append((line, f"this is no TOML: {_in_words(what)}; allowed: key = value, with texts in \"quotes\" "
                                 "and lists in [brackets], or [text] or [[measure]]"))
            if len(faults) >= most or not lines[line - 1]:
                return None, faults
            for one in range(line, max(until, line + 1)):
                lines[one - 1] = ""
        except RecursionError as error:
            raise ContentError(f"{shown}: lists or tables are nested too deep to be a policy") from error
        except ValueError as error:  # a whole number with thousands of digits
            raise ContentError(f"{shown}: a number is too long to be read") from error


def _opened(lines: Sequence[str], until: int) -> int:
    """The line, from 1, on which what is not closed at the line `until` was opened."""
    for line in range(min(until, len(lines)), 0, -1):
        text = lines[line - 1]
        if "=" in text and (text.count("[") > text.count("]") or '"""' in text or "'''" in text):
            return line
    return next((line for line in range(min(until, len(lines)), 0, -1) if lines[line - 1].strip()), 1)


_TOML_WORDS = {
    "Cannot overwrite a value": "this key is there twice",
    "Invalid value": "here should be a value, and a text needs quotes",
    "Invalid statement": "this is neither a key with a value nor the name of a table",
    "Illegal character '\\n'": "a text has no closing quote on its line",
    "Expected '=' after a key in a key/value pair": "after a key there should be =",
    "Unclosed array": "a list is not closed with ], or a comma is missing in it",
    "Unterminated string": "a text is not closed with its quotes",
    "Expected newline or end of document after a statement": "there is something after the value",
}


def _in_words(what: str) -> str:
    if re.match(r"Cannot declare .* twice", what):
        return "this table is there twice"
    return _TOML_WORDS.get(what, plain(what, 120))


def plain(value: Any, longest: int = 40) -> str:
    """A value of somebody else's as it can be shown in a sentence: short, and without control characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and abs(value) > 10 ** 15:
        return "a very large number"
    text = _CONTROL.sub("?", str(value)).replace("\n", " ").replace("\t", " ")
    return text if len(text) <= longest else text[:longest - 1] + "…"


class _Checker:
    """Turns what was read into a policy, and collects every fault with its line."""

    def __init__(self, shown: str, lines: Mapping[Place, int], datasets: Path | None, faults: list[tuple[int, str]],
                 text: Sequence[str]) -> None:
        self.shown = shown
        self.lines = lines
        self.faults = faults
        self.left_out = {text[line - 1].split("=")[0].strip(" \t[]\"'") for line, _ in faults}
        """Keys on lines that are no TOML: they are there, whatever they say."""
        self.instruments = read_instruments((datasets / "policy" / "instruments") if datasets else None)
        self.economies = economy_names(datasets / "profiles" if datasets else None)

    def policy(self, read: Mapping[str, Any]) -> Policy:
        """The policy, or ContentError."""
        self.unknown(read, _KEYS, ())
        title = self.title(read)
        economy = self.economy(read)
        years = self.years(read)
        text = self.texts(read)
        measures = self.measures(read, years)
        if self.faults:
            raise ContentError("\n".join(self.sorted_faults()))
        return Policy(title, economy, years, tuple(measures), text)

    def fault(self, place: Place, what: str) -> None:
        """Note a fault at a place."""
        line = line_of(self.lines, place)
        if line or not place:
            self.faults.append((line, what))
            return
        where = f"measure {int(place[1]) + 1}" if place[0] == "measure" and len(place) > 1 else ""
        self.faults.append((0, f"{where}: {what}" if where else what))

    def sorted_faults(self) -> list[str]:
        """The faults by line, those without one first."""
        faults = sorted(self.faults, key=lambda one: one[0])
        told = [f"{self.shown}, line {line}: {what}" if line else f"{self.shown}: {what}" for line, what in faults]
        more = len(told) - _MOST_FAULTS
        return [*told[:_MOST_FAULTS], f"{self.shown}: and {more} more faults"] if more > 0 else told

    def unknown(self, table: Mapping[str, Any], known: Sequence[str], place: Place) -> None:
        """Note keys without a meaning, with the nearest that has one."""
        for key in table:
            if key not in known:
                self.fault((*place, key), f"the key {plain(key)} has no meaning{_nearest(key, known)}; "
                                          f"allowed: {', '.join(known)}")

    def title(self, read: Mapping[str, Any]) -> str:
        """The title."""
        value = read.get("title")
        if self.absent(read, "title", f"1 to {LONGEST_TITLE} characters"):
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TITLE or "\n" in value:
            self.fault(("title",), f"title must be a text in one line; allowed: 1 to {LONGEST_TITLE} characters")
            return ""
        self.characters(value, ("title",))
        return value

    def absent(self, table: Mapping[str, Any], key: str, allowed: str, place: Place = ()) -> bool:
        """Note a key that is not there."""
        if key in table:
            return False
        if key not in self.left_out:
            self.fault((*place, key), f"{key} is missing; allowed: {allowed}")
        return True

    def characters(self, value: str, place: Place) -> None:
        """Note control characters."""
        if found := _CONTROL.search(value):
            self.fault(place, f"{place[-1]} holds the control character U+{ord(found[0]):04X}; allowed: plain text")

    def economy(self, read: Mapping[str, Any]) -> str:
        """The economy."""
        value = read.get("economy")
        if self.absent(read, "economy", ", ".join(self.economies)):
            return ""
        if not isinstance(value, str):
            self.fault(("economy",), f"economy must be a name in quotes; allowed: {', '.join(self.economies)}")
        elif value not in self.economies:
            self.fault(("economy",), f"there is no economy {plain(value)}{_nearest(value, self.economies)}; "
                                     f"allowed: {', '.join(self.economies)}")
        return value if isinstance(value, str) else ""

    def years(self, read: Mapping[str, Any]) -> int:
        """The years; the greatest there is where they are wrong, so that no other fault follows from it."""
        value = read.get("years")
        if self.absent(read, "years", f"{YEARS[0]} to {YEARS[1]}"):
            return YEARS[1]
        if isinstance(value, int) and not isinstance(value, bool) and YEARS[0] <= value <= YEARS[1]:
            return value
        whole = isinstance(value, int) and not isinstance(value, bool)
        told = f"= {plain(value)} is out of range" if whole else "must be a whole number"
        self.fault(("years",), f"years {told}; allowed: {YEARS[0]} to {YEARS[1]}")
        return YEARS[1]

    def texts(self, read: Mapping[str, Any]) -> dict[str, str]:
        """[text]."""
        table = read.get("text", {})
        if not isinstance(table, dict):
            self.fault(("text",), f"[text] must be a table; allowed: {', '.join(TEXTS)}")
            return {}
        self.unknown(table, tuple(TEXTS), ("text",))
        made = {}
        for key in TEXTS:
            value = table.get(key, "")
            if not isinstance(value, str) or len(value) > LONGEST_TEXT:
                self.fault(("text", key), f"{key} must be a text in quotes; allowed: up to {LONGEST_TEXT:,} characters")
                continue
            self.characters(value, ("text", key))
            if value:
                made[key] = value
        return made

    def measures(self, read: Mapping[str, Any], years: int) -> list[Measure]:
        """[[measure]]."""
        tables = read.get("measure", [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self.fault(("measure",), "each measure must be a table of its own; allowed: [[measure]] and its keys below")
            return []
        if len(tables) > MOST_MEASURES:
            self.fault(("measure", MOST_MEASURES), f"there are {len(tables)} measures; allowed: {MOST_MEASURES}")
            return []
        made: list[Measure] = []
        taken: dict[str, int] = {}
        for number, table in enumerate(tables):
            if measure := self.measure(table, number, years):
                if measure.instrument in taken:
                    self.fault(("measure", number, "instrument"),
                               f"{measure.instrument} is there twice, first as measure "
                               f"{taken[measure.instrument] + 1}; allowed: each instrument once")
                taken.setdefault(measure.instrument, number)
                made.append(measure)
        for measure in made if not self.left_out else ():
            self.together(measure, taken[measure.instrument], made)
        return made

    def measure(self, table: Mapping[str, Any], number: int, years: int) -> Measure | None:
        """One measure; None where its instrument is not known."""
        place: Place = ("measure", number)
        start = self.start(table, place, years)
        name = table.get("instrument")
        if self.absent(table, "instrument", ", ".join(self.instruments), place):
            return None
        if not isinstance(name, str) or name not in self.instruments:
            told = f"there is no instrument {plain(name)}{_nearest(name, self.instruments)}" \
                if isinstance(name, str) else "instrument must be a name in quotes"
            self.fault((*place, "instrument"), f"{told}; allowed: {', '.join(self.instruments)}")
            return None
        instrument = self.instruments[name]
        self.unknown(table, (*RESERVED, *(one.name for one in instrument.settings)), place)
        settings = {}
        for setting in instrument.settings:
            value = table.get(setting.name, setting.default)
            if fault := value_fault(setting, value):
                self.fault((*place, setting.name), f"{setting.name} of {name} is {plain(value)} and {fault}"
                           if not isinstance(value, dict | list | tuple) else f"{setting.name} of {name} {fault}")
                value = setting.default
            if setting.kind == "many":
                value = tuple(one for one in setting.values if one in value)
            settings[setting.name] = value
        for conflict in instrument.conflicts_in(settings):
            keys = list(conflict.names)
            given = next((key for key in keys if key in table), keys[0])
            self.fault((*place, given), f"{' and '.join(f'{key} = {plain_setting(settings[key])}' for key in keys)} "
                       f"do not go together: {conflict.why}; allowed: {_other_values(instrument, conflict)}")
        return Measure(name, start, settings)

    def start(self, table: Mapping[str, Any], place: Place, years: int) -> int:
        """The earliest week."""
        value = table.get("start", 0)
        last = years * WEEKS_A_YEAR - 1
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault((*place, "start"), f"start must be a whole number of weeks; allowed: 0 to {last}")
            return 0
        if not 0 <= value <= last:
            told = "is beyond the end of the policy" if value > last else "is before its beginning"
            self.fault((*place, "start"), f"start = {plain(value)} {told}; allowed: 0 to {last} ({years} years)")
            return 0
        return value

    def together(self, measure: Measure, number: int, measures: Iterable[Measure]) -> None:
        """Note needs that are missing from the document, and settings that reach beyond another measure's."""
        there = {one.instrument: one for one in measures}
        instrument = self.instruments[measure.instrument]
        for need in instrument.needs:
            if need not in there:
                self.fault(("measure", number, "instrument"),
                           f"{measure.instrument} needs {need} to be in force first, which is not in the document; "
                           f"allowed: add a [[measure]] with instrument = \"{need}\", or leave this one out")
        for name, other in instrument.within.items():
            source, _, setting = other.partition(".")
            if source not in there:
                continue
            known = chosen(there[source].settings[setting])
            if beyond := [one for one in chosen(measure.settings[name]) if one not in known]:
                self.fault(("measure", number, name),
                           f"{name} of {measure.instrument} reaches beyond {setting} of {source}: {', '.join(beyond)}; "
                           f"allowed: {', '.join(known)}")


def plain_setting(value: Any) -> str:
    """A setting's value as one would write it."""
    return ", ".join(chosen(value))


def _other_values(instrument: Instrument, conflict: Conflict) -> str:
    if conflict.rising:
        return " at most ".join(conflict.rising)
    name = conflict.names[-1]
    setting = instrument.setting(name)
    if setting is None:
        return name
    others = [one for one in allowed_values(setting).split(", ") if one not in conflict.when[name]]
    return f"{name} = {' or '.join(others)}"


def _nearest(name: Any, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name)[:60], list(known), 1, 0.6)
    return f" (do you mean {near[0]}?)" if near else ""


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return repr(float(value))
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    many = "\n" in text
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04X}", text)
    return f'"""\n{text}"""' if many else '"' + text + '"'
