"""The questions of lab 02: right answers, known mistakes and hints, all as functions of one participant's messages.

Every text is a whole sentence with named places; `tell` fills them from the message in question. A line is named in
answers by its id, the signs after "id" in the line, so that an answer belongs to one participant's message.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from functools import lru_cache
from pathlib import Path
from typing import Any

from spamlab.judge.kinds import Document, Function, Mark, Order, Pick, Statements, Table, Value
from spamlab.judge.kinds.function import raw_inputs
from spamlab.judge.kinds.reading import address_of
from spamlab.judge.question import Checks, Item, Mistake
from spamlab.records.truth import HopTruth, Labelled

checks = Checks()

FOLDER = Path(__file__).parent
PRACTICE_INPUTS = tuple(f"P{number}" for number in range(1, 13))
HIDDEN_INPUTS = tuple(f"H{number}" for number in range(1, 25))


# -- reading one message ------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def received(raw: bytes) -> tuple[str, ...]:
    """The Received lines from the top, each in one row."""
    header = BytesHeaderParser().parsebytes(raw)
    return tuple(" ".join(str(text).split()) for text in header.get_all("Received", []))


@lru_cache(maxsize=512)
def line_ids(raw: bytes) -> tuple[str, ...]:
    """The id of each Received line from the top; "line-N" for a line without one."""
    found = [re.search(r"\bid ([^\s;()]+)", text) for text in received(raw)]
    return tuple(match[1] if match else f"line-{number}" for number, match in enumerate(found, 1))


def line_id(labelled: Labelled, line: int | str) -> str:
    """The id of line `line` (1 = topmost)."""
    return line_ids(labelled.message.raw)[int(line) - 1]


LINE = "line {line}: from {name}, by {by}, {clock}, id {id}"
"""How a form shows a line where its time counts."""

SHORT_LINE = "line {line}: from {name}, by {by}, id {id}"
"""How a form shows a line where only its hosts count."""


def clock_of(labelled: Labelled, line: int) -> str:
    """The time of a line as it is written there, without the year: "Tue, 15 Sep, 10:00:43 +0300"."""
    written = received(labelled.message.raw)[line - 1].rpartition(";")[2].split()
    return f"{' '.join(written[:3])}, {' '.join(written[4:6])}"


def label_of(labelled: Labelled, hop: HopTruth, form: str = LINE) -> str:
    """The line as a form shows it."""
    return form.format(line=hop.line, by=hop.by, name=hop.from_name or "-", clock=clock_of(labelled, hop.line),
                       id=line_id(labelled, hop.line))


def lines_of(item: Item) -> list[tuple[str, str]]:
    """The lines of the question's message for a form: id and label, top first."""
    shown = item.data[item.names[0]]
    return [(line_id(shown, hop.line), label_of(shown, hop)) for hop in shown.truth.hops]


def hosts_of(item: Item) -> list[tuple[str, str]]:
    """The same without times, for questions about who wrote a line."""
    shown = item.data[item.names[0]]
    return [(line_id(shown, hop.line), label_of(shown, hop, SHORT_LINE)) for hop in shown.truth.hops]


def places(item: Item, name: str = "") -> dict[str, Any]:
    """The named places of one message: what a text may say about it. name: default the question's first message."""
    shown = item.data[name or item.names[0]]
    truth, notes = shown.truth, dict(shown.truth.notes)
    ours = next((one for one in truth.results if one.ours), None)
    found: dict[str, Any] = {
        "message": name or item.names[0], "border": truth.border_line, "bottom": len(truth.hops),
        "handover": truth.handover_address, "greeting": truth.handover_name, "from_domain": truth.from_domain,
        "envelope_domain": truth.envelope_domain, "report_to": truth.report_to,
        "below": truth.border_line + 1, "border_hosts_and": " and ".join(notes.get("border_hosts", "").split()),
        "spf": ours.results["spf"][0] if ours else "", "dkim": ours.results["dkim"][0] if ours else "",
    }
    if truth.border_line:
        found["border_host"] = truth.hops[truth.border_line - 1].by
    if "clock_minutes" in notes:
        found["clock_apart"] = abs(int(notes["clock_minutes"]))
    if "names_us_line" in notes:
        found["names_us"] = truth.hops[int(notes["names_us_line"]) - 1].from_name
    return notes | found


def tell(text: str, name: str = "") -> Callable[[Item], str]:
    """A text with named places, filled from the question's message or from the message `name`."""
    return lambda item: text.format(**places(item, name))


# -- Half done: the handover of P1 --------------------------------------------------------------------------------


def _seen_in_p1(item: Item) -> list[tuple[str, str]]:
    truth = item.truth
    hops = (truth.hops[truth.border_line - 1], truth.hops[truth.border_line])
    found = {truth.handover_name, truth.notes["handover_reverse"], *(str(hop.from_address) for hop in hops)}
    return [(one, one) for one in sorted(found) if one]


w1 = checks.question(
    "w1", Pick(_seen_in_p1, label="What handed it over"), title="Half done: the handover of P1", points=0, minutes=2,
    about={"practice": ("P1",)}, core=False,
    prompt=tell("{message}: the border is line {border}, written by {border_host}. Which of these handed the message "
                "over?"),
    reason=tell("{handover} stands in the round brackets of line {border}, where our own server wrote what it saw."),
)


@w1.answer
def _right_w1(item: Item) -> str:
    return item.truth.handover_address


@w1.mistake(
    "greeting-name", trainer="Half done: takes the name from the greeting.",
    message="You chose the name after `from`. It stands first in the line. The other side said it, and nobody checked "
            "it. Look at the round brackets after it, and choose the address.")
def _w1_greeting(item: Item) -> str:
    return item.truth.handover_name


@w1.mistake(
    "reverse-name", trainer="Half done: takes the name from DNS.",
    message="You chose the name from DNS. It stands in the right brackets, and it helps to find the network. But a "
            "name can change or be missing. Choose the address beside it.")
def _w1_reverse(item: Item) -> str:
    return item.truth.notes["handover_reverse"]


@w1.remark
def _remark_w1(item: Item, given: Any) -> str:
    return (f"{given} does not stand in the round brackets of line {item.truth.border_line}. Read that line from left "
            f"to right: `from`, a name, then the brackets. Choose the address in them.")


# -- 1. Who wrote this line? --------------------------------------------------------------------------------------

STATEMENTS = {"invent": "The sender could invent {part}.", "trust": "We may trust {part}."}
PARTS = {
    "from": "the From address {from_address}",
    "date": "the Date field",
    "received": "line {bottom}",
    "foreign": "the results that begin with {foreign_id}",
    "border": "line {border}",
    "ours": "the results that begin with {authserv_id}",
}
TRUSTED = ("border", "ours")
REASONS_1 = {
    "below": "It arrived with the message: it does not come from our side.",
    "our-side": "Our own side wrote it after the message had arrived.",
    "from-checked": "Mail systems check this part before they take a message.",
    "servers-write": "Only mail servers write such lines, and people cannot.",
    "name-of-field": "The name of the field says who wrote it.",
}
TEMPTING_1 = {"from": "from-checked", "received": "servers-write", "foreign": "name-of-field"}


