"""A lab's checks.py and the data of one participant: drawn by seed, and drawn again until all answers differ."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from spamlab.content.faults import Fault, raise_faults
from spamlab.content.identity import Workshop
from spamlab.content.lab import Lab, read_lab
from spamlab.errors import ContentError, UsageError
from spamlab.generate.lab_sets import Wanted, make_record_sets
from spamlab.judge.judging import matches, mistaken_answer, right_answer
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.kinds.document import Document
from spamlab.judge.question import Checks, Question
from spamlab.records.truth import Labelled
from spamlab.seeds import derive
from spamlab.shipped import default_folder

MOST_DRAWS = 200
Data = dict[str, Labelled]
Maker = Callable[[Mapping[str, Any], str, bytes, int], Mapping[str, Labelled]]

MAKERS = {"routes": "spamlab.generate.routes:make_route_messages"}
"""Recipe key `maker` -> the generator's function; a lab's folder may bring its own in data.py."""


def load_checks(lab_folder: Path) -> Checks:
    """The `checks` of the folder's checks.py, with their faults all at once as ContentError."""
    folder = Path(lab_folder)
    shown = f"{folder.name}/checks.py"
    module = load_module(folder / "checks.py", shown)
    checks = getattr(module, "checks", None)
    if not isinstance(checks, Checks):
        raise ContentError(f"{shown}: it must make one value called checks = Checks()")
    checks.folder = folder.absolute()
    for question in checks.questions.values():
        question.folder = checks.folder
    raise_faults([Fault(shown, what) for question in checks.questions.values() for what in _faults(question)])
    return checks


def lab_data(source: Workshop | bytes, participant: str, lab: Lab | str, purpose: str, *,
             checks: Checks | None = None, first_draw: int = 0) -> Data:
    """The messages of one participant in one lab for one purpose, by name.

    source: the workshop, or its secret where `lab` is a Lab. Draws 0, 1, 2 ... are tried until for every
    closed question the right answer and all known mistakes that are not optional differ pairwise.
    Raises ContentError where no draw does.
    """
    one = _lab(source, lab)
    secret = source if isinstance(source, bytes) else source.secret()
    datasets = None if isinstance(source, bytes) else source.datasets_folder
    known = load_checks(one.folder) if checks is None else checks
    return separate_draw(derive(secret, participant, one.id, purpose), one, purpose, known, datasets, first_draw)


def separate_draw(seed: bytes, one: Lab, purpose: str, known: Checks, datasets: Path | None = None,
                  first_draw: int = 0) -> Data:
    """As `lab_data`, from the seed of one participant, lab and purpose alone: for a machine that has no secret."""
    maker, recipe = lab_maker(one, datasets)
    for draw in range(first_draw, first_draw + MOST_DRAWS):
        data = dict(maker(recipe, purpose, seed, draw))
        if not clashes(known, data, purpose):
            return data
    raise ContentError(f"{one.id}: in {MOST_DRAWS} draws of {purpose!r} the right answer and the known mistakes "
                       "never all differed; run `spamlab labs check` to see which")


def one_draw(lab: Lab, seed: bytes, purpose: str, draw: int = 0, datasets: Path | None = None) -> Data:
    """One draw as it comes, not drawn again."""
    maker, recipe = lab_maker(lab, datasets)
    return dict(maker(recipe, purpose, seed, draw))


def clashes(checks: Checks, data: Mapping[str, Labelled], purpose: str) -> list[str]:
    """What is not separate in a draw, one sentence each; empty for a good draw.

    Function questions are left out: their mistakes are told apart by kinds of input, which every draw holds.
    """
    found: list[str] = []
    for question in checks.questions.values():
        if isinstance(question.kind, Challenge | Document):
            continue
        item = question.item(purpose, data)
        if item is None:
            continue
        answers = [("right", right_answer(question, item))]
        for mistake in question.mistakes:
            if mistake.answer is None or mistake.optional:
                continue
            if mistake.answer(item) is None:
                found.append(f"{question.id}: {mistake.code} does not exist in this draw")
                continue
            wrong = mistaken_answer(question, mistake, item)
            if wrong is None:
                continue  # of another form, such as a name for an address: it can't be taken for another
            found += [f"{question.id}: {mistake.code} gives the same answer as {code}"
                      for code, other in answers
                      if matches(question.kind, other, wrong, item) or matches(question.kind, wrong, other, item)]
            answers.append((mistake.code, wrong))
    return found


