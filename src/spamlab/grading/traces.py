"""Traces of an attack that the instructor should see: plain findings about a submission. None changes a score.

What can't be forged needs no trace, so a trace is a hint and no proof: "look here". All functions take what a
stranger wrote, never raise, and look at a bounded part of it.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spamlab.grading.copying import LEFT_OUT_FILE as LEFT_OUT
from spamlab.grading.suspects import SENTENCES, judged_functions, suspects

MOST_TRACES = 60
MOST_SENTENCE = 160
MOST_WHERE = 80
MOST_CELLS = 2_000
MOST_LOOKED_AT = 400_000
MOST_ANSWER = 64 * 1024
OFF_THE_SHELF = ("python3", "python", "spamlab", "ir", "conda-base-py")

_ODD_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>\"'`\\\\]|\\.\\.|javascript:")
_ODD_SIGNS = re.compile("\x1b(?!\\[[0-9;]{0,20}m)|[\x07\x9b\u202a-\u202e\u2066-\u2069]")
_RUNS = re.compile(r"<\s*(script|svg|iframe|object|embed)\b|javascript:|\bon(error|load|click)\s*=|"
                   r"\\(href|style|class|cssId|require)\s*\{", re.IGNORECASE)
_GRADERS = re.compile(r"(^|/)(gradebook\.db|ledger(\.\w+)?|workshop\.toml|nbgrader_config\.py|checks\.py|secret|"
                      r"\.spamlab-graded|sitecustomize|usercustomize|pyvenv\.cfg|jupyter_\w*config\.py|startup|"
                      r"ipython_config\.py|[^/]*\.(sqlite|db|so|pth|pickle|pkl|zip|whl|egg))$", re.IGNORECASE)
_LIBRARIES = frozenset({*sys.stdlib_module_names, "spamlab", "IPython", "numpy", "pandas", "sklearn", "scipy",
                        "nbgrader", "traitlets", "matplotlib", "ipywidgets", "jupyter_client", "helpers"})
_NUMBER = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?\s*", re.IGNORECASE)
_LARGE = re.compile(r"\d{20}|[eE]\+?\d{3}")


@dataclass(frozen=True)
class Trace:
    """One finding. code: a short stable name. where: a grade id, a cell or a file. sentence: for the instructor."""

    code: str
    where: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        """{"code", "where", "sentence"}."""
        return {"code": self.code, "where": self.where, "sentence": self.sentence}


def traces_of_layout(given: Any, released: Any) -> list[Trace]:
    """How a notebook that was handed in differs from the released one beyond open cells and cells of the own.

    given: the notebook as it came: its bytes or text, or what json.loads made of it, outputs and metadata with it.
    released: the released notebook, the same way or as a NotebookNode.
    """
    return _bounded(_layout, given, released)


def traces_of_sources(cells: Iterable[Any], judged: Iterable[str] = ()) -> list[Trace]:
    """What the code cells do that an honest answer does not need, found by reading them.

    cells: texts, pairs of place and text, notebook cells, or values with `source` and `place`. judged: functions that
    questions ask for, beside those that the cells themselves name in check("q", function).
    """
    return _bounded(_sources, cells, judged)


def traces_of_files(left_out: Iterable[str], taken: Iterable[str] = ()) -> list[Trace]:
    """What is odd about a submission's files. left_out: paths that were not taken (links, pipes, too much).

    taken: paths that were; a file that has the name of a library or of the grader's files, or an odd name, is named.
    """
    return _bounded(_files, left_out, taken)


def traces_of_answers(files: Mapping[str, bytes]) -> list[Trace]:
    """What is odd about the files of answers/ as they came: file name -> its bytes. The kit writes none of it."""
    return _bounded(_answers, files)


def traces_of_run(played: Any) -> list[Trace]:
    """How a run went beyond showing something: ends, outputs that were cut, lines from the child that nobody asked for.

    played: has `ended` (sentence by cell), `shown` (outputs by cell), `outputs` (of functions by question), and where
    they are kept `unexpected` (a number of lines) and `cut` (cells whose outputs were cut).
    """
    return _bounded(_run, played)


def _bounded(find: Any, *given: Any) -> list[Trace]:
    """What `find` yields, each code and place once, so many and no more, whatever happens in it."""
    found: dict[tuple[str, str], Trace] = {}
    try:
        for code, where, sentence in find(*given):
            where = _printable(where, MOST_WHERE)
            found.setdefault((code, where), Trace(code, where, _printable(sentence, MOST_SENTENCE)))
            if len(found) >= MOST_TRACES:
                break
    except Exception:  # whatever defeats the look is itself worth one
        found.setdefault(("unreadable", ""), Trace("unreadable", "", "The submission could not be looked at in full."))
    return list(found.values())


_Found = Iterator[tuple[str, str, str]]


def _layout(given: Any, released: Any) -> _Found:
    wanted = _cells(_read(released))
    notebook = _read(given)
    if notebook is None or not isinstance(notebook.get("cells"), list):
        yield "unreadable-notebook", "", "The notebook that was handed in can't be read as a notebook."
        return
    if isinstance(given, bytes | str) and len(given) > 10_000_000:
        yield "big-notebook", "", "The notebook that was handed in is larger than 10 MB."
    cells = [cell for cell in notebook["cells"][:MOST_CELLS] if isinstance(cell, dict)]
    if len(notebook["cells"]) > MOST_CELLS:
        yield "many-cells", "", f"The notebook has more than {MOST_CELLS} cells."
    if len(cells) < len(notebook["cells"][:MOST_CELLS]):
        yield "forged-cell", "", "The notebook holds cells that are no cells."
    known = {_grade_id(cell): cell for cell in wanted if _grade_id(cell)}
    yield from _each_cell(cells, known)
    seen = [key for cell in cells if (key := _grade_id(cell)) in known]
    for key in known:
        if key not in seen:
            yield "deleted-cell", key, "A cell of the lab is gone from the notebook."
        elif seen.count(key) > 1:
            yield "doubled-cell", key, "A cell of the lab stands more than once in the notebook."
    once = list(dict.fromkeys(seen))
    if once != [key for key in known if key in once]:
        yield "moved-cell", "", "The cells of the lab stand in another order."
    yield from _notebook_metadata(notebook, _read(released) or {})


def _each_cell(cells: list[dict[str, Any]], known: dict[str, Any]) -> _Found:
    for number, cell in enumerate(cells):
        key = _grade_id(cell)
        where = key or f"cell {number + 1}"
        master = known.get(key)
        metadata = cell.get("metadata")
        marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if not isinstance(metadata, dict) or not (marks is None or isinstance(marks, dict)):
            yield "forged-marks", where, "The cell's metadata are not what a notebook writes."
            marks = None
        if master is None and marks:
            yield "forged-marks", where, "A cell says of itself that the lab knows it, and the lab does not."
        if cell.get("cell_type") not in ("code", "markdown", "raw") or not isinstance(cell.get("source"), str | list):
            yield "forged-cell", where, "A cell is not built as a notebook's cell is."
        if master is not None:
            yield from _known_cell(cell, master, where, marks or {})
        source = _source(cell)
        if len(source) > 100_000:
            yield "big-source", where, SENTENCES["big-source"]
        if cell.get("cell_type") != "code" and (master is None or source != _source(master)) and _RUNS.search(source):
            yield "own-signs", where, "A text of the participant's holds markup that a browser would run."
        if cell.get("cell_type") == "raw" and source.strip() and master is None:
            yield "raw-cell", where, "A raw cell was added, which a converter passes on as it is."
        if _ODD_SIGNS.search(source):
            yield "odd-signs", where, SENTENCES["odd-signs"]
        yield from _attached(cell, master, where)
        if len(str(metadata)[:50_001]) > 50_000:
            yield "big-metadata", where, "The cell's metadata are very large."
        elif isinstance(metadata, dict) and _RUNS.search(str({k: v for k, v in metadata.items() if k != "nbgrader"})):
            yield "own-signs", where, "The cell's metadata hold markup that a browser would run."


def _known_cell(cell: dict[str, Any], master: Any, where: str, marks: Mapping[str, Any]) -> _Found:
    wanted = _marks(master)
    if cell.get("cell_type") != master.get("cell_type"):
        yield "retyped-cell", where, f"The cell was {master.get('cell_type')} and is {cell.get('cell_type')!s:.20} now."
    for name in ("points", "grade", "solution", "locked", "task", "checksum", "cell_type"):
        if name in wanted and marks.get(name) != wanted[name]:
            yield "forged-marks", where, f"nbgrader's mark '{name}' of the cell is not that of the lab."
            break
    graded, is_open = bool(wanted.get("grade")), bool(wanted.get("solution"))
    if not is_open and _source(cell).strip() != _source(master).strip():
        yield "changed-cell", where, "The source of a cell that only the lab writes was changed."
    outputs = cell.get("outputs")
    if graded and not is_open and isinstance(outputs, list):
        for output in outputs[:200]:
            if not isinstance(output, dict):
                yield "forged-output", where, "A graded cell has an output that is none."
            elif output.get("output_type") == "execute_result" or _looks_like_score(output):
                yield "forged-output", where, "A graded cell came with an output that looks like a score."


def _looks_like_score(output: Mapping[str, Any]) -> bool:
    data = output.get("data")
    text = data.get("text/plain") if isinstance(data, dict) else output.get("text")
    text = "".join(map(str, text[:10])) if isinstance(text, list) else text
    return isinstance(text, str) and bool(_NUMBER.fullmatch(text[:100]))


def _attached(cell: dict[str, Any], master: Any, where: str) -> _Found:
    given = cell.get("attachments")
    if not given or (master is not None and given == master.get("attachments")):
        return
    text = str(given)[:2_000_001]
    if len(text) > 2_000_000:
        yield "big-notebook", where, "The cell has very large attachments."
    if not isinstance(given, dict) or _RUNS.search(text) or "html" in text[:10_000] or "svg" in text[:10_000]:
        yield "own-signs", where, "The cell has an attachment that a browser would run."


def _notebook_metadata(notebook: Mapping[str, Any], released: Mapping[str, Any]) -> _Found:
    metadata = notebook.get("metadata")
    wanted = released.get("metadata") if isinstance(released.get("metadata"), dict) else {}
    if not isinstance(metadata, dict) or notebook.get("nbformat") != 4:
        yield "forged-notebook", "", "The notebook's own metadata or version are not what a notebook writes."
        return
    kernel = metadata.get("kernelspec")
    name = kernel.get("name") if isinstance(kernel, dict) else None
    meant = wanted.get("kernelspec") if isinstance(wanted, dict) else None
    if kernel is not None and not (isinstance(name, str) and (
            name in OFF_THE_SHELF or (isinstance(meant, dict) and name == meant.get("name")))):
        yield "forged-notebook", "", "The notebook asks for another kernel than the lab's."
    if _RUNS.search(str(metadata)[:200_000]):
        yield "own-signs", "", "The notebook's metadata hold markup that a browser would run."


def _sources(cells: Iterable[Any], judged: Iterable[str]) -> _Found:
    read: list[tuple[str, str]] = []
    for number, cell in enumerate(cells):
        if number >= MOST_CELLS:
            yield "many-cells", "", f"The notebook has more than {MOST_CELLS} cells."
            break
        found = _placed(cell, number)
        if found is not None:
            read.append(found)
    names = {name for name in judged if isinstance(name, str)} | judged_functions(source for _, source in read)
    looked_at = 0
    for where, source in read:
        if looked_at > MOST_LOOKED_AT:
            yield "big-source", where, "The notebook holds too much code to be looked at in full."
            return
        looked_at += min(len(source), MOST_LOOKED_AT)
        for code, word in suspects(source, names).items():
            yield code, where, SENTENCES[code] + (f" ({word})" if word else "")


def _placed(cell: Any, number: int) -> tuple[str, str] | None:
    """Where a cell stands and its source; None for a cell of text."""
    if isinstance(cell, str):
        return f"cell {number + 1}", cell
    if isinstance(cell, tuple | list) and len(cell) == 2 and isinstance(cell[1], str):
        return str(cell[0]), cell[1]
    if isinstance(cell, Mapping):
        if cell.get("cell_type", "code") != "code":
            return None
        plain = dict(cell)
        return _grade_id(plain) or f"cell {number + 1}", _source(plain)
    source = getattr(cell, "source", None)
    place = getattr(cell, "asks", "") or getattr(cell, "place", number)
    return (place if isinstance(place, str) else f"cell {place + 1}", source) if isinstance(source, str) else None


def _files(left_out: Iterable[str], taken: Iterable[str]) -> _Found:
    for number, path in enumerate(left_out):
        if number >= 20:
            yield "left-out", "", "Many more files were not taken."
            break
        yield "left-out", str(path), "Not taken: a link, a pipe, a device, or larger or more files than may be."
    count = 0
    for path in taken:
        path = str(path)
        count += 1
        if path == LEFT_OUT:
            yield "left-out", path, "Links, pipes or too much were not taken at handing in; this file names them."
            continue
        name = path.rpartition("/")[2]
        first = path.partition("/")[0]
        stem = (name if first == path else first).partition(".")[0]
        is_module = "/" in path or name.endswith((".py", ".pyc", ".so", ".pyd"))
        if is_module and stem in _LIBRARIES and path != "helpers.py":
            yield "named-as-library", path, "A file beside the notebook has the name of a library."
        elif _GRADERS.search(path):
            yield "named-as-graders", path, "A file has the name of a file of the grader's, or is no plain data."
        if _ODD_NAME.search(path) or _mixed_name(path) or len(name) > 200:
            yield "odd-name", path, "A file's name holds signs that deceive a reader or a page."
    if count > 400:
        yield "many-files", "", f"{count} files were handed in."


def _mixed_name(path: str) -> bool:
    for word in re.findall(r"\w+", path[:500]):
        latin = any("a" <= sign.lower() <= "z" for sign in word)
        if latin and any("\u0370" <= sign <= "\u04ff" for sign in word):
            return True
    return not path.isascii() and unicodedata.normalize("NFKC", path) != unicodedata.normalize("NFC", path)


def _answers(files: Mapping[str, bytes]) -> _Found:
    for number, (name, content) in enumerate(files.items()):
        if number >= 300:
            yield "many-answers", "", "There are more than 300 files of answers."
            return
        name = str(name)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}\.json", name):
            yield "odd-answer", name, "A file among the answers is none that a form or the notebook writes."
            continue
        if len(content) > 2 * MOST_ANSWER:
            yield "odd-answer", name, "A saved answer is larger than one may be."
            continue
        yield from _answer(name, content)


def _answer(name: str, content: bytes) -> _Found:
    doubled: list[str] = []
    large: list[str] = []

    def number(kind: Callable[[str], float]) -> Callable[[str], float]:
        def read(word: str) -> float:
            if _LARGE.search(word):
                large.append(word)
                return 0
            return kind(word)

        return read

    def pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in given}) < len(given):
            doubled.append(name)
        return dict(given)

    def constant(word: str) -> Any:
        raise ValueError(word)

    try:
        text = content.decode("utf-8")
        record = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=number(int),
                            parse_float=number(float))
    except (ValueError, RecursionError):
        yield "odd-answer", name, "A saved answer is not the plain JSON that a form or the notebook writes."
        return
    if doubled:
        yield "odd-answer", name, "A saved answer names the same thing twice."
    if not isinstance(record, dict) or set(record) != {"answer"}:
        yield "odd-answer", name, "A saved answer is not in the form that a form or the notebook writes."
        return
    if _too_deep(record) or large:
        yield "odd-answer", name, "A saved answer is deeper or holds larger numbers than one may be."
    shown = json.dumps(record, ensure_ascii=False)
    values = " ".join(_words(record))
    if _ODD_SIGNS.search(values) or "\x00" in values:
        yield "odd-signs", name, "A saved answer holds control signs that change how a text looks."
    if _RUNS.search(shown):
        yield "own-signs", name, "A saved answer holds markup that a browser would run."


def _too_deep(value: Any) -> bool:
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > 9:
            return True
        inside = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting.extend((part, depth + 1) for part in inside)
    return False


def _words(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend([*one, *one.values()])
        elif isinstance(one, list):
            waiting.extend(one)


def _run(played: Any) -> _Found:
    ended = getattr(played, "ended", None)
    for place, sentence in (ended.items() if isinstance(ended, Mapping) else ()):
        yield "ended", _place(place), str(sentence)
    shown = getattr(played, "shown", None)
    for place, outputs in (shown.items() if isinstance(shown, Mapping) else ()):
        yield from _shown(_place(place), outputs)
    outputs = getattr(played, "outputs", None)
    for name, given in (outputs.items() if isinstance(outputs, Mapping) else ()):
        for value in list(given.values())[:500] if isinstance(given, Mapping) else ():
            error = value.get("error") if isinstance(value, Mapping) else ""
            if isinstance(error, str) and error.startswith(("Ended:", "The notebook")):
                yield "ended", str(name), "The function's interpreter ended while inputs were put to it."
            elif not isinstance(value, Mapping) or set(value) not in ({"value"}, {"error"}):
                yield "forged-reply", str(name), "What came back for the function is not what the interpreter sends."
    unexpected = getattr(played, "unexpected", 0)
    if unexpected:
        count = unexpected if isinstance(unexpected, int) else len(unexpected)
        yield "forged-reply", "", f"The interpreter sent {count} lines that nobody had asked for."
    cut = getattr(played, "cut", ())
    for place in list(cut)[:20] if isinstance(cut, Iterable) else ():
        yield "cut-output", _place(place), "The cell showed more than is kept."


def _shown(where: str, outputs: Any) -> _Found:
    if not isinstance(outputs, list):
        yield "forged-reply", where, "What came back for the cell is not what the interpreter sends."
        return
    size = 0
    for output in outputs[:200]:
        if not isinstance(output, Mapping) or output.get("type") not in ("stream", "display", "result", "error"):
            yield "forged-reply", where, "What came back for the cell is not what the interpreter sends."
            continue
        data = output.get("data")
        texts = [output.get("text"), *(data.values() if isinstance(data, Mapping) else ())]
        texts = [text for text in texts if isinstance(text, str)]
        size += sum(map(len, texts))
        if any(len(text) >= 100_000 for text in texts if not text.startswith("iVBOR")):
            yield "cut-output", where, "The cell showed more than is kept."
        if any(_ODD_SIGNS.search(text[:200_000]) for text in texts):
            yield "odd-signs", where, "The cell showed control signs that change how a text looks."
        if isinstance(data, Mapping) and any(
                isinstance(text, str) and _RUNS.search(text[:200_000]) for text in data.values()):
            yield "own-signs", where, "The cell showed markup that a browser would run."
        if output.get("type") == "error" and output.get("ename") == "TooLongError":
            yield "too-long", where, "The cell took longer than it may and was stopped."
    if len(outputs) >= 200 or size >= 2_900_000:
        yield "cut-output", where, "The cell showed more than is kept."


def _place(place: Any) -> str:
    return f"cell {place + 1}" if isinstance(place, int) else str(place)


def _read(given: Any) -> dict[str, Any] | None:
    if isinstance(given, bytes | str):
        try:
            given = json.loads(given) if len(given) < 30_000_000 else None
        except (ValueError, RecursionError):
            return None
    return given if isinstance(given, dict) else None


def _cells(notebook: Mapping[str, Any] | None) -> list[Any]:
    cells = notebook.get("cells") if notebook is not None else None
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def _marks(cell: Any) -> dict[str, Any]:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def _grade_id(cell: Any) -> str:
    found = _marks(cell).get("grade_id", "")
    return found if isinstance(found, str) else ""


def _source(cell: Any) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _printable(text: Any, most: int) -> str:
    """Text that can be shown anywhere: printable signs alone, cut."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in str(text)[:most * 2])
    return shown if len(shown) <= most else shown[:most - 1] + "…"
