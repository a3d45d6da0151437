"""nbgrader's exchange, with submissions taken without following a link.

nbgrader copies a submission with the links in it followed: one that names the gradebook would be handed in and read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect, ExchangeSubmit

from spamlab.grading.copying import LEFT_OUT_FILE, copy_plain


class PlainCollect(ExchangeCollect):  # type: ignore[misc]
    """Collects ordinary files only."""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy the submission's ordinary files within bounds."""
        _copy(self, src, dest)


class PlainSubmit(ExchangeSubmit):  # type: ignore[misc]
    """Hands in ordinary files only."""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy the notebook's folder's ordinary files within bounds."""
        _copy(self, src, dest)


def _copy(step: Any, src: str, dest: str) -> None:
    left = copy_plain(Path(src), Path(dest))
    if left:
        step.log.warning("left out, as no ordinary files or too much: %s", ", ".join(left[:20]))
        with (Path(dest) / LEFT_OUT_FILE).open("a", encoding="utf-8") as file:
            file.writelines(f"{ascii(path)[1:-1]}\n" for path in left[:200])
