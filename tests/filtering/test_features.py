"""Message features count what their names say, alone and among other messages."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.filtering import FEATURES, MessageFeatures


def _of(text: str) -> dict[str, float]:
    model = MessageFeatures()
    return dict(zip(model.get_feature_names_out(), model.transform([text])[0], strict=True))


@pytest.mark.parametrize(("text", "expected"), [
    ("", dict.fromkeys(FEATURES, 0)),
    ("One two two.\nThree!!!", {"characters": 21, "words": 4, "lines": 2, "word_length": 4.5, "distinct_words": 1.0,
                                "exclamations": 3, "repeated": 3, "scripts": 1}),
    ("go go go", {"distinct_words": 1 / 3, "capitals": 0, "letters": 0.75}),
    ("FREE now, USA I", {"capital_words": 0.5, "capitals": 8 / 11}),
    ("pay 20 € or £5, 10 %", {"currency": 2, "percents": 1, "longest_number": 2, "digits": 0.25}),
    ("why？ ¿qué? هل؟", {"questions": 4, "scripts": 2}),
    ("see https://a.example/x and www.b.test, or c.example/path", {"links": 3, "link_hosts": 3}),
    ("a.example/x a.example/y", {"links": 2, "link_hosts": 1}),
    ("https://tny.example/a8Xk2", {"short_links": 1}),
    ("https://www.longer-name.example/news/of/today", {"short_links": 0, "links": 1}),
    ("http://192.0.2.7/login http://[2001:db8::1]/x", {"address_links": 2, "links": 2}),
    ("https://bank.example@192.0.2.7/x", {"user_links": 1, "address_links": 1, "mail_addresses": 0}),
    ("https://xn--bcher-kva.example/ https://bücher.example/", {"encoded_links": 2}),
    ("https://www.bank.example.login.account.test/x", {"deep_links": 1}),
    ("write to alice@mail.example or bob@b.test", {"mail_addresses": 2, "leet_words": 0, "links": 0}),
    ("call +44 7700 900123 or (555) 0100-199", {"phone_numbers": 2}),
    ("on 2026-03-01 at 10:30", {"phone_numbers": 0, "links": 0}),
    ("Your pаcket", {"mixed_words": 1, "scripts": 2, "non_latin": 0.1}),
    ("мой пакет готов", {"mixed_words": 0, "non_latin": 1.0, "scripts": 1}),
    ("fr\u200bee mon\u00ad\u200bey", {"invisible": 3}),
    ("\ufefffree 👩\u200d👧 می\u200cخواهم end\ufeff", {"invisible": 0}),
    ("abc \u202edef", {"direction_marks": 1, "invisible": 0}),
    ("ＦＵＬＬ 𝐛𝐨𝐥𝐝", {"styled_letters": 8, "non_latin": 0}),
    ("v1agra and l0an at 10am", {"leet_words": 2}),
    ("f r e e and w-i-n", {"spaced_letters": 7}),
    ("I am a man, a b", {"spaced_letters": 0}),
    ("<p style='display:none'>a</p> <a href='http://b.test'>c</a> &amp; 1 < 2 > 0",
     {"html_tags": 4, "html_links": 1, "html_hidden": 1, "html_entities": 1}),
    ("font-size: 0.9em opacity:0.5", {"html_hidden": 0}),
    ("\ufffd\ufffd 🎉🎉", {"replacements": 2, "symbols": 2}),
])
def test_what_is_counted(text: str, expected: dict[str, Any]) -> None:
    """Each feature on a message that shows it."""
    found = _of(text)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@given(st.lists(st.text(alphabet="aÉж1０9 .!@/€\n\u200b-x:www", max_size=40), max_size=8))
def test_a_message_is_counted_as_if_alone(texts: list[str]) -> None:
    """What a message's neighbours are changes none of its features."""
    model = MessageFeatures()
    together = model.transform(texts)
    assert together.shape == (len(texts), len(FEATURES))
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(model.transform([text])[0], row)


@given(st.text(max_size=60))
def test_any_text_has_finite_features(text: str) -> None:
    """No text gives a number that is missing, infinite or negative, and canonical forms give the same."""
    row = MessageFeatures().transform([unicodedata.normalize("NFC", text)])[0]
    assert np.isfinite(row).all()
    assert (row >= 0).all()
    assert np.array_equal(row, MessageFeatures().transform([unicodedata.normalize("NFD", text)])[0])


def test_lone_surrogates_are_counted() -> None:
    """Half a surrogate pair, as broken JSON brings it, stops nothing."""
    assert _of("a\ud83d b")["characters"] == 4


def test_columns_are_chosen_in_order() -> None:
    """Columns come in the order asked for; an unknown one is named with those that are known."""
    model = MessageFeatures(["links", "characters"])
    assert list(model.get_feature_names_out()) == ["links", "characters"]
    assert model.transform(["a b.test/c"]).tolist() == [[1.0, 10.0]]
    with pytest.raises(ValueError, match="no feature linkz; known: characters"):
        MessageFeatures(["linkz"]).fit([""])


def test_more_than_one_portion() -> None:
    """Messages beyond a million characters are counted in portions, each as before."""
    texts = ["word! " * 30000, "x", "1 " * 500000, "y\nz"]
    rows = MessageFeatures(["characters", "words", "lines"]).transform(texts * 2)
    assert rows.tolist() == [[180000, 30000, 1], [1, 1, 1], [1000000, 500000, 1], [3, 2, 2]] * 2


def test_ten_thousand_messages_in_about_a_second() -> None:
    """Short messages are counted at well above three thousand a second, even on a busy machine."""
    texts = [f"Your parcel {place} is held, pay €2.99 at https://post{place}.example/track or call 0{place}!"
             for place in range(10000)]
    start = time.process_time()
    MessageFeatures().transform(texts)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("text", ["<a" * 20000, "1 " * 20000, "a." * 20000, "@" * 20000, "a@" * 20000, "/" * 20000,
                                  "a1" * 20000, "http://" * 5000, "(1" * 20000, "&" * 20000, "-a" * 20000,
                                  "аa" * 20000, "a.a/" * 10000, "<a href" * 5000, "0" * 40000, "a\u0301" * 20000])
def test_no_text_takes_long(text: str) -> None:
    """A text made to trip patterns takes no more than a second or so."""
    start = time.process_time()
    MessageFeatures().transform([text])
    assert time.process_time() - start < 2
