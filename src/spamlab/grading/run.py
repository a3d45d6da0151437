"""Grading a lab: what has changed is graded by the engine, and written as it comes, one submission after another."""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.errors import GradingError, SandboxError, UsageError
from spamlab.grading import course as courses
from spamlab.grading import noting
from spamlab.grading.bundle import Bundle, write_files
from spamlab.grading.bundling import classic_bundle, judged_bundle, lab_modules
from spamlab.grading.chain import Chain, Late, read_chain
from spamlab.grading.copying import read_folder
from spamlab.grading.engine import Engine
from spamlab.grading.interpreter import LIMITS
from spamlab.grading.protection import level_for, named_level
from spamlab.grading.writer import Writer, only_one
from spamlab.sandbox import Level

MARK = ".spamlab-graded"
"""In a graded submission's folder: what it was graded from, so that it is not graded again unchanged."""

Progress = Callable[[int, int], None]
Results = Iterator[tuple[Mapping[str, Any], dict[str, Any]]]


@dataclass(frozen=True)
class Plan:
    """How a run goes. sandbox: the lowest level that will do, "" for the usual one. again: also what has not changed.
    workers: at work at once, None for one a core. scheduler: of a Dask cluster, "" for this machine.
    preview: grade and compare, write nothing.
    """

    sandbox: str = ""
    again: bool = False
    workers: int | None = None
    scheduler: str = ""
    preview: bool = False
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and not 1 <= self.workers <= 256:
            raise UsageError("the number of workers lies between 1 and 256")


@dataclass
class Told:
    """What came of a run, by participant."""

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    traces: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    changes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def grade_workshop(workshop: Workshop, lab: str, participants: Sequence[str] | None = None, **how: Any,
                   ) -> dict[str, Any]:
    """Grade what was collected of a lab: in the sandbox, by the judge.

    participants: these alone. how: the fields of `Plan`. Returns {"graded", "unchanged", "failed": participants,
    "seconds", "scores": {participant: points}, "sandbox": level, "reasons": {participant: sentence}, "traces":
    {participant: [{"code", "where", "sentence"}]}, "workers"}, and for a preview "changes": {participant: [{"question",
    "before", "after"}]}. Raises GradingError, before anything of a participant's has run, where workshop, lab,
    configuration or sandbox are not as they must be.
    """
    from spamlab.grading import marking

    plan = Plan(**how)
    for name in participants or ():
        workshop.known(name)
    config = courses.read_config(workshop.course)
    courses.check_config(config)
    level = cache(lambda: _level(plan))
    if workshop.participants:
        marking.read_paper(workshop.root, lab, workshop.participants[0])
    chain = read_chain(config)
    if chain is None:
        config.JudgedExecute.workshop = str(workshop.root)
    settings = {"cell_seconds": courses.cell_seconds(config, "JudgedExecute")}

    def bundle(_book: Any) -> Bundle:
        return judged_bundle(workshop, lab, level(), settings)

    def seeds(participant: str) -> dict[str, str]:
        return {name: seed.hex() for name, seed in marking.seeds(workshop, lab, participant).items()}

    package = Path(__file__).resolve().parents[1]
    sources = [workshop.labs_folder / lab, workshop.course / "release" / lab, workshop.course / courses.CONFIG,
               workshop.secret_file, package / "judge", package / "grading", package / "generate"]
    return _Run(workshop.course, lab, config, chain, plan, level, bundle, seeds, sources, workshop).done(participants)


def grade_course(course: Path, lab: str, participants: Sequence[str] | None = None, **how: Any) -> dict[str, Any]:
    """As `grade_workshop`, for a course folder: a workshop's, or an ordinary one, whose own tests then count."""
    course = Path(course).absolute()
    if not course.is_dir():
        raise UsageError(f"there is no course folder called {course.name}")
    workshop = courses.workshop_of(course)
    if workshop is not None and workshop.course == course:
        return grade_workshop(workshop, lab, participants, **how)
    plan = Plan(**how)
    config = courses.ordinary_config(course)
    level = cache(lambda: _level(plan))
    chain = read_chain(config)
    settings = {"cell_seconds": courses.cell_seconds(config, "SandboxedExecute"),
                "all_remarks": chain is None or chain.all_remarks, "keep": chain.keep(lab) if chain else ()}

    def bundle(book: Any) -> Bundle:
        return classic_bundle(course, lab, level(), settings, book)

    sources = [course / "source" / lab]
    return _Run(course, lab, config, chain, plan, level, bundle, None, sources, None).done(participants)


