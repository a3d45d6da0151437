"""How a lab is named by people: whole, by its number, or by an unmistakable beginning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from spamlab.content.lab import lab_folders
from spamlab.errors import UsageError


def lab_called(given: str, known: Iterable[str], where: str = "") -> str:
    """The one of the `known` labs that `given` names: 05-learning-filters, 05, 5, 05-learn, or learning.

    A whole name goes first. Digits are a number and never a beginning, so that 1 is not taken for lab 12. where: put
    into the sentence, such as "in this workshop". Raises UsageError, which names what there is, for none or several.
    """
    labs = sorted(set(known))
    wanted = given.strip().rstrip("/").casefold()
    fitting = [lab for lab in labs if lab.casefold() == wanted] or [lab for lab in labs if _fits(wanted, lab)]
    if len(fitting) == 1:
        return fitting[0]
    place = f" {where}" if where else ""
    if fitting:
        raise UsageError(f"{given} fits several labs{place}; name one of: {', '.join(fitting)}")
    raise UsageError(f"there is no lab called {given}{place}; there are: {', '.join(labs) or 'none'}")


def labs_called(given: Sequence[str], folder: Path) -> tuple[str, ...]:
    """The labs of a folder of labs that the texts name, each once, in their order; errors as `lab_called`."""
    known = [one.name for one in lab_folders(folder)]
    return tuple(dict.fromkeys(lab_called(name, known) for name in given))


def _fits(wanted: str, lab: str) -> bool:
    number, _, words = lab.casefold().partition("-")
    if wanted.isdecimal():
        return number.isdecimal() and int(number) == int(wanted)
    return bool(wanted) and (lab.casefold().startswith(wanted) or words.startswith(wanted))
