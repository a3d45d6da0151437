"""`labs check` finds what is wrong with a lab, and says nothing of one that is right."""

from pathlib import Path

import pytest

from spamlab.course.scaffold import new_lab
from spamlab.course.workbench import Report, check_folder
from spamlab.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a new lab."""
    return new_lab(tmp_path, "16-sample")


def checked(folder: Path) -> Report:
    """The report over a few draws."""
    return check_folder(folder, draws=5)


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Change one file of the lab."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_new_lab_passes(folder: Path) -> None:
    """The scaffold earns what it should: full, full, nothing, and all draws are separate."""
    report = checked(folder)
    assert report.faults == []
    assert (report.solution, report.guided, report.empty, report.separated) == (1, 1, 0, 5)
    assert report.wrong < 1
    assert report.ok


def test_long_prose_before_something_to_do_is_noted(folder: Path) -> None:
    """More than 80 words before a cell to run are noted once, where they begin; a glossary at the end is not."""
    path = folder / "notebook.py"
    text = path.read_text(encoding="utf-8")
    prose = "# %% [markdown]\n# ## More\n#\n# " + "A short sentence stands here. " * 9 + "\n\n"
    path.write_text(text + "\n" + prose * 2, encoding="utf-8")
    assert not [note for note in checked(folder).notes if "words before" in note]
    place = text.index("# %%", text.index("# %% [markdown]") + 1)
    path.write_text(text[:place] + prose * 2 + text[place:], encoding="utf-8")
    (note,) = [note for note in checked(folder).notes if "words before" in note]
    assert f"line {text[:text.index('# %% [markdown]')].count(chr(10)) + 1}:" in note


FUNCTION = """
from spamlab.judge.kinds import Function
from spamlab.judge.kinds.function import raw_inputs


def inputs(data):
    return [(name, {{"base64": ""}}) for name in data]


def expected(one):
    return 1


f1 = checks.question(
    "f1", Function(name="one", inputs=inputs, expected=expected, sort=lambda one: "the message is plain",
                   choices=[("n", "Number", [(1, "one"), (2, "two")])]),
    title="One", points=1, minutes=2, about={{}}, reason="It is one.")
for code, value in (("two", 2), ("three", 3), ("four", 4)):
    f1.mistake_source(code, trainer=code, message="This gives another number. Try it again.",
                      source=f"def one(raw):\\n    return {{value}}\\n")
for n in ("a", "b", "c"):
    f1.hint("Where to look", "Look at the number.")
"""


def with_function(folder: Path) -> None:
    """Add a function question, its cells, and its answers in both attempts."""
    change(
        folder,
        "checks.py",
        "checks = Checks()\n",
        "checks = Checks()\n" + FUNCTION.replace("{{", "{").replace("}}", "}"),
    )
    change(folder, "data.py", '"hidden": ()', '"hidden": ("H1", "H2")')
    change(
        folder,
        "notebook.py",
        "# %% [markdown]\n# ## Question 2",
        '# %% [markdown]\n# ## One (2 minutes, 1 point)\n\n# %% role="check" question="f1"\ncheck("f1", one)\n\n'
        "# %% [markdown]\n# ## Question 2",
    )
    (folder / "helpers.py").write_text("def build_rule(choices):\n    return lambda raw: choices['n']\n")
    change(folder, "sheet.md", "**Aim.**", "`two` `three` `four` **Aim.**")
    change(folder, "attempts/right.py", "ANSWERS = {", 'SOURCES = {"f1-open": "def one(raw): return 1"}\nANSWERS = {')
    with (folder / "attempts" / "guided.py").open("a") as file:
        file.write('ANSWERS = {**ANSWERS, "f1": {"n": 1}}\n')


def test_a_function_is_played_by_source_and_by_form(folder: Path) -> None:
    """The open way gives a source, the guided way the form's choices; known mistakes are known by outputs."""
    with_function(folder)
    report = checked(folder)
    assert report.faults == []
    assert (report.solution, report.guided) == (1, 1)


