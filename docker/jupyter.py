"""Start JupyterLab with the whole environment that a file names, and with nothing else.

`jupyter.py FILE`: JSON, {"NAME": "value"}, written by the trusted side. So tokens stay off the command line and out of
what `docker inspect` shows.
"""

import json
import os
import sys
from pathlib import Path


def main(file: str) -> None:
    """Become JupyterLab; ends with one sentence if the file can't be read."""
    try:
        environment = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"spamlab: {file} can't be read ({error}): is the workshop prepared?")
    runtime = environment.get("JUPYTER_RUNTIME_DIR")
    if runtime:
        Path(runtime).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(environment.get("HOME", "/tmp"))
    os.execve(sys.executable, [sys.executable, "-m", "jupyterlab"], environment)


if __name__ == "__main__":
    main(sys.argv[1])
