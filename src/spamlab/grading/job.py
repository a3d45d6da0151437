"""One submission graded: plain data in, plain data out, no gradebook, no ledger, no secret.

A job is {"participant", "files": {path: base64}, "left_out": [paths], "seeds": {purpose: hex}}; with the lab's bundle
it says all. A result is {"participant", "sentence": "" or why it failed, "ours": whether that was our own failure,
"notebooks": {name: text}, "grades": {name: {grade_id: points or None}}, "remarks": {name: {grade_id: text or None}},
"entries": [...] for the ledger, "traces": [{"code", "where", "sentence"}]}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spamlab.course.notebooks import nbformat
from spamlab.errors import SandboxError, SpamlabError
from spamlab.grading import classic, scoring
from spamlab.grading.answers import FOLDER as ANSWERS
from spamlab.grading.bundle import JUDGED, Bundle, unpack, write_files
from spamlab.grading.copying import LEFT_OUT_FILE
from spamlab.grading.layout import restore
from spamlab.grading.plain import plain_notebook
from spamlab.grading.play import Played
from spamlab.grading.signs import plain_signs
from spamlab.grading.suspects import judged_functions
from spamlab.grading.traces import (
    Trace,
    traces_of_answers,
    traces_of_files,
    traces_of_layout,
    traces_of_run,
    traces_of_sources,
)
from spamlab.grading.turns import Turns
from spamlab.grading.workplace import Bin, How, Workplace, workplace
from spamlab.sandbox.warm import Line

if TYPE_CHECKING:
    from spamlab.content.lab import Lab
    from spamlab.judge.question import Checks

NO_RESPONSE = "No response."
NO_NOTEBOOK = "there is no notebook in it"


class Desk:
    """Where jobs of one lab are done: the bundle's files on disk, and a line to a warm process."""

    def __init__(self, bundle: Bundle, folder: Path, line: Line | None = None, where: Path | None = None,
                 ) -> None:
        """folder: an empty one, kept by the caller for as long as the desk is used. where: as `How.where`.

        Several threads may bring jobs; one participant's code runs at a time.
        """
        self.bundle, self.folder = bundle, folder
        bundle.write(folder)
        self._turns = Turns()
        self.how = How(bundle.level, bundle.limits, bundle.cell_seconds, line, where, self._turns)
        self._lab: Lab | None = None
        self._checks: Checks | None = None
        self._released: dict[str, Any] = {}
        self._bin = Bin()

    def done(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The job's result; whatever fails, nothing is raised but what stops the machine."""
        result: dict[str, Any] = {"participant": job["participant"], "sentence": "", "ours": False}
        try:
            with self._turns.own:
                result.update(self._done(job))
        except SandboxError as error:
            result.update(sentence=str(error), ours=True)
        except SpamlabError as error:
            result.update(sentence=str(error))
        except Exception as error:  # our own fault must become a failed submission, not a stopped run
            result.update(sentence=f"grading failed: {type(error).__name__}: {str(error)[:300]}", ours=True)
        return result

    def close(self) -> None:
        """Remove what the last job left on the disk."""
        self._bin.empty()

    def _done(self, job: Mapping[str, Any]) -> dict[str, Any]:
        files = unpack(job["files"])
        bundle, participant = self.bundle, str(job["participant"])
        made: dict[str, Any] = {"notebooks": {}, "grades": {}, "remarks": {}, "entries": []}
        traces: list[Trace] = [
            *traces_of_files(job.get("left_out", []), list(files)),
            *traces_of_answers({name.partition("/")[2]: content for name, content in files.items()
                                if name.startswith(f"{ANSWERS}/")})]
        left_out = {*job.get("left_out", []), *files.get(LEFT_OUT_FILE, b"").decode("utf-8", "replace").splitlines()}
        for name in bundle.notebooks:
            if f"{name}.ipynb" in left_out:
                files.setdefault(f"{name}.ipynb", b"")  # too big to be taken: as one that can't be read
        present = [name for name in bundle.notebooks if f"{name}.ipynb" in files]
        if not present:
            return {"sentence": NO_NOTEBOOK, "traces": [one.as_json() for one in traces]}
        for name in bundle.notebooks:
            if name not in present:
                # As nbgrader: nought for the cells of a notebook that is not there.
                made["grades"][name] = {key: 0.0 for key, one in bundle.notebooks[name]["marks"].items()
                                        if one["nbgrader"].get("grade")}
                continue
            given = files[f"{name}.ipynb"]
            with workplace(bundle.lab, participant, self.folder / "masters", self.how, self._bin) as place:
                write_files(files, place.submitted)
                grade = self._judged if bundle.kind == JUDGED else self._classic
                notebook, played = grade(job, name, given, place, made)
            traces += traces_of_layout(given, bundle.notebooks[name]["release"] or notebook)
            asked = judged_functions(cell.source for cell in notebook.cells if cell.cell_type == "code")
            traces += traces_of_sources([cell for cell in notebook.cells if _is_theirs(cell)], asked)
            traces += traces_of_run(played)
            made["grades"][name] = {}
            made["remarks"][name] = {}
            for cell in notebook.cells:
                self._row(cell, made["grades"][name], made["remarks"][name])
                cell.source = plain_signs(cell.source)
            made["notebooks"][name] = json.dumps(notebook, ensure_ascii=False, sort_keys=True) + "\n"
        made["traces"] = [one.as_json() for one in dict.fromkeys(traces)]
        return made

    def _judged(self, job: Mapping[str, Any], name: str, given: bytes, place: Workplace, made: dict[str, Any],
                ) -> tuple[Any, Played]:
        # Not at the top: an ordinary course needs no judge, and that takes longer to import than all the rest.
        from spamlab.content.lab import read_lab
        from spamlab.grading import judged, marking, noting
        from spamlab.judge.catalogue import read_catalogues, speaking
        from spamlab.judge.lab_data import load_checks

        if self._lab is None or self._checks is None:
            self._lab = read_lab(self.folder / "lab" / self.bundle.lab)
            self._checks = load_checks(self._lab.folder)
            read_catalogues(self.folder / "datasets" / "languages")
        lab = self._lab
        if name not in self._released:
            self._released[name] = nbformat.reads(self.bundle.notebooks[name]["release"], as_version=4)
        seeds = {purpose: bytes.fromhex(seed) for purpose, seed in job["seeds"].items()}
        paper = marking.make_paper(lab, self._checks, job["participant"], seeds, self.folder / "datasets")
        notebook = restore(plain_notebook(given), self._released[name])
        with speaking(self.bundle.language):
            marked, played = judged.grade(notebook, paper, place)
        made["entries"] += [noting.as_plain(noting.graded(job["participant"], lab.id, one)) for one in marked]
        for cell in notebook.cells:
            if cell.cell_type == "code":
                scoring.limit_output(cell)
        return notebook, played

    def _classic(self, _job: Mapping[str, Any], name: str, given: bytes, place: Workplace, _made: dict[str, Any],
                 ) -> tuple[Any, Played]:
        place.data.joinpath("items.json").write_text('{"items": []}', encoding="utf-8")
        facts = self.bundle.notebooks[name]
        notebook = classic.arrange(plain_notebook(given), facts["marks"], facts["kernelspec"])
        return notebook, classic.grade(notebook, place)

    def _row(self, cell: Any, grades: dict[str, float | None], remarks: dict[str, str | None]) -> None:
        """What nbgrader's SaveAutoGrades keeps of a cell."""
        marks = cell.metadata.get("nbgrader", {})
        name = marks.get("grade_id")
        if not name:
            return
        if marks.get("grade"):
            grades[name] = scoring.points(cell)
        elif marks.get("task"):
            grades[name] = None
        if marks.get("task"):
            remarks[name] = None
        elif marks.get("solution") and (marks.get("grade") or self.bundle.all_remarks):
            remarks[name] = NO_RESPONSE if marks.get("checksum") == scoring.checksum(cell) else None


def _is_theirs(cell: Any) -> bool:
    """Whether a code cell is the participant's to write: an open one, or one of the own."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and (marks.get("solution") or not (marks.get("grade") or marks.get("locked"))))
