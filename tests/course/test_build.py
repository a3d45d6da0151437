"""A lab's folder becomes nbgrader's source notebook."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from spamlab.content.identity import create_workshop
from spamlab.content.lab import Lab, read_lab
from spamlab.course.build import build_source, write_source
from spamlab.course.scaffold import new_lab
from spamlab.errors import ContentError
from spamlab.judge.lab_data import load_checks

GOLDEN = Path(__file__).parent / "golden" / "16-sample.ipynb.json"
ALT = "A border between two fields"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """The lab that `spamlab labs new` makes."""
    return read_lab(new_lab(tmp_path, "16-sample"))


def built(lab: Lab) -> Any:
    """The built notebook."""
    return nbformat.reads(build_source(lab, load_checks(lab.folder)).decode(), as_version=4)


def change(lab: Lab, old: str, new: str) -> None:
    """Change the lab's notebook.py."""
    path = lab.folder / "notebook.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults(lab: Lab) -> str:
    """What is said of the lab's notebook."""
    with pytest.raises(ContentError) as caught:
        build_source(lab, load_checks(lab.folder))
    return str(caught.value)


def test_the_built_notebook_is_the_golden_one(lab: Lab) -> None:
    """Each change of what is built shows in the diff of the golden file, cell ids included."""
    assert build_source(lab, load_checks(lab.folder)).decode() == GOLDEN.read_text(encoding="utf-8")


def test_the_same_folder_gives_the_same_bytes_elsewhere(lab: Lab, tmp_path: Path) -> None:
    """Another place on disk changes nothing."""
    other = read_lab(new_lab(tmp_path / "other", "16-sample"))
    assert build_source(lab, load_checks(lab.folder)) == build_source(other, load_checks(other.folder))


def test_nbgrader_and_nbformat_accept_it(lab: Lab) -> None:
    """nbgrader's own validator and nbformat's schema pass; the kernel is the sandboxed one."""
    from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

    notebook = built(lab)
    MetadataValidatorV3().validate_nb(notebook)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "spamlab"


def test_cells_have_their_marks(lab: Lab) -> None:
    """Checks are graded and locked, open cells are solutions, a document is both, the rest is read-only."""
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in built(lab)["cells"]}
    marks = {name: cell["metadata"]["nbgrader"] for name, cell in cells.items()}
    assert (marks["q1"]["grade"], marks["q1"]["locked"], marks["q1"]["points"]) == (True, True, 2)
    assert (marks["q1-open"]["solution"], marks["q1-open"]["grade"]) == (True, False)
    assert (marks["q3"]["grade"], marks["q3"]["solution"], marks["q3"]["points"]) == (True, True, 3)
    assert all(mark["locked"] for name, mark in marks.items() if "cell" in name)
    assert {mark["schema_version"] for mark in marks.values()} == {3}
    helper = next(cell for cell in cells.values() if "import" in cell["source"])
    assert helper["metadata"]["jupyter"] == {"source_hidden": True}


def test_a_cell_keeps_its_id_when_another_question_changes(lab: Lab) -> None:
    """A cell added to the first part moves no id of the second question."""
    before = {cell["id"] for cell in built(lab)["cells"]}
    change(
        lab,
        "# %% [markdown]\n# ## The worked example",
        "# %% [markdown]\n# A word.\n\n# %% [markdown]\n# ## The worked example",
    )
    after = {cell["id"] for cell in built(lab)["cells"]}
    assert len(after - before) == 1


def test_an_open_cell_without_solution_gets_a_region(lab: Lab) -> None:
    """Else nbgrader would clear the author's words and leave a stub that raises."""
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in built(lab)["cells"]}
    assert cells["q1-open"]["source"] == '# answer("q1", 2)\n### BEGIN SOLUTION\n### END SOLUTION'


