"""nbgrader's course folder and its configuration, read strictly: a broken configuration stops here."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from spamlab.content.database import reason_of, without_password
from spamlab.content.identity import FILE, Workshop, read_workshop
from spamlab.errors import GradingError, ServiceError, UsageError
from spamlab.shipped import default_folder

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

CONFIG = "nbgrader_config.py"
CELL_SECONDS = 30.0
COURSE_ID = "spamlab"
RESTORES = "spamlab.grading.restore.RestoreLayout"
JUDGES = "spamlab.grading.executor.JudgedExecute"
RUNS = "spamlab.grading.executor.SandboxedExecute"
_INDICES = (("grade", "notebook_id"), ("comment", "notebook_id"), ("submitted_notebook", "assignment_id"),
            ("submitted_assignment", "student_id"))
HIDES = "spamlab.grading.hidden.HideTests"
FEEDBACK_PAGE = "spamlab.grading.feedback.FeedbackExporter"
FEEDBACK_STEPS = ("nbgrader.preprocessors.GetGrades", "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor")
EXECUTES = ("nbgrader.preprocessors.Execute", "nbgrader.preprocessors.execute.Execute")


def write_course(workshop: Workshop) -> Path:
    """Make the course's folders and write its configuration where it is missing; the course folder.

    A configuration that is there stays: a trainer may have added to it.
    """
    for folder in (workshop.course, workshop.course / "source", workshop.exchange):
        folder.mkdir(parents=True, exist_ok=True)
    target = workshop.course / CONFIG
    if not target.is_file():
        text = (default_folder("instructor") / CONFIG).read_text(encoding="utf-8")
        spare = target.with_suffix(".new")
        spare.write_text(text, encoding="utf-8")
        os.replace(spare, target)
    return workshop.course


def make_gradebook(course: Path) -> None:
    """Make nbgrader's gradebook where it is missing, as nbgrader does: in its file, or at the workshop's address.

    nbgrader asks a program of its own for the schema's version, which takes seconds; here its library is asked. Four
    indices are added, for nbgrader's schema has none where its own questions need them (decision 0113). Raises
    ServiceError where the database can't be reached.
    """
    from sqlalchemy.engine import make_url

    url = make_url(gradebook_url(course))
    if url.drivername != "sqlite":
        _make_tables(url)
        return
    target = Path(str(url.database))
    if target.exists():
        return
    spare = target.with_name(f".{target.stem}.new")
    spare.unlink(missing_ok=True)
    _make_tables(url.set(database=str(spare)))
    os.replace(spare, target)


def gradebook_url(course: Path) -> str:
    """The address of a course's gradebook, with its password if any: the workshop's, else nbgrader's own file."""
    workshop = workshop_of(course)
    return workshop.gradebook_url if workshop and workshop.gradebook_url else f"sqlite:///{course / 'gradebook.db'}"


def gradebook_stamp(workshop: Workshop) -> tuple[int, ...]:
    """Numbers that change when the gradebook does; () where there is none yet. Raises ServiceError."""
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    url = make_url(workshop.gradebook_address)
    if url.drivername == "sqlite":
        files = [Path(f"{url.database}{end}") for end in ("", "-wal")]
        return tuple(file.stat().st_mtime_ns for file in files if file.exists())
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as base:
            rows = base.exec_driver_sql(
                "SELECT n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables WHERE schemaname = current_schema() "
                "ORDER BY relid")
            return tuple(number for row in rows for number in row)
    except SQLAlchemyError as error:
        raise _unreachable(error) from None
    finally:
        engine.dispose()


def _make_tables(url: URL) -> None:
    """nbgrader's tables, its version and our indices, in one transaction; one of several processes makes them."""
    api = import_module("spamlab.course.gradebook").api  # first: it imports nbgrader quickly
    from alembic.script import ScriptDirectory
    from nbgrader import utils
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.exc import SQLAlchemyError

    head = ScriptDirectory(str(Path(utils.__file__).with_name("alembic"))).get_current_head()
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as base:
            if url.drivername != "sqlite":
                base.exec_driver_sql("SELECT pg_advisory_xact_lock(7726523)")
                if inspect(base).has_table("alembic_version"):
                    return
            api.Base.metadata.create_all(bind=base)
            for table, column in _INDICES:
                base.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS spamlab_{table}_{column} ON {table} ({column})")
            base.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            base.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head})
    except SQLAlchemyError as error:
        raise _unreachable(error) from None
    finally:
        engine.dispose()


def read_config(course: Path) -> Any:
    """The configuration of a course folder; raises GradingError where it is missing or has any error."""
    path = course / CONFIG
    if not path.is_file():
        raise GradingError(f"the course has no {CONFIG}; `spamlab release` writes it")
    try:
        config = PyFileConfigLoader(CONFIG, path=str(course)).load_config()
    except (Exception, SystemExit) as error:  # the file is Python: anything may come; ours ends nbgrader by SystemExit
        raise GradingError(f"{CONFIG} has an error, and nothing was done: {type(error).__name__}: {error}") from error
    config = Config(config)
    _check_gradebook(course, config)
    return config


def _check_gradebook(course: Path, config: Any) -> None:
    """Raise GradingError where nbgrader would use another gradebook than the workshop's."""
    workshop = workshop_of(course)
    if workshop is None or not workshop.gradebook_url:
        return
    if config.CourseDirectory.get("db_url", "") != without_password(workshop.gradebook_url):
        raise GradingError(f"{CONFIG} does not take its gradebook from workshop.toml; move it away, and "
                           "`spamlab release` writes it anew")
    own = course / "gradebook.db"
    if own.exists() and workshop.gradebook_url != f"sqlite:///{own}":
        raise GradingError("the course holds a gradebook.db beside the gradebook that workshop.toml names; its scores "
                           "would be left behind, so move it away first")


