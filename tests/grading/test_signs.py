"""Control signs of a participant's text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spamlab.grading.signs import STAND_IN, plain_signs


def test_terminal_commands_and_turned_direction_go() -> None:
    """A cleared screen, a title and an override are stood in for; colours, lines and Arabic marks stay."""
    assert plain_signs("a\x1b[2Jb\x1b]0;x\x07") == f"a{STAND_IN}[2Jb{STAND_IN}]0;x{STAND_IN}"
    assert plain_signs("\x1b[31mred\x1b[0m\n\tx\u200f") == "\x1b[31mred\x1b[0m\n\tx\u200f"
    assert plain_signs("fdp.\u202eexe") == f"fdp.{STAND_IN}exe"


@given(st.text())
def test_twice_is_once(text: str) -> None:
    """Cleaning what is clean changes nothing, and no escape but a colour is left."""
    once = plain_signs(text)
    assert plain_signs(once) == once
    assert all(part.split("m")[0].replace(";", "").isdigit() or part.startswith("m")
               for part in once.split("\x1b[")[1:])
