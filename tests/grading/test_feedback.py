"""The feedback as a participant opens it: no hidden test, nothing that runs or fetches."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from spamlab.grading import course as courses
from spamlab.grading.feedback import FeedbackExporter
from spamlab.grading.hidden import FAILED, WITHHELD, hide

from .room import LAB, Room
from .test_pages import HOSTILE, harmless

HIDDEN = "assert f(31) == 961, 'thirty-one squared'"
TEST = f"assert f(2) == 4\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS\nassert f(0) == 0"
SEEN = "assert f(2) == 4\nassert f(0) == 0"


def body(page: str) -> str:
    """The page without its own head."""
    return page[page.index("<body>"):]


def test_a_workshops_feedback(room: Room) -> None:
    """The page of our lab holds the judge's words, needs no network and no script, and hostile Markdown is harmless."""
    notebook = room.notebook()
    (room.workshop.home("p01") / LAB / "mine.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    notebook["cells"].append(json.loads(json.dumps(new_markdown_cell("\n\n".join(HOSTILE)))))
    room.hand_in("p01", room.right(), {"q1-open": "print('<script>alert(1)</script>')"}, notebook=notebook)
    room.grade()
    page = room.page()
    harmless(body(page).replace("<body>", "").replace("</body>", ""))
    assert "Score: 5.0 / 12.0" in page
    for question in ("q1", "q2", "q3", "q4"):
        assert f'<a href="#{question}">{question}</a> (Score: ' in page, "the list names the questions"
    assert "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page
    head = page[:page.index("<body>")]
    assert not any(word in head for word in ("MathJax", "require.js", "http:", "https:", "@import", "url("))
    left = {path.name for path in (room.workshop.course / "feedback" / "p01" / LAB).iterdir()}
    assert left <= {f"{LAB}.html", "timestamp.txt", "submission_secret.txt"}


@pytest.mark.parametrize(("line", "told"), [
    (1, "This test has failed: assert f(2) == 4"), (3, FAILED), (5, "f(0) == 0"), (99, FAILED), (0, FAILED)])
def test_a_hidden_test_is_not_quoted(line: int, told: str) -> None:
    """Whatever an error quotes, only a line that was released is named; all other outputs go but the points."""
    cell = new_code_cell(TEST, outputs=[
        new_output("stream", text=f"leak {HIDDEN}"),
        new_output("execute_result", data={"text/plain": "1.5"}),
        new_output("display_data", data={"text/html": HIDDEN}),
        new_output("error", ename="AssertionError", evalue="thirty-one squared",
                   traceback=[f"\x1b[0;32m----> {line}\x1b[0m {HIDDEN}", "AssertionError: thirty-one squared"])])
    hide(cell, SEEN)
    text = json.dumps(cell)
    assert "961" not in text
    assert "thirty" not in text
    assert "leak" not in text
    assert cell.source == SEEN
    assert [one.output_type for one in cell.outputs] == ["execute_result", "error"]
    assert told in cell.outputs[1].evalue


def test_a_forged_result_carries_nothing_out() -> None:
    """A result that is no number is no points: text from the run goes."""
    cell = new_code_cell(TEST, outputs=[new_output("execute_result", data={"text/plain": HIDDEN})])
    hide(cell, "")
    assert (cell.source, cell.outputs) == (WITHHELD, [])


def test_an_open_test_is_left_alone() -> None:
    """Where nothing is hidden the cell stays with its outputs."""
    outputs = [new_output("error", ename="E", evalue="v", traceback=["t"])]
    cell = new_code_cell(SEEN, outputs=outputs)
    hide(cell, SEEN + "\n")
    assert cell.outputs == outputs


def classic(folder: Path, source: str, *, released: bool = True) -> Path:
    """An ordinary course with one lab, partly hidden, and one submission; graded, with its feedback written."""
    course = folder / "plain"
    marks = {"schema_version": 3, "points": 2, "locked": True, "grade": True, "solution": False, "task": False,
             "grade_id": "test-f", "cell_type": "code"}
    solution = {**marks, "grade_id": "f", "locked": False, "grade": False, "solution": True}
    del solution["points"]
    (course / "source" / "square").mkdir(parents=True)
    nbformat.write(new_notebook(cells=[
        new_code_cell("def f(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION",
                      metadata={"nbgrader": solution}),
        new_code_cell(TEST, metadata={"nbgrader": marks})],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}),
        course / "source" / "square" / "square.ipynb")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'p'\n", encoding="utf-8")
    with courses.opened(course, courses.ordinary_config(course)) as api:
        assert api.generate_assignment("square")["success"]
        nb = nbformat.read(course / "release" / "square" / "square.ipynb", as_version=4)
        nb.cells[0].source = source
        (course / "submitted" / "ada" / "square").mkdir(parents=True)
        nbformat.write(nb, course / "submitted" / "ada" / "square" / "square.ipynb")
        made = api.autograde("square", "ada")
        assert made["success"], made
        if not released:
            (course / "release" / "square" / "square.ipynb").unlink()
        made = api.generate_feedback("square")
        assert made["success"], made
    return course / "feedback" / "ada" / "square" / "square.html"


