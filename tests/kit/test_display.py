"""Displays: escaped, isolated, with header cells and a short alternative text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit_fakes import HOSTILE, mail

from spamlab.kit import lines, show_route, show_text
from spamlab.kit.display import MOST_ALT, alt_text, lines_html, lines_text, route_html, route_text
from spamlab.kit.message import LabMessage

HOSTILE_MESSAGE = LabMessage("M1", mail("M1", hostile=HOSTILE, subject=HOSTILE))


def test_lines_are_numbered() -> None:
    """Received from 0 or 1, results from A1, in the order of the message; the table has header cells."""
    html = lines_html(LabMessage("M1", mail("M1")))
    assert re.findall(r'<th scope="row">(\w*)</th>', html) == ["", "0", "1", "A1", "2", "3", "4", "A2", "", "", ""]
    assert "Line 0: our mailbox stored the message." in html
    assert 'scope="col"' in html


def test_hostile_values_stay_text() -> None:
    """Script, terminal escape and direction override are shown, not obeyed, in HTML and in text."""
    for html in (lines_html(HOSTILE_MESSAGE), route_html(HOSTILE_MESSAGE)):
        assert "<script" not in html
        assert "\u202e" not in html
    assert "[U+202E]" in lines_html(HOSTILE_MESSAGE)
    assert "&lt;script&gt;" in route_html(HOSTILE_MESSAGE)
    for text in (lines_text(HOSTILE_MESSAGE), route_text(HOSTILE_MESSAGE), alt_text(HOSTILE_MESSAGE)):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_figure_has_title_description_and_table() -> None:
    """The figure is one labelled picture, well formed, with its words in a table of at most six columns below."""
    html = route_html(LabMessage("M0", mail("M0")))
    svg = ElementTree.fromstring(html[: html.index("</svg>") + 6])
    assert svg.get("role") == "img"
    described = {one.get("id"): one.text for one in svg if one.tag.endswith(("title", "desc"))}
    assert set((svg.get("aria-labelledby") or "").split()) == set(described)
    assert float(svg.get("width") or 0) <= 900
    assert html.index("<table") > html.index("</svg>")
    assert html.count('scope="col"') == 6


@given(st.text(max_size=300), st.text(max_size=300))
def test_alternative_text_is_short(first: str, last: str) -> None:
    """Whatever a line claims, the alternative text keeps to 150 characters."""
    raw = f"Received: from x by {last}; y\r\nReceived: from {first} by z\r\n\r\n".encode("utf-8", "replace")
    assert len(alt_text(LabMessage("M1", raw))) <= MOST_ALT


def test_border_is_drawn_only_when_told() -> None:
    """No display says where the border is, unless the caller of a worked example does."""
    message = LabMessage("M0", mail("M0"))
    assert "Border" not in route_html(message) + route_text(message)
    assert route_html(message, border=2).count("Border") == 2
    assert "Border" in route_text(message, border=2)


def test_without_received_lines() -> None:
    """A message without trace lines is a sentence."""
    empty = LabMessage("M9", b"From: a@b.example\r\n\r\n")
    assert "no Received line" in route_html(empty)
    assert "no Received line" in route_text(empty)
    assert "no Received line" in alt_text(empty)


def test_many_lines_are_bounded() -> None:
    """A thousand fields give fifty rows, and a figure that still fits."""
    raw = b"Received: from a by b; c\r\n" * 1000 + b"\r\n"
    html = lines_html(LabMessage("M1", raw)) + route_html(LabMessage("M1", raw))
    assert html.count('<th scope="row">') == 100
    assert "950 more fields" in html
    assert html.count("<rect") == 18


@pytest.mark.usefixtures("services")
def test_called_in_a_plain_python(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a notebook both displays print text."""
    lines("M1")
    show_route("M0")
    printed = capsys.readouterr().out
    assert "  1  Received: from mx1.harbornet.example" in printed
    assert "Line 4: pc [10.0.0.4] -> relay.sender.example" in printed


def test_a_text_is_shown_as_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter keeps its lines; what is hostile in it stays text, on a plain screen and in a notebook's box."""
    shown: list[str] = []
    monkeypatch.setattr("spamlab.kit.display.show", lambda inner, text: shown.extend([inner, text]))
    show_text(f"To: abuse@sender.example\n\n{HOSTILE}")
    assert "abuse@sender.example\n\n&lt;script&gt;" in shown[0]
    assert "\x1b" not in shown[0] + shown[1]
    monkeypatch.undo()
    show_text("one\ntwo")
    assert capsys.readouterr().out == "one\ntwo\n"