@dataclass
class _Run:
    course: Path
    lab: str
    config: Any
    chain: Chain | None
    plan: Plan
    level: Callable[[], Level]
    bundle: Callable[[Any], Bundle]
    seeds: Callable[[str], dict[str, str]] | None
    sources: Sequence[Path]
    workshop: Workshop | None
    notes: noting.Notes | None = None

    def done(self, participants: Sequence[str] | None) -> dict[str, Any]:
        began = time.monotonic()
        names = [name for name in submitted(self.course, self.lab) if participants is None or name in participants]
        workers = min(self.plan.workers or os.cpu_count() or 1, max(1, len(names)))
        told = Told()
        with only_one(self.course), self._begun(names, workers) as engine:
            level = self.level()  # only now, for it is tried on this machine, and the engine imports meanwhile
            scores = self._scores(names, told, engine)
        found: dict[str, Any] = {
            "graded": told.graded, "unchanged": told.unchanged, "failed": told.failed,
            "seconds": round(time.monotonic() - began, 3),
            "scores": {name: scores[name] for name in names if name in scores}, "sandbox": level.label,
            "reasons": told.reasons, "traces": told.traces, "workers": workers}
        return {**found, "changes": told.changes} if self.plan.preview else found

    def _scores(self, names: Sequence[str], told: Told, engine: Engine | None) -> dict[str, float]:
        """Everybody's points, after what has changed is graded and `told` of."""
        self.notes = noting.Notes(self.workshop, self.lab) if self.workshop and not self.plan.preview else None
        try:
            with courses.opened_gradebook(self.course, self.config) as opened:
                changed = self._changed(names, _known(opened, self.lab), told)
                if self.chain is None:
                    scores = self._by_nbgrader(opened, changed, names, told)
                else:
                    scores = self._by_engine(opened, changed, names, told, engine)
                if self.notes is not None:  # a submission that failed is a trace too
                    self.notes.write([
                        noting.traced(name, self.lab, {"code": "not-graded", "where": "", "sentence": why})
                        for name, why in told.reasons.items()])
        finally:
            if self.notes is not None:
                self.notes.close()
        return scores

    @contextmanager
    def _begun(self, names: Sequence[str], workers: int) -> Iterator[Engine | None]:
        """The engine, begun before nbgrader is imported, so that both import at once; None where another one grades."""
        if self.chain is None or self.plan.scheduler or not self._changed(names, names, Told()):
            yield None
            return
        try:
            with Engine(lab_modules(self.course, self.lab), workers, LIMITS.wall_seconds) as engine:
                yield engine
        except SandboxError as error:
            raise GradingError(f"nothing more was graded: {error}") from error

    def _changed(self, names: Sequence[str], known: Collection[str], told: Told) -> dict[str, str]:
        """Who is to be graded, with the mark that says from what. known: who has scores in the gradebook."""
        from_these = digest(self.sources)
        found = {}
        for name in names:
            here = digest([self.course / "submitted" / name / self.lab])
            mark = hashlib.sha256(f"{from_these} {here}".encode()).hexdigest()
            path = self._graded(name) / MARK
            if not self.plan.again and name in known and path.is_file() and path.read_text(encoding="utf-8") == mark:
                told.unchanged.append(name)
            else:
                found[name] = mark
        return found

    def _by_engine(self, opened: courses.OnlyGradebook, changed: Mapping[str, str], names: Sequence[str], told: Told,
                   engine: Engine | None) -> dict[str, float]:
        writer = _writer(opened, self.lab, self.chain.late() if self.chain else None)
        try:
            before = writer.points() if self.plan.preview else {}
            done = len(told.unchanged)
            self._tell(done, len(names))
            if changed:
                with opened.gradebook as book:
                    bundle = self.bundle(book)
                jobs = filter(None, (self._job(name, told) for name in changed))
                with self._results(bundle, jobs, engine) as results:
                    for job, result in results:
                        name = result["participant"]
                        if result["sentence"]:
                            told.failed.append(name)
                            told.reasons[name] = result["sentence"]
                            told.traces.update({name: result["traces"]} if result.get("traces") else {})
                        elif self.plan.preview:
                            told.graded.append(name)
                            told.changes.update(_changes(name, before.get(name, {}), result))
                        else:
                            self._write(writer, job, result, changed[name], told)
                        done += 1
                        self._tell(done, len(names))
                self._tell(len(names), len(names))
            told.graded.sort()
            told.failed.sort()
            return writer.scores()
        finally:
            writer.close()

    def _job(self, name: str, told: Told) -> dict[str, Any] | None:
        files, left = read_folder(self.course / "submitted" / name / self.lab)
        try:
            seeds = self.seeds(name) if self.seeds is not None else {}
        except UsageError as error:
            told.failed.append(name)
            told.reasons[name] = str(error)
            return None
        return {"participant": name, "left_out": left, "seeds": seeds,
                "files": {path: base64.b64encode(content).decode("ascii") for path, content in files.items()}}

    @contextmanager
    def _results(self, bundle: Bundle, jobs: Iterable[dict[str, Any]], engine: Engine | None) -> Iterator[Results]:
        if self.plan.scheduler:
            from spamlab.grading.cluster import results

            with results(self.plan.scheduler, bundle, jobs) as found:
                yield found
            return
        try:
            with nullcontext(engine) if engine else Engine(bundle.modules, 1, bundle.limits.wall_seconds) as ready:
                ready.brief(bundle)
                yield ready.results(jobs)
        except SandboxError as error:
            raise GradingError(f"nothing more was graded: {error}") from error

    def _write(self, writer: Writer, job: Mapping[str, Any], result: Mapping[str, Any], mark: str, told: Told) -> None:
        """The folder, made whole beside its place; the gradebook; then the folder into its place with its mark."""
        name = result["participant"]
        place = self._graded(name)
        spare = place.with_name(f".{self.lab}.new")
        try:
            _remove(spare)
            files = {path: base64.b64decode(content) for path, content in job["files"].items()
                     if not path.endswith(".ipynb") or "/" in path}
            masters = self.course / "source" / self.lab
            for path in sorted(masters.rglob("*")) if masters.is_dir() else ():
                inner = path.relative_to(masters).as_posix()
                if path.is_file() and path.suffix != ".ipynb" and "__pycache__" not in path.parts:
                    files = {one: content for one, content in files.items()
                             if not one.startswith(f"{inner}/") and not inner.startswith(f"{one}/")}
                    files[inner] = path.read_bytes()
            files.update({f"{one}.ipynb": text.encode() for one, text in result["notebooks"].items()})
            write_files(files, spare)
            for path in spare.rglob("*"):
                if path.is_file():
                    path.chmod(0o444)
            (spare / MARK).write_text(mark, encoding="utf-8")
            writer.write(name, _timestamp(job), result["grades"], result["remarks"])
            if self.notes is not None:  # before the mark: a run that ends here grades this one again
                self.notes.write([*(noting.from_plain(one) for one in result["entries"]),
                                  *(noting.traced(name, self.lab, one) for one in result["traces"])])
            (place / MARK).unlink(missing_ok=True)  # first, so that no half of a folder bears it
            _remove(place)
            os.replace(spare, place)
        except OSError as error:
            with contextlib.suppress(OSError):
                _remove(spare)
            why = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror or str(error)
            raise GradingError(f"the graded work of {name} can't be written: {why}; what was graded before it "
                               "stands, grade again to go on") from error
        told.graded.append(name)
        told.traces.update({name: list(result["traces"])} if result["traces"] else {})

    def _by_nbgrader(self, opened: courses.OnlyGradebook, changed: Mapping[str, str], names: Sequence[str], told: Told,
                     ) -> dict[str, float]:
        """Through nbgrader's own converter, one after another: the configuration names steps that only it knows."""
        if self.plan.preview or self.plan.scheduler:
            raise GradingError(f"{courses.CONFIG} names steps of its own, so its submissions are graded by nbgrader's "
                               "converter, which knows neither a preview nor a cluster")
        with courses.opened(self.course, self.config) as api:
            for number, (name, mark) in enumerate(changed.items()):
                self._tell(len(told.unchanged) + number, len(names))
                result = api.autograde(self.lab, name, force=True, create=True)
                if result["success"] and self._graded(name).is_dir():
                    (self._graded(name) / MARK).write_text(mark, encoding="utf-8")
                    told.graded.append(name)
                else:
                    told.failed.append(name)
                    told.reasons[name] = courses.reason(result)
        self._tell(len(names), len(names))
        writer = _writer(opened, self.lab)
        try:
            return writer.scores()
        finally:
            writer.close()

    def _graded(self, name: str) -> Path:
        return self.course / "autograded" / name / self.lab

    def _tell(self, done: int, total: int) -> None:
        if self.plan.progress is not None:
            self.plan.progress(done, total)