def test_a_figure_travels_with_the_notebook(lab: Lab) -> None:
    """A figure with alt text becomes an attachment of its cell."""
    (lab.folder / "figures").mkdir()
    (lab.folder / "figures" / "border.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    change(lab, "# ## The worked example\n", f"# ## The worked example\n#\n# ![{ALT}](figures/border.svg)\n")
    cell = next(cell for cell in built(lab)["cells"] if "attachments" in cell)
    assert f"![{ALT}](attachment:border.svg)" in cell["source"]
    assert list(cell["attachments"]["border.svg"]) == ["image/svg+xml"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('# %% role="check" question="q1"', '# %% role="check" question="q9"', "no question called 'q9'"),
        ('# %% role="check" question="q1"', "# %%", 'question q1 has no cell with role="check"'),
        ('# %% role="check" question="q2"', '# %% role="check" question="q1"', "question q1 has two graded cells"),
        ('# %% role="helper"', '# %% role="hidden"', "no role called 'hidden'"),
        ('# %% role="open" id="q1-open"', '# %% role="open"', "needs an id"),
        ("(4 minutes, 2 points)\n#\n# Which line", "(4 minutes)\n#\n# Which line", "does not say its points"),
        (
            "(4 minutes, 2 points)\n#\n# Which line",
            "(5 minutes, 2 points)\n#\n# Which line",
            "says 5 minutes, checks.py 4",
        ),
        ("# ## The worked example", "# #### The worked example", "skips a level"),
        ("# ## The worked example", "# # The worked example", "second heading of the first level"),
        ("# ## The worked example", "# ![](figures/a.svg)", "no alt text"),
        ("# ## The worked example", "# ![alt](figures/a.svg)", "is missing"),
        ("# ## The worked example", "# ![alt](../../secret.svg)", "outside the lab's folder"),
        ("# ## The worked example", "# ![alt](https://x.example/a.svg)", "outside the lab's folder"),
        ("# ## The worked example", "# <img src='a.svg'>", "no alt text"),
        ("# ## The worked example", f"# ![{'a' * 151}](a.svg)", "at most 150"),
        ('# %% role="open" id="q1-open"\n', '# %% role="open" id="q1-open"\n### BEGIN SOLUTION\n', "do not meet"),
        (
            '[markdown] role="document" question="q3"',
            '[markdown] role="document" question="q2"',
            "not graded by a person",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(lab: Lab, old: str, new: str, said: str) -> None:
    """Each fault of a notebook stops the build, by file, and by line where it has one."""
    change(lab, old, new)
    assert said in faults(lab)
    assert "16-sample/notebook.py" in faults(lab)


def test_faults_come_all_at_once(lab: Lab) -> None:
    """Two faults are two lines of one error."""
    change(lab, '# %% role="check" question="q1"', "# %%")
    change(lab, "# ## The worked example", "# #### The worked example")
    assert len(faults(lab).splitlines()) >= 2


def test_the_course_gets_notebook_and_helpers(lab: Lab, tmp_path: Path) -> None:
    """The source folder holds the notebook and helpers.py, nothing of the answers; unchanged bytes stay."""
    (lab.folder / "helpers.py").write_text("X = 1\n")
    workshop = create_workshop(tmp_path / "w", title="T", labs=[lab.id], labs_folder=lab.folder.parent)
    folder = write_source(workshop, lab)
    assert sorted(path.name for path in folder.iterdir()) == ["16-sample.ipynb", "helpers.py"]
    stamp = (folder / "16-sample.ipynb").stat().st_mtime_ns
    write_source(workshop, lab.id)
    assert (folder / "16-sample.ipynb").stat().st_mtime_ns == stamp


def test_a_translation_is_taken_where_there_is_one(lab: Lab) -> None:
    """locale/fr/notebook.py is the French notebook; another language gets the lab's own."""
    place = lab.folder / "locale" / "fr"
    place.mkdir(parents=True)
    text = (lab.folder / "notebook.py").read_text(encoding="utf-8")
    (place / "notebook.py").write_text(text.replace("The worked example", "L'exemple"), encoding="utf-8")
    checks = load_checks(lab.folder)
    assert b"L'exemple" in build_source(lab, checks, "fr")
    assert b"The worked example" in build_source(lab, checks, "de")
