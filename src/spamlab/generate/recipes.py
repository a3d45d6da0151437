"""Reads a recipe of messages with a route: whose mail it is, on which day, and which texts it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError
from spamlab.generate.languages import Language, Type, read_language
from spamlab.generate.mail.world import RECEIVERS, Receiver
from spamlab.generate.toml_file import read_toml
from spamlab.shipped import default_folder

_KEYS = {"title", "date", "receiver", "language", "most_words", "senders", "shops"}
STYLES = ("postfix", "sendmail")
"""Software of receivers whose lines name an id, and the address that was seen in square brackets."""
FEWEST_HOSTS = 2
"""At the border, and behind it."""


@dataclass(frozen=True)
class RouteRecipe:
    """name: of the recipe. date: the middle of the working day on which the mail arrives. receiver: whose mail it is.
    language: of the texts. most_words: of a body. senders, shops: types of texts by those who pass for a firm, and by
    honest ones."""

    name: str
    title: str
    date: datetime
    receiver: Receiver
    language: Language
    most_words: int
    senders: tuple[Type, ...]
    shops: tuple[Type, ...]


def read_recipe(path: Path) -> RouteRecipe:
    """The recipe in `path`; its language stands in the folder `languages` beside the recipe's, else in ours.

    Raises UsageError where it can't be read or there is no such language, ContentError with all its faults, one a line.
    """
    read = read_toml(path, "recipe", _faults)
    folder = path.parent.parent / "languages" / read["language"]
    if not folder.is_dir():
        folder = default_folder("datasets") / "languages" / read["language"]
    senders, shops = ([_language(folder, name) for name in read[key]] for key in ("senders", "shops"))
    found = list(_type_faults(read, senders, shops))
    if found:
        raise ContentError("\n".join(f"{path.name}: {fault}" for fault in found))
    return RouteRecipe(path.stem, read["title"], read["date"], _receivers()[read["receiver"]], senders[0],
                       read["most_words"], _types(senders), _types(shops))


@lru_cache(maxsize=64)
def _language(folder: Path, name: str) -> Language:
    """A language with one type of mail: a lab is drawn hundreds of times when it is checked."""
    return read_language(folder, "email", name)


def _types(languages: Sequence[Language]) -> tuple[Type, ...]:
    return tuple(one for language in languages for one in language.types["email"])


def _receivers() -> dict[str, Receiver]:
    """Those whose lines can be read without knowing their software."""
    return {one.domain: one for one in RECEIVERS if one.style in STYLES
            and min(len(one.border), len(one.inner)) >= FEWEST_HOSTS}


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(read) - _KEYS):
        yield f"the key {key} has no meaning"
    for key in sorted(_KEYS - set(read)):
        yield f"the key {key} is missing"
    for key in ("title", "receiver", "language"):
        if key in read and (not isinstance(read[key], str) or not read[key]):
            yield f"{key} must be a text"
    for key in ("senders", "shops"):
        value = read.get(key, ["-"])
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            yield f"{key} must be a list of types of mail"
    if "date" in read and not isinstance(read["date"], datetime):
        yield "date must be a date with time and offset, without quotation marks"
    elif "date" in read and read["date"].tzinfo is None:
        yield "date needs an offset, such as +03:00"
    words = read.get("most_words", 1)
    if type(words) is not int or words < 1:
        yield "most_words must be a whole number above 0"
    if isinstance(read.get("receiver", 0), str) and read["receiver"] not in _receivers():
        yield f"there is no receiver called {read['receiver']}; there are: {', '.join(_receivers())}"


def _type_faults(read: Mapping[str, Any], senders: Sequence[Language], shops: Sequence[Language]) -> Iterator[str]:
    for key, languages, label in (("senders", senders, "spam"), ("shops", shops, "ham")):
        for name, language in zip(read[key], languages, strict=True):
            found = language.types["email"]
            if not found:
                yield f"{key}: {language.code} has no type of mail called {name}"
            elif found[0].label != label or "from_name" not in found[0].grammar:
                yield f"{key}: {name} must be {label} and have a rule from_name"