def lab_maker(lab: Lab, datasets: Path | None = None) -> tuple[Maker, Mapping[str, Any]]:
    """The function that makes the lab's messages, and its recipe.

    Messages come from the lab's own make_messages (data.py) or from its recipe's maker, and the records of its sets
    from their traffic recipes; `arrange` in data.py, where there is one, has the last word on all of them.
    """
    folder = datasets or default_folder("datasets")
    path = lab.folder / "data.py"
    own = _own_data(path, path.stat().st_mtime_ns) if path.is_file() else None
    make, arrange = getattr(own, "make_messages", None), getattr(own, "arrange", None)
    if own is not None and not callable(make) and not (callable(arrange) and (lab.sets or lab.recipe)):
        raise ContentError(f"{lab.id}/data.py: it must define make_messages(recipe, purpose, seed, draw), or "
                           "arrange(made, purpose, seed, draw) beside a recipe or sets in lab.toml")
    recipe: Mapping[str, Any] = {"name": lab.recipe}
    if not callable(make) and lab.recipe:
        make, recipe = _recipe_maker(lab, folder)
    if not lab.sets and not callable(arrange):
        assert callable(make)
        return make, recipe

    def made(recipe: Mapping[str, Any], purpose: str, seed: bytes, draw: int) -> Mapping[str, Labelled]:
        messages = dict(make(recipe, purpose, seed, draw)) if callable(make) else {}
        messages |= _records(lab, folder, purpose, seed, draw)
        return arrange(messages, purpose, seed, draw) if callable(arrange) else messages

    return made, recipe


@lru_cache(maxsize=32)
def _own_data(path: Path, _changed: int) -> ModuleType:
    """A lab's data.py, loaded once for as long as it does not change: a lab is drawn hundreds of times when checked."""
    return load_module(path, f"{path.parent.name}/data.py")


def _records(lab: Lab, datasets: Path, purpose: str, seed: bytes, draw: int) -> dict[str, Labelled]:
    """The records of the lab's sets of one purpose."""
    wanted = [Wanted(one.name, one.recipe, one.count, one.labels, datasets)
              for one in lab.sets if one.purpose == purpose]
    try:
        return make_record_sets(wanted, seed, draw)
    except UsageError as error:
        raise ContentError(f"{lab.id}/lab.toml: {error}") from None


def _recipe_maker(lab: Lab, folder: Path) -> tuple[Maker, Mapping[str, Any]]:
    recipes = importlib.import_module("spamlab.generate.recipes")
    path = folder / "recipes" / f"{lab.recipe}.toml"
    if not path.is_file():
        raise ContentError(f"{lab.id}/lab.toml: there is no recipe called {lab.recipe}")
    recipe = recipes.read_recipe(path)
    name = recipe.get("maker", "routes") if isinstance(recipe, Mapping) else getattr(recipe, "maker", "routes")
    if name not in MAKERS:
        raise ContentError(f"recipe {lab.recipe}: there is no maker called {name}")
    module, _, function = MAKERS[name].partition(":")
    return getattr(importlib.import_module(module), function), recipe


def _lab(source: Workshop | bytes, lab: Lab | str) -> Lab:
    if isinstance(lab, Lab):
        return lab
    if isinstance(source, bytes):
        raise UsageError("a lab's name alone needs the workshop that holds it")
    return read_lab(source.labs_folder / lab)


def load_module(path: Path, shown: str) -> ModuleType:
    """Import one trusted file of a lab by its path, afresh; ContentError with the line where it fails."""
    name = f"spamlab_lab_{path.parent.name}_{path.stem}".replace("-", "_").replace(".", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ContentError(f"{shown}: the file is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    keep = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)
                 if Path(frame.filename) == path]
        line = getattr(error, "lineno", None) or (lines[-1] if lines else 0)
        raise ContentError(str(Fault(shown, f"{type(error).__name__}: {error}", line or 0))) from error
    finally:
        sys.dont_write_bytecode = keep
    return module


def _faults(question: Question) -> list[str]:
    found = []
    manual = question.manual or isinstance(question.kind, Document)
    if question.answer_function is None and not manual and not isinstance(question.kind, Challenge):
        found.append(f"question {question.id} has no right answer")
    if question.points < 0 or question.minutes <= 0:
        found.append(f"question {question.id} needs points of 0 or more and minutes above 0")
    codes = [mistake.code for mistake in question.mistakes]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        found.append(f"question {question.id} has two mistakes called {code}")
    if len(question.hints) > 3:
        found.append(f"question {question.id} has more than three hints")
    if isinstance(question.kind, Document) and not question.manual and question.points:
        found.append(f"question {question.id} is a document: a person grades it, so it must say manual=True")
    return found
