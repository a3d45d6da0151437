"""Pages of the docs that the policy room writes: tables, and commands with one argument that may be left out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from spamlab.errors import SpamlabError


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table in Markdown."""
    return [_row(heads), _row(["---"] * len(heads)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write_page(write: Callable[[Path], object], usual: Path, arguments: Sequence[str] | None) -> int:
    """Run `write` with the path that is given, else with the usual one. The exit status; a fault is one sentence."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) > 1 or (given and given[0].startswith("-")):
        print("give no more than the name of what is to be written", file=sys.stderr)
        return 2
    path = Path(given[0]) if given else usual
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path)
    except OSError as error:
        print(f"{path} can't be written: {error}", file=sys.stderr)
        return 1
    except SpamlabError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0
