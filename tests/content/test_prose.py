"""What a machine sees of plain prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.content.prose import message_smells, smells, words

LONG = " ".join(["word"] * 23) + "."


def test_a_long_sentence_is_named_with_its_line() -> None:
    """Twenty-three words are too many, twenty-two are not; the line is that of its paragraph."""
    found = smells(f"# Title\n\nShort one. {LONG}\n\n{' '.join(['word'] * 22)}.", first_line=10)
    assert [(smell.line, "23 words" in smell.what) for smell in found] == [(12, True)]


@pytest.mark.parametrize("text", ["Just do it.", "It is SIMPLY so.", "Of course it is.", "An easy step."])
def test_words_never_used_are_named(text: str) -> None:
    """Each of them, whatever its case."""
    assert len(smells(text)) == 1


@pytest.mark.parametrize(
    "text", ["Adjust the justified uneasy trivia.", "`just` is a word", "```\njust\n```", "| just |\n|---|"]
)
def test_other_words_code_and_tables_are_left_alone(text: str) -> None:
    """A part of another word, code and tables are no prose."""
    assert smells(text) == []


def test_list_entries_are_sentences_of_their_own() -> None:
    """A list of short entries without full stops is no long sentence."""
    assert smells("\n".join(f"- entry number {n} of the list" for n in range(20))) == []


def test_a_message_has_at_most_60_words() -> None:
    """Sixty-one words are told first."""
    assert message_smells(" ".join(["Ten words stand in this sentence, and it ends here."] * 7))[0].startswith(
        "70 words"
    )


def test_marks_and_links_are_no_words() -> None:
    """Markdown's marks, figures and the address of a link do not count."""
    assert words("**Bold** [text](http://x.example/a-b) ![alt](f.svg) # 3") == 3


@given(st.text(max_size=400))
def test_any_text_has_smells_or_none(text: str) -> None:
    """Nothing raises."""
    smells(text)
    assert words(text) >= 0