def check_config(config: Any) -> None:
    """Raise GradingError unless autograding restores the layout and has the judge decide, and nothing else executes."""
    first = [name_of(one) for one in config.Autograde.get("sanitize_preprocessors", [])]
    second = [name_of(one) for one in config.Autograde.get("autograde_preprocessors", [])]
    if RESTORES not in first or JUDGES not in second or set(second) & set(EXECUTES):
        raise GradingError(f"{CONFIG} does not load {RESTORES.rsplit('.', 1)[1]} and {JUDGES.rsplit('.', 1)[1]}: "
                           "nothing was graded")


def workshop_of(course: Path) -> Workshop | None:
    """The workshop whose course folder this is; None for an ordinary course of nbgrader's."""
    root = Path(course).absolute().parent
    return read_workshop(root) if (root / FILE).is_file() else None


def ordinary_config(course: Path) -> Any:
    """The configuration with which an ordinary course of nbgrader's is graded: its own, run in our sandbox."""
    config = read_config(course) if (course / CONFIG).is_file() else Config()
    second = config.Autograde.get("autograde_preprocessors", None)
    names = [name_of(one) for one in second] if isinstance(second, list) else [
        EXECUTES[0], "nbgrader.preprocessors.IgnorePattern", "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades", "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata"]
    config.Autograde.autograde_preprocessors = [RUNS if name in EXECUTES else name for name in names]
    if RUNS not in config.Autograde.autograde_preprocessors:
        raise GradingError(f"{CONFIG} names no step that executes notebooks: nothing was graded")
    config.SandboxedExecute.course = str(course.absolute())
    config.Autograde.pre_convert_hook = "spamlab.grading.hooks.before_autograding"
    steps = config.GenerateFeedback.get("preprocessors", None)
    others = steps if isinstance(steps, list) else FEEDBACK_STEPS
    config.GenerateFeedback.preprocessors = [HIDES, *(one for one in others if name_of(one) != HIDES)]
    config.HideTests.course = str(course.absolute())
    if "exporter_class" not in config.GenerateFeedback:
        config.GenerateFeedback.exporter_class = FEEDBACK_PAGE
        config.GenerateFeedback.post_convert_hook = "spamlab.grading.feedback.only_pages"
    return config


@contextmanager
def opened(course: Path, config: Any) -> Iterator[Any]:
    """nbgrader's own API over a course folder."""
    import_module("spamlab.course.notebooks")  # before nbgrader imports what it makes quick
    from nbgrader.apps import NbGraderAPI
    from nbgrader.auth import Authenticator
    from nbgrader.exchange import ExchangeFactory

    with opened_gradebook(course, config) as only:
        config = only.config
        yield NbGraderAPI(only.coursedir, Authenticator(config=config), ExchangeFactory(config=config), config=config)


@dataclass(frozen=True)
class OnlyGradebook:
    """What nbgrader's API knows of a course folder, and its gradebook; none of its programs."""

    config: Any
    coursedir: Any

    @property
    def gradebook(self) -> Any:
        """A new `nbgrader.api.Gradebook`, which the caller closes."""
        from spamlab.course.gradebook import api

        return api.Gradebook(self.coursedir.db_url, self.coursedir.course_id)


@contextmanager
def opened_gradebook(course: Path, config: Any) -> Iterator[OnlyGradebook]:
    """As `opened`, for whoever needs no more than the gradebook: it takes a third of the time."""
    from sqlalchemy.exc import SQLAlchemyError

    from spamlab.course.gradebook import CourseDirectory

    if not course.is_dir():
        raise UsageError(f"there is no course folder called {course.name}")
    config = Config(config)
    config.CourseDirectory.root = str(course.absolute())
    with _own_programs(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="nbgrader")  # of its use of SQLAlchemy; nothing to act on
        try:
            yield OnlyGradebook(config, CourseDirectory(config=config))
        except SQLAlchemyError as error:
            raise _unreachable(error) from None


def _unreachable(error: Exception) -> ServiceError:
    return ServiceError(f"the gradebook can't be used: {reason_of(error)}")


@contextmanager
def _own_programs() -> Iterator[None]:
    """This Python's programs first on the path: nbgrader starts `alembic` by its name when it makes a gradebook."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before


def name_of(given: Any) -> str:
    """The full name of a class that a configuration names as text or as itself."""
    return given if isinstance(given, str) else f"{given.__module__}.{given.__qualname__}"


def cell_seconds(config: Any, kind: str) -> float:
    """The seconds after which a cell is stopped: what the configuration says of `kind`, else the usual ones."""
    for name in (kind, "SandboxedExecute"):
        if "cell_seconds" in config.get(name, {}):
            return float(config[name].cell_seconds)
    return CELL_SECONDS



def reason(result: Mapping[str, Any]) -> str:
    """Why a step of nbgrader's failed, in one line: the last error of its log that says something, without traces."""
    log = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in str(result.get("log", "")).splitlines()]
    found = [line for line in log if re.match(r"[\w.]*(Error|Exception): ", line)]
    if not found:
        found = [line[8:] for line in log if line.startswith("[ERROR] ") and "Traceback" not in line]
    last = (found or str(result.get("error", "")).strip().splitlines() or ["no reason was given"])[-1]
    return re.sub(r"^[\w.]*(Error|Exception): ", "", last).strip()[:400]
