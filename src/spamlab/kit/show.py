"""Putting something on the screen: HTML where there is a notebook, text where there is none."""

from __future__ import annotations

import sys
from typing import Any

from spamlab.kit.style import CSS

LANGUAGE = "en"
DIRECTION = "ltr"


def in_ipython() -> bool:
    """Whether this process is an IPython shell or a notebook's kernel; imports nothing to find out."""
    module = sys.modules.get("IPython")
    return bool(module is not None and module.get_ipython() is not None)


def in_kernel() -> bool:
    """Whether a notebook is in front of this process, which can show widgets; an IPython terminal can't."""
    module = sys.modules.get("IPython")
    return in_ipython() and getattr(module.get_ipython(), "kernel", None) is not None  # type: ignore[union-attr]


def framed(inner: str) -> str:
    """HTML of one display: `inner` in the workshop's style, with its language and direction."""
    return f'<style>{CSS}</style><div class="spamlab" lang="{LANGUAGE}" dir="{DIRECTION}">{inner}</div>'


def show(inner: str, text: str, states: dict[str, str] | None = None, **more: Any) -> None:
    """Show `inner` (HTML, already escaped) in a notebook; elsewhere print `text`.

    states: of the questions shown, for Validate. more: further MIME types.
    """
    if not in_ipython():
        print(text)
        return
    from IPython.display import display

    display({"text/html": framed(inner), "text/plain": text, **more}, raw=True,
            metadata={"spamlab": states} if states else None)


def say_line(text: str) -> None:
    """Show one plain sentence."""
    print(text)