@dataclass(frozen=True)
class Shown:
    """The six statements as one participant sees them: for each key its part and frame; whose reason is asked."""

    parts: dict[str, str]
    frames: dict[str, str]
    reason_for: str

    def texts(self, item: Item) -> dict[str, str]:
        """Key -> sentence."""
        return {key: STATEMENTS[self.frames[key]].format(part=PARTS[part].format(**places(item)))
                for key, part in self.parts.items()}

    def truth(self) -> dict[str, bool]:
        """Key -> whether the sentence is true."""
        return {key: (self.frames[key] == "trust") == (part in TRUSTED) for key, part in self.parts.items()}

    def key_of(self, part: str) -> str:
        """The key under which a part stands."""
        return next(key for key, one in self.parts.items() if one == part)


def shown_statements(message_id: str) -> Shown:
    """Which statement stands where, and in which of its two frames: three are true, three false, drawn by message."""
    rng = random.Random(f"statements|{message_id}")
    parts = list(PARTS)
    rng.shuffle(parts)
    true = set(rng.sample(parts, 3))
    keys = {str(number): part for number, part in enumerate(parts, 1)}
    frames = {key: "trust" if (part in TRUSTED) == (part in true) else "invent" for key, part in keys.items()}
    asked = rng.choice((rng.choice(TRUSTED), rng.choice([part for part in parts if part not in TRUSTED])))
    return Shown(keys, frames, next(key for key, part in keys.items() if part == asked))


def _shown(item: Item) -> Shown:
    return shown_statements(item.message.message_id)


def _all_reasons(item: Item) -> list[tuple[str, str]]:
    reasons = list(REASONS_1.items())
    random.Random(f"reasons|{item.message.message_id}").shuffle(reasons)
    return reasons


def _prompt_1(item: Item) -> str:
    text = ("{message}: which parts could the sender invent, and which come from our side? Answer true or false for "
            "each statement. Then choose the reason why statement {statement} is true or false.")
    return text.format(statement=_shown(item).reason_for, **places(item))


q1 = checks.question(
    "q1", Statements(lambda item: _shown(item).texts(item), _all_reasons), title="Who wrote this line?", points=2,
    minutes=3, about={"practice": ("M1",), "twin": ("T1",)}, prompt=_prompt_1,
    reason=tell("Every line below line {border}, which our border wrote, arrived with the message; what our side added "
                "stands above."),
)


@q1.answer
def _right_1(item: Item) -> dict[str, Any]:
    shown = _shown(item)
    trusted = shown.parts[shown.reason_for] in TRUSTED
    return {**shown.truth(), "reason": "our-side" if trusted else "below"}


def _misread(item: Item, part: str) -> dict[str, Any]:
    """The right answers but for one part; its own tempting reason where the reason is asked for that part."""
    shown = _shown(item)
    answer: dict[str, Any] = _right_1(item)
    key = shown.key_of(part)
    answer[key] = not answer[key]
    if shown.reason_for == key:
        answer["reason"] = TEMPTING_1[part]
    return answer


@q1.mistake(
    "from-is-proved", trainer="Believes that the From address was checked by somebody.",
    message=tell("You treat the From address {from_address} as checked. It looks official, and mail programs show it "
                 "first. Look where From stands: below line {border}, which our border wrote. Ask who wrote it, then "
                 "change that statement."))
def _from_is_proved(item: Item) -> dict[str, Any]:
    return _misread(item, "from")


@q1.mistake(
    "received-is-safe", trainer="Believes that a Received line is true because a server must have written it.",
    message=tell("You treat line {bottom} as safe, because it is a Received line. Servers do write such lines, so the "
                 "form inspires trust. Look where it stands: below line {border}, which our border wrote. It arrived "
                 "with the message; decide again who could write it."))
def _received_is_safe(item: Item) -> dict[str, Any]:
    return _misread(item, "received")


@q1.mistake(
    "results-always-ours", trainer="Believes every Authentication-Results field, whoever wrote it.",
    message=tell("You treat the results of {foreign_id} as ours. The field has the same name as ours, and it says "
                 "pass. Look at the first word after the field's name: it says who wrote it. Our side writes "
                 "{authserv_id}; decide again about the other one."))
def _results_always_ours(item: Item) -> dict[str, Any]:
    return _misread(item, "foreign")


@q1.remark
def _remark_1(item: Item, given: Any) -> str:
    good = sum(1 for key, value in _right_1(item).items() if key != "reason" and given.get(key) is value)
    text = ("Statements answered rightly: {good} of 6; guessing gets about 3. Our border wrote line {border}. Test "
            "every statement with one question: does this part stand above that line, or did it come from below?")
    return text.format(good=good, **places(item))


q1.hint("Where: the line that divides", tell(
    "Open \"Show the lines of message {message}\" above. Find the Received line whose `by` names {border_host} and "
    "whose `from` is not ours. Test each statement against that line: does the part stand above it, or below it?"))
q1.hint("The rule: who wrote it", (
    "Each server adds its line on top. So what stands above the border's line was added by our side. The border's line "
    "is ours too. Everything below it came with the message, and the sender could write it."))
q1.hint("Worked on M0", tell(
    "In M0 our border wrote line {border}. The results of {authserv_id} stand above it: our side wrote them. Line "
    "{bottom} stands below it: the sender could write it, and did. From stands below it as well. Say in your own words "
    "what was tested each time, then do the same.", "M0"))


# -- 2. The journey -----------------------------------------------------------------------------------------------


def _as_ids(item: Item, lines: list[int]) -> list[str]:
    ids = line_ids(item.message.raw)
    return [ids[line - 1] for line in lines]


q2 = checks.question(
    "q2", Order(lines_of, label="First step of the journey to last"), title="The journey", points=2, minutes=4,
    about={"practice": ("M1",), "twin": ("T1",)},
    prompt=tell("Put the lines of {message} in order of travel: the line that was written first comes first. One clock "
                "on the way is wrong."),
    reason=tell("The place of each line gives the order: every server adds its own on top. The clock of line "
                "{clock_line} is {clock_apart} minutes off; a clock only raises a question."),
)


@q2.answer
def _right_2(item: Item) -> list[str]:
    return _as_ids(item, list(range(len(item.truth.hops), 0, -1)))


@q2.mistake(
    "top-first", trainer="Reads the lines from the top, as a page: the order is reversed.",
    message="You put the lines as they stand, from the top. People read a page that way. Each server adds its line on "
            "top, so the highest line is the newest. Find the line that was written first, and begin with it.")
