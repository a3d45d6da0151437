"""Every sentence that the judge itself says: a code, a whole sentence with named places, plural forms.

A lab's own messages stand in its checks.py; these are the engine's. A translation is another mapping of the same
codes: a file LANGUAGE/judge.toml in the folder datasets/languages (`read_catalogues`). The ledger keeps codes, never
sentences.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from spamlab.content.faults import Fault, raise_faults

Entry = str | dict[str, str]

ENGLISH: dict[str, Entry] = {
    # states
    "missing": "There is no answer yet. Give one in the form, or with answer(\"{question}\", ...).",
    "saved": "Saved. This part is silent: it earns the points and tells nothing more.",
    "saved-silent": "Saved. Nothing is told back here, and it earns no points. You can change it later.",
    "saved-choices": "Saved. Run the cell with {build}, then the cell with check.",
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
    "form-one-line": "The field \"{field}\" takes a single line.",
    "form-template": "Keep the given text as it is, and fill its blanks only.",
    "form-artefact": "Give the whole text, as you would write it into its file.",
    "form-start": "This is still the text that stood there at first. Change it, then save it.",
    "form-runs-not": "The text can't be read: it breaks the rules of its language.",
    "form-slow": "The text takes too long to try out. Write it shorter or plainer.",
    "form-estimate": "Give your best number with a range from low to high.",
    "form-range": "Your best number must lie in your range, from low to high.",
    "form-outputs": "Check a function: check(\"{question}\", {function}).",
    "form-policy": "Give the policy as TOML text, or as the record that the form makes.",
    "form-policy-economy": "Your policy must be for your own economy, {own}. This one is for {given}.",
    "form-policy-faults": "This can't be played yet. {faults}",
    "form-policy-empty": "Your policy holds no measure yet. Add one under [[measure]].",
    # a policy
    "policy-more": {"one": "One more fault follows.", "other": "{n} more faults follow."},
    "policy-score": "Your policy scores {score} of 100.",
    "policy-score-hidden": "Your policy scores {score} of 100 in scenarios that you had not seen.",
    "policy-scenario": "Scenario “{title}”: {score} of 100.",
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
    "run-case": "{right} of {total} cases come out as asked. One that does not: {case}. There, your text does this: "
                "{does}.",
    "run-case-line": "{right} of {total} cases come out as asked. One that does not: {case}. There, line {line} does "
                     "this: {does}.",
    "run-alone": "Your text now does this: {does}. That is not what is asked.",
    "artefact-line": {"one": "Line {line}, `{clause}`, decides one case. {cases}.",
                      "other": "Line {line}, `{clause}`, decides {n} cases. {cases}."},
    "artefact-line-none": "Line {line}, `{clause}`, decides no case.",
    "artefact-rest": {"one": "No line decides one case. {cases}.", "other": "No line decides {n} cases. {cases}."},
    "part-estimate-inside": "Your best number is near enough.",
    "part-estimate-outside": "Your best number is too far off.",
    "part-estimate-holds": "Your range holds the true value.",
    "part-estimate-wide": "Your range is too wide to help anybody decide.",
    "part-estimate-misses": "The true value lies outside your range.",
    "part-estimate-fits": "The reason fits.",
    "part-estimate-not": "The reason does not fit yet: half of the points.",
    "estimate-low": "Your number is too low, and your range misses the true value. Write down what you have not "
                    "counted.",
    "estimate-high": "Your number is too high, and your range misses the true value. Write down what you count twice.",
    "estimate-in": "Your number is near, but neither your range nor your reason holds.",
    # filters
    "filter-right": "Right. It finds {found} of {spam} unwanted messages and loses {lost} of {wanted} wanted ones. "
                    "{reason}",
    "filter-recall": "With at most {limit} of wanted messages lost, it finds {found} of {spam} unwanted ones. The goal "
                     "is {goal}.",
    "filter-cost": "It lets {missed} unwanted messages through and loses {lost} wanted ones. The cost is {cost}.",
    "filter-worst": "It does worst where the {dimension} is {value}: {wrong} of {total} are wrong.",
    "filter-slice": "Where the {dimension} is {value}, {wrong} of {total} are wrong.",
    "filter-constant": "It gives every message the same score, so nothing tells spam from wanted mail. Look at its "
                       "score for two very different messages.",
    "filter-upside": "Its scores stand upside down: wanted messages get the higher ones. Give the higher score to "
                     "unwanted messages.",
    "filter-votes": "It says only yes or no, and loses more wanted messages than the limit of {limit}. Give a score, "
                    "so that the limit can choose.",
    "filter-length": "It gives {given} scores for {wanted} messages. Give one number for each message, in their order.",
    "filter-unread": {"one": "One score is no number. Look for an empty message or a division by zero.",
                      "other": "{n} scores are no numbers. Look for empty messages or a division by zero."},
    "filter-error": {"one": "It stops with the error `{name}` on one list of messages. Try it on the practice "
                            "messages, and on an empty text.",
                     "other": "It stops with the error `{name}` on {n} lists of messages. Try it on the practice "
                              "messages, and on an empty text."},
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
    "service-flood": {"one": "These were many tries in a short time. Wait one second, then try again.",
                      "other": "These were many tries in a short time. Wait {n} seconds, then try again."},
    "service-kept": "This question holds too many long answers of yours already. What the folder answers holds still "
                    "counts; call the trainer.",
    "service-token": "This address needs the token of a participant. Start the notebook from the workshop's page.",
    "service-room": "This address is for the instructor.",
    "service-lab": "There is no lab called {lab} in this workshop.",
    "service-question": "There is no question called {question} in this lab.",
    "service-corpus": "The folder with real messages can't be read; call the trainer.",
    "service-no-corpus": "Your trainer has put no real messages into this workshop.",
    "service-set": "There is no set called {set}. Sets: {sets}.",
    "service-body": "The request must be one JSON object with the fields {fields}.",
    "service-path": "There is nothing at this address.",
    "service-method": "This address does not take this kind of request.",
    "service-size": "The request is too big.",
    "service-own": "The judge has a fault of its own; call the trainer.",
    "service-broken-lab": "This lab can't be judged at the moment; call the trainer.",
    "service-function": "This question does not ask for a function.",
    # words of forms: no sentences
    "label-nothing": "nothing",
    "label-true": "true",
    "label-false": "false",
    "label-reason": "Reason",
    "label-not-marked": "not marked",
    "label-order": "First to last",
    "label-pick": "Your choice",
    "label-address": "IP address",
    "label-domain": "Domain",
    "label-number": "Number",
    "label-text": "Answer",
    "label-unit": "{label} ({unit})",
    "label-artefact": "Your text",
    "label-policy": "Your policy",
    "label-best": "Best number",
    "label-low": "From, at least",
    "label-high": "To, at most",
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
    language = _language.get()
    entry = TRANSLATIONS.get(language, ENGLISH).get(code)
    if entry is None:
        language, entry = "en", ENGLISH[code]
    if isinstance(entry, dict):
        entry = entry.get(_plural(language, places.get("n")), entry["other"])
    return entry.format(**places).strip()


def read_catalogues(folder: Path) -> list[str]:
    """Take in every FOLDER/LANGUAGE/judge.toml, a table of code = "sentence" or code = {one = ..., other = ...}.

    Returns the languages. Raises ContentError with all faults: unknown codes, places that the English sentence does
    not have or that it has and the other lacks, no form "other". A code left out is said in English.
    """
    found = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*/judge.toml")):
        shown = f"{path.parent.name}/judge.toml"
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(Fault(shown, f"the file can't be read: {error}"))
            continue
        faults += [Fault(shown, what) for what in catalogue_faults(read)]
        found.append((path.parent.name, read))
    raise_faults(faults)
    for language, read in found:
        if language != "en":
            TRANSLATIONS[language] = {code: dict(entry) if isinstance(entry, Mapping) else str(entry)
                                      for code, entry in read.items()}
    return [language for language, _read in found]


def catalogue_faults(read: Mapping[str, Any]) -> list[str]:
    """What is wrong with a translation, one sentence each."""
    found = []
    for code, entry in read.items():
        if code not in ENGLISH:
            found.append(f"there is no sentence called {code}")
            continue
        texts = list(entry.values()) if isinstance(entry, Mapping) else [entry]
        if not texts or not all(isinstance(text, str) for text in texts):
            found.append(f"{code} must be a sentence, or sentences by plural form")
            continue
        if isinstance(entry, Mapping) and "other" not in entry:
            found.append(f"{code} has no plural form called other")
        known = _places(ENGLISH[code])
        for text in texts:
            try:
                own = _places(text)
            except ValueError as error:
                found.append(f"{code}: {error}")
                continue
            found += [f"{code} names the place {place}, which is not there" for place in sorted(own - known)]
            found += [f"{code} lacks the place {place}" for place in sorted(known - own - {"n"})]
    return found


def _places(entry: Entry) -> set[str]:
    texts = entry.values() if isinstance(entry, dict) else [entry]
    return {name for text in texts for _text, name, _spec, _conversion in string.Formatter().parse(text)
            if name is not None}


@lru_cache(maxsize=64)
def _rule(language: str) -> Any:
    """The language's plural rule of CLDR where the library that has them is there, else None."""
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        return None
    try:
        return Locale.parse(language.replace("-", "_")).plural_form
    except (ValueError, UnknownLocaleError):
        return None


def _plural(language: str, number: object) -> str:
    rule = _rule(language) if language != "en" else None
    if rule is None or not isinstance(number, int | float):
        return "one" if number == 1 else "other"
    return str(rule(number))
