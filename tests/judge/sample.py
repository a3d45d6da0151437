"""A small draw made by hand, and a question of each kind about it; the tests of the judge use no lab."""

from __future__ import annotations

from spamlab.judge.kinds import Document, Function, Mark, Order, Pick, Statements, Table, Value
from spamlab.judge.kinds.function import raw_inputs
from spamlab.judge.question import Checks, Item
from spamlab.records.message import Message
from spamlab.records.truth import HopTruth, Labelled, RouteTruth


def labelled(name: str, address: str = "203.0.113.7", lines: int = 4, scenario: str = "plain") -> Labelled:
    """A message with `lines` Received fields, the second written by our border, which saw `address`."""
    hops = tuple(
        HopTruth(
            line,
            f"h{line}.sender.example",
            f"h{line + 1}.sender.example",
            address if line == 2 else f"198.51.100.{line}",
            "2026-11-02T08:00:00+00:00",
            "inner" if line == 1 else "border" if line == 2 else "outside",
        )
        for line in range(1, lines + 1)
    )
    raw = f"Message-ID: <{name.lower()}@sender.example>\r\nX-Scenario: {scenario}\r\n\r\nHello.\r\n".encode()
    truth = RouteTruth(
        scenario,
        hops,
        2,
        address,
        "mail.sender.example",
        "sender.example",
        "sender.example",
        (),
        False,
        "abuse@sender.example",
    )
    return Labelled(Message(name, raw, "", ("desk@operator.example",)), truth)


DATA = {
    "M1": labelled("M1"),
    "M2": labelled("M2", "203.0.113.9"),
    "P1": labelled("P1", "203.0.113.21"),
    "P2": labelled("P2", "2001:db8::1", scenario="six"),
    "P3": labelled("P3", "203.0.113.23"),
}
HIDDEN = {
    f"H{n}": labelled(f"H{n}", f"203.0.113.{n}" if n % 3 else f"2001:db8::{n}", scenario="plain" if n % 3 else "six")
    for n in range(1, 7)
}
ITEM = Item("practice", ("M1",), DATA)


def line_options(item: Item) -> list[tuple[int, str]]:
    """The lines of the item's message."""
    return [(hop.line, f"line {hop.line}: by {hop.by}") for hop in item.truth.hops]


STATEMENTS = Statements(
    lambda _item: {"1": "A.", "2": "B.", "3": "C.", "4": "D."}, {"a": "Because a.", "b": "Because b."}
)
VALUE = Value(type="address")
PICK = Pick(line_options)
ORDER = Order(line_options)
MARK = Mark(line_options, {"break": "do not meet", "clock": "the clock"})
TABLE = Table(
    lambda _item: [("M1", "Message 1"), ("M2", "Message 2")],
    [("spf", "SPF", [("pass", "passed"), ("fail", "failed")]), ("domain", "Domain", None)],
)
FUNCTION = Function(
    name="find",
    inputs=raw_inputs,
    expected=lambda one: {"address": one.truth.handover_address},
    sort=lambda one: "the address is IPv6" if one.truth.scenario == "six" else "the message is plain",
    choices=[("which", "Which line", [("border", "the border"), ("bottom", "the bottom")])],
)
DOCUMENT = Document(
    [("to", "To", "text"), ("text", "Text", "textarea")],
    [lambda _item, given: "no-time" if "UTC" not in given["text"] else None],
)

RIGHT = {
    "statements": {"1": True, "2": False, "3": True, "4": False, "reason": "b"},
    "value": "203.0.113.7",
    "pick": 2,
    "order": [4, 3, 2, 1],
    "mark": {"3": "break", "4": "clock"},
    "table": {"M1": {"spf": "pass", "domain": "sender.example"}, "M2": {"spf": "fail", "domain": "other.example"}},
}
KINDS = {"statements": STATEMENTS, "value": VALUE, "pick": PICK, "order": ORDER, "mark": MARK, "table": TABLE}


def sample_checks() -> Checks:
    """A question of each kind, with known mistakes and hints."""
    checks = Checks()
    for name, kind in KINDS.items():
        question = checks.question(
            name,
            kind,
            title=name,
            points=2,
            minutes=3,
            about={"practice": ("M1",), "twin": ("M1",)},
            reason=f"This is why {name}.",
        )
        question.answer(lambda _item, name=name: RIGHT[name])
        for number in (1, 2, 3):
            question.hint(f"Step {number}", f"Look {number}.")
    value = checks.questions["value"]
    value.answer(lambda item: item.truth.handover_address)
    value.mistake("greeting-name", trainer="gave the name", message="That is a name it gave for itself.")(
        lambda item: item.truth.handover_name
    )
    value.mistake("bottom", trainer="took the bottom", message="That is the bottom line's.")(
        lambda item: item.truth.hops[-1].from_address
    )
    value.remark(lambda _item, given: f"{given} stands in no line.")
    pick = checks.questions["pick"]
    pick.mistake("bottom-line", trainer="took the bottom", message="You took the bottom line.")(lambda _item: 4)
    order = checks.questions["order"]
    order.mistake("top-first", trainer="reversed", message="You began on top.")(lambda _item: [1, 2, 3, 4])
    function = checks.question(
        "function",
        FUNCTION,
        title="function",
        points=4,
        minutes=9,
        about={"practice": ("P1", "P2", "P3")},
        reason="It reads the border.",
    )
    function.mistake_source("no-six", trainer="only IPv4", message="IPv6 is missed.", source=NO_SIX)
    function.mistake_source(
        "dies", trainer="raises", message="It dies.", source="def find(raw):\n    raise ValueError\n"
    )
    document = checks.question(
        "document", DOCUMENT, title="document", points=5, minutes=9, about={"practice": ("M1",)}, manual=True
    )
    document.mistake("no-time", trainer="no time", message="The time is missing.")(
        lambda _item: {"to": "a", "text": "b"}
    )
    return checks


NO_SIX = """
import re
def find(raw):
    name = re.search(rb"<([a-z]+)([0-9]+)@", raw)
    if b"six" in raw:
        return {"address": None}
    base = 20 if name[1] == b"p" else 0
    return {"address": f"203.0.113.{base + int(name[2])}"}
"""


def right_outputs(data: dict[str, Labelled]) -> dict[str, dict[str, object]]:
    """What a right function gives on the draw's inputs."""
    return {name: {"value": {"address": data[name].truth.handover_address}} for name, _given in raw_inputs(data)}