def test_a_wrong_rule_of_the_guided_way_is_found(folder: Path) -> None:
    """A guided attempt whose function is wrong loses, and is named."""
    with_function(folder)
    change(folder, "attempts/guided.py", '"f1": {"n": 1}', '"f1": {"n": 2}')
    report = checked(folder)
    assert report.guided < 1
    assert any("attempts/guided on hidden" in fault for fault in report.faults)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "checks.py",
            "return item.truth.hops[-1].line",
            "return item.truth.border_line",
            "bottom-line gives the same answer as right",
        ),
        (
            "checks.py",
            "return item.truth.border_line + 1",
            "return 1",
            "names-us-in-from gives the same answer as our-inner-hop",
        ),
        ("checks.py", "Ask who wrote the line", "Ask just who wrote the line", "the word “just” is never used"),
        ("checks.py", '"You took the bottom line. ', '"You took a line. ' + "It is so. " * 30, "at most 60"),
        ("checks.py", 'q1.hint("The rule"', '("The rule"', "2 hints, not 3"),
        ("checks.py", '@q2.mistake("inner-address"', '@q1.mistake("inner-address"', "2 known mistakes, at least 3"),
        ("attempts/right.py", "return ours[-1]", "return ours[0]", "attempts/right on practice"),
        ("attempts/right.py", "ANSWERS", "ANSWER", "it must define ANSWERS"),
        ("attempts/right.py", "import re", "import re\n1 / 0", "ZeroDivisionError"),
        (
            "attempts/wrong.py",
            '{"q1": 1, "q2": "192.0.2.10"}',
            '__import__("runpy").run_path(str(__import__("pathlib").Path(__file__).with_name("right.py")))["ANSWERS"]',
            "a wrong attempt earns every point",
        ),
        ("notebook.py", "# Which line of M1", "# Which " + "very " * 25 + "line of M1", "a sentence of"),
        ("notebook.py", 'start("16-sample")', 'start("16-sample")\na = 1\nb = 2\nc = 3', "4 lines of visible code"),
        (
            "notebook.py",
            "# Look at message M0.",
            "# Look at message M0. " + "Read on. " * 600,
            "words of prose, at most 1100",
        ),
        ("data.py", "def make_messages", "def make_message_s", "it must define make_messages"),
        ("lab.toml", "minutes = 20", "minutes = 2000", "minutes lies between"),
    ],
)
def test_a_fault_is_found(folder: Path, name: str, old: str, new: str, said: str) -> None:
    """Each way to break a lab is named, and the lab is not ok."""
    change(folder, name, old, new)
    report = checked(folder)
    assert any(said in fault for fault in report.faults), report.faults
    assert not report.ok


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sheet.md", "sheet.md"),
        ("rubric.toml", "rubric.toml"),
        ("attempts/right.py", "attempts/right.py is missing"),
        ("attempts/guided.py", "attempts/guided.py is missing"),
        ("checks.py", "checks.py: the file is missing"),
    ],
)
def test_a_missing_file_is_found(folder: Path, name: str, said: str) -> None:
    """What a lab needs and lacks is named."""
    (folder / name).unlink()
    assert any(said in fault for fault in checked(folder).faults)


def test_draws_that_clash_now_and_then_are_drawn_again(folder: Path) -> None:
    """A mistake that is right in some draws costs a second draw, not the lab."""
    change(
        folder,
        "checks.py",
        "return item.truth.border_line + 1",
        "return item.truth.border_line + (0 if len(item.truth.hops) == 5 else 1)",
    )
    report = check_folder(folder, draws=20)
    assert report.separated == 20
    assert report.redrawn > 0


def test_nothing_is_overwritten(folder: Path) -> None:
    """A second new lab of the same name, and a name of another form, are refused."""
    with pytest.raises(UsageError, match="already"):
        new_lab(folder.parent, "16-sample")
    with pytest.raises(UsageError, match="two digits"):
        new_lab(folder.parent, "../evil")
