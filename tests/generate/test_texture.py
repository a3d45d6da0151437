"""Careless writers have their habits throughout a text, and leave alone what must stay as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.errors import ContentError
from spamlab.generate.draws import record_key
from spamlab.generate.safety import unsafe
from spamlab.generate.texture import HABITS, PLAIN, Texture, careless, read_texture
from spamlab.shipped import default_folder

ALL = Texture(dict.fromkeys(HABITS, 1.0), {"please": "pls"})
TEXT = ("Please don't write to Ada.Obi@post.example before 5.30. The Office (020 7946 0123) opens later.\n"
        "> Please DON'T.\nSee https://Shop.example/Offers/2026 or www.bank.test.")
KEPT = ("Ada.Obi@post.example", "5.30", "020 7946 0123", "> Please DON'T.", "https://Shop.example/Offers/2026",
        "www.bank.test")


def test_what_stays() -> None:
    """Links, mail addresses, numbers and quoted lines stay, whatever the habits; nothing becomes real by them."""
    for number in range(200):
        text = careless(TEXT, record_key(1, number), ALL)
        assert all(one in text for one in KEPT), text
        assert not unsafe(text)


@pytest.mark.parametrize(("habit", "told"), [
    ("small_letters", "please don't come. the bus is late."), ("no_apostrophes", "Please dont come. The bus is late."),
    ("no_full_stop", "Please don't come. The bus is late"), ("dots", "Please don't come... The bus is late."),
    ("short_forms", "pls don't come. The bus is late."),
])
def test_habits(habit: str, told: str) -> None:
    """Each habit does what its name says and nothing else."""
    texture = Texture({habit: 1.0}, {"please": "pls"})
    found = {careless("Please don't come. The bus is late.", record_key(2, number), texture) for number in range(60)}
    assert told in found
    assert found <= {told, "Please don't come. The bus is late."}


def test_a_short_word_ends_no_sentence() -> None:
    """Where dots stand between sentences, the full stop of an abbreviation stays one."""
    texture = Texture({"dots": 1.0}, {})
    told = {careless("Ask Mrs. Boyle of St. Kitts. They know.", record_key(2, number), texture) for number in range(9)}
    assert told == {"Ask Mrs. Boyle of St. Kitts... They know."}
    assert careless("ул. Лесная дальше. Там.", 1, texture) == "ул. Лесная дальше... Там."


def test_accents_are_lost() -> None:
    """French without its accents, letters of other kinds as they are."""
    assert careless("Ça va être génial, où ?", 1, Texture({"no_accents": 1.0}, {})) == "Ca va etre genial, ou ?"


def test_nobody_slips_in_a_name() -> None:
    """Words with a capital letter, names of a script without capitals, and lines of a greeting or signature stay right,
    all other words may slip; a line that stands alone is no signature."""
    texture = Texture({"slips": 1.0}, {}, frozenset({"فاطمة"}))
    running = "words that slip " * 30 + "Margaret فاطمة كلمات"
    letter = f"Hello there Margaret\n\n{running}\nwith kind regards\nyours truly"
    kept, slipped, alone = ["Hello there Margaret", "with kind regards", "yours truly"], set(), set()
    for number in range(300):
        lines = careless(letter, record_key(5, number), texture).split("\n")
        assert [lines[0], *lines[-2:]] == kept
        assert "Margaret" in lines[2]
        assert "فاطمة" in lines[2]
        slipped |= {word for word in ("words", "that", "slip", "كلمات") if lines[2].count(word) != letter.count(word)}
        alone.add(careless("with kind regards", record_key(5, number), texture))
    assert slipped == {"words", "that", "slip", "كلمات"}
    assert len(alone) > 2


def test_slips_are_few_and_small() -> None:
    """About three words in a hundred have a slip: of their letters one is swapped, lost or doubled, never the first."""
    words = ["harbour", "market", "garden", "winter", "window", "kitchen", "brother", "teacher"]
    text = " ".join(words * 40)
    changed = 0
    for number in range(40):
        slipped = careless(text, record_key(3, number), Texture({"slips": 1.0}, {}))
        for before, after in zip(text.split(), slipped.split(), strict=True):
            changed += before != after
            assert before[0] == after[0]
            assert abs(len(before) - len(after)) <= 1
            assert set(after) <= set(before)
    assert 0.02 < changed / (40 * 320) < 0.04


@given(st.text(), st.integers(0, 2**64 - 1))
def test_any_text(text: str, key: int) -> None:
    """Any text comes out, with as many lines, and the same for the same key."""
    once = careless(text, key, ALL)
    assert careless(text, key, ALL) == once
    assert once.count("\n") == text.count("\n")
    assert careless(text, key, Texture({}, {})) == text


def test_files(tmp_path: Path) -> None:
    """A language without a file has plain habits; one with faults gets all of them; the shipped ones are sound."""
    assert read_texture(tmp_path) == PLAIN
    (tmp_path / "texture.toml").write_text('more = 1\n[habits]\nshouting = 0.5\nslips = 2\n[words]\nyou = 3\n')
    with pytest.raises(ContentError) as told:
        read_texture(tmp_path)
    assert len(str(told.value).splitlines()) == 4
    assert f"{tmp_path.name}/texture.toml: there is no habit called shouting; there are: small" in str(told.value)
    for folder in sorted((default_folder("datasets") / "languages").glob("*/language.toml")):
        assert read_texture(folder.parent).shares
