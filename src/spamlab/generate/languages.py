"""A language as a folder of data: words that all texts share, and one file for each type of traffic on each channel.

datasets/languages/LANG/
    language.toml           name, direction ("ltr" or "rtl"), weekdays from Monday, months; where the first of a month
                            is no plain number, first_of_month ("1er"); latin_names (see names.py); quoting, how lines
                            begin or end that tell when a quoted message was written ("wrote:")
    texture.toml            how careless writers write it (see texture.py); may be left out
    words/*.toml, *.txt     rules that every text may use; a .txt file is one rule, an alternative a line; among them
                            names of persons in the language's own script (see names.py)
    CHANNEL/TYPE.toml       label, about, weight, and the rules of one type, which win over words of the same name

A trainer adds a language, a type or a word by adding a file. All faults of a folder are told at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from spamlab.errors import ContentError, UsageError
from spamlab.generate.composer import Table
from spamlab.generate.draws import happens, limit, named
from spamlab.generate.grammar import Grammar
from spamlab.generate.names import Names
from spamlab.generate.names import names_in as persons_in
from spamlab.generate.slots import names_in
from spamlab.generate.texture import PLAIN, Texture, read_texture, writing

CHANNELS: Mapping[str, tuple[str, ...]] = {
    "sms": ("text",), "chat": ("text",), "social": ("text",), "voice": ("transcript",), "email": ("subject", "body")}
"""Channel -> the rules that each of its types has."""
FACTS = ("weekday", "tomorrow", "day", "month", "year", "hour", "minute", "day_number")
"""What the generator gives to each text: when it is sent, in the language's own words (`Language.facts`). day: as it is
read before a month ("1er"); day_number: its figures alone, for 01/06."""
SENDERS = ("from_name", "sender_name")
"""Rules that a type may have for who it comes from: the display name of a mail, the word that a text message shows."""
RECIPIENT = "recipient_name"
"""Rule that a mail may have for who gets it; it counts where the language has names of its own (see names.py)."""
LABELS = ("ham", "spam")
KINDS: Mapping[str, tuple[str, ...]] = {
    "sms": ("mobile", "alpha", "short", "landline", "freephone", "withheld"),
    "voice": ("mobile", "landline", "freephone", "neighbour", "withheld"),
    "email": ("person", "firm", "newsletter", "machine", "list", "bot", "stranger"),
    "social": ("person", "page", "firm", "bot"), "chat": ("person", "stranger", "firm", "machine", "bot")}
"""Channel -> kinds of sender that a type may name; without one it is the channel's first."""
MANNERS = ("recorded", "talk", "unanswered", "one-ring", "silent")
"""How the calls of a type go, after a colon behind the kind of sender (see calls.py); without one it is voicemail."""
TOLD = 40
"""Faults that are told of one language; one wrong word may be used in hundreds of places."""
WRITES = named("writes")
_Words = TypeVar("_Words")
_WORD_KEYS = {"rules", "tables"}
_TYPE_KEYS = {"label", "about", "weight", "sender", "writes", "rules", "tables"}


@dataclass(frozen=True)
class Type:
    """One type of traffic in one language.

    name: the file's, such as "parcel". label: "ham" or "spam". about: what it is, in a sentence. weight: its share
    among the types of its label, in relation to theirs. sender: the kind of sender that it comes from. writes: the
    share of senders who write carelessly, from 0 to 1.
    """

    channel: str
    name: str
    label: str
    about: str
    weight: float
    sender: str
    writes: float
    grammar: Grammar


@dataclass(frozen=True)
class Language:
    """code: of the folder (BCP 47). name: in the language itself. direction: "ltr" or "rtl". weekdays: from Monday.
    types: by channel. texture: the habits of its careless writers. first_of_month: how the first day of a month is
    told. names: of persons, None where the Latin ones of all languages serve. latin_names: the share of persons whose
    names stand in Latin letters in the fields of their mail. quoting: how lines begin or end
    that tell when a quoted message was written."""

    code: str
    name: str
    direction: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    types: Mapping[str, tuple[Type, ...]]
    texture: Texture = PLAIN
    first_of_month: str = "1"
    names: Names | None = None
    latin_names: float = 0.0
    quoting: tuple[str, ...] = ()

    def days(self) -> tuple[str, ...]:
        """The days of a month as they are told before its name."""
        return (self.first_of_month, *map(str, range(2, 32)))

    def facts(self, sent: datetime) -> Mapping[str, str]:
        """`FACTS` for a text that is sent then."""
        return _Facts(self, sent)

    def document(self, one: Type, key: int, sent: datetime) -> Callable[[str], str]:
        """A function that gives the text of any rule of a type in one document, in its writer's way of writing."""
        give = one.grammar.document(key, self.facts(sent))
        if one.writes and happens(key, WRITES, limit(one.writes)):
            return writing(give, key, self.texture)
        return give

    def type(self, channel: str, name: str) -> Type:
        """The type called `name`. Raises UsageError where there is none."""
        for one in self.types.get(channel, ()):
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.types.get(channel, ())) or "none"
        raise UsageError(f"{self.code} has no type called {name} for {channel}; there are: {known}")