def _top_first(item: Item) -> list[str]:
    return _as_ids(item, list(range(1, len(item.truth.hops) + 1)))


@q2.mistake(
    "by-clock", trainer="Sorts by the times in the lines; one clock on the sender's side is wrong.",
    message=tell("You sorted by clock. It feels exact, because every line carries a time. The clock of line "
                 "{clock_line} is {clock_apart} minutes away from its neighbours. Use the place of the lines; then let "
                 "the clock raise a question."))
def _by_clock(item: Item) -> list[str]:
    return _as_ids(item, [int(line) for line in item.truth.notes["by_clock"].split()])


@q2.mistake(
    "our-side-turned", trainer="Orders the sender's side rightly, but turns our own lines round.",
    message="You turned the lines of our own servers round. Our mail store stands at the top, so it looks like a first "
            "step. Our servers share one clock: compare the times of these lines. The rule of place holds for our "
            "lines too; move them.")
def _our_side_turned(item: Item) -> list[str]:
    border, count = item.truth.border_line, len(item.truth.hops)
    return _as_ids(item, [*range(count, border, -1), *range(1, border + 1)])


@q2.remark
def _remark_2(item: Item, given: Any) -> str:
    ids = line_ids(item.message.raw)
    first = ids.index(given[0]) + 1
    text = ("You begin with line {first}, written by {by}. A server writes its line when it takes a message from the "
            "one before. Look for the line that no other line stands under, and go on from there.")
    return text.format(first=first, by=item.truth.hops[first - 1].by)


q2.hint("Where: the line written "
        "first", "Look at the two ends of the list. One end was written by our mail store, the "
                                         "other by somebody's computer. Ask which of them had the message earlier.")
q2.hint("The rule: on "
        "top", "A server that takes a message adds its line above all lines that are there (RFC 5321, "
                            "section 4.4). So age grows from the top down. Times come from many clocks, and a clock "
                            "can be wrong.")
q2.hint("Worked on M0", tell(
    "M0 has {bottom} lines. Line {bottom} claims to be the oldest, then line {below}, then our border's line {border}, "
    "then line 1 from our mail store. The order of travel is {bottom}, {below}, {border}, 1. Say why line 1 comes "
    "last, then order your own.",
    "M0"))


# -- 3. Border ----------------------------------------------------------------------------------------------------

q3 = checks.question(
    "q3", Pick(hosts_of, label="The border line"), title="Border", points=3, minutes=5,
    about={"practice": ("M2",), "twin": ("T2",)},
    prompt=tell("Which line of {message} is the border: the line that one of our border hosts wrote when somebody "
                "outside handed the message over? Our border hosts are {border_hosts_and}."),
    reason=tell("Line {border} is the border: {border_host} wrote it, and the other side is not ours. `by` "
                "tells who wrote a line, `from` only whom it names."),
)


@q3.answer
def _right_3(item: Item) -> str:
    return line_id(item.data[item.names[0]], item.truth.border_line)


@q3.mistake(
    "bottom-line", trainer="Takes the bottom line, as many guides teach.",
    message=tell("You took line {bottom}, the bottom line. Many guides say so, and a spammer counts on it. Ask who "
                 "wrote the line: read `by`, not `from`. Start at the top, and go down while our own servers wrote the "
                 "lines."))
def _bottom_line(item: Item) -> str:
    return line_id(item.data[item.names[0]], len(item.truth.hops))


@q3.mistake(
    "our-inner-hop", trainer="Takes the topmost line: it is ours, but it tells of a step inside our own network.",
    message="You took line 1. Our own server wrote it, so it is true and feels safe. Look at its `from`: that is our "
            "own server as well, and nobody handed anything over. Go down to the line whose `by` is ours and whose "
            "`from` is not.")
def _our_inner_hop(item: Item) -> str:
    return line_id(item.data[item.names[0]], 1)


@q3.mistake(
    "names-us-in-from", trainer="Takes the line in which the sender greeted with our own name.",
    message=tell("You took line {names_us_line}, which names {names_us}. A sender may greet with any name, also with "
                 "ours. Look at `by` in that line: it is no server of ours. Find the line whose `by` is ours and whose "
                 "`from` is a stranger."))
def _names_us(item: Item) -> str:
    return line_id(item.data[item.names[0]], item.truth.notes["names_us_line"])


@q3.remark
def _remark_3(item: Item, given: Any) -> str:
    hop = item.truth.hops[line_ids(item.message.raw).index(given)]
    ours = hop.by in item.truth.notes["our_hosts"].split()
    text = ("Line {line} says that {by} wrote it, and that is one of our servers. Look at its `from`: the other side "
            "is ours as well. Go on until the other side is a stranger." if ours else
            "Line {line} says that {by} wrote it, and that is no server of ours. It stands on the sender's side. Look "
            "higher up, and read `by` in each line.")
    return text.format(line=hop.line, by=hop.by)


q3.hint("Where: read one word only", tell(
    "Go down the lines of {message} from the top and read nothing but `by`. Our border hosts are {border_hosts_and}. "
    "Note each line that one of them wrote."))
q3.hint("The rule: ours by, strange "
        "from", "The border line has two signs. Its `by` is one of our border hosts. Its "
                                           "`from` shows an address that is not ours. Below the border, a line that "
                                           "names us proves nothing: the sender can write it.")
q3.hint("Worked on a sibling, P6", tell(
    "In P6 line 1 was written by our mail store. Line {border} was written by {border_host}, and the address in "
    "brackets there is not ours: this is the border. Line {bottom} says `by {border_host}` too, but it stands below "
    "the border, so it came with the message. Say which two words were compared, then do the same.", "P6"))

# The vote: the same mistake, on another message, alone and then again after talking in pairs.

v1 = checks.question(
    "v1", Pick(hosts_of, label="The line that you would show"), title="Vote: which line do you show?", points=0,
    minutes=5,
    about={"practice": ("M3",)}, silent=True, core=False,
    prompt=tell("A colleague says: mail starts at the bottom, so the bottom line of {message} names the sender. You "
                "may show one line to the consumer office as proof. Which line do you choose?"),
)


@v1.answer
def _right_vote(item: Item) -> str:
    return line_id(item.data[item.names[0]], item.truth.border_line)


@v1.mistake("bottom-line", trainer="Votes for the bottom line.", message="You chose the bottom line.")
def _vote_bottom(item: Item) -> str:
    return line_id(item.data[item.names[0]], len(item.truth.hops))


@v1.mistake("our-inner-hop", trainer="Votes for the topmost line.", message="You chose the topmost line.")
def _vote_top(item: Item) -> str:
    return line_id(item.data[item.names[0]], 1)


# -- 4. Handover --------------------------------------------------------------------------------------------------

