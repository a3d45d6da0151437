"""Every sentence that the judge itself says: a code, a whole sentence with named places, plural forms.

A lab's own messages stand in its checks.py; these are the engine's. A translation is another mapping of
the same codes, put into `TRANSLATIONS`; the ledger keeps codes, never sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Entry = str | dict[str, str]

ENGLISH: dict[str, Entry] = {
    # states
    "missing": "There is no answer yet. Give one in the form, or with answer(\"{question}\", ...).",
    "saved": "Saved. This part is silent: it earns the points and tells nothing more.",
    "saved-silent": "Saved. Nothing is told back here, and it earns no points.",
    "saved-choices": "Saved. Run the cell with build_rule, then the cell with check.",
    "saved-document": "Saved. The form is complete; a person reads it and gives the points.",
    "right": "Right. {reason}",
    "right-plain": "Right. Go on with the next question.",
    "wrong": "This is not the answer. Read the worked example's step again, then look at your message once more.",
    "part-plain": "A part of this is right.",
    "own-failure": "The judge could not look at this answer. It is not your fault; call the trainer.",
    # form: bounds
    "form-json": "The answer must be plain data: text, numbers, true or false, lists, tables.",
    "form-broken": "The answer can't be read as JSON. Give it through the form, or with answer(...).",
    "form-size": "The answer is too big: at most 64 kilobytes are read.",
    "form-depth": "The answer is nested too deep: at most {depth} levels are read.",
    "form-number": "The number is too big or is no number. Give an ordinary number.",
    "form-duplicate": "The name {name} stands twice in the answer. Give each name once.",
    "form-text": "The answer holds signs that can't be read. Type it again as plain text.",
    # form: value
    "form-single": "Give one value, not a list or a table.",
    "form-address": "Give an IP address, such as 192.0.2.7 or 2001:db8::7. A name is not an address.",
    "form-domain": "Give a domain name, such as mail.sender.example, without spaces.",
    "form-a-number": "Give a number in digits, such as 12.",
    "form-unit": "Give the number in {unit}.",
    "form-point": "Write the number without signs between thousands, such as 1234.5.",
    "form-long": "The answer is too long: at most {most} characters.",
    # form: choices
    "form-choice": "Choose one of: {choices}.",
    "form-none": "Choose one of the offered values; yours is not among them.",
    "form-list": "Give a list in order, such as [3, 2, 1].",
    "form-twice": "{name} stands twice in your list. Give each once.",
    "form-all": {"one": "One place is still empty. Put all {total} in order.",
                 "other": "{n} places are still empty. Put all {total} in order."},
    "form-marks": "Mark at least one line, and give a reason for each.",
    "form-reason": "Give a reason for {name}. Choose one of: {choices}.",
    "form-statements": "Answer every statement with true or false. Statement {name} is still open.",
    "form-statement": "Statement {name} takes true or false.",
    "form-statements-shape": "Give true or false for each statement, such as {{\"1\": true, \"2\": false}}.",
    "form-why": "Choose a reason as well. Choose one of: {choices}.",
    "form-unknown": "The answer names {name}, which is not asked for.",
    "form-table": "Give a table: for each row, a value in each column.",
    "form-cell": "Row {row}, column {column} is still empty.",
    "form-cell-choice": "Row {row}, column {column} takes one of: {choices}.",
    "form-record": "Fill the fields of the form: {fields}.",
    "form-field": "The field \"{field}\" is still empty.",
    "form-field-choice": "The field \"{field}\" takes one of: {choices}.",
    "form-outputs": "Check a function: check(\"{question}\", {function}).",
    # partly right
    "part-statements": {"one": "One of {total} statements is answered rightly; guessing gets about half. {reason}",
                        "other": "{n} of {total} statements are answered rightly; guessing gets about half. {reason}"},
    "part-statements-all": "All {total} statements are answered rightly. The reason does not fit yet: half of the "
                           "points.",
    "part-statements-fits": "The reason fits.",
    "part-statements-not": "The reason does not fit yet.",
    "part-order": "{chain} of {total} stand in one right chain. The first wrong place is place {place}.",
    "part-order-extra": "{chain} of {total} stand in one right chain. {extra} of yours do not belong there.",
    "part-mark": "Found: {found} of {total}. Marked too much: {extra}. Another reason fits: {other}.",
    "part-table": "{right} of {cells} cells are right.",
    "part-table-rows": "{right} of {cells} cells are right. Complete rows: {rows}.",
    # functions
    "function-right": "Right for all {total} messages. {reason}",
    "function-part": "Right for {right} of {total} messages. It fails where {sort}.",
    "function-part-shown": "Right for {right} of {total} messages. It fails where {sort}; practice message {name} "
                           "is such a one. Try it.",
    "function-error": "It stops with an error where {sort}. Right for {right} of {total} messages.",
    "function-error-shown": "It stops with an error where {sort}; practice message {name} is such a one. "
                            "Right for {right} of {total} messages.",
    "function-none": "It gives the right result for none of the {total} messages. Try it on one message first.",
    "function-lacking": "No result came back for {n} of {total} messages. {rest}",
    # the service
    "hint-attempt": "A hint opens after you have tried once.",
    "hint-wait": {"one": "This hint opens in one second.", "other": "This hint opens in {n} seconds."},
    "hint-order": "Open hint {step} first.",
    "hint-none": "This question has no hint {step}.",
    "room-right": "The right answer.",
    "service-token": "This address needs the token of a participant. Start the notebook from the workshop's page.",
    "service-room": "This address is for the instructor.",
    "service-lab": "There is no lab called {lab} in this workshop.",
    "service-question": "There is no question called {question} in this lab.",
    "service-body": "The request must be one JSON object with the fields {fields}.",
    "service-path": "There is nothing at this address.",
    "service-method": "This address does not take this kind of request.",
    "service-size": "The request is too big.",
    "service-own": "The judge has a fault of its own; call the trainer.",
    "service-broken-lab": "This lab can't be judged at the moment; call the trainer.",
    "service-function": "This question does not ask for a function.",
}

TRANSLATIONS: dict[str, dict[str, Entry]] = {"en": ENGLISH}

_language: ContextVar[str] = ContextVar("spamlab_judge_language", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside the block in `language`; a code without translation is said in English."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def say(code: str, /, **places: object) -> str:
    """The sentence called `code` with its places filled; the place `n` chooses the plural form.

    Raises KeyError for an unknown code, which is a fault of the engine.
    """
    entry = TRANSLATIONS.get(_language.get(), ENGLISH).get(code, ENGLISH[code])
    if isinstance(entry, dict):
        entry = entry["one" if places.get("n") == 1 else "other"]
    return entry.format(**places).strip()
