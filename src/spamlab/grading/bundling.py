"""From a workshop's or an ordinary course's folder to the bundle of one lab."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.errors import GradingError
from spamlab.grading.bundle import CLASSIC, JUDGED, Bundle, code_of, imported_modules, read_files
from spamlab.sandbox import Level

KIT = ("spamlab.kit",)
DATASETS = (".toml", ".json", ".csv", ".txt")


def judged_bundle(workshop: Workshop, lab: str, level: Level, settings: Mapping[str, Any]) -> Bundle:
    """The bundle of a lab of a workshop. settings: "cell_seconds". Raises GradingError for what can't be read."""
    release = workshop.course / "release" / lab
    notebooks = {path.stem: {"release": path.read_text(encoding="utf-8"), "marks": {}, "kernelspec": {}}
                 for path in sorted(release.glob("*.ipynb"))}
    if not notebooks:
        raise GradingError(f"the released notebook of {lab} is missing or can't be read; release it again")
    masters = read_files(workshop.course / "source" / lab, "masters", skip=("ipynb",))
    datasets = {name: content for name, content in read_files(workshop.datasets_folder, "datasets").items()
                if name.endswith(DATASETS)}
    files = {**read_files(workshop.labs_folder / lab, f"lab/{lab}"), **datasets, **masters}
    return Bundle(JUDGED, lab, notebooks, files, lab_modules(workshop.course, lab), level,
                  cell_seconds=float(settings.get("cell_seconds", 30.0)), language=workshop.language)


def classic_bundle(course: Path, lab: str, level: Level, settings: Mapping[str, Any], book: Any) -> Bundle:
    """The bundle of an assignment of an ordinary course, its cells as nbgrader's gradebook `book` knows them.

    settings: "cell_seconds", "all_remarks", "keep": names of files that the submission's version of stays.
    """
    from nbgrader.api import MissingEntry

    try:
        known = book.find_assignment(lab).notebooks
    except MissingEntry:
        raise GradingError(f"the gradebook does not know {lab}; generate the assignment first") from None
    notebooks = {}
    for notebook in known:
        release = course / "release" / lab / f"{notebook.name}.ipynb"
        source = course / "source" / lab / f"{notebook.name}.ipynb"
        notebooks[notebook.name] = {
            "release": release.read_text(encoding="utf-8") if release.is_file() else "",
            "marks": _marks(notebook, _read(source)), "kernelspec": json.loads(notebook.kernelspec or "{}")}
    masters = {name: content for name, content in read_files(course / "source" / lab, "masters",
                                                             skip=("ipynb",)).items()
               if name.partition("/")[2] not in settings.get("keep", ())}
    return Bundle(CLASSIC, lab, notebooks, masters, lab_modules(course, lab), level,
                  cell_seconds=float(settings.get("cell_seconds", 30.0)),
                  all_remarks=bool(settings.get("all_remarks", True)))


def lab_modules(course: Path, lab: str) -> tuple[str, ...]:
    """What a warm process imports for a lab: what its notebooks and the files beside them import."""
    folder = course / "source" / lab
    sources = {path.stem: {"release": json.dumps(_read(path))} for path in sorted(folder.glob("*.ipynb"))}
    return _modules(sources, read_files(folder, "masters", skip=("ipynb",)))


def _marks(notebook: Any, source: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """nbgrader's cells by grade_id, in the notebook's order: type, source and marks."""
    graded = {cell.name: cell for cell in notebook.grade_cells}
    tasks = {cell.name: cell for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    order = [str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")) for cell in source.get("cells", [])]
    place = {name: number for number, name in enumerate(order)}
    found = {}
    for cell in sorted(notebook.source_cells, key=lambda one: place.get(one.name, len(place))):
        marks: dict[str, Any] = {
            "grade": cell.name in graded, "grade_id": cell.name, "locked": bool(cell.locked), "schema_version": 3,
            "solution": cell.name in solutions, "task": cell.name in tasks, "cell_type": cell.cell_type,
            "checksum": cell.checksum}
        most = graded.get(cell.name) or tasks.get(cell.name)
        if most is not None:
            marks["points"] = float(most.max_score)
        found[cell.name] = {"cell_type": cell.cell_type, "source": cell.source or "", "nbgrader": marks}
    return found


def _modules(notebooks: Mapping[str, Mapping[str, Any]], masters: Mapping[str, bytes]) -> tuple[str, ...]:
    """What a warm process imports for the lab: what its released notebook and the files beside it import."""
    sources = [text for one in notebooks.values() if one["release"] for text in code_of(json.loads(one["release"]))]
    helpers = {name.partition("/")[2]: content for name, content in masters.items() if name.endswith(".py")}
    sources += [content.decode("utf-8", "replace") for content in helpers.values()]
    return (*KIT, *imported_modules(sources, [name.removesuffix(".py").partition("/")[0] for name in helpers]))


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
