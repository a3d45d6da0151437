"""Headings of a notebook: one of the first level, no level skipped, minutes and points as checks.py has them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spamlab.course.percent import Cell
from spamlab.judge.question import Checks, Question

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*min", re.IGNORECASE)
_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*point", re.IGNORECASE)
_USES = re.compile(r"\b(?:question|check|hint|answer)\(\s*[\"']([A-Za-z0-9_-]+)[\"']")


def headings(cell: Cell) -> list[tuple[int, str]]:
    """Level and text of each heading of a Markdown cell, blocks of code apart."""
    if cell.kind != "markdown":
        return []
    bare = re.sub(r"^(```|~~~).*?^\1", "", cell.source, flags=re.DOTALL | re.MULTILINE)
    return [(len(match.group(1)), match.group(2)) for match in _HEADING.finditer(bare)]


def order_faults(cells: Iterable[Cell]) -> list[tuple[int, str]]:
    """Line and sentence for each heading that is out of order."""
    found = []
    last = first_level = 0
    for cell in cells:
        for level, text in headings(cell):
            if level == 1:
                first_level += 1
                if first_level == 2:
                    found.append((cell.line, f"a second heading of the first level: {text!r}"))
            if level > last + 1:
                found.append((cell.line, f"the heading {text!r} skips a level"))
            last = level
    if not first_level:
        found.append((0, "there is no heading of the first level"))
    return found


def cost_faults(cells: list[Cell], checks: Checks, language: str) -> list[tuple[int, str]]:
    """Line and sentence for each question whose heading disagrees with checks.py on minutes or points.

    A question's heading is the last one before its form or check cell; a question of no points needs none.
    Headings in another language than English are compared by their two numbers alone.
    """
    found = []
    heading: tuple[int, str] | None = None
    seen: set[str] = set()
    for cell in cells:
        for _level, text in headings(cell):
            heading = (cell.line, text)
        names = [cell.question] if cell.question else _USES.findall(cell.source) if cell.kind == "code" else []
        for name in names:
            question = checks.questions.get(name.removesuffix("-twin"))
            if question is None or question.id in seen:
                continue
            seen.add(question.id)
            if question.points and heading is None:
                found.append((cell.line, f"question {question.id} has no heading"))
            elif question.points and heading is not None:
                found += [(heading[0], what) for what in _cost(question, heading[1], language)]
    return found


def _cost(question: Question, text: str, language: str) -> list[str]:
    if language != "en":
        numbers = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}
        return [] if {question.minutes, question.points} <= numbers else [
            f"the heading of {question.id} does not say {question.minutes:g} and {question.points:g}"]
    found = []
    for word, pattern, value in (("minutes", _MINUTES, question.minutes), ("points", _POINTS, question.points)):
        match = pattern.search(text)
        if match is None:
            found.append(f"the heading of {question.id} does not say its {word}, {value:g}")
        elif float(match.group(1)) != value:
            found.append(f"the heading of {question.id} says {match.group(1)} {word}, checks.py {value:g}")
    return found
