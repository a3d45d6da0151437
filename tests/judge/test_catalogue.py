"""Every sentence of the judge is whole, short and in plain words."""

import string

import pytest

from spamlab.content.prose import message_smells
from spamlab.judge.catalogue import ENGLISH, TRANSLATIONS, say, speaking


@pytest.mark.parametrize("code", [code for code in ENGLISH if not code.startswith("label-")])
def test_a_sentence_is_plain_and_short(code: str) -> None:
    """No sentence of more than 22 words, no word never used, a full stop at the end, every place fillable."""
    entry = ENGLISH[code]
    for text in entry.values() if isinstance(entry, dict) else [entry]:
        places = {name: "2" for _text, name, _spec, _conv in string.Formatter().parse(text) if name}
        said = text.format(**places)
        assert message_smells(said) == []
        assert said.rstrip(" 2").endswith((".", "?", "!")), said


def test_a_number_chooses_its_plural() -> None:
    """One second and two seconds."""
    assert say("hint-wait", n=1) == "This hint opens in one second."
    assert say("hint-wait", n=2) == "This hint opens in 2 seconds."


def test_a_translation_falls_back_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language says what it has, and English what it lacks."""
    monkeypatch.setitem(TRANSLATIONS, "de", {"saved": "Gespeichert."})
    with speaking("de"):
        assert say("saved") == "Gespeichert."
        assert say("right-plain") == ENGLISH["right-plain"]
    assert say("saved") == ENGLISH["saved"]
