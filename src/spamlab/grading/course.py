"""nbgrader's course folder and its configuration, read strictly: a broken configuration stops here."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from spamlab.content.identity import FILE, Workshop, default_folder, read_workshop
from spamlab.errors import GradingError, UsageError

CONFIG = "nbgrader_config.py"
COURSE_ID = "spamlab"
RESTORES = "spamlab.grading.restore.RestoreLayout"
JUDGES = "spamlab.grading.executor.JudgedExecute"
RUNS = "spamlab.grading.executor.SandboxedExecute"
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
    """Make nbgrader's gradebook where it is missing, as nbgrader does.

    nbgrader asks a program of its own for the schema's version, which takes seconds; here its library is asked.
    """
    from alembic.script import ScriptDirectory
    from nbgrader import api, utils
    from sqlalchemy import create_engine, text

    target = course / "gradebook.db"
    if target.exists():
        return
    head = ScriptDirectory(str(Path(utils.__file__).with_name("alembic"))).get_current_head()
    spare = course / ".gradebook.new"
    spare.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{spare}", future=True)
    api.Base.metadata.create_all(bind=engine)
    with engine.begin() as base:
        base.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        base.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head})
    engine.dispose()
    os.replace(spare, target)


def read_config(course: Path) -> Any:
    """The configuration of a course folder; raises GradingError where it is missing or has any error."""
    path = course / CONFIG
    if not path.is_file():
        raise GradingError(f"the course has no {CONFIG}; `spamlab release` writes it")
    try:
        config = PyFileConfigLoader(CONFIG, path=str(course)).load_config()
    except Exception as error:  # the file is Python: anything may come
        raise GradingError(f"{CONFIG} has an error, and nothing was done: {type(error).__name__}: {error}") from error
    return Config(config)


def check_config(config: Any) -> None:
    """Raise GradingError unless autograding restores the layout and has the judge decide, and nothing else executes."""
    first = [_name(one) for one in config.Autograde.get("sanitize_preprocessors", [])]
    second = [_name(one) for one in config.Autograde.get("autograde_preprocessors", [])]
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
    names = [_name(one) for one in second] if isinstance(second, list) else [
        EXECUTES[0], "nbgrader.preprocessors.IgnorePattern", "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades", "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata"]
    config.Autograde.autograde_preprocessors = [RUNS if name in EXECUTES else name for name in names]
    if RUNS not in config.Autograde.autograde_preprocessors:
        raise GradingError(f"{CONFIG} names no step that executes notebooks: nothing was graded")
    config.SandboxedExecute.course = str(course.absolute())
    config.Autograde.pre_convert_hook = "spamlab.grading.hooks.before_autograding"
    return config


@contextmanager
def opened(course: Path, config: Any) -> Iterator[Any]:
    """nbgrader's own API over a course folder."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory

    if not course.is_dir():
        raise UsageError(f"there is no course folder called {course.name}")
    config = Config(config)
    config.CourseDirectory.root = str(course.absolute())
    folder = CourseDirectory(config=config)
    with _own_programs(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="nbgrader")  # of its use of SQLAlchemy; nothing to act on
        yield NbGraderAPI(folder, Authenticator(config=config), ExchangeFactory(config=config), config=config)


@contextmanager
def _own_programs() -> Iterator[None]:
    """This Python's programs first on the path: nbgrader starts `alembic` by its name when it makes a gradebook."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _name(given: Any) -> str:
    return given if isinstance(given, str) else f"{given.__module__}.{given.__qualname__}"
