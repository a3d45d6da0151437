"""Opening a hint from a cell."""

from __future__ import annotations

from spamlab.kit import session as where
from spamlab.kit.answers import check_id
from spamlab.kit.errors import ServiceAway, ServiceRefused
from spamlab.kit.feedback import hint_offers
from spamlab.kit.http import judge
from spamlab.kit.markup import escape, plain, rich
from spamlab.kit.show import say_line, show
from spamlab.kit.words import say


def hint(question: str) -> None:
    """Open the next hint of `question` and show it, with those opened before. It costs no points.

    >>> hint("q3")
    """
    asked = check_id(question).removesuffix("-twin")
    now = where.session()
    if now.graded:
        say_line(say("hint-graded", question=asked))
        return
    try:
        lab = where.lab()
        service = judge(now)
        offers = hint_offers(service.question(lab, asked).get("hints"))
        if not offers:
            say_line(say("hint-none", question=asked))
            return
        new = next((one for one in offers if not one.open), None)
        opened, refusal = [], ""
        for one in offers:
            if one.open or one is new:
                try:
                    said = service.hint(lab, asked, one.step)
                    opened.append((one.step, str(said.get("title", one.title)), str(said.get("text", ""))))
                except ServiceRefused as closed:
                    refusal = str(closed)
    except (ServiceAway, ServiceRefused) as trouble:
        say_line(str(trouble))
        return
    last = refusal or ("" if new is not None else say("hint-all", question=asked))
    show("".join(hint_html(*one) for one in opened) + (f"<p>{escape(last)}</p>" if last else ""),
         "\n".join([*(hint_text(*one) for one in opened), *([last] if last else [])]))


def hint_html(step: int, title: str, text: str) -> str:
    """One open hint as HTML."""
    head = escape(say("hint-shown", step=step, title=plain(title)))
    return f'<div class="spamlab-box kept"><h5>{head}</h5>{rich(text)}</div>'


def hint_text(step: int, title: str, text: str) -> str:
    """One open hint as text."""
    return f"{say('hint-shown', step=step, title=plain(title))}\n{plain(text)}"
