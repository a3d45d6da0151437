"""Addresses of databases in workshop.toml."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.content import database
from spamlab.content.identity import create_workshop, read_workshop
from spamlab.errors import ContentError

PASSWORDS = "hunter2"


@pytest.mark.parametrize("url", [
    "postgresql+psycopg://u:hunter2@h/db", "postgresql://u@/db?host=/tmp/s&port=5433", "postgres://[::1]:5432/d",
    "postgresql+psycopg://u:p%40s@h:5432/d", "sqlite:////srv/a b.db",
])
def test_good_addresses_pass(url: str) -> None:
    """PostgreSQL by psycopg, with or without its driver's name, and SQLite by a whole path."""
    assert database.fault_of(url, "ledger_url") == ""


@pytest.mark.parametrize(("url", "says"), [
    ("mysql://u:hunter2@h/d", "and not with mysql://"),
    ("postgresql+psycopg2://u:hunter2@h/d", "begins with postgresql"),
    ("sqlite:///a.db", "whole path"), ("sqlite://", "whole path"),
    ("hunter2", "no address"), ("postgresql+psycopg://u:hunter2@h:99x/db", "no address"),
    ("postgresql+psycopg://u:hunter2@h", "names no database"),
    ("postgresql+psycopg://h/d?password=hunter2", "PGPASSFILE"),
    ("postgresql+psycopg://u:hunter2@x@h/db", "without doubt"),
])
def test_bad_addresses_get_a_sentence_without_the_password(tmp_path: Path, url: str, says: str) -> None:
    """workshop.toml's fault names key and line, and never the password."""
    create_workshop(tmp_path / "w", title="T", labs=["01-x"])
    file = tmp_path / "w" / "workshop.toml"
    file.write_text(file.read_text(encoding="utf-8") + f'gradebook_url = "{url}"\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"workshop\.toml, line \d+: gradebook_url ") as told:
        read_workshop(tmp_path / "w")
    assert says in str(told.value)
    assert PASSWORDS not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg the sentence says what to install."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert "install spamlab[postgres]" in database.fault_of("postgresql://h/d", "ledger_url")


def test_a_workshop_shows_no_password(tmp_path: Path) -> None:
    """A workshop's own text holds no address at all; the address itself is whole."""
    workshop = create_workshop(tmp_path / "w", title="T", labs=["01-x"], ledger_url="postgresql://u:hunter2@h/d")
    assert PASSWORDS not in repr(workshop)
    assert workshop.ledger_url == "postgresql+psycopg://u:hunter2@h/d"
    assert workshop.gradebook_address == f"sqlite:///{tmp_path / 'w' / 'course' / 'gradebook.db'}"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="@"), min_size=8))
def test_what_is_shown_never_holds_the_password(password: str) -> None:
    """Whatever stands between the account's colon and the at sign is hidden, and left out for nbgrader."""
    url = f"postgresql+psycopg://someone:{password}@host/name"
    assert database.shown(url) == "postgresql+psycopg://someone:***@host/name"
    assert database.without_password(url) == "postgresql+psycopg://someone@host/name"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is an address or gets a sentence."""
    assert isinstance(database.fault_of(text, "ledger_url"), str)
    assert isinstance(database.shown(text), str)
