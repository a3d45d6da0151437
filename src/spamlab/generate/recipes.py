"""Reads a recipe: the content of a data set as a trainer edits it (TOML), with all its faults named at once."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, UsageError

RESERVED_SUFFIXES = (".example", ".test", ".invalid")
"""Top-level names that no real host has (RFC 2606 section 2, RFC 6761)."""

RESERVED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
"""Addresses for documentation (RFC 5737, RFC 3849, RFC 9637)."""

_ROUTE_KEYS = ("date", "operator", "office", "networks", "senders", "shops", "words", "people", "text", "money")
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
    for key in _ROUTE_KEYS:
        if key not in recipe:
            yield f"the key or table {key!r} is missing"
    if not isinstance(recipe.get("date", datetime.min), datetime):
        yield "date must be a date with time and offset, without quotation marks"
    elif "date" in recipe and recipe["date"].tzinfo is None:
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
    themes = recipe.get("text", {})
    for sender in recipe.get("senders", []):
        if not isinstance(themes.get(sender.get("theme")), dict):
            yield f"senders: {sender.get('name')!r} has a theme for which there is no [text.{sender.get('theme')}]"
    taken = {name.split(".")[0] for _, name in _host_names(recipe)}
    words = recipe.get("words", {})
    for first in words.get("first", []):
        for second in words.get("second", []):
            if f"{first}-{second}" in taken:
                yield f"words: {first}-{second}.example would be a name that is in use"


def _host_names(recipe: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    operator = recipe.get("operator", {})
    for key in ("domain", "authserv_id"):
        if key in operator:
            yield f"operator.{key}", operator[key]
    for table in ("networks", "senders", "shops"):
        for entry in recipe.get(table, []):
            yield f"{table}.{entry.get('name', '?')}", str(entry.get("domain", ""))
    for key in ("forwarders", "bulk_services"):
        for name in recipe.get("words", {}).get(key, []):
            yield f"words.{key}", name


def _networks(recipe: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    operator = recipe.get("operator", {})
    for key in ("addresses", "customers"):
        if key in operator:
            yield f"operator.{key}", operator[key]
    for entry in recipe.get("networks", []):
        for key in ("v4", "v6"):
            yield f"networks.{entry.get('name', '?')}.{key}", str(entry.get(key, ""))
