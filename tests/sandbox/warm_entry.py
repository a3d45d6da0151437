"""What the warm process of the tests calls in each run: a program as if it had been started, output to the pipe."""

import json
import os
import sys
import traceback

BALLAST = bytearray(b"x") * (60 * 1024**2 if "BALLAST" in os.environ else 1)


def run(argument: str, kept: list[int]) -> None:
    """Run {"source", "words"}; descriptor kept[0] becomes its output and errors."""
    asked = json.loads(argument)
    os.dup2(kept[0], 1)
    os.dup2(kept[0], 2)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    sys.argv = ["program", *asked["words"]]
    try:
        exec(compile(asked["source"], "program", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:
        traceback.print_exc()
        sys.stdout.flush()
        os._exit(1)
    sys.stdout.flush()
