"""A lab's folder as a frozen value: the facts of lab.toml, checked, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spamlab.content.faults import Fault, Reader
from spamlab.errors import ContentError
from spamlab.seeds import PURPOSES

FILE = "lab.toml"
NEEDED = ("notebook.py", "checks.py")
_NAME = re.compile(r"[0-9]{2}-[a-z0-9]+(?:-[a-z0-9]+)*")
_SET = re.compile(r"[a-z][a-z0-9]{0,19}")
_SET_KEYS = ("name", "recipe", "purpose", "count", "labels")
MOST_RECORDS = 20_000


@dataclass(frozen=True)
class RecordSet:
    """Records of a traffic recipe that each participant has for one purpose, drawn from the participant's own seed.

    name: how a notebook asks for them, dataset("train"); the records are called train-0001, train-0002 and so on.
    recipe: a traffic recipe of datasets/recipes. purpose: as in `spamlab.seeds`. labels: whether the set is handed out
    with its labels; a hidden set is never handed out.
    """

    name: str
    recipe: str
    purpose: str
    count: int
    labels: bool = False


@dataclass(frozen=True)
class Lab:
    """One lab.

    id: the folder's name. minutes: of the slowest quarter in a pilot, or the author's count before one.
    recipe: the recipe of the lab's messages, "" where the folder's own data.py makes them. sets: its sets of records.
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
    sets: tuple[RecordSet, ...] = ()
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


def lab_folders(labs_folder: Path) -> list[Path]:
    """The folders of all labs, sorted; none where there is no such folder.

    A folder whose name begins with a dot or an underscore is no lab.
    """
    if not labs_folder.is_dir():
        return []
    return [one for one in sorted(labs_folder.iterdir()) if one.is_dir() and one.name[:1] not in {".", "_"}]


def read_labs(labs_folder: Path) -> tuple[list[Lab], list[Fault]]:
    """All labs of a folder in the order of their numbers, and the faults of those that can't be read.

    One broken lab never stops the others.
    """
    labs: list[Lab] = []
    faults: list[Fault] = []
    if not labs_folder.is_dir():
        return labs, [Fault(labs_folder.name, "the folder of labs is missing")]
    for folder in lab_folders(labs_folder):
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
        "sets": _sets(reader),
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
    if not facts["recipe"] and not facts["sets"] and not (folder / "data.py").is_file():
        reader.fault("[data] names a recipe or sets, or the folder holds a data.py that makes the messages")


def _sets(reader: Reader) -> tuple[RecordSet, ...]:
    """The tables [[data.sets]]; a fault for each that can't be used."""
    found: list[RecordSet] = []
    for number, table in enumerate(reader.take("data.sets", list, []), 1):
        where = f"[[data.sets]] {number}"
        if not isinstance(table, dict):
            reader.fault(f"{where} must be a table", "data.sets")
            continue
        faults = list(_set_faults(table, {one.name for one in found}))
        for fault in faults:
            reader.fault(f"{where}: {fault}", "data.sets")
        if not faults:
            found.append(RecordSet(**table))
    return tuple(found)


def _set_faults(table: dict[str, Any], taken: set[str]) -> Iterator[str]:
    for key in sorted(set(table) - set(_SET_KEYS)):
        yield f"the key {key} is not known here"
    name, count, purpose = table.get("name"), table.get("count"), table.get("purpose")
    if not isinstance(name, str) or not _SET.fullmatch(name):
        yield "name must be a word of small letters and digits, such as train"
    elif name in taken:
        yield f"there are two sets called {name}"
    if not isinstance(table.get("recipe"), str) or not table["recipe"]:
        yield "recipe must name a traffic recipe, such as sms"
    if purpose not in PURPOSES:
        yield f"purpose must be one of {', '.join(PURPOSES)}"
    if type(count) is not int or not 1 <= count <= MOST_RECORDS:
        yield f"count must be a whole number from 1 to {MOST_RECORDS}"
    if not isinstance(table.get("labels", False), bool):
        yield "labels must be true or false"
    elif table.get("labels") and purpose == "hidden":
        yield "a hidden set is never handed out, so it has no labels to hand out"


def _terms(terms: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if isinstance(terms.get(name), list):
            return tuple(str(term) for term in terms[name])
    return ()
