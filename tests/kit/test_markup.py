"""Text from senders is shown as what it is, and obeyed by nothing."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from kit_fakes import HOSTILE

from spamlab.kit.markup import code, escape, plain, rich, visible


@given(st.text())
def test_nothing_unseen_remains(text: str) -> None:
    """No control, format or direction sign comes through, and no HTML."""
    shown = escape(text)
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not set("<>\"'") & set(shown)


@given(st.text())
def test_rich_text_holds_only_its_own_tags(text: str) -> None:
    """Whatever stands in a sentence, only the five known tags come out, in pairs."""
    tags = re.findall(r"<(/?)(\w+)", rich(text))
    assert {name for _close, name in tags} <= {"p", "br", "code", "strong", "em"}
    assert all(sum(1 if not close else -1 for close, name in tags if name == one) == 0
               for one in ("p", "code", "strong", "em"))


@given(st.text())
def test_plain_text_holds_no_terminal_escape(text: str) -> None:
    """A terminal gets no control sign but the end of a line and the tab."""
    assert not {sign for sign in plain(text) if unicodedata.category(sign) == "Cc"} - set("\n\t")


def test_hostile_value() -> None:
    """Script, terminal escape and direction override are visible text inside isolated code."""
    shown = code(HOSTILE)
    assert "&lt;script&gt;" in shown
    assert "[U+001B]" in shown
    assert "[U+202E]" in shown
    assert 'dir="ltr"' in shown


def test_long_values_are_cut() -> None:
    """A value of a megabyte is cut and says by how much."""
    assert visible("x" * 1_000_000, most=10) == "xxxxxxxxxx ... (+999990)"


def test_marks() -> None:
    """The three marks of the workshop's words become elements, or vanish in text."""
    assert rich("a `b` **c** *d*") == ('<p>a <code class="spamlab-code" dir="ltr">b</code> <strong>c</strong> '
                                       "<em>d</em></p>")
    assert plain("a `b` **c** *d*") == "a b c d"
