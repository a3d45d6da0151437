"""Every sentence that the kit itself says: a code, a whole sentence with named places, plural forms.

What the judge says comes from the judge. A translation is another mapping of the same codes in `TRANSLATIONS`.
"""

from __future__ import annotations

Entry = str | dict[str, str]

ENGLISH: dict[str, Entry] = {
    # start
    "start-class": "Lab {lab}: you are {participant}. {judge} {mailbox}",
    "start-graded": "Lab {lab}: graded run, without judge and mailbox.",
    "start-judge": "The judge answers.",
    "start-no-judge": "The judge does not answer: you can work and save, but not check. Tell the trainer.",
    "start-mailbox": "Your mailbox answers.",
    "start-no-mailbox": "Your mailbox does not answer: run this cell again in a minute, then tell the trainer.",
    "start-empty": {"one": "Your mailbox answers, but one message is not there yet. Run this cell again in a minute.",
                    "other": "Your mailbox answers, but {n} messages are not there yet. "
                             "Run this cell again in a minute."},
    "start-restart": "After a restart, choose Run, then Run All Cells. Saved answers come back.",
    "no-lab": "Run the first cell of the notebook, start(\"...\"), and then this cell again.",
    "lab-name": "A lab is named by its folder, such as start(\"02-header-forensics\").",
    # services
    "judge-unset": "This notebook was not told where the judge is. Open it from the workshop's page, "
                   "or tell the trainer.",
    "judge-away": "The judge does not answer. Wait a minute, run the cell again, then tell the trainer.",
    "judge-odd": "The judge sent an answer that can't be read. Tell the trainer.",
    "judge-refused": "The judge refused this request. Tell the trainer.",
    "mailbox-unset": "This notebook was not told where your mailbox is. Open it from the workshop's page, "
                     "or tell the trainer.",
    "mailbox-away": "Your mailbox does not answer. Wait a minute, run the cell again, then tell the trainer.",
    "data-away": "The messages of this graded run can't be read; this is a fault of the workshop, not yours.",
    # answers
    "answer-id": "A question is named like \"q3\" or \"q3-twin\"; {name} is not such a name.",
    "answer-type": "An answer can hold text, numbers, true or false, lists and tables; yours holds {what}.",
    "answer-tuple": "Write square brackets [ ] in place of round ones ( ) in your answer.",
    "answer-set": "Write a list with square brackets [ ] in place of the curly ones {{ }} in your answer.",
    "answer-bytes": "Your answer holds bytes; write text without the letter b before the quotation mark.",
    "answer-key": "Names in a table must be text: write \"{name}\" in place of {name}.",
    "answer-number": "A number in your answer is too big or is no number. Give an ordinary number.",
    "answer-text": "A text in your answer holds signs that can't be kept. Type it again as plain text.",
    "answer-deep": "Your answer is nested too deep, or holds itself: at most {depth} levels can be kept.",
    "answer-big": "Your answer is too big: at most {size} kilobytes can be kept.",
    "answer-disk": "The answer could not be written to this folder. Tell the trainer.",
    "answer-broken": "The saved answer of {question} can't be read. Save it again in the form, or with "
                     "answer(\"{question}\", ...).",
    "answer-kept": "{question}: your answer is kept in the folder answers.",
    "answer-kept-only": "Your answer is kept in the folder answers, but the judge does not answer, so there is no "
                        "feedback. Tell the trainer.",
    # check
    "check-graded": "{question}: this answer is judged outside the notebook.",
    "check-none": "Fill in the form and press its button, or write "
                  "answer(\"{question}\", ...).",
    "check-none-form": "Fill in the form, then press its button.",
    "check-no-rule": "Your choices are saved, but nothing is built from them yet. Run the cell with "
                     "{build}, then this cell again.",
    "check-stale": "Your saved choices have changed. Run the cell with {build} again, then this one.",

    "check-not-done": "Nothing was checked, because the judge can't be asked. {reason}",
    "check-callable": "Give check the name of your function, without brackets: check(\"{question}\", {function}).",
    "check-stopped": "Your function stopped with an error on {n} of {total} messages. The first: {name}.",
    "check-trace": "Python's own words about {name}",
    "check-printed": "What your function printed",
    "check-slow": "takes longer than {seconds} seconds",
    "check-result": "gives a result that is no plain data: {sentence}",
    "check-big": "gives a result that is too big",
    "check-practice": "Practice",
    "check-twin": "For points",
    "twin-none": "The part for points is still open. It is below the practice part of the form.",
    # states
    "state-right": "Right",
    "state-part": "Part right",
    "state-not-yet": "Not yet",
    "state-saved": "Saved",
    "state-form": "Please look at how your answer is written",
    "state-missing": "No answer yet",
    "state-error": "Stopped with an error",
    "state-kept": "Kept, not checked",
    "state-stale": "Not checked",
    "share": "So far about {percent}% is right.",
    "details": {"one": "Show one more line about your answer", "other": "Show what {n} parts of your answer do"},
    "next-right": "Next: do the part for points, then go on.",
    "next-right-alone": "Next: go on to the next question.",
    "next-not-yet": "Next: change your answer, then check again.",
    "next-form": "This does not count as a try.",
    "saved-silent": "Saved at {time}, as your choice so far; you can change it. Nothing is told back.",
    "saved-choices": "Saved at {time}. Run the cell with {build}, then the cell with check.",
    "offer-hint": "A hint may help: \"{title}\". Open it with its button, or with hint(\"{question}\").",
    "offer-hint-form": "A hint may help: \"{title}\". Open it with its button.",
    "offer-hint-wait": "A hint opens after a short wait: \"{title}\". Its button says how long.",
    "offer-hint-wait-cell": "A hint opens after a short wait: \"{title}\". hint(\"{question}\") says how long.",
    "go-on": "You may go on to the next question. This one stays open, and its part for points still counts.",
    "go-on-alone": "You may go on to the next question. This one stays open.",
    # form
    "form-graded": "{question}: the form is not shown in a graded run; the saved answers are used.",
    "form-practice": "Practice: with feedback and hints",
    "form-practice-silent": "Your answer",
    "form-twin": "For points: without feedback",
    "form-twin-note": "A short question of the same kind. The judge only says that it is saved. "
                      "You can change it until you hand in.",
    "form-choose": "(choose)",
    "form-save-practice": "Save and check",
    "form-save-twin": "Save for points",
    "form-save": "Save",
    "form-busy": "Asking the judge ...",
    "form-changed": "Changed, not saved yet.",
    "form-shown": "This is your saved answer.",
    "form-fault": "The form has a fault of its own; this is not your fault. Tell the trainer.",
    "form-nothing": "The judge has no form for {question}. Answer it with answer(\"{question}\", ...).",
    "form-no-judge": "The form of {question} comes from the judge. {reason} You can still keep an answer with "
                     "answer(\"{question}\", ...).",
    "form-words": {"one": "One word.", "other": "{n} words."},
    "form-text-given": "The text with its blanks:",
    "form-message": "Show the lines of message {name}",
    "form-messages": "Messages: {names}. See one with lines(\"{first}\").",
    "form-again": "To see the form again, choose Run, then Run All Cells.",
    "form-typed": "{title}. Typed, the same answer is answer(\"{question}\", ...).",
    "form-text": "{title}. Answer with answer(\"{question}\", ...).",
    "form-up": "Up",
    "form-down": "Down",
    "form-up-of": "Move {label} up",
    "form-down-of": "Move {label} down",
    "form-out": "Leave out",
    "form-in": "Put back",
    "form-out-of": "Leave {label} out of the order",
    "form-in-of": "Put {label} back into the order",
    "form-place": "Place",
    "form-left-out": "out",
    # hints
    "hints": "Hints",
    "hint-button": "Hint {step}: {title}",
    "hint-button-try": "Hint {step}: {title} (opens after a try)",
    "hint-button-order": "Hint {step}: {title} (opens after hint {before})",
    "hint-button-wait": "Hint {step}: {title} (wait a little)",
    "hint-button-open": "Hint {step}: {title} (open)",
    "hint-again": {"one": "Press again in one second.", "other": "Press again in {n} seconds."},
    "hint-shown": "Hint {step}: {title}",
    "hint-all": "All hints of {question} are open.",
    "hint-none": "There are no hints for {question}.",
    "hint-graded": "{question}: hints are closed in a graded run.",
    # inbox
    "inbox-title": "Messages in your mailbox",
    "inbox-empty": "There is no message of this lab in your mailbox yet. Run this cell again in a minute.",
    "inbox-unknown": "There is no message called {name}. Messages: {names}.",
    "inbox-missing": "Message {name} is not in your mailbox. If you removed it, tell the trainer.",
    "inbox-more": {"one": "One more message in your mailbox does not belong to this lab.",
                   "other": "{n} more messages in your mailbox do not belong to this lab."},
    "line-unknown": "There is no line {number}. {what}: {names}.",
    "header-none": "Message {name} has no header field called {field}.",
    # sets of records
    "set-name": "A set is named by a word, such as dataset(\"train\").",
    "set-unknown": "There is no set called {name}. Sets: {names}.",
    "set-title": {"one": "Set {name}: one message.", "other": "Set {name}: {n} messages."},
    "set-cut": "The table shows the first {shown}.",
    "set-unlabelled": "The messages of set {name} have no label.",
    "desk-show": "Show",
    "desk-empty": "The field \"{field}\" is still empty.",
    "figure-alt": "A figure needs an alt text of at most {most} characters: what it shows, in one sentence.",
    # displays
    "lines-title": "Header of message {name}, from the top",
    "lines-number": "Line",
    "lines-field": "Field",
    "lines-text": "Text",
    "lines-zero": "Line 0: our mailbox stored the message.",
    "lines-cut": {"one": "One more field is not shown.", "other": "{n} more fields are not shown."},
    "text-cut": "... ({n} more signs)",
    "route-title": "Which way does message {name} claim to have come?",
    "route-alt": "{n} Received lines of {name}, newest on top: they claim a way from {first} to {last}.",
    "route-alt-none": "Message {name} has no Received line, so it claims no way.",
    "route-none": "Message {name} has no Received line.",
    "route-more": "The figure shows the first {shown} lines; the table shows all.",
    "route-from": "says: came from",
    "route-by": "says: taken by",
    "route-line": "Line {number}",
    "route-travel": "way of travel",
    "route-border": "Border: our own servers wrote the lines above",
    "route-note": "The figure repeats what the lines say. A sender can invent lines.",
    "route-col-name": "from: name given",
    "route-col-address": "from: address seen",
    "route-col-by": "by: taken by",
    "route-col-time": "Time as written",
    "route-col-utc": "Time in UTC",
    "route-nothing": "not said",
    # files
    "file-name": "Give a short file name such as \"checklist.md\", without a folder.",
    "file-text": "Give the file's content as text.",
    "file-saved": "Written: {name}",
    "file-disk": "The file {name} could not be written to this folder. Tell the trainer.",
    "column-name": "Name",
    "column-from": "From",
    "column-subject": "Subject",
    "column-date": "Date",
    "column-set": "For",
    "set-practice": "practice",
    "set-twin": "points",
    # Validate
    "validate-head": "Your notebook was run again from the top. This is how your questions stand now. "
                     "It does not say whether an answer is right.",
    "validate-saved": "answered and saved.",
    "validate-missing": "not answered yet.",
    "validate-practice-only": "only the practice part is answered. The part for points is not answered yet.",
    "validate-form": "the form of the answer is not right yet. The question says what is missing.",
    "validate-error": "the cell fails with {error}",
    "validate-cell": "A cell of yours fails with {error}",
    "validate-unreadable": "This notebook can't be read. Close it, open it again, and save it.",
    "validate-not-run": "The notebook could not be run: {reason}",
    "validate-busy": "This notebook is being run already. Wait for the end of that run.",
    "validate-none": "The run of this notebook gave no result. Save your work, then try again.",
}

TRANSLATIONS: dict[str, dict[str, Entry]] = {"en": ENGLISH}


def say(code: str, /, **places: object) -> str:
    """The sentence called `code` with its places filled; the place `n` chooses the plural form.

    Raises KeyError for an unknown code, which is a fault of the kit.
    """
    entry = ENGLISH[code]
    if isinstance(entry, dict):
        entry = entry["one" if places.get("n") == 1 else "other"]
    return entry.format(**places).strip()
