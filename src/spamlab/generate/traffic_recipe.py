"""A recipe of traffic: a TOML file in datasets/recipes with `kind = "traffic"` that says what to make."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from spamlab.generate.evasion import LOOKALIKES_ON, ON
from spamlab.generate.languages import CHANNELS
from spamlab.generate.sip import INVITES
from spamlab.generate.toml_file import read_toml

_KEYS = {"kind", "channel", "about", "version", "spam", "first_day", "days", "languages", "types",
         "evasion", "lookalikes", "invite"}
_MAY_BE_LEFT_OUT = {"types", "evasion", "lookalikes", "invite"}


@dataclass(frozen=True)
class Recipe:
    """What to make.

    spam: the share of spam. languages, types: weights by name; no types: all, by their own weights. evasion: technique
    -> share of the spam that uses it; lookalikes: harmless look-alike -> share of all records (see evasion.py).
    invite: how the INVITE of a call is made (see sip.INVITES), "" for records without one.
    """

    name: str
    channel: str
    about: str
    version: int
    spam: float
    first_day: date
    days: int
    languages: Mapping[str, float]
    types: Mapping[str, float]
    evasion: Mapping[str, float] = field(default_factory=dict)
    lookalikes: Mapping[str, float] = field(default_factory=dict)
    invite: str = ""


def read_traffic_recipe(path: Path) -> Recipe:
    """The recipe in `path`. Raises UsageError where it can't be read, ContentError with all its faults, one a line."""
    read = read_toml(path, "recipe", _faults)
    return Recipe(path.stem, read["channel"], read["about"], read["version"], float(read["spam"]), read["first_day"],
                  read["days"], dict(read["languages"]), dict(read.get("types", {})), dict(read.get("evasion", {})),
                  dict(read.get("lookalikes", {})), read.get("invite", ""))


def traffic_recipes(datasets: Path) -> list[str]:
    """The names of all recipes of this kind in the folder `datasets`."""
    return sorted(one.stem for one in (datasets / "recipes").glob("*.toml") if _is_traffic(one))


def _is_traffic(path: Path) -> bool:
    """Whether a recipe means to be one of these; one that can't be read counts, so that its fault is told."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get("kind") == "traffic"
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return True


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(read) - _KEYS):
        yield f"the key {key} has no meaning"
    for key in sorted(_KEYS - _MAY_BE_LEFT_OUT - set(read)):
        yield f"the key {key} is missing"
    checks: dict[str, tuple[Callable[[Any], bool], str]] = {
        "channel": (lambda value: isinstance(value, str) and value in CHANNELS, f"one of {', '.join(CHANNELS)}"),
        "about": (lambda value: isinstance(value, str) and bool(value), "a sentence"),
        "version": (lambda value: type(value) is int and value > 0, "a whole number above 0"),
        "spam": (lambda value: type(value) in (int, float) and 0 <= value <= 1, "a share from 0 to 1"),
        "first_day": (lambda value: type(value) is date, "a day such as 2026-01-05"),
        "days": (lambda value: type(value) is int and 0 < value <= 36_600, "a whole number from 1 to 36600"),
        "languages": (_is_weights, "a table of names with weights, one above 0"),
        "types": (_is_weights, "a table of names with weights, one above 0"),
    }
    for key, (sound, told) in checks.items():
        if key in read and not sound(read[key]):
            yield f"{key} must be {told}"
    if not checks["channel"][0](read.get("channel")):
        return  # what the channel knows can't be told
    if "invite" in read and (read["channel"] != "voice" or read["invite"] not in INVITES):
        yield f"invite is for the channel voice and one of {', '.join(INVITES)}"
    for key, on in (("evasion", ON), ("lookalikes", LOOKALIKES_ON)):
        yield from _knob_faults(key, read.get(key, {}), on.get(read["channel"], ()))


def _knob_faults(key: str, knobs: Any, known: Collection[str]) -> Iterator[str]:
    if not isinstance(knobs, dict):
        yield f"{key} must be a table of names with shares from 0 to 1"
        return
    for name, value in knobs.items():
        if name not in known:
            yield f"{key} has no {name} on this channel; there are: {', '.join(known) or 'none'}"
        elif type(value) not in (int, float) or not 0 <= value <= 1:
            yield f"{key} {name} must be a share from 0 to 1"


def _is_weights(value: Any) -> bool:
    return (isinstance(value, dict) and all(type(one) in (int, float) and one >= 0 for one in value.values())
            and any(value.values()))
