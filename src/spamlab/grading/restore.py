"""nbgrader's step that restores a submission's layout, over `layout.restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from spamlab.course.notebooks import nbformat
from spamlab.errors import GradingError
from spamlab.grading.layout import restore


class RestoreLayout(NbGraderPreprocessor):  # type: ignore[misc]
    """nbgrader's preprocessor; `course` is the course folder, which holds the release."""

    course = Unicode("", help="The course folder; empty: that in which the notebook lies.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook in the layout of the release; raises GradingError where there is no release."""
        names = resources["nbgrader"]
        released = read_release(course_of(self.course, resources), names["assignment"], names["notebook"])
        return restore(nb, released), resources


def read_release(course: Path, lab: str, notebook: str) -> Any:
    """The released notebook; GradingError where it is missing or can't be read."""
    path = course / "release" / lab / f"{notebook}.ipynb"
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError):
        raise GradingError(f"the released notebook of {lab} is missing or can't be read; release it again") from None


def course_of(named: str, resources: Any) -> Path:
    """The course folder: the one named, else that of COURSE/STEP/STUDENT/LAB, where nbgrader reads the notebook."""
    return Path(named) if named else Path(resources["metadata"]["path"]).absolute().parents[2]