@pytest.mark.parametrize("released", [True, False])
def test_a_classic_courses_feedback(tmp_path: Path, released: bool) -> None:
    """A failed hidden test shows as a sentence in the page that nbgrader writes, with the release at hand or not."""
    page = classic(tmp_path, "def f(x):\n    return 4 if x else 0", released=released).read_text(encoding="utf-8")
    assert "961" not in page
    assert "thirty" not in page
    assert FAILED in page
    assert "Score: 0.0 / 2.0" in page


def test_outputs_without_scripts() -> None:
    """Scripts, SVG and widgets of an output go; its text, its pictures and harmless HTML stay."""
    nb = new_notebook(cells=[new_code_cell("x", execution_count=1, outputs=[
        new_output("display_data", data={"application/javascript": "alert(1)", "text/plain": "the text"}),
        new_output("display_data", data={"image/svg+xml": "<svg onload=alert(1)>"}),
        new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "m"}}),
        new_output("display_data", data={"text/html": "<table><tr><td onclick=alert(1)>kept</td></tr></table>"}),
        new_output("display_data", data={"text/markdown": "[x](javascript:alert(1)) **bold**"}),
        new_output("display_data", data={"text/latex": "$x^2$<img src=x onerror=alert(1)>"})])])
    page, _ = FeedbackExporter(template_name="classic").from_notebook_node(nb)
    harmless(body(page).replace("<body>", "").replace("</body>", ""))
    for text in ("the text", "kept", "<strong>bold</strong>", "x^2", "left out"):
        assert text in page


def test_what_pages_have_in_common_is_made_once_and_is_the_same() -> None:
    """Text and code that two notebooks share look on the second page as on the first and as on a page of its own."""
    def notebook() -> nbformat.NotebookNode:
        return new_notebook(cells=[new_markdown_cell("# Title\n\n*text*"), new_code_cell("x = 1  # one"),
                                   new_code_cell("%%bash\nls")], metadata={"language_info": {"name": "python"}})

    def shown(exporter: FeedbackExporter) -> str:
        cells = body(exporter.from_notebook_node(notebook())[0])
        return re.sub(r"cell-id=[0-9a-f-]+", "", cells)

    one = FeedbackExporter(template_name="classic")
    first = shown(one)
    assert first == shown(one) == shown(FeedbackExporter(template_name="classic"))
    assert "<em>text</em>" in first


def test_a_picture_without_a_text_gets_one() -> None:
    """A picture among the outputs has a description for whoever can't see it."""
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    cell = new_code_cell("plot()", outputs=[new_output("display_data", data={"image/png": picture})])
    page, _ = FeedbackExporter(template_name="classic").from_notebook_node(new_notebook(cells=[cell]))
    assert "data:image/png;base64," in page
    assert 'alt="No description has been provided for this image"' in page
