"""Reads a recipe: the content of a data set as a trainer edits it (TOML), with all its faults named at once."""

from __future__ import annotations

import ipaddress
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, UsageError
from spamlab.generate.safety import RESERVED_NETWORKS, RESERVED_SUFFIXES

_PLACES = ("first", "last", "sender", "street", "reference", "amount", "fee", "digits", "digit", "day", "deadline")
_THEME = ("subjects", "openings", "claims", "pressures")
# Tables with the keys that must stand in them; a tuple says that the value is a list of texts.
_TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "operator": (("name", "domain", "submission", "authserv_id", "addresses", "customers"), ("border", "inner")),
    "office": (("name", "address"), ()),
    "words": ((), ("first", "second", "machines", "forwarders", "bulk_services")),
    "people": ((), ("first", "last", "cities")),
    "money": (("currency",), ("amounts", "fees")),
    "text": ((), ("greetings", "asks", "closings", "footers")),
}
_LISTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "networks": (("name", "domain", "v4", "v6", "host"), ()),
    "senders": (("name", "domain", "theme"), ("local",)),
    "shops": (("name", "domain"), ("local",)),
}
FEWEST_NETWORKS = 6
"""A message draws its hosts from networks of their own."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def read_recipe(path: Path) -> dict[str, Any]:
    """The recipe in `path` as plain data.

    Raises UsageError if the file can't be read, ContentError with all faults, one a line, if it is not TOML,
    lacks a table, or names a host or network that is not reserved for documentation.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the recipe {path} can't be read: {error}") from error
    try:
        recipe = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path}: this is not TOML: {error}") from error
    faults = list(recipe_faults(recipe))
    if faults:
        raise ContentError("\n".join(f"{path}: {fault}" for fault in faults))
    return recipe


def recipe_faults(recipe: Mapping[str, Any]) -> Iterator[str]:
    """Each fault of a recipe for messages with a route, one sentence each; nothing if it is sound."""
    shape = list(_shape_faults(recipe))
    yield from shape
    if not shape:
        yield from _value_faults(recipe)


def _shape_faults(recipe: Mapping[str, Any]) -> Iterator[str]:
    if "date" not in recipe:
        yield "the key 'date' is missing"
    for name, keys in _TABLES.items():
        if not isinstance(recipe.get(name), dict):
            yield f"the table [{name}] is missing"
        else:
            yield from _key_faults(f"[{name}]", recipe[name], keys)
    for name, keys in _LISTS.items():
        entries = recipe.get(name)
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            yield f"there is no [[{name}]]"
            continue
        for number, entry in enumerate(entries, 1):
            yield from _key_faults(f"[[{name}]] {number}", entry, keys)
    if isinstance(recipe.get("networks"), list) and len(recipe["networks"]) < FEWEST_NETWORKS:
        yield f"at least {FEWEST_NETWORKS} [[networks]] are needed"
    themes = recipe.get("text")
    for name, theme in themes.items() if isinstance(themes, dict) else ():
        if isinstance(theme, dict):
            yield from _key_faults(f"[text.{name}]", theme, ((), _THEME))
    if isinstance(themes, dict) and not isinstance(themes.get("order"), dict):
        yield "the table [text.order], for honest mail, is missing"


def _key_faults(where: str, table: Mapping[str, Any], keys: tuple[tuple[str, ...], tuple[str, ...]]) -> Iterator[str]:
    for key in keys[0]:
        if not isinstance(table.get(key), str) or not table[key]:
            yield f"{where} needs a text called {key!r}"
    for key in keys[1]:
        values = table.get(key)
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            yield f"{where} needs a list of texts called {key!r}"


def _template_faults(text: Mapping[str, Any]) -> Iterator[str]:
    """Texts whose {places} the generator does not fill, or whose brackets do not close."""
    parts = [(f"[text] {key}", value) for key, value in text.items() if isinstance(value, list)]
    for name, theme in text.items():
        if isinstance(theme, dict):
            parts += [(f"[text.{name}] {key}", value) for key, value in theme.items() if isinstance(value, list)]
    for where, values in parts:
        for value in values:
            try:
                places = {place for _, place, _, _ in string.Formatter().parse(value) if place is not None}
            except ValueError as error:
                yield f"{where}: {value!r}: {error}"
                continue
            for place in sorted(places - set(_PLACES)):
                yield f"{where}: {{{place}}} is no place that is filled; there are {', '.join(_PLACES)}"


def _value_faults(recipe: Mapping[str, Any]) -> Iterator[str]:
    yield from _template_faults(recipe["text"])
    if not isinstance(recipe["date"], datetime):
        yield "date must be a date with time and offset, without quotation marks"
    elif recipe["date"].tzinfo is None:
        yield "date needs an offset, such as +03:00"
    for where, name in _host_names(recipe):
        if not _NAME.fullmatch(name) or not name.endswith(RESERVED_SUFFIXES):
            yield f"{where}: {name!r} must be a lower-case name that ends in one of {', '.join(RESERVED_SUFFIXES)}"
    for where, text in _networks(recipe):
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            yield f"{where}: {text!r} is no network such as 203.0.113.0/26"
            continue
        if not any(network.version == free.version and network.subnet_of(free) for free in RESERVED_NETWORKS):  # type: ignore[arg-type]
            yield f"{where}: {text} is not inside a range for documentation (RFC 5737, RFC 3849)"
    for sender in recipe["senders"]:
        if not isinstance(recipe["text"].get(sender["theme"]), dict):
            yield f"senders: {sender['name']!r} has a theme for which there is no [text.{sender['theme']}]"
    taken = {name.split(".")[0] for _, name in _host_names(recipe)}
    words = recipe["words"]
    for first in words["first"]:
        for second in words["second"]:
            if f"{first}-{second}" in taken:
                yield f"words: {first}-{second}.example would be a name that is in use"


def _host_names(recipe: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("domain", "authserv_id"):
        yield f"operator.{key}", recipe["operator"][key]
    for table in ("networks", "senders", "shops"):
        for entry in recipe[table]:
            yield f"{table}.{entry['name']}", entry["domain"]
    for key in ("forwarders", "bulk_services"):
        for name in recipe["words"][key]:
            yield f"words.{key}", name


def _networks(recipe: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("addresses", "customers"):
        yield f"operator.{key}", recipe["operator"][key]
    for entry in recipe["networks"]:
        for key in ("v4", "v6"):
            yield f"networks.{entry['name']}.{key}", entry[key]
