"""A workshop with one small lab, for the page and the start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from spamlab.content.identity import Workshop, create_workshop

from .pages import LAB, browser

__all__ = ["browser"]

TOML = """
id = "77-small"
title = "A small lab"
minutes = 10
objectives = ["find the border line"]
[data]
recipe = "header-forensics"
"""
NOTEBOOK = """# %% [markdown]
# # A small lab
"""
CHECKS = """
from spamlab.judge.kinds import Pick
from spamlab.judge.question import Checks

checks = Checks()
for name in ("q1", "q2"):
    question = checks.question(name, Pick(lambda item: [(1, "line 1"), (2, "line 2")]), title="Border <b>line</b>",
                               points=2, minutes=3, about={"practice": ("M1",), "twin": ("T1",)})
    question.answer(lambda item: 1)
    question.mistake("bottom-line", trainer="took the <i>bottom</i> line", message="Look again.")(lambda item: 2)
"""


@pytest.fixture
def small_labs(tmp_path: Path) -> Path:
    """A folder of labs with one small lab."""
    folder = tmp_path / "labs" / LAB
    folder.mkdir(parents=True)
    for name, text in (("lab.toml", TOML), ("notebook.py", NOTEBOOK), ("checks.py", CHECKS)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder.parent


@pytest.fixture
def small_workshop(tmp_path: Path, small_labs: Path) -> Workshop:
    """A workshop of three participants with the small lab, whose title would break a careless page."""
    made = create_workshop(
        tmp_path / "my workshop",
        title='<script>alert("x")</script>',
        labs=[LAB],
        participants=3,
        labs_folder=small_labs,
    )
    made.run.mkdir()
    return made


@pytest.fixture
def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