q4 = checks.question(
    "q4", Value("address", label="IP address"), title="Handover", points=2, minutes=4,
    about={"practice": ("M2",), "twin": ("T2",)},
    prompt=tell("Which IP address handed {message} over to us? Give the address alone. Brackets and spaces do not "
                "matter."),
    reason=tell("{handover} stands in round brackets in line {border}: {border_host} saw it during the connection, and "
                "nobody else can write there."),
)


@q4.answer
def _right_4(item: Item) -> str:
    return item.truth.handover_address


@q4.mistake(
    "greeting-name", trainer="Gives the name from the greeting in place of the address.",
    message=tell("You gave {greeting}, the name that the other side gave for itself. It stands first and looks exact. "
                 "Nobody checks that name. In the same line, our server wrote in brackets what it saw during the "
                 "connection; take the address there."))
def _greeting_name(item: Item) -> str:
    return item.truth.handover_name


@q4.mistake(
    "from-domain-address", trainer="Takes the address beside the name of the firm in From.",
    message=tell("You gave {from_domain_address}, the address beside a name of {from_domain}. That is the firm in "
                 "From, so it looks like the sender. It stands in line {bottom}, far below the border: anybody could "
                 "write it. Go back to the border line, and read the brackets."))
def _from_domain_address(item: Item) -> str:
    return item.truth.notes["from_domain_address"]


@q4.mistake(
    "x-originating", trainer="Takes the address in X-Originating-IP.",
    message=tell("You gave {x_originating_ip} from X-Originating-IP. The name of the field promises the origin. The "
                 "field arrived with the message, and no server of ours checked it. Use the border line only: read the "
                 "address that our own server saw."))
def _x_originating(item: Item) -> str:
    return item.truth.notes["x_originating_ip"]


@q4.mistake(
    "private-address", trainer="Takes a private address from a line below the border.",
    message=tell("You gave {private_address}, a private address. It stands in line {private_line}, near the start of "
                 "the journey. Many networks use the same private addresses inside, so nobody can be found by it. Go "
                 "up to the border line, and read the brackets there."))
def _private_address(item: Item) -> str:
    return item.truth.notes["private_address"]


@q4.remark
def _remark_4(item: Item, given: Any) -> str:
    for number, text in enumerate(received(item.message.raw), 1):
        if re.search(rf"(?<![\w.:]){re.escape(str(given))}(?![\w:]|\.\d)", text):
            where = ("This address stands in line {line}, which our own side wrote, but it belongs to one of our "
                     "servers. Look for the line in which the other side is a "
                     "stranger." if number < item.truth.border_line else
                     "This address stands in line {line}, which came with the message. The sender's side could write "
                     "it. Find the border line, and read the address in its brackets.")
            return where.format(line=number)
    return ("This address stands in no Received line of the message. Perhaps a digit is missing or belongs to another "
            "line. Find the border line, and copy the address in its brackets.")


q4.hint("Where: one pair of brackets", tell(
    "Only one line of {message} matters here: the border line of question 3. In it, look at the part between `from` "
    "and `by`."))
q4.hint("The rule: said and "
        "seen", "After `from` stands what the other side said. In round brackets stands what our "
                                   "server saw: first a name from DNS, then the address in square brackets. What was "
                                   "seen counts.")
q4.hint("Worked on a sibling, P1", tell(
    "In P1 the border line is line {border}. The other side said: {greeting}. Our server saw the address {handover}; "
    "it stands in square brackets after the name from DNS. So {handover} handed P1 over. Say what was left aside and "
    "why, then read your own line.", "P1"))


# -- 5. Chain -----------------------------------------------------------------------------------------------------

REASONS_5 = {
    "break": "its \"by\" does not meet \"from\" of the line above",
    "date": "the weekday does not fit the date",
    "zone": "it has another time zone",
    "ipv6": "its address has an unusual form",
    "private": "its address is private",
}


def _marks(item: Item, *lines: tuple[str, str]) -> dict[str, str]:
    """Marks by line id, from pairs of a note that holds the line's number, and the reason."""
    shown = item.data[item.names[0]]
    return {line_id(shown, item.truth.notes[note]): reason for note, reason in lines}


_FORGED = (("break_line", "break"), ("date_line", "date"))

q5 = checks.question(
    "q5", Mark(lines_of, REASONS_5), title="Chain", points=3, minutes=6,
    about={"practice": ("M3",), "twin": ("T3",)},
    prompt=tell("Mark the forged lines of {message}, and give for each the reason that proves it. Leave the other "
                "lines unmarked. A line marked too much costs as much as a forged line earns."),
    reason=tell("Line {break_line} breaks the chain, and the date of line {date_line} never had that weekday. A far "
                "zone, a private address and IPv6 are normal."),
)


@q5.answer
def _right_5(item: Item) -> dict[str, str]:
    return _marks(item, *_FORGED)


@q5.mistake(
    "time-zone-is-forgery", trainer="Marks a line because of its time zone.",
    message=tell("You marked line {time_zone_line} for its time zone. Its hour looks far from the others. Convert both "
                 "times to UTC: the line stands close to its neighbours. Take that mark away, and look at the other "
                 "lines again."))
def _time_zone(item: Item) -> dict[str, str]:
    return _marks(item, *_FORGED, ("time_zone_line", "zone"))


@q5.mistake(
    "ipv6-is-odd", trainer="Marks a line because its address is IPv6.",
    message=tell("You marked line {ipv6_line} for its address. The colons look strange beside the other addresses. It "
                 "is an IPv6 address, and many servers use these today. Take that mark away, and keep to what proves a "
                 "forgery."))
def _ipv6(item: Item) -> dict[str, str]:
    return _marks(item, *_FORGED, ("ipv6_line", "ipv6"))


@q5.mistake(
    "private-hop-is-odd", trainer="Marks a line because of a private address.",
    message=tell("You marked line {private_line} for its private address. Such an address can't be reached from "
                 "outside, so it looks hidden. Most networks use them between their own servers. Take that mark away, "
                 "and keep to what proves a forgery."))
def _private_hop(item: Item) -> dict[str, str]:
    return _marks(item, *_FORGED, ("private_line", "private"))


@q5.mistake(
    "missed-the-break", trainer="Finds the impossible date and misses the break of the chain.",
    message="You found the line with the impossible date, and one forged line is missing. The other one looks well "
            "made, so the eye goes past it. Compare `by` of each line with `from` of the line above. Mark the line "
            "where they do not meet.")
def _missed_break(item: Item) -> dict[str, str]:
    return _marks(item, ("date_line", "date"))


