"""The search language."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.mailnet.query import FIELDS, FLAGS, Term, clean, parse, split, to_sql
from spamlab.mailnet.store import SCHEMA


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("", ()),
        ('  ""  ', ()),
        ("Pay NOW", (Term("text", "pay"), Term("text", "now"))),
        ('"Pay  now" x', (Term("text", "pay now"), Term("text", "x"))),
        ('"open end', (Term("text", "open end"),)),
        ('from:"Abuse, Desk"', (Term("from", "abuse desk"),)),
        ('"from:Abuse Desk"', (Term("from", "abuse desk"),)),
        ("FROM:a@b.example", (Term("from", "a@b.example"),)),
        ("-subject:bill", (Term("subject", "bill", True),)),
        ("!is:UNREAD", (Term("unread", "", True),)),
        ("message-id:<x@y.example>", (Term("message-id", "x@y.example"),)),
        ("from:", ()),
        ("-", (Term("text", "-"),)),
        ("http://a.example", (Term("text", "http://a.example"),)),
        ("larger:1.5k smaller:2MB", (Term("larger", 1536), Term("smaller", 2097152))),
        ("larger:huge", (Term("text", "larger:huge"),)),
        ("after:1970-01-02", (Term("after", 86_400_000),)),
        ("before:yesterday", ()),
        ("has:attachments tag:x is:tagged", (Term("attachment"), Term("tag", "x"), Term("tagged"))),
    ],
)
def test_a_query_becomes_terms(query: str, terms: tuple[Term, ...]) -> None:
    """Fields, flags, measures, phrases and negation are told apart; what is none of them is text."""
    assert parse(query) == terms


QUERIES = st.text() | st.lists(
    st.tuples(
        st.sampled_from(["", "-", "!"]),
        st.sampled_from(["", *(f"{field}:" for field in FIELDS), *FLAGS, "larger:", "smaller:", "before:", "after:"]),
        st.text(alphabet='ab"@.<>%_-! 1k2026', max_size=8),
    ).map("".join),
    max_size=5,
).map(" ".join)


@settings(deadline=None)
@given(QUERIES)
def test_any_query_runs(query: str) -> None:
    """Whatever is typed becomes SQL that SQLite runs, with a parameter for each place, and never raises."""
    terms = parse(query)
    where, parameters = to_sql(terms)
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(SCHEMA)
        assert connection.execute(f"SELECT COUNT(*) FROM messages WHERE {where}", parameters).fetchone() == (0,)
    finally:
        connection.close()
    assert where.count("?") == len(parameters)
    assert all(isinstance(term.value, int) or term.value == clean(term.value) for term in terms)


@settings(deadline=None)
@given(QUERIES)
def test_what_was_cleaned_stays(text: str) -> None:
    """Cleaning twice changes nothing more, and leaves none of the characters that it drops."""
    assert clean(clean(text)) == clean(text)
    assert not set(clean(text)) & set('<>",;()\n\t')


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abc:.@- ", min_size=1).filter(str.strip), max_size=6))
def test_quoted_arguments_stay_whole(arguments: list[str]) -> None:
    """An argument in double quotes is one argument, whatever blanks it holds."""
    assert split(" ".join(f'"{argument}"' for argument in arguments)) == [argument.strip() for argument in arguments]


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcd"), max_size=3), st.text(alphabet="abcdx ", max_size=8))
def test_words_select_what_contains_them_all(words: list[str], text: str) -> None:
    """A query of words finds a text exactly if each word is part of it; negated, if none of them is."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE TABLE messages (search_text TEXT)")
        connection.execute("INSERT INTO messages VALUES (?)", (text,))
        for prefix, expected in (
            ("", all(word in text for word in words)),
            ("-", all(word not in text for word in words)),
        ):
            where, parameters = to_sql(parse(" ".join(prefix + word for word in words)))
            found = connection.execute(f"SELECT COUNT(*) FROM messages WHERE {where}", parameters).fetchone()[0]
            assert bool(found) == expected
    finally:
        connection.close()
