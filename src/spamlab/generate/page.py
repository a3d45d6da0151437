"""Commands that write pages of the docs: one argument, the file or folder, which may be left out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from spamlab.errors import SpamlabError


def write_page(write: Callable[[Path], None], usual: Path, arguments: Sequence[str] | None) -> int:
    """Run `write` with the path that is given, else with the usual one. The exit status; a fault is one sentence."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) > 1 or (given and given[0].startswith("-")):
        print("give no more than the name of what is to be written", file=sys.stderr)
        return 2
    path = Path(given[0]) if given else usual
    try:
        write(path)
    except OSError as error:
        print(f"{path} can't be written: {error}", file=sys.stderr)
        return 1
    except SpamlabError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0