@q5.remark
def _remark_5(item: Item, given: Any) -> str:
    ids = line_ids(item.message.raw)
    first = min(ids.index(one) + 1 for one in given)
    if first <= item.truth.border_line:
        text = ("You marked line {line}. It stands at or above the border, so our own side wrote it. Begin your search "
                "below the border, and compare each line with the one above.")
    elif item.truth.hops[first - 1].role == "outside":
        text = ("You marked line {line}. Its `by` meets `from` of the line above, and its weekday is right. Look "
                "further down, and test each line with the same two questions.")
    else:
        text = ("You marked line {line}, and the marks as a whole do not fit yet. Count how many lines fail a test. "
                "Then give each of them the reason that belongs to it, and no other.")
    return text.format(line=first)


q5.hint("Where: two lines, below the border", tell(
    "Two lines of {message} are forged, both below the border. Test pairs of neighbours there, and look once at each "
    "weekday."))
q5.hint("The rule: two "
        "tests", "Test one: a server that wrote `by` in one line gives its own name in `from` of the "
                               "line above. Test two: weekday and date in a line belong together. A strange zone, a "
                               "private address or IPv6 is no proof.")
q5.hint("Worked on M0", tell(
    "In M0 line {below} was written by the host that line {border} names in `from`: they meet. Line {bottom} says that "
    "a server of {from_domain} wrote it, but line {below} names another host in `from`: they do not meet. So line "
    "{bottom} is forged. Say which two words were compared, then go through your pairs.", "M0"))


# -- 6. Claim -----------------------------------------------------------------------------------------------------

NOTHING = ("none", "nothing to check (none)")
FAILED = ("failed", "checked, and not passed")
PROTECTS = [("yes", "yes"), ("no", "no")]


