"""A lab's folder as a frozen value: the facts of lab.toml, checked, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spamlab.content.faults import Fault, Reader
from spamlab.errors import ContentError

FILE = "lab.toml"
NEEDED = ("notebook.py", "checks.py")
_NAME = re.compile(r"[0-9]{2}-[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Lab:
    """One lab.

    id: the folder's name. minutes: of the slowest quarter in a pilot, or the author's count before one.
    recipe: the recipe of the lab's messages, "" where the folder's own data.py makes them.
    terms_needed, terms_brought: glossary terms. piloted: a date and number of people, or "not piloted".
    cut_first: ids of questions to leave out first. extras: what stands outside the minutes.
    profile: further facts by name.
    """

    id: str
    folder: Path
    title: str
    minutes: int
    language: str = "en"
    recipe: str = ""
    clauses: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    terms_needed: tuple[str, ...] = ()
    terms_brought: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    cut_first: tuple[str, ...] = ()
    piloted: str = "not piloted"
    role: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term that the lab needs or brings."""
        return self.terms_needed + self.terms_brought

    def file(self, name: str) -> Path:
        """A file of the lab's folder."""
        return self.folder / name


def read_lab(folder: Path) -> Lab:
    """The lab in `folder`; raises ContentError with all faults, one a line."""
    lab, faults = _read(Path(folder))
    if faults or lab is None:
        raise ContentError("\n".join(str(fault) for fault in faults))
    return lab


def read_labs(labs_folder: Path) -> tuple[list[Lab], list[Fault]]:
    """All labs of a folder in the order of their numbers, and the faults of those that can't be read.

    A folder whose name begins with a dot or an underscore is no lab. One broken lab never stops the others.
    """
    labs: list[Lab] = []
    faults: list[Fault] = []
    if not labs_folder.is_dir():
        return labs, [Fault(labs_folder.name, "the folder of labs is missing")]
    for folder in sorted(labs_folder.iterdir()):
        if not folder.is_dir() or folder.name[:1] in {".", "_"}:
            continue
        lab, found = _read(folder)
        faults.extend(found)
        if lab is not None and not found:
            labs.append(lab)
    return labs, faults


def _read(folder: Path) -> tuple[Lab | None, list[Fault]]:
    if not folder.is_dir():
        return None, [Fault(folder.name, "there is no such lab")]
    reader = Reader(folder / FILE, f"{folder.name}/{FILE}")
    terms = reader.take("terms", (dict, list), {})
    facts: dict[str, Any] = {
        "title": reader.take("title", str, "", required=True),
        "minutes": reader.take("minutes", int, 0, required=True),
        "language": reader.take("language", str, "en"),
        "recipe": reader.take("data.recipe", str, ""),
        "clauses": reader.text_list("clauses"),
        "standards": reader.text_list("standards"),
        "objectives": reader.text_list("objectives", required=True),
        "extras": reader.text_list("extras"),
        "cut_first": reader.text_list("cut_first"),
        "piloted": str(reader.take("piloted", (str, bool), "not piloted")),
        "role": reader.take("role", str, ""),
        "profile": reader.take("profile", (dict, str), {}),
    }
    reader.take("id", str, folder.name)
    reader.unknown(tables=("data", "profile", "terms", "notes", "plan"))
    _check(reader, folder, facts)
    if isinstance(terms, dict):
        facts["terms_needed"] = _terms(terms, ("needs", "need", "needed"))
        facts["terms_brought"] = _terms(terms, ("brings", "bring", "brought"))
    else:
        facts["terms_brought"] = tuple(str(term) for term in terms)
    if isinstance(facts["profile"], str):
        facts["profile"] = {"name": facts["profile"]}
    if facts["piloted"] in {"False", "True"}:
        facts["piloted"] = "not piloted" if facts["piloted"] == "False" else "piloted"
    return Lab(id=folder.name, folder=folder.absolute(), **facts), reader.faults


def _check(reader: Reader, folder: Path, facts: dict[str, Any]) -> None:
    if not _NAME.fullmatch(folder.name):
        reader.fault("a lab's folder is named by two digits and words of small letters, such as 02-header-forensics")
    if not reader.values:
        return
    named = reader.values.get("id", folder.name)
    if named != folder.name:
        reader.fault(f"id is {named!r}, but the folder is called {folder.name!r}", "id")
    if isinstance(reader.values.get("minutes"), int) and not 10 <= facts["minutes"] <= 180:
        reader.fault("minutes lies between 10 and 180", "minutes")
    if not facts["title"].strip() and "title" in reader.values:
        reader.fault("title is empty", "title")
    if len(facts["objectives"]) > 4:
        reader.fault("a lab has at most four objectives", "objectives")
    for objective in facts["objectives"]:
        if objective.split(" ", 1)[0].casefold() in {"understand", "know", "learn"}:
            reader.fault(f"an objective is a verb that can be seen, not {objective.split(' ', 1)[0]!r}", "objectives")
    plan = reader.values.get("plan")
    parts = [value for value in plan.values() if isinstance(value, int | float)] if isinstance(plan, dict) else []
    if sum(parts) > facts["minutes"] > 0:
        reader.fault(f"the parts of plan take {sum(parts):g} minutes, the lab has {facts['minutes']}", "plan")
    for name in NEEDED:
        if not (folder / name).is_file():
            reader.faults.append(Fault(f"{folder.name}/{name}", "the file is missing"))
    if not facts["recipe"] and not (folder / "data.py").is_file():
        reader.fault("[data] names a recipe, or the folder holds a data.py that makes the messages")


def _terms(terms: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if isinstance(terms.get(name), list):
            return tuple(str(term) for term in terms[name])
    return ()
