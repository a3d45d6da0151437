"""Normalising undoes evasion and leaves honest text alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.filtering import normalize
from spamlab.filtering.normalize import INVISIBLE


@pytest.mark.parametrize(("written", "meant"), [
    ("Your pаcket is ready", "Your packet is ready"),  # Cyrillic а
    ("vіаgrа οnline", "viagra online"),  # Cyrillic і and а, Greek ο
    ("рау now for the parcel", "pay now for the parcel"),  # a whole word of Cyrillic look-alikes
    ("fr\u200bee mo\u00adney\ufeff", "free money"),
    ("ＦＲＥＥ 𝐦𝐨𝐧𝐞𝐲 ﬁne", "FREE money fine"),
    ("всё хорoшо", "всё хорошо"),  # a Latin o inside a Russian word
    ("Привет, как дела? Сор в хоре", "Привет, как дела? Сор в хоре"),
    ("καλημέρα κόσμε", "καλημέρα κόσμε"),
    ("مرحبا بك", "مرحبا بك"),
    ("price: 20€, v1agra", "price: 20€, v1agra"),
])
def test_what_is_meant(written: str, meant: str) -> None:
    """Each usual trick is undone; words of one script stay what they are."""
    assert normalize(written) == meant


@pytest.mark.parametrize(("written", "meant"), [
    ("v1agra and l0ans", "viagra and loans"), ("pa$$word", "password"), ("write to alice@mail.example", None),
    ("meet at 10am, room 3b, 4th floor", None), ("COVID19 and 2FA", None), ("w1nn3r", "winner"),
])
def test_leet(written: str, meant: str | None) -> None:
    """Digits and signs between letters are read as letters; numbers, times and addresses are left alone."""
    assert normalize(written, leet=True) == (written if meant is None else meant)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_ascii_is_left_alone(text: str) -> None:
    """A text in ASCII has nothing to undo."""
    assert normalize(text) == text


@given(st.text(alphabet="abcАБВгдаесорхоαικοё \u0301\u200b\u00adＡé1@$", max_size=30), st.booleans())
def test_it_is_done_in_one_go(text: str, leet: bool) -> None:
    """Normalising what is normalised changes nothing more, and no invisible character is left."""
    once = normalize(text, leet=leet)
    assert normalize(once, leet=leet) == once
    assert not set(once) & set(INVISIBLE)


@given(st.text(max_size=40))
def test_canonical_forms_are_one(text: str) -> None:
    """Composed or decomposed, a text is normalised to the same."""
    forms = {normalize(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1
