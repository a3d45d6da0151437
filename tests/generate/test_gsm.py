"""Text messages are coded and cut as 3GPP TS 23.038 and TS 23.040 say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.gsm import (
    BASIC,
    EACH,
    ESCAPE,
    EXTENSION,
    ONE,
    encoding,
    length,
    parts,
    segments,
    text_of,
    user_data,
)

# Short texts, and long ones of which some letters come again and again.
_LETTERS = st.sampled_from(BASIC.replace("\x1b", "") + "".join(EXTENSION))
_REPEATED = st.tuples(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9), st.integers(1, 99))
_GSM = st.one_of(st.text(_LETTERS), st.tuples(st.text(_LETTERS, min_size=1, max_size=9), st.integers(1, 99)).map(
    lambda pair: pair[0] * pair[1]))
_ANY = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), _REPEATED.map(lambda pair: pair[0] * pair[1]))

VECTORS = [
    # text, encoding, septets or code units, parts
    ("", "gsm7", 0, 1),
    ("hello", "gsm7", 5, 1),
    ("a" * 160, "gsm7", 160, 1),
    ("a" * 161, "gsm7", 161, 2),
    ("a" * 306, "gsm7", 306, 2),
    ("a" * 307, "gsm7", 307, 3),
    ("€" * 80, "gsm7", 160, 1),
    ("€" * 81, "gsm7", 162, 2),
    # 76 pairs fill 152 of 153 septets: no pair is cut, so a third part is needed where 306 septets would do for two.
    ("€" * 153, "gsm7", 306, 3),
    ("[x]", "gsm7", 5, 1),
    ("àèéìòùÄÖÑÜ§¿äöñüÇ", "gsm7", 17, 1),
    ("ç", "ucs2", 1, 1),
    ("`", "ucs2", 1, 1),
    ("’", "ucs2", 1, 1),
    ("á", "ucs2", 1, 1),
    ("ж" * 70, "ucs2", 70, 1),
    ("ж" * 71, "ucs2", 71, 2),
    ("ж" * 134, "ucs2", 134, 2),
    ("ж" * 135, "ucs2", 135, 3),
    ("😀" * 35, "ucs2", 70, 1),
    ("😀" * 36, "ucs2", 72, 2),
    # 33 pairs fill 66 of 67 units.
    ("😀" * 67, "ucs2", 134, 3),
    ("a" * 159 + "€", "gsm7", 161, 2),
    ("a" * 152 + "€" + "a" * 20, "gsm7", 174, 2),
    ("你好", "ucs2", 2, 1),
    ("مرحبا", "ucs2", 5, 1),
]


@pytest.mark.parametrize(("text", "known", "units", "count"), VECTORS)
def test_vectors(text: str, known: str, units: int, count: int) -> None:
    """Texts that were counted by hand come out as counted."""
    assert (encoding(text), length(text), segments(text), len(parts(text))) == (known, units, count, count)


def test_the_alphabet_is_the_standards() -> None:
    """128 characters, each once, at the places that the table gives to some of them."""
    assert len(BASIC) == len(set(BASIC)) == 128
    places = {"@": 0x00, "\n": 0x0A, "\r": 0x0D, "Δ": 0x10, "_": 0x11, "Ξ": 0x1A, "É": 0x1F, " ": 0x20, "¤": 0x24,
              "¡": 0x40, "A": 0x41, "Ä": 0x5B, "§": 0x5F, "¿": 0x60, "a": 0x61, "à": 0x7F}
    assert {letter: BASIC.index(letter) for letter in places} == places
    assert BASIC.index("\x1b") == ESCAPE
    assert not set(EXTENSION) & set(BASIC)


def test_packing_of_a_known_text() -> None:
    """"hellohello" packs to the octets that are printed wherever packing is explained."""
    assert user_data("hellohello")[0].octets.hex().upper() == "E8329BFD4697D9EC37"


@given(st.one_of(_GSM, _ANY))
def test_parts_keep_the_rules(text: str) -> None:
    """Parts joined are the text, none is too long, no pair is cut, and none could take the next one's first letter."""
    known = encoding(text)
    cut = parts(text)
    assert "".join(cut) == text
    assert len(cut) == segments(text)
    if len(cut) == 1:
        assert length(text) <= ONE[known]
        return
    assert length(text) > ONE[known]

    def units(part: str) -> int:
        if known == "ucs2":
            return len(part.encode("utf-16-be")) // 2
        return sum(2 if letter in EXTENSION else 1 for letter in part)

    for one, following in pairwise(cut):
        assert units(one) <= EACH[known] < units(one + following[0])
    assert 0 < units(cut[-1]) <= EACH[known]


@given(st.one_of(_GSM, _ANY), st.integers(0, 255))
def test_octets_lead_back_to_the_text(text: str, reference: int) -> None:
    """No part is longer than 140 octets, headers count up, and a reader of the octets gets the text back."""
    known = encoding(text)
    made = user_data(text, reference)
    assert "".join(text_of(one, known) for one in made) == text
    assert all(len(one.octets) <= 140 for one in made)
    if len(made) > 1:
        assert [one.octets[:6] for one in made] == [
            bytes((5, 0, 3, reference, len(made), number)) for number in range(1, len(made) + 1)]


def test_what_no_message_can_be() -> None:
    """More than 255 parts, and a reference of more than eight bits, are refused."""
    with pytest.raises(ValueError, match="at most 255 parts"):
        user_data("x" * 153 * 256)
    with pytest.raises(ValueError, match="reference from 0 to 255"):
        user_data("x", 256)
