"""otter-grader's local way without containers, many submissions in one process: `python otter_run.py TASK.json`.

Run by otter-grader's own Python. TASK.json: {"autograder": its zip, "submissions": {name: notebook}}. Prints
{name: points}. `otter run` does the same for one submission, and loads otter-grader anew for each.
"""

import json
import sys

from otter.api import grade_submission  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    """Grade all submissions, one after another."""
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    scores = {name: float(grade_submission(path, task["autograder"], quiet=True).total)
              for name, path in task["submissions"].items()}
    print("\n" + json.dumps(scores))


if __name__ == "__main__":
    main()
