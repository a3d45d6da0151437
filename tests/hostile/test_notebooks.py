"""Forged submissions in a workshop of their own: what was answered still counts, nothing shown runs."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from typing import Any

from grading.room import FIND, LAB, Room
from spamlab.grading import steps

Notebook = dict[str, Any]
SCRIPT = "<script>window.stolen = document.cookie</script>"


class Reader(HTMLParser):
    """Finds what a browser would run of what the participant wrote: scripts, handlers, addresses of JavaScript."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.count = 0
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element's attributes."""
        self.count += 1
        self._tag = tag
        self.found += [f"{tag} {name}={value}" for name, value in attrs if "stolen" in (value or "")]

    def handle_endtag(self, tag: str) -> None:
        """An element has ended."""
        self._tag = ""

    def handle_data(self, data: str) -> None:
        """Text inside a script would be run."""
        if self._tag in ("script", "style") and "stolen" in data:
            self.found.append(data[:200])


def find(notebook: Notebook, name: str) -> dict[str, Any]:
    """The cell of that grade id."""
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)


def test_a_missing_notebook_is_named(room: Room) -> None:
    """A submission without a notebook fails with a sentence, and stops nobody else."""
    room.hand_in("p02", room.right("p02"))
    room.hand_in("p01", room.right())
    steps.collect(room.workshop, LAB)
    (room.workshop.course / "submitted" / "p01" / LAB / f"{LAB}.ipynb").unlink()
    told = steps.grade(room.workshop, LAB)
    assert told["failed"] == ["p01"]
    assert told["graded"] == ["p02"]
    assert told["reasons"]["p01"]


def test_links_are_not_followed(room: Room) -> None:
    """Links to the secret, the gradebook and another's answers are followed neither when handed in nor when graded."""
    secret = room.workshop.secret_file
    room.hand_in("p02", room.right("p02"))
    room.notebook()
    folder = room.workshop.home("p01") / LAB
    (folder / "answers").mkdir()
    (folder / "answers" / "q1-twin.json").symlink_to(room.workshop.home("p02") / LAB / "answers" / "q1-twin.json")
    (folder / "secret").symlink_to(secret)
    (folder / "course").symlink_to(room.workshop.course)
    os.mkfifo(folder / "pipe")
    look = ("import os\nfor path, _, names in os.walk('.'):\n    for name in names:\n"
            "        print(name, open(os.path.join(path, name), errors='replace').read()[:300])")
    room.hand_in("p01", {}, {"q1-open": look})
    steps.collect(room.workshop, LAB)
    # And again on the trusted side, as if a link had come by another way.
    arrived = room.workshop.course / "submitted" / "p01" / LAB
    (arrived / "answers").mkdir(exist_ok=True)
    (arrived / "late").symlink_to(secret)
    (arrived / "answers" / "q2-twin.json").symlink_to(secret)
    told = steps.grade(room.workshop, LAB)
    assert told["failed"] == [], told["reasons"]
    assert room.points() == {"q1": 0.0, "q2": 0.0, "q3": 0.0, "q4": 0.0}
    text = secret.read_text().strip()
    for path in [*(room.workshop.course / "autograded").rglob("*"), *room.workshop.exchange.rglob("*")]:
        if path.is_file():
            assert text not in path.read_text(encoding="utf-8", errors="replace"), path


def test_nothing_shown_runs_in_the_trainers_browser(room: Room) -> None:
    """HTML, JavaScript, SVG and Markdown of a participant's stand in the feedback as text or not at all."""
    shows = f"""
from IPython.display import HTML, SVG, Javascript, Markdown, Latex, display
display(HTML({SCRIPT!r}), Javascript("stolen()"), SVG("<svg onload='stolen()'></svg>"), Markdown({SCRIPT!r}))
display({{"text/html": {SCRIPT!r}, "image/svg+xml": {SCRIPT!r}, "application/javascript": "stolen()",
         "image/png": "\\"><script>stolen()</script>", "text/plain": {SCRIPT!r}}}, raw=True)
print({SCRIPT!r})
raise ValueError({SCRIPT!r})
"""
    notebook = room.notebook()
    notebook["cells"].insert(2, {"cell_type": "markdown", "id": "mine", "metadata": {"tags": [SCRIPT]}, "source":
                                 f"{SCRIPT} [click](javascript:stolen()) ![x](x\" onerror=\"stolen())",
                                 "attachments": {"x": {"image/svg+xml": SCRIPT}}})
    notebook["cells"].insert(3, {"cell_type": "raw", "id": "raw", "metadata": {"format": "text/html"},
                                 "source": SCRIPT})
    find(notebook, "q4")["source"] = f"Dear Sirs, <img src=x onerror=stolen()> {SCRIPT}"
    room.hand_in("p01", {"q1-twin": SCRIPT, "q2-twin": [SCRIPT]}, {"q1-open": shows}, notebook=notebook)
    room.grade()
    page = room.page()
    assert "window.stolen" in page  # it is there, as text
    reader = Reader()
    reader.feed(page)
    assert reader.count > 100
    assert reader.found == []


def test_hidden_inputs_do_not_come_out(room: Room) -> None:
    """A function that keeps its inputs, and cells that show whatever was kept, show none of the hidden messages."""
    keeps = ("kept = []\ndef find(raw):\n    kept.append(raw)\n    open('kept', 'ab').write(raw)\n"
             "    return first_address(raw)")
    shows = "import os\nprint(len(kept), kept, os.path.exists('kept'))"
    notebook = room.notebook()
    notebook["cells"].append({"cell_type": "code", "id": "later", "metadata": {}, "source": shows, "outputs": [],
                              "execution_count": None})
    room.hand_in("p01", {}, {"q3-open": keeps}, notebook=notebook)
    room.grade()
    assert room.points()["q3"] == 4.0
    assert "0 [] False" in json.dumps([cell.get("outputs", []) for cell in room.graded().values()])


def test_own_helpers_are_replaced(room: Room) -> None:
    """A helpers.py of the participant's own does not take the place of the lab's, be it a file or a folder."""
    room.notebook()
    helpers = room.workshop.home("p01") / LAB / "helpers.py"
    helpers.write_text("def first_address(raw):\n    raise SystemExit\n")
    room.hand_in("p01", {}, {"q3-open": FIND})
    room.grade()
    assert room.points()["q3"] == 4.0
    helpers.unlink()
    helpers.mkdir()
    (helpers / "x").write_text("")
    room.hand_in("p01", {}, {"q3-open": FIND})
    assert room.grade()["failed"] == []
    assert room.points()["q3"] == 4.0


def test_many_and_big_files(room: Room) -> None:
    """More files than are taken, and a file too big, stop nothing; the answers come first."""
    room.notebook()
    folder = room.workshop.home("p01") / LAB
    for number in range(700):
        (folder / f"zz{number:03d}").write_text("x")
    with (folder / "big").open("wb") as file:
        file.truncate(30_000_000)
    room.hand_in("p01", room.right())
    assert room.grade()["failed"] == []
    assert room.points()["q1"] == 2.0


def test_forged_names_are_nobodys(room: Room) -> None:
    """Work under the name of nobody in the workshop is not graded."""
    room.hand_in("p01", room.right())
    steps.collect(room.workshop, LAB)
    (room.workshop.course / "submitted" / "p01").rename(room.workshop.course / "submitted" / "nobody")
    told = steps.grade(room.workshop, LAB)
    assert told["failed"] == ["nobody"]
    assert "no participant" in told["reasons"]["nobody"]
