"""The search language of Mailpit's API: a query's text to terms, and terms to SQL.

Source: https://mailpit.axllent.org/docs/usage/search-filters/. Words and "quoted phrases" must all be found.
`from: to: cc: bcc: reply-to: addressed: subject: message-id:` look into one field, `is:read is:unread
has:attachment has:inline larger: smaller: before: after:` at the message; `-` or `!` in front negates.
Nothing here raises: what no filter understands is searched as text, as Mailpit does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

FIELDS = ("from", "to", "cc", "bcc", "reply-to", "addressed", "subject", "message-id", "tag")
FLAGS = {
    "is:read": "read",
    "is:unread": "unread",
    "is:tagged": "tagged",
    "has:attachment": "attachment",
    "has:attachments": "attachment",
    "has:inline": "inline",
    "has:inlines": "inline",
}
MEASURES = ("larger", "smaller", "before", "after")

_COLUMNS = {
    "text": ("search_text",),
    "from": ("search_from",),
    "to": ("search_to",),
    "cc": ("search_cc",),
    "bcc": ("search_bcc",),
    "reply-to": ("search_reply_to",),
    "addressed": ("search_to", "search_from", "search_cc", "search_bcc", "search_reply_to"),
    "subject": ("search_subject",),
    "message-id": ("search_message_id",),
}
_CONDITIONS = {
    "read": "read = 1",
    "unread": "read = 0",
    "tagged": "0",
    "tag": "0",
    "attachment": "attachments > 0",
    "inline": "inlines > 0",
    "larger": "size > ?",
    "smaller": "size < ?",
    "before": "created <= ?",
    "after": "created >= ?",
}
_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(k|kb|m|mb)?")
_UNITS = {"": 1, "k": 1024, "kb": 1024, "m": 1024**2, "mb": 1024**2}


@dataclass(frozen=True)
class Term:
    """One condition: `field` is "text", one of FIELDS, MEASURES or the values of FLAGS.

    value: cleaned text, or bytes for larger/smaller, or milliseconds since 1970 for before/after; "" for a flag.
    """

    field: str
    value: str | int = ""
    negated: bool = False


def clean(text: str) -> str:
    """Lower case, punctuation that Mailpit drops (<>",;()) and white space made single blanks."""
    return " ".join(re.sub(r'[\ufeff<>",;()]', " ", text).lower().split())


def split(query: str) -> list[str]:
    """The query's arguments: split at blanks outside double quotes, the quotes removed."""
    found, current, quoted = [], "", False
    for character in query:
        if character == '"':
            quoted = not quoted
        elif character == " " and not quoted:
            found.append(current)
            current = ""
        else:
            current += character
    return [argument.strip() for argument in [*found, current] if argument.strip()]


def parse(query: str) -> tuple[Term, ...]:
    """All terms of a query, in order; an empty query has none."""
    return tuple(term for argument in split(query) if (term := _term(argument)) is not None)


def to_sql(terms: Sequence[Term]) -> tuple[str, list[str | int]]:
    """A WHERE expression over the store's columns, and its parameters; "1" without terms."""
    conditions: list[str] = []
    parameters: list[str | int] = []
    for term in terms:
        condition, values = _condition(term)
        conditions.append(f"NOT ({condition})" if term.negated else condition)
        parameters.extend(values)
    return " AND ".join(conditions) or "1", parameters


def _term(argument: str) -> Term | None:
    negated = len(argument) > 1 and argument[0] in "-!"
    word = argument[1:] if negated else argument
    lowered = word.lower()
    if lowered in FLAGS:
        return Term(FLAGS[lowered], "", negated)
    name, colon, rest = word.partition(":")
    name = name.lower()
    if colon and name in FIELDS:
        return Term(name, value, negated) if (value := clean(rest)) else None
    if colon and name in ("before", "after"):
        moment = _milliseconds(rest)
        return None if moment is None else Term(name, moment, negated)
    if colon and name in ("larger", "smaller") and (size := _bytes(rest)) is not None:
        return Term(name, size, negated)
    return Term("text", value, negated) if (value := clean(word)) else None


def _condition(term: Term) -> tuple[str, Iterable[str | int]]:
    if term.field in _COLUMNS:
        columns = _COLUMNS[term.field]
        return "(" + " OR ".join(f"instr({column}, ?) > 0" for column in columns) + ")", [term.value] * len(columns)
    return _CONDITIONS[term.field], [term.value] if term.field in MEASURES else []


def _bytes(text: str) -> int | None:
    match = _SIZE.fullmatch(clean(text))
    if match is None:
        return None
    return int(float(match[1]) * _UNITS[match[2] or ""]) or None


def _milliseconds(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (OverflowError, ValueError):
        return None
