"""The course folder and nbgrader's configuration."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from spamlab.content.identity import create_workshop
from spamlab.errors import GradingError
from spamlab.grading import course
from spamlab.shipped import default_folder


def test_the_configuration_is_copied_once(tmp_path: Path) -> None:
    """It is written where it is missing; a trainer's additions stay."""
    workshop = create_workshop(tmp_path / "w", title="T", labs=["01-x"])
    file = course.write_course(workshop) / course.CONFIG
    file.write_text(file.read_text() + "# mine\n")
    course.write_course(workshop)
    assert file.read_text().endswith("# mine\n")
    course.check_config(course.read_config(workshop.course))


def test_the_configuration_knows_its_place(tmp_path: Path) -> None:
    """Its paths are those of the folder in which it lies, and none stands in the file."""
    workshop = create_workshop(tmp_path / "w", title="T", labs=["01-x"])
    config = course.read_config(course.write_course(workshop))
    assert config.CourseDirectory.root == str(workshop.course)
    assert config.Exchange.root == str(workshop.exchange)
    text = (default_folder("instructor") / course.CONFIG).read_text(encoding="utf-8")
    assert not [word for word in ("/home", "/root", "/work", "/usr", "/tmp") if word in text]


def test_every_class_that_it_names_is_there(tmp_path: Path) -> None:
    """A name of a class that can't be loaded would only show when somebody grades."""
    from traitlets import import_item

    config = course.read_config(course.write_course(create_workshop(tmp_path / "w", title="T", labs=["01-x"])))
    names = [*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors,
             config.Autograde.exporter_class, config.Autograde.pre_convert_hook, *config.ExchangeFactory.values()]
    assert len(names) > 10
    for name in names:
        assert callable(import_item(name))


def test_our_gradebook_is_nbgraders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our gradebook has nbgrader's tables and version, and four indices more; one that is there stays."""
    from nbgrader.api import Gradebook

    (tmp_path / "a").mkdir()
    course.make_gradebook(tmp_path / "a")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    Gradebook(f"sqlite:///{tmp_path / 'b.db'}").close()

    def content(path: Path) -> list[tuple[str, ...]]:
        with sqlite3.connect(path) as base:
            schema = base.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            schema = [(name, " ".join((sql or "").split())) for name, sql in schema]
            return [*schema, *base.execute("SELECT version_num FROM alembic_version").fetchall()]

    ours = content(tmp_path / "a" / "gradebook.db")
    assert [row for row in ours if not row[0].startswith("spamlab_")] == content(tmp_path / "b.db")
    assert len([row for row in ours if row[0].startswith("spamlab_")]) == 4
    before = (tmp_path / "a" / "gradebook.db").read_bytes()
    course.make_gradebook(tmp_path / "a")
    assert (tmp_path / "a" / "gradebook.db").read_bytes() == before


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    """Without a configuration nothing goes on with defaults."""
    with pytest.raises(GradingError, match="nbgrader_config"):
        course.read_config(tmp_path)