class _Facts(dict[str, str]):
    """The facts of a day, made when the first of them is asked for: most texts ask for none."""

    def __init__(self, language: Language, sent: datetime) -> None:
        self._language, self._sent = language, sent

    def __missing__(self, name: str) -> str:
        language, sent = self._language, self._sent
        self.update({
            "weekday": language.weekdays[sent.weekday()], "tomorrow": language.weekdays[(sent.weekday() + 1) % 7],
            "day": language.days()[sent.day - 1], "month": language.months[sent.month - 1], "year": str(sent.year),
            "hour": f"{sent.hour:02d}", "minute": f"{sent.minute:02d}", "day_number": str(sent.day)})
        return self[name]


def read_language(folder: Path, channel: str = "", name: str = "") -> Language:
    """The language in `folder`; where a channel or a type is named, with that alone, whatever stands in other files.

    Raises UsageError where there is none, ContentError with all faults, one a line.
    """
    if not (folder / "language.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in folder.parent.glob("*/language.toml"))) or "none"
        raise UsageError(f"there is no language called {folder.name}, since {folder.name}/language.toml is missing; "
                         f"there are: {known}")
    faults: list[str] = []
    facts = _table(folder / "language.toml", folder, faults)
    words: dict[str, Sequence[str]] = {}
    tables: dict[str, Table] = {}
    for path in sorted((folder / "words").glob("*.toml")):
        read = _table(path, folder, faults)
        faults += [f"{_short(path, folder)}: the key {key} has no meaning" for key in sorted(set(read) - _WORD_KEYS)]
        _add(words, _rules(read, path, folder, faults), path, folder, faults)
        _add(tables, _tables(read, path, folder, faults), path, folder, faults)
    for path in sorted((folder / "words").glob("*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        _add(words, {path.stem: [line for line in lines if line and not line.startswith("# ")]}, path, folder, faults)
    shared = _shared(words, tables)
    types: dict[str, tuple[Type, ...]] = {}
    for one in [channel] if channel else CHANNELS:
        paths = [path for path in sorted((folder / one).glob("*.toml")) if not name or path.stem == name]
        found = [_type(path, one, words, tables, shared, folder, faults) for path in paths]
        types[one] = tuple(made for made in found if made is not None)
    if facts.get("direction") not in ("ltr", "rtl") or not isinstance(facts.get("name"), str):
        faults.append("language.toml: it needs a name and a direction, which is ltr or rtl")
    for key, count in (("weekdays", 7), ("months", 12)):
        if not isinstance(facts.get(key), list) or [type(one) for one in facts[key]] != [str] * count:
            faults.append(f"language.toml: {key} must be a list of {count} texts")
    first, latin = facts.get("first_of_month", "1"), facts.get("latin_names", 0.0)
    if not isinstance(first, str) or not first:
        faults.append("language.toml: first_of_month must be a text")
    if type(latin) not in (int, float) or not 0 <= latin <= 1:
        faults.append("language.toml: latin_names must be a share from 0 to 1")
    quoting = facts.get("quoting", [])
    if not isinstance(quoting, list) or not all(isinstance(one, str) and one for one in quoting):
        faults.append("language.toml: quoting must be a list of texts")
    names = persons_in(tables, faults)
    if faults:
        told = [f"{folder.name}/{one}" for one in dict.fromkeys(faults)]
        more = [f"and {len(told) - TOLD} more"] if len(told) > TOLD else []
        raise ContentError("\n".join([*told[:TOLD], *more]))
    texture = read_texture(folder)
    if names is not None:
        # Names in ASCII need not be told: their capital letter keeps them.
        texture = replace(texture, names=frozenset(name for name in names.words if not name.isascii()))
    return Language(folder.name, facts["name"], facts["direction"], tuple(facts["weekdays"]),
                    tuple(facts["months"]), types, texture, first, names, float(latin), tuple(quoting))


def _type(path: Path, channel: str, words: Mapping[str, Sequence[str]], tables: Mapping[str, Table],
          shared: Grammar | None, folder: Path, faults: list[str]) -> Type | None:
    read = _table(path, folder, faults)
    where = _short(path, folder)
    before = len(faults)
    rules = _rules(read, path, folder, faults)
    own = _tables(read, path, folder, faults)
    faults += [f"{where}: table {name}: a rule in words has this name too" for name in own if name in words]
    faults += [f"{where}: rule {name}: a table in words has this name too" for name in rules if name in tables]
    tables = {**tables, **own}
    faults += [f"{where}: {one}" for one in _head_faults(read, channel)]
    faults += [f"{where}: there is no rule called {name}" for name in CHANNELS[channel] if name not in rules]
    if len(faults) > before:
        return None
    try:
        start = (*CHANNELS[channel], *SENDERS, *([RECIPIENT] if channel == "email" else []))
        needed = _needed({**words, **rules}, tables, start)
        grammar = Grammar(*needed, shared)
    except ValueError as error:
        faults += [f"{where}: {line}" for line in str(error).splitlines()]
        return None
    return Type(channel, path.stem, read["label"], read["about"], float(read.get("weight", 1.0)),
                str(read.get("sender", "")), float(read.get("writes", 0.0)), grammar)


def _needed(rules: Mapping[str, Sequence[str]], tables: Mapping[str, Table], start: Sequence[str],
            ) -> tuple[dict[str, Sequence[str]], Sequence[str], dict[str, Table]]:
    """The rules and tables that the start leads to, and whatever these name: a fault in another file is told there."""
    found: dict[str, Sequence[str]] = {}
    found_tables: dict[str, Table] = {}
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name in rules and name not in found:
            found[name] = rules[name]
            waiting += _names_in(rules[name])
        elif name in tables and name not in found_tables:
            found_tables[name] = tables[name]
            waiting += _names_in([cell for row in tables[name].rows for cell in row])
    return found, FACTS, found_tables


def _names_in(texts: Sequence[str]) -> list[str]:
    found: list[str] = []
    for text in texts:
        with suppress(ValueError):  # a brace stands alone; the grammar tells where
            found += names_in(text)
    return found


def _shared(words: Mapping[str, Sequence[str]], tables: Mapping[str, Table]) -> Grammar | None:
    """The grammar of the words, where all of them are sound; else their faults are told by the types that use them."""
    try:
        return Grammar(words, FACTS, tables)
    except ValueError:
        return None


def _head_faults(read: Mapping[str, Any], channel: str) -> Iterator[str]:
    for key in sorted(set(read) - _TYPE_KEYS):
        yield f"the key {key} has no meaning"
    if read.get("label") not in LABELS:
        yield "the label must be ham or spam"
    if not isinstance(read.get("about"), str) or not read.get("about"):
        yield "the key about, a sentence on what this type is, is missing"
    if "sender" in read:
        kind, colon, manner = str(read["sender"]).partition(":")
        if kind not in KINDS[channel] or (colon and (channel != "voice" or manner not in MANNERS)):
            after = f", after a colon {', '.join(MANNERS)}" if channel == "voice" else ""
            yield f"sender must be one of {', '.join(KINDS[channel])}{after}"
    for key, low, high in (("weight", 0.0, 1000.0), ("writes", 0.0, 1.0)):
        value = read.get(key, 0.0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            yield f"{key} must be a number from {low:g} to {high:g}"


def _rules(read: Mapping[str, Any], path: Path, folder: Path, faults: list[str]) -> dict[str, Sequence[str]]:
    rules = read.get("rules", {})
    if not isinstance(rules, dict):
        faults.append(f"{_short(path, folder)}: [rules] must be a table")
        return {}
    wrong = [name for name, texts in rules.items()
             if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts)]
    faults += [f"{_short(path, folder)}: rule {name}: it must be a list of texts" for name in wrong]
    return {name: texts for name, texts in rules.items() if name not in wrong}


def _tables(read: Mapping[str, Any], path: Path, folder: Path, faults: list[str]) -> dict[str, Table]:
    tables = read.get("tables", {})
    if not isinstance(tables, dict):
        faults.append(f"{_short(path, folder)}: [tables] must be a table of tables")
        return {}
    found = {}
    for name, table in tables.items():
        where = f"{_short(path, folder)}: table {name}"
        columns, rows = (table.get("columns"), table.get("rows")) if isinstance(table, dict) else (None, None)
        if not _are_texts(columns) or not isinstance(rows, list) or not rows:
            faults.append(f"{where}: it needs columns, a list of names, and rows, a list of lists of texts")
        elif wrong := [number for number, row in enumerate(rows, 1) if not _are_texts(row) or len(row) != len(columns)]:
            faults.append(f"{where}, row {wrong[0]}: it must be a list of {len(columns)} texts")
        else:
            found[name] = Table(tuple(columns), tuple(tuple(row) for row in rows))
    return found


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _add(words: dict[str, _Words], more: Mapping[str, _Words], path: Path, folder: Path, faults: list[str]) -> None:
    faults += [f"{_short(path, folder)}: rule {name} stands in another file too" for name in more if name in words]
    words.update(more)


def _table(path: Path, folder: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{_short(path, folder)}: it can't be read: {error}")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{_short(path, folder)}: this is not TOML: {error}")
    return {}


def _short(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