class WholeRows(Table):
    """A table in which a row counts when all its cells are right, so that one answer everywhere earns little."""

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share of rows that are right as a whole; the words name them, and what the first wrong row shows."""
        if self.same(right, given):
            return 1.0, ""
        labels = self.row_labels(item)
        whole = [labels[row] for row in right if self.same(right[row], given.get(row))]
        if not whole:
            return 0.0, ""
        text = "{count} of {total} rows are right: {rows}. {wrong}"
        if len(whole) == 1:
            text = "One of {total} rows is right: {rows}. {wrong}"
        return len(whole) / len(right), text.format(count=len(whole), total=len(right), rows=", ".join(whole),
                                                    wrong=_wrong_row(item, given))


def _rows(item: Item) -> list[tuple[str, str]]:
    return [(name[1:], name) for name in item.names]


def _domains(item: Item) -> list[tuple[str, str]]:
    """The two words for no pass, then every domain that any field of the three messages names."""
    found: set[str] = set()
    for name in item.names:
        truth = item.data[name].truth
        found |= {truth.from_domain, truth.envelope_domain}
        found |= {domain for one in truth.results for _, domain in one.results.values() if domain}
    return [NOTHING, FAILED, *((domain, domain) for domain in sorted(found))]


def _cell(result: str, domain: str) -> str:
    return domain if result == "pass" else "none" if result == "none" else "failed"


def _claims(item: Item, name: str, *, ours: bool = True) -> dict[str, str]:
    """One row: what SPF and DKIM say in our results (or in the first of the others), and whether it protects."""
    truth = item.data[name].truth
    one = next(result for result in truth.results if result.ours is ours)
    aligned = truth.aligned if ours else one.results["dmarc"][0] == "pass"
    return {"spf": _cell(*one.results["spf"]), "dkim": _cell(*one.results["dkim"]),
            "protects": "yes" if aligned else "no"}


q6 = checks.question(
    "q6",
    WholeRows(_rows, [("spf", "SPF passed for", _domains), ("dkim", "DKIM passed for", _domains),
                      ("protects", "Protects the reader", PROTECTS)]),
    title="Claim", points=3, minutes=7, about={"practice": ("M1", "M3", "M4"), "twin": ("T1", "T3", "T4")},
    prompt="Fill one row for each message, from our own results only. For which domain did SPF pass, and for which "
           "DKIM? Does a pass protect the reader: is it for the domain in From, or for a part of it? A row counts when "
           "its three cells are right.",
    reason="Only our own results count, and each passing domain is compared with the domain in From. A pass for "
           "another domain proves only that domain.",
)


@q6.answer
def _right_6(item: Item) -> dict[str, dict[str, str]]:
    return {name[1:]: _claims(item, name) for name in item.names}


def _first_row(item: Item) -> str:
    return item.names[0][1:]


def _tell_6(text: str) -> Callable[[Item], str]:
    def filled(item: Item) -> str:
        first = places(item, item.names[0])
        return text.format(first=item.names[0], second=item.names[1], third=item.names[2], seen=first["from_domain"],
                           signed=first["third_domain"], authserv_id=first["authserv_id"])
    return filled


@q6.mistake(
    "foreign-results", trainer="Reads results that came with the message as if our side had written them.",
    message=_tell_6("You used results that our side did not write. They have the same form as ours, and they say pass. "
                    "Read the first word after the field's name: ours begin with {authserv_id}. Fill the table again "
                    "from these fields alone."))
def _foreign_results(item: Item) -> dict[str, dict[str, str]]:
    return {name[1:]: _claims(item, name, ours=False) for name in item.names}


@q6.mistake(
    "spf-proves-from", trainer="Believes that an SPF pass is about the From address.",
    message=_tell_6("You read SPF's pass in {first} as a pass for {seen}. The reader sees that domain, so it seems "
                    "natural. SPF passed for the bounce address, which smtp.mailfrom names. Compare the two domains, "
                    "then fill the last column again."))
def _spf_proves_from(item: Item) -> dict[str, dict[str, str]]:
    answer: dict[str, dict[str, str]] = _right_6(item)
    answer[_first_row(item)] |= {"spf": item.truth.from_domain, "protects": "yes"}
    return answer


@q6.mistake(
    "dkim-any-domain", trainer="Lets a DKIM signature of any domain protect the reader.",
    message=_tell_6("You let the DKIM signature of {first} protect the reader. It did pass, and a pass looks good. It "
                    "was made for {signed}, while the reader sees {seen}. A pass protects only when its domain fits "
                    "From; look at the last column again."))
def _dkim_any_domain(item: Item) -> dict[str, dict[str, str]]:
    answer: dict[str, dict[str, str]] = _right_6(item)
    answer[_first_row(item)] |= {"protects": "yes"}
    return answer


@q6.mistake(
    "none-is-fail", trainer="Takes the result none for a failure.",
    message=_tell_6("You wrote that the checks of {second} did not pass. No pass looks like a failure. The word in our "
                    "results is none: the domain offers nothing to check. Keep the two words apart, and change those "
                    "cells."))
def _none_is_fail(item: Item) -> dict[str, dict[str, str]]:
    answer: dict[str, dict[str, str]] = _right_6(item)
    answer[item.names[1][1:]] |= {"spf": "failed", "dkim": "failed"}
    return answer


def _wrong_row(item: Item, given: Any) -> str:
    """What the first wrong row shows: a known misreading of that row alone, or where to look."""
    name = next(one for one in item.names if given.get(one[1:]) != _claims(item, one))
    row, right = given.get(name[1:], {}), _claims(item, name)
    wrong = {column for column in right if row.get(column) != right[column]}
    if row == _claims(item, name, ours=False):
        text = "Row {name} repeats results that our side did not write. Ours begin with {authserv_id}."
    elif "spf" in wrong and row.get("spf") == item.data[name].truth.from_domain:
        text = "Row {name} gives SPF the domain that the reader sees. SPF passed or failed for smtp.mailfrom."
    elif {right[one] for one in wrong} == {"none"} and {row.get(one) for one in wrong} == {"failed"}:
        text = "In row {name} nothing was checked, because there was nothing to check. That is none, not a failure."
    elif wrong == {"protects"} and row.get("protects") == "yes":
        text = "In row {name} no passing domain is the From domain or a part of it. Look at the last column."
    elif wrong == {"protects"}:
        text = "In row {name} the domains are right. Compare each of them with From once more."
    else:
        text = "Row {name} does not fit our own results yet. Read the field that begins with {authserv_id}."
    return text.format(name=name, authserv_id=places(item, name)["authserv_id"])


@q6.remark
def _remark_6(item: Item, given: Any) -> str:
    known = _wrong_row(item, given)
    if "repeats" in known:
        return f"No row is right yet. {known} Fill the table again from our own fields alone."
    name = next(one for one in item.names if given.get(one[1:]) != _claims(item, one))
    one = next(result for result in item.data[name].truth.results if result.ours)
    text = ("In {name} our own results say spf={spf} and dkim={dkim}. Write the domain beside a pass, and one of the "
            "two words where there is none. Then compare each domain with From, and test the other rows in the same "
            "way.")
    return text.format(name=name, spf=one.results["spf"][0], dkim=one.results["dkim"][0])


q6.hint("Where: our own field", _tell_6(
    "Begin with {third}. Open \"Show the lines of message {third}\" above, and take the field A1 that begins with "
    "{authserv_id}. Leave the others aside."))
q6.hint("The rule: pass for "
        "whom", "In our field, smtp.mailfrom names the domain of SPF and header.d names the domain "
                                   "of DKIM. A pass counts for that domain alone. It protects the reader when that "
                                   "domain is the From domain, or a part of it. None is not fail.")
q6.hint("Worked on M0", tell(
    "In M0 our field says spf=pass for {envelope_domain} and dkim=none. The reader sees {from_domain} in From. The "
    "passing domain is another one, so the pass does not protect the reader. The row is: {envelope_domain}, none, no. "
    "Say which two names were compared, then fill yours.", "M0"))


# -- 7. Rule ------------------------------------------------------------------------------------------------------

SORTS = {
    "plain": "nothing is special",
    "folded": "a line is folded over several rows",
    "ipv6": "the address is IPv6",
    "no-received": "there is no Received line at all",
    "border-elsewhere": "the border is not line 2",
    "forged-names-us": "a forged line below says that our border wrote it",
    "greeting-literal": "the other side greets with an address",
    "two-borders": "one border host passed the message to the other",
    "comments": "there are long comments in brackets",
    "odd-names": "field names have other letters and spaces",
    "own-submission": "one of our own customers sent it",
    "no-from": "a line has no `from`",
}

RULE = (
    ("rows", "1. A line that goes over several rows", [
        ("alone", "read its first row only"), ("joined", "join its rows first")]),
    ("border", "2. The border line is", [
        ("bottom", "the bottom line"), ("line-2", "always line 2"),
        ("first-from-outside", "the first line from the top with \"by\" one of our border hosts and an "
                               "address that is not ours"),
        ("lowest-by-us", "the lowest line with \"by\" one of our border hosts")]),
    ("handover", "3. The handover is", [
        ("greeting", "the name after \"from\""), ("address", "the address in the round brackets")]),
    ("versions", "4. Addresses count", [
        ("ipv4", "with dots only (IPv4)"), ("both", "with dots or with colons (IPv4 and IPv6)")]),
    ("nothing", "5. With no border line", [
        ("bottom", "take the bottom line"), ("stop", "stop with an error"),
        ("say-none", "give line 0 and no address")]),
)
RIGHT_RULE = {"rows": "joined", "border": "first-from-outside", "handover": "address", "versions": "both",
              "nothing": "say-none"}


def _expected(labelled: Labelled) -> dict[str, Any]:
    return {"border_line": labelled.truth.border_line, "handover": labelled.truth.handover_address}


def _rule_with(**choices: str) -> str:
    """The source of a rule that is right but for `choices`."""
    return f"from helpers import build_rule\n\nclassify_route = build_rule({RIGHT_RULE | choices!r})\n"


def _sort(labelled: Labelled) -> str:
    return SORTS.get(labelled.truth.scenario, labelled.truth.scenario)


q7 = checks.question(
    "q7", Function("classify_route", raw_inputs, _expected, _sort, RULE), title="Rule", points=4, minutes=11,
    about={"practice": PRACTICE_INPUTS, "hidden": HIDDEN_INPUTS},
    prompt="Make the rule that finds border and handover in any message. Choose one answer in each of the five fields "
           "and save. The rule is tried on P1 to P12 here, and on 24 messages that you do not see for the points.",
    reason="The rule reads whole lines, starts from the top, trusts `by` before `from`, and says so when nobody handed "
           "a message over.",
)


def _tell_7(text: str) -> Callable[[Item], str]:
    """A text whose place {example} is a practice message of the failing kind."""
    kinds = {kind: PRACTICE_INPUTS[number] for number, kind in enumerate(SORTS)}
    return lambda _item: text.format(**{kind.replace("-", "_"): name for kind, name in kinds.items()})


q7.mistake_source(
    "fixed-place", trainer="Takes the border always from the same place.",
    message=_tell_7("Your rule takes the border from a fixed place. In most messages here that place is right, so it "
                    "looks safe. It fails where our side has more lines or fewer; {border_elsewhere} and {two_borders} "
                    "are such messages. Find the border by who wrote the line."),
    source=_rule_with(border="line-2"))
q7.mistake_source(
    "bottom-line", trainer="Takes the bottom line as the border.",
    message=_tell_7("Your rule takes the bottom line as the border. Many guides say so, and a spammer counts on it. "
                    "Everything below our border's line came with the message, as in {plain}. Let the rule start from "
                    "the top, and ask who wrote each line."),
    source=_rule_with(border="bottom"))
q7.mistake_source(
    "greeting-not-address", trainer="Gives the name from the greeting as the handover.",
    message=_tell_7("Your rule gives the name from the greeting. It stands right after `from`, so a rule finds it "
                    "first. Nobody checks that name; look at {plain}, where brackets follow it. Let the rule take the "
                    "address in the round brackets."),
    source=_rule_with(handover="greeting"))
q7.mistake_source(
    "folded-line", trainer="Reads only the first row of a folded line.",
    message=_tell_7("Your rule is right for all kinds of messages but one. Most lines fit in one row, so the fault "
                    "stays hidden. It fails where a line is folded over several rows; practice message {folded} is "
                    "such a one. Let the rule join the rows first, and try again."),
    source=_rule_with(rows="alone"))
q7.mistake_source(
    "ipv6-missed", trainer="Knows only addresses with dots.",
    message=_tell_7("Your rule knows only addresses with dots. Most messages have such addresses, so it works for "
                    "long. It gives nothing where the other side used IPv6; practice message {ipv6} is such a one. Let "
                    "the rule accept colons too, and try again."),
    source=_rule_with(versions="ipv4"))
q7.mistake_source(
    "dies-without-received", trainer="Stops with an error where there is no border line.",
    message=_tell_7("Your rule stops with an error where there is no border line. Mail from outside always has one, so "
                    "the case seems impossible. Mail of our own side has none; look at {no_received} and "
                    "{own_submission}. Let the rule give line 0 and no address there."),
    source=_rule_with(nothing="stop"))
q7.mistake_source(
    "lowest-by-us", trainer="Takes the lowest line that says that our border wrote it.",
    message=_tell_7("Your rule takes the lowest line with `by` our border. The border is the oldest line of ours, so "
                    "this sounds right. A forged line can stand lower and say the same; look at {forged_names_us}. "
                    "Start from the top, and stop at the first stranger."),
    source=_rule_with(border="lowest-by-us"))

q7.hint("Where: the message that "
        "fails", "Put your rule to the practice messages one by one, as the open cell shows. "
                                         "Begin with P2, P3, P4 and P5. Each of them differs from P1 in one respect. "
                                         "Look at the first one for which the result is strange.")
q7.hint("The rule: four "
        "steps", "Join rows. Go from the top to the first line whose `by` is a border host and whose "
                                "address is not ours. Take the address in its round brackets, of either version. Where "
                                "no such line exists, say so.")
q7.hint("A "
        "skeleton", "In the form, test each choice with one question: which message would break it? In code, begin "
                      "so: `for line in received_lines(raw):`, then `if line.by in BORDER_HOSTS and not "
                      "is_ours(line.address):`, then give back `line.number` and `line.address`. Say what must follow "
                      "after the loop.")


# -- 8. Tell ------------------------------------------------------------------------------------------------------

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
THREATS = (
    "sue you", "sue your", "lawsuit", "legal action", "lawyer", "police", "prosecut", "jail", "prison", "or else",
    "you will pay", "your fault", "criminals", "shame", "we will block you", "last warning",
)

FEWEST_WORDS, MOST_WORDS = 100, 250
"""Bounds of the letter for the form check; the task asks for 120 to 200 words."""


def _domain_of(address: str) -> str:
    found = re.search(r"@([\w.-]+)", address)
    return found[1].lower().rstrip(".") if found else ""


def _to_from_domain(item: Item, given: Mapping[str, str]) -> str | None:
    truth = item.truth
    wrong = (truth.from_domain, truth.envelope_domain, truth.notes["our_domain"])
    domain = _domain_of(given["to"])
    if not domain:
        return "The field To needs an address with @, such as abuse@network.example."
    return "to-the-from-domain" if any(domain == one or domain.endswith(f".{one}") for one in wrong) else None


def _wrong_address(item: Item, given: Mapping[str, str]) -> str | None:
    """The address must be the one that our border saw; other words around it do not matter."""
    tokens = re.split(r"[^0-9A-Za-z.:]+", given["address"])
    found = {address_of(token.rstrip(".:")) for token in tokens if token}
    return None if address_of(item.truth.handover_address) in found else "wrong-address"


def _evidence_missing(item: Item, given: Mapping[str, str]) -> str | None:
    evidence = " ".join(given["lines"].split())
    needed = ("by " + places(item)["border_host"], line_id(item.data[item.names[0]], item.truth.border_line),
              item.truth.handover_address)
    return None if all(one in evidence for one in needed) else "no-full-header"


def _victim_named(item: Item, given: Mapping[str, str]) -> str | None:
    notes = item.truth.notes
    everything = " ".join(given.values()).casefold()
    personal = (notes["complainant"], notes["complainant_name"])
    return "names-the-victim" if any(one.casefold() in everything for one in personal) else None


def _zone_missing(_item: Item, given: Mapping[str, str]) -> str | None:
    time = given["time"]
    zone = re.search(r"\b(UTC|GMT)\b|\dZ\b|[+-]\d{2}:?\d{2}\b", time, re.IGNORECASE)
    clock = re.search(r"\d{1,2}:\d{2}", time)
    day = re.search(r"\d{4}-\d{2}-\d{2}", time) or any(month in time.casefold() for month in MONTHS)
    return None if zone and clock and day else "no-time-zone"


CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([ap]\.?m\b)?\.?[\s,(]*(?:UTC|GMT|Z)?\s*"
                   r"([+-]\d{2}(?::?\d{2})?(?![\d-]))?", re.IGNORECASE)
"""A time of day: hour, minute, second, am or pm, and the zone where one follows."""


def _wrong_time(item: Item, given: Mapping[str, str]) -> str | None:
    """One of the times given must be the border line's moment; a time without seconds may leave them out."""
    exact = datetime.fromisoformat(str(item.truth.notes["received_utc"]))
    return None if any(_is_moment(found, given["time"], exact) for found in CLOCK.finditer(given["time"])) else (
        "wrong-time")


