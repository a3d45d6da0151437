"""All that a job needs of a lab beside one submission, as plain data: it goes to another process or another machine.

It holds no secret of the workshop: a participant's data come from three seeds that travel with the job.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from spamlab.errors import GradingError
from spamlab.grading.interpreter import LIMITS
from spamlab.sandbox import Level, Limits

MOST_BYTES = 200_000_000
ROOMS = ("content", "filtering", "generate", "grading", "judge", "kit", "records", "sandbox")
"""Where the code of a job stands: who runs other code may give other scores."""
FOR_LABS = ("spamlab.kit", "spamlab.filtering")
"""What of spamlab a notebook may import."""
JUDGED, CLASSIC = "judged", "classic"


@dataclass(frozen=True)
class Bundle:
    """A lab for a job. kind: JUDGED or CLASSIC. notebooks: name -> {"release": text of the released notebook or "",
    "marks": {grade_id: {"cell_type", "source", "nbgrader"}}, "kernelspec"}; of a judged lab only the release is used.
    files: path -> bytes, under "lab/" (judged: the lab's folder), "datasets/" (its recipe) and "masters/" (what the
    course puts beside the notebook). modules: libraries that a warm process imports. all_remarks: whether nbgrader's
    "No response." goes to every untouched open cell or to graded ones alone. language: in which the judge speaks.
    """

    kind: str
    lab: str
    notebooks: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, bytes]
    modules: tuple[str, ...] = ()
    level: Level = Level.BUBBLEWRAP
    limits: Limits = field(default=LIMITS)
    cell_seconds: float = 30.0
    all_remarks: bool = False
    language: str = "en"

    def as_plain(self) -> dict[str, Any]:
        """The bundle as JSON."""
        return {**{name: getattr(self, name) for name in ("kind", "lab", "cell_seconds", "all_remarks", "language")},
                "notebooks": dict(self.notebooks), "modules": list(self.modules), "level": self.level.label,
                "limits": asdict(self.limits), "files": pack(self.files)}

    def write(self, folder: Path) -> None:
        """Write the files into a folder, each under its path."""
        write_files(self.files, folder)


def read_bundle(plain: Mapping[str, Any]) -> Bundle:
    """The bundle that `as_plain` told of."""
    return Bundle(plain["kind"], plain["lab"], plain["notebooks"], unpack(plain["files"]), tuple(plain["modules"]),
                  Level[str(plain["level"]).upper()], Limits(**plain["limits"]), float(plain["cell_seconds"]),
                  bool(plain["all_remarks"]), str(plain["language"]))


def identity(plain: Mapping[str, Any]) -> str:
    """The same for two bundles of the same content."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:24]


def code_identity() -> dict[str, str]:
    """Which spamlab this is: {"version", "code"}, the second the same for equal source texts of what a job runs."""
    package = Path(__file__).resolve().parents[1]
    total = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            total.update(f"{path.relative_to(package).as_posix()}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return {"version": version("spamlab"), "code": total.hexdigest()[:24]}


def other_code(plain: Mapping[str, Any]) -> str:
    """A sentence where a bundle was made by another spamlab than this one, else ""."""
    here, there = _own_code(), (str(plain.get("version", "")), str(plain.get("code", "")))
    if here == there:
        return ""
    if here[0] != there[0]:
        return f"it has spamlab {here[0]}, and the run comes from spamlab {there[0] or 'of an unknown version'}"
    return f"its spamlab {here[0]} has other code than the one that the run comes from"


@cache
def _own_code() -> tuple[str, str]:
    found = code_identity()
    return found["version"], found["code"]


def pack(files: Mapping[str, bytes]) -> dict[str, str]:
    """Bytes as base64, for JSON."""
    return {name: base64.b64encode(content).decode("ascii") for name, content in files.items()}


def unpack(files: Mapping[str, str]) -> dict[str, bytes]:
    """The reverse of `pack`."""
    return {name: base64.b64decode(content) for name, content in files.items()}


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by relative paths; ValueError for a path that leads out of the folder."""
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
            raise ValueError(f"{name!r} is no path inside a folder")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def read_files(folder: Path, prefix: str, *, skip: Iterable[str] = ()) -> dict[str, bytes]:
    """The trusted ordinary files of a folder as prefix/path -> bytes, caches and files named *.`skip` left out.

    Raises GradingError where they are too many for a bundle.
    """
    found: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        inner = path.relative_to(folder)
        if not path.is_file() or path.suffix.lstrip(".") in skip or any(
                part == "__pycache__" or part.startswith(".") for part in inner.parts):
            continue
        found[f"{prefix}/{inner.as_posix()}"] = content = path.read_bytes()
        total += len(content)
        if total > MOST_BYTES:
            raise GradingError(f"the folder {folder.name} holds more than {MOST_BYTES // 10**6} MB")
    return found


def imported_modules(sources: Iterable[str], own: Iterable[str] = ()) -> tuple[str, ...]:
    """The installed libraries that sources import, those of spamlab that labs use among them, but not files beside the
    notebook (`own`, names without ".py"); only looked for, not imported."""
    names: set[str] = set()
    for source in sources:
        names.update(_imports(source))
    beside = set(own)
    found = []
    for name in sorted(names):
        top = name.partition(".")[0]
        if top in beside or (top == "spamlab" and not name.startswith(FOR_LABS)):
            continue
        try:
            if importlib.util.find_spec(top) is not None:
                found.append(name)
        except (ImportError, ValueError):
            continue
    return tuple(found)


def code_of(notebook: Mapping[str, Any]) -> Iterator[str]:
    """The sources of a notebook's code cells (JSON), magics and shell lines left out."""
    for cell in notebook.get("cells", []):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            text = "".join(source) if isinstance(source, list) else str(source)
            yield "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(("%", "!")))


def _imports(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found