def _level(plan: Plan) -> Level:
    """Here the machine's best; for a cluster what was asked for, since each of its workers sees to its own."""
    return named_level(plan.sandbox) if plan.scheduler else level_for(plan.sandbox)


def submitted(course: Path, lab: str) -> list[str]:
    """The participants whose submission of a lab lies in the course, sorted."""
    return sorted(path.parent.name for path in (course / "submitted").glob(f"*/{lab}") if path.is_dir())


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 over the names and bytes of all files."""
    total = hashlib.sha256()
    for root in paths:
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                name = path.relative_to(root.parent).as_posix()
                total.update(name.encode("utf-8", "surrogateescape") + b"\0")
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _writer(opened: courses.OnlyGradebook, lab: str, late: Late | None = None) -> Writer:
    return Writer(opened.coursedir.db_url, opened.coursedir.course_id, lab, late)


def _known(opened: courses.OnlyGradebook, lab: str) -> set[str]:
    """Whose submission the gradebook knows: it may be a restored copy, older than the graded folders."""
    writer = _writer(opened, lab)
    try:
        return writer.known()
    finally:
        writer.close()


def _changes(name: str, before: Mapping[str, float | None], result: Mapping[str, Any],
             ) -> dict[str, list[dict[str, Any]]]:
    rows = [{"question": question, "before": before.get(question), "after": points}
            for grades in result["grades"].values() for question, points in grades.items()
            if before.get(question) != points]
    return {name: rows} if rows else {}


def _timestamp(job: Mapping[str, Any]) -> Any:
    """When nbgrader says that it was handed in; None where that can't be read."""
    from nbgrader.utils import parse_utc

    text = job["files"].get("timestamp.txt")
    try:
        return parse_utc(base64.b64decode(text).decode("utf-8").strip()) if text else None
    except (ValueError, OverflowError):
        return None


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