def _is_moment(found: re.Match[str], text: str, exact: datetime) -> bool:
    hour, half, zone = int(found[1]), (found[4] or "").casefold()[:1], found[5] or "+00"
    hour = hour % 12 + 12 * (half == "p") if half else hour
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    there = exact + offset
    clock = (there.hour, there.minute) + ((there.second,) if found[3] else ())
    given = (hour, int(found[2])) + ((int(found[3]),) if found[3] else ())
    return clock == given and _is_day(text, there)


def _is_day(text: str, day: datetime) -> bool:
    """Whether the text's date, written 2026-09-15 or with the month's name, is that day."""
    written = re.findall(r"\d{4}-\d{2}-\d{2}", text)
    if written:
        return f"{day:%Y-%m-%d}" in written
    numbers = {int(one) for one in re.findall(r"(?<![\d:+.-])\d{1,2}(?![\d:])", text)}
    return MONTHS[day.month - 1] in text.casefold() and day.day in numbers


def _word_count(_item: Item, given: Mapping[str, str]) -> str | None:
    count = len(given["text"].split())
    text = "Your letter has {count} words; 120 to 200 is a good length, and 100 to 250 can be sent. {advice}"
    advice = ("Say what you saw, how you know it, and what you ask for by when." if count < FEWEST_WORDS else
              "Keep what the desk needs to find its customer, and leave the rest out.")
    return None if FEWEST_WORDS <= count <= MOST_WORDS else text.format(count=count, advice=advice)


