"""One action of the Formgrader in a process of its own: `python -m spamlab.grading.buttons COURSE ACTION LAB
[STUDENT]`.

It prints nbgrader's answer as JSON, {"success", "log", "error"}. Grading goes through the steps of `spamlab grade`;
everything else through nbgrader's own API. A configuration with an error ends here: nothing is done with defaults.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.errors import SpamlabError, UsageError
from spamlab.grading import busy, steps
from spamlab.grading import course as courses

ACTIONS = {
    "assign": "Generate",
    "release": "Release",
    "unrelease": "Unrelease",
    "collect": "Collect",
    "autograde": "Autograde",
    "generate_feedback": "Generate feedback",
    "release_feedback": "Release feedback",
}
"""The actions by nbgrader's names, with the words of the Formgrader's buttons."""


def told(action: str, lab: str, student: str = "") -> str:
    """The action as the beginning of a sentence."""
    return f"{ACTIONS[action]} of {lab}" + (f" for {student}" if student else "")


def run(course: Path, action: str, lab: str, student: str = "") -> dict[str, Any]:
    """Do it; nbgrader's answer. Never raises an error of ours: it becomes {"success": false, "error": sentence}."""
    course = Path(course).absolute()
    try:
        if action not in ACTIONS:
            raise UsageError(f"there is no action called {action}")
        with busy.alone(course, told(action, lab, student)):
            return _done(course, action, lab, student)
    except SpamlabError as error:
        return {"success": False, "log": "", "error": str(error)[:1].upper() + str(error)[1:] + "."}


def main() -> None:
    """Print the answer alone on standard output; what nbgrader or a hook prints goes to standard error."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    course, action, lab, *rest = sys.argv[1:]
    json.dump(run(Path(course), action, lab, *rest[:1]), answer)
    answer.close()


def _done(course: Path, action: str, lab: str, student: str) -> dict[str, Any]:
    workshop = courses.workshop_of(course)
    ours = workshop is not None and workshop.course == course
    if action == "autograde":
        answer = _autograde(workshop if ours else None, course, lab, student)
        return _graded(answer["found"], student) if "found" in answer else answer
    config = courses.read_config(course) if ours else courses.ordinary_config(course)
    with courses.opened(course, config) as api:
        doing: dict[str, Callable[[], dict[str, Any]]] = {
            "assign": lambda: api.generate_assignment(lab),
            "release": lambda: api.release_assignment(lab),
            "unrelease": lambda: api.unrelease(lab),
            "collect": lambda: api.collect(lab),
            "generate_feedback": lambda: api.generate_feedback(lab, student or None),
            "release_feedback": lambda: api.release_feedback(lab, student or None),
        }
        return doing[action]()


def _autograde(workshop: Workshop | None, course: Path, lab: str, student: str) -> dict[str, Any]:
    if workshop is not None:
        return {"found": steps.grade(workshop, lab, [student] if student else None, again=True)}
    return {"found": steps.grade_course(course, lab, [student] if student else None, again=True)}


def _graded(found: dict[str, Any], student: str) -> dict[str, Any]:
    """What `steps.grade` returns, in nbgrader's form."""
    names = found["graded"] or found["unchanged"]
    lines = [f"[INFO] {name}: {found['scores'].get(name, 0):g} points" for name in names]
    lines.append(f"[INFO] {len(found['graded'])} graded in {found['seconds']:.1f} s; sandbox: {found['sandbox']}")
    reasons = [f"{name}: {reason}" for name, reason in found["reasons"].items()]
    if student and student not in (*found["graded"], *found["unchanged"], *found["failed"]):
        reasons.append(f"there is no submission of {student}")
    answer: dict[str, Any] = {"success": not reasons, "log": "\n".join(lines)}
    if reasons:
        answer["error"] = "Not graded: " + "; ".join(reasons) + "."
    return answer


if __name__ == "__main__":
    main()