def _threat(_item: Item, given: Mapping[str, str]) -> str | None:
    text = given["text"].casefold()
    return "threatens" if any(threat in text for threat in THREATS) else None


q8 = checks.question(
    "q8",
    Document([
        ("to", "To: the abuse address of the network", "text"),
        ("address", "IP address that handed the message over", "text"),
        ("time", "When: date and time in UTC", "text"),
        ("lines", "Evidence: the lines that the network needs, without the person", "textarea"),
        ("text", "Letter: what happened, and what you ask for (120 to 200 words)", "textarea"),
    ], [_to_from_domain, _wrong_address, _evidence_missing, _victim_named, _zone_missing, _wrong_time, _threat,
        ("word-count", _word_count)]),
    title="Tell", points=5, minutes=9, about={"practice": ("M2",)}, manual=True,
    prompt=tell("Write the report about {message} to the network that handed it over. The border line shows which "
                "network that is. Its desk must be able to find its customer, and must learn nothing about the "
                "complainant."),
    reason="The form is complete.",
)

q8.mistakes.append(Mistake(
    "to-the-from-domain", trainer="Writes to the firm in From, to the bounce domain or to ourselves.",
    message=tell("You write to a domain that stands in the message itself. The sender chose that domain, so its owner "
                 "may be a victim too. The network that can act is the one behind the handover address. Read the name "
                 "from DNS in the border line, and write to its abuse address.")))
q8.mistakes.append(Mistake(
    "wrong-address", trainer="Gives an address that our border did not see.",
    message=tell("Your address is not the one that {border_host} saw. Lines below the border, and our own servers, "
                 "show other addresses that look as good. The network finds its customer by the handover address "
                 "alone. Copy the address in round brackets of the border line.")))
q8.mistakes.append(Mistake(
    "no-full-header", trainer="Leaves out the border line, or parts of it.",
    message="The evidence does not hold our whole border line. A short summary reads better, so people leave lines "
            "out. The network needs the line with `by` our server, its id and the address, to find its customer. Copy "
            "that line whole, without the complainant's address."))
q8.mistakes.append(Mistake(
    "names-the-victim", trainer="Leaves the complainant's name or address in the report.",
    message="The complainant's name or address is still in the report. It stands in the lines that you copied, so it "
            "slips in. The network needs lines, time in UTC and address, not the person. Write [removed] in its place, "
            "everywhere."))
q8.mistakes.append(Mistake(
    "no-time-zone", trainer="Gives a time without zone or date.",
    message="The time has no zone, or lacks its date. In your own office everybody knows the zone, so it feels "
            "complete. An address can belong to another customer one hour later. Give date and time in UTC, such as "
            "2026-01-31 08:05:09 UTC."))
q8.mistakes.append(Mistake(
    "wrong-time", trainer="Gives another time than the border line's in UTC, often with the zone added.",
    message=tell("Your time is not line {border}'s time in UTC. The plus sign tempts people to add the zone. It says "
                 "how far that clock is ahead of UTC: subtract the zone. Give the result with its date, such as "
                 "2026-01-31 08:05:09 UTC.")))
q8.mistakes.append(Mistake(
    "word-count", trainer="Writes fewer than 100 or more than 250 words.",
    message="Your letter is much shorter or longer than 120 to 200 words."))
q8.mistakes.append(Mistake(
    "threatens", trainer="Threatens or accuses in place of asking.",
    message="The letter sounds like a threat. Anger is natural after such a message. The desk that reads it is not the "
            "sender, and it answers a clear request sooner. Say what you saw, what you ask for and by when, and leave "
            "the rest out."))

q8.hint("Where: what the reader must "
        "decide", "The desk must find one customer and decide whether to act. It needs "
                                              "who, when and what: address, time in UTC, the border line. Look up "
                                              "these three first.")
q8.hint("The rule: five "
        "parts", "Right addressee: abuse@ the network's domain (RFC 2142, section 4). Whole border "
                                "line. Exact time and address. Nothing about the person. One clear, civil request.")
q8.hint("A good one, about M0", tell(
    "To {report_to}. We received unwanted mail from {handover}, an address of your network, on {received_utc}. The "
    "line of our server is below, without the recipient. Please look at the host behind this address, and tell us by "
    "Friday what you did. Say which part answers which question of the desk, then write yours about M2.", "M0"))


# -- Exit ticket --------------------------------------------------------------------------------------------------

x1 = checks.question(
    "x1", Pick(hosts_of, label="The border line"), title="Exit: find the border", points=0, minutes=2,
    about={"practice": ("M4",)}, silent=True, core=False,
    prompt=tell("Which line of {message} is the border? Nothing is told back."),
)


@x1.answer
def _right_x1(item: Item) -> str:
    return line_id(item.data[item.names[0]], item.truth.border_line)


@x1.mistake("bottom-line", trainer="Still takes the bottom line at the end.", message="You took the bottom line.")
def _x1_bottom(item: Item) -> str:
    return line_id(item.data[item.names[0]], len(item.truth.hops))


@x1.mistake("our-inner-hop", trainer="Still takes the topmost line at the end.", message="You took the topmost line.")
def _x1_top(item: Item) -> str:
    return line_id(item.data[item.names[0]], 1)


def _addressees(item: Item) -> list[tuple[str, str]]:
    truth, network = item.truth, item.truth.report_to
    domains = (truth.from_domain, truth.envelope_domain, truth.notes["our_domain"])
    return [(one, one) for one in sorted({network, *(f"abuse@{domain}" for domain in domains)})]


x2 = checks.question(
    "x2", Pick(_addressees, label="Write to"), title="Exit: whom do you tell?", points=0, minutes=2,
    about={"practice": ("M3",)}, silent=True, core=False,
    prompt=tell("{message} must be reported. To which address do you write? Nothing is told back."),
)


@x2.answer
def _right_x2(item: Item) -> str:
    return item.truth.report_to


@x2.mistake("to-the-from-domain", trainer="Writes to the firm in From.", message="You wrote to the firm in From.")
def _x2_from(item: Item) -> str:
    return f"abuse@{item.truth.from_domain}"


@x2.mistake("to-the-bounce-domain", trainer="Writes to the bounce domain.", message="You wrote to the bounce domain.")
def _x2_bounce(item: Item) -> str:
    return f"abuse@{item.truth.envelope_domain}"


@x2.mistake("to-ourselves", trainer="Writes to our own desk.", message="You wrote to our own desk.")
def _x2_ours(item: Item) -> str:
    return f"abuse@{item.truth.notes['our_domain']}"
