"""A question of every kind, each with its right answer, its known mistakes, and answers that are no answers."""

import re

from spamlab.judge.kinds import (
    Artefact,
    AtLimit,
    Cost,
    Document,
    Estimate,
    Fill,
    Filter,
    Function,
    Mark,
    Order,
    Outcome,
    Pick,
    Policy,
    Statements,
    Table,
    Value,
)
from spamlab.judge.kinds.function import raw_inputs
from spamlab.judge.kinds.policy import add_known_mistakes, example_of, reference_of
from spamlab.judge.question import Checks, Item

checks = Checks()
BOTH = {"practice": ("M1",), "twin": ("T1",)}


def note(item: Item, name: str) -> int:
    return int(item.truth.notes[name])


def lines(item: Item) -> list[tuple[int, str]]:
    return [(hop.line, f"line {hop.line}: by {hop.by}") for hop in item.truth.hops]


def ask(name, kind, about=BOTH, **rest):
    return checks.question(name, kind, title=name, points=2, minutes=4, about=about,
                           reason=f"This is why {name}.", **rest)


def wrong(question, code, answer):
    question.mistake(code, trainer=f"Gives {code}.", message=f"You gave {code}. Look again, and try once more.")(answer)


def wrong_source(question, code, source):
    question.mistake_source(code, trainer=f"Writes {code}.", message=f"You wrote {code}. Look again.", source=source)


# statements
statements = ask("statements", Statements(
    {"1": "Line 1 is ours.", "2": "Line 2 is ours.", "3": "Line 3 is ours.", "4": "Line 4 is ours."},
    {"by": "`by` names the writer.", "from": "`from` names the writer."}))
statements.answer(lambda _item: {"1": True, "2": True, "3": False, "4": False, "reason": "by"})
wrong(statements, "reads-from", lambda _item: {"1": True, "2": False, "3": False, "4": False, "reason": "from"})
wrong(statements, "all-ours", lambda _item: {"1": True, "2": True, "3": True, "4": True, "reason": "by"})
wrong(statements, "bottom-ours", lambda _item: {"1": False, "2": False, "3": True, "4": True, "reason": "by"})

# value
value = ask("value", Value(type="number", unit="messages", tolerance=1, units={"thousand": 1000}))
value.answer(lambda item: note(item, "rate") * note(item, "minutes"))
wrong(value, "as-hours", lambda item: note(item, "rate") * note(item, "minutes") / 60)
wrong(value, "one-minute", lambda item: note(item, "rate"))
wrong(value, "added", lambda item: note(item, "rate") + note(item, "minutes"))

# pick
pick = ask("pick", Pick(lines))
pick.answer(lambda item: item.truth.border_line)
wrong(pick, "bottom-line", lambda item: item.truth.hops[-1].line)
wrong(pick, "top-line", lambda _item: 1)
wrong(pick, "below", lambda item: item.truth.border_line + 1)

# mark
mark = ask("mark", Mark(lines, {"break": "does not meet its neighbour", "clock": "its clock runs wrong"}))
mark.answer(lambda item: {str(hop.line): hop.why_forged for hop in item.truth.hops if hop.why_forged})
wrong(mark, "outside-too", lambda _item: {"3": "break", "4": "break"})
wrong(mark, "clock", lambda _item: {"4": "clock"})
wrong(mark, "our-own", lambda _item: {"1": "clock"})

# order
order = ask("order", Order(lines))
order.answer(lambda _item: [4, 3, 2, 1])
wrong(order, "from-the-top", lambda _item: [1, 2, 3, 4])
wrong(order, "border-first", lambda _item: [2, 4, 3, 1])
wrong(order, "inner-first", lambda _item: [1, 4, 3, 2])

# table
table = ask("table", Table(
    lambda item: [(str(hop.line), f"Line {hop.line}") for hop in item.truth.hops[:2]],
    [("ours", "Ours", [("yes", "yes"), ("no", "no")]), ("address", "Address", None)]))
table.answer(lambda item: {str(hop.line): {"ours": "yes", "address": hop.from_address} for hop in item.truth.hops[:2]})
wrong(table, "not-ours", lambda item: {
    str(hop.line): {"ours": "no", "address": hop.from_address} for hop in item.truth.hops[:2]})
wrong(table, "names", lambda item: {
    str(hop.line): {"ours": "yes", "address": hop.from_name} for hop in item.truth.hops[:2]})
wrong(table, "same-address", lambda item: {
    str(hop.line): {"ours": "yes", "address": item.truth.handover_address} for hop in item.truth.hops[:2]})


# fill: a DMARC record with blanks
def run_record(text: str, _item: Item) -> dict[str, str]:
    tags = [part.strip().partition("=") for part in text.split(";") if part.strip()]
    record = {name.strip(): content.strip() for name, _, content in tags}
    if not tags or tags[0][0].strip() != "v" or record["v"] != "DMARC1":
        raise ValueError("A DMARC record begins with v=DMARC1 and a semicolon.")
    for name in ("p", "sp"):
        if record.get(name, record.get("p")) not in {"none", "quarantine", "reject"}:
            raise ValueError(f"The tag {name} takes none, quarantine or reject.")
    words = {"none": "it is delivered", "quarantine": "it goes to the junk folder", "reject": "it is refused"}
    address = record.get("rua", "")
    return {
        "a forged message from the domain itself": words[record["p"]],
        "a forged message from a subdomain": words[record.get("sp", record["p"])],
        "the daily report": f"it goes to {address.removeprefix('mailto:')}" if address.startswith("mailto:")
        else "nobody gets it",
    }


fill = ask("fill", Fill("v=DMARC1; p={{policy}}; sp={{sub}}; rua={{to}}", [
    ("policy", "Policy of the domain", ["none", "quarantine", "reject"]),
    ("sub", "Policy of its subdomains", None), ("to", "Where reports go", None)], run_record,
    idle={"policy": "none", "sub": "none", "to": "nobody"}))
fill.answer(lambda item: {"policy": "reject", "sub": "reject", "to": f"mailto:dmarc@{item.truth.from_domain}"})
wrong(fill, "only-watches", lambda item: {
    "policy": "none", "sub": "none", "to": f"mailto:dmarc@{item.truth.from_domain}"})
wrong(fill, "open-subdomain", lambda item: {
    "policy": "reject", "sub": "none", "to": f"mailto:dmarc@{item.truth.from_domain}"})
wrong(fill, "no-mailto", lambda item: {"policy": "reject", "sub": "reject", "to": f"dmarc@{item.truth.from_domain}"})

# estimate: victims behind the reports
estimate = ask("estimate", Estimate(unit="people", reasons={
    "silent": "Most victims report nothing.", "twice": "Some report twice.", "spread": "The wave spreads."}))


@estimate.answer
def victims(item: Item) -> dict:
    best = note(item, "reports") * note(item, "per_report")
    return {"best": best, "low": best * 0.75, "high": best * 1.25, "reason": "silent"}


wrong(estimate, "forgot-the-silent", lambda item: note(item, "reports"))
wrong(estimate, "wrong-base", lambda item: note(item, "per_report") * 1.0)
wrong(estimate, "mixed-units", lambda item: note(item, "reports") * note(item, "per_report") * 7)


# artefact: a small rule list, first rule that fits decides
def senders(item: Item) -> dict[str, str]:
    truth = item.truth
    return {"mail of the bank": truth.from_domain, "mail of the bulk sender": truth.envelope_domain,
            "mail of a host of the bulk sender": f"x.{truth.envelope_domain}",
            "mail of our own house": "operator.example"}


def run_rules(text: str, item: Item) -> dict[str, Outcome]:
    rules = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = re.fullmatch(r"(keep|junk) (all|[a-z0-9.-]{1,80})", line.strip())
        if found is None:
            raise ValueError(f"Line {number} is no rule: write keep or junk, and a domain or all.")
        rules.append((number, found[1], found[2]))
    outcomes = {}
    for case, domain in senders(item).items():
        number, does = next(((number, does) for number, does, name in rules
                             if name == "all" or domain == name or domain.endswith("." + name)), (0, "keep"))
        outcomes[case] = Outcome("it goes to the junk folder" if does == "junk" else "it is delivered", number)
    return outcomes


artefact = ask("artefact", Artefact(run_rules, label="Your rules", start="# your rules\n", idle="keep all"))
artefact.answer(lambda item: f"# bulk\njunk {item.truth.envelope_domain}\nkeep all\n")
wrong(artefact, "bank-too", lambda item: f"junk {item.truth.envelope_domain}\njunk {item.truth.from_domain}")
wrong(artefact, "all-first", lambda item: f"keep all\njunk {item.truth.envelope_domain}")
wrong(artefact, "junk-all", lambda _item: "junk all")

# function
function = ask("function", Function(
    "seen", raw_inputs, lambda one: one.truth.handover_address,
    lambda one: f"the message is written in {one.truth.notes['language']}",
    choices=[("field", "Read the field", [("X-Seen", "X-Seen"), ("Message-ID", "Message-ID")])]),
    about={"practice": ("M1",)})
SEEN = """import re
def seen(raw):
    {guard}
    return re.search(rb"{field}: (\\S+)", raw)[1].decode(){end}
"""
wrong_source(function, "message-id", SEEN.format(guard="pass", field="Message-ID", end=""))
wrong_source(function, "one-network", SEEN.format(guard="pass", field="X-Seen", end=' if b"lunch" in raw else ""'))
wrong_source(function, "dies", SEEN.format(guard="if b'ripoti' in raw: raise ValueError", field="X-Seen", end=""))

# filter, by recall at a limit and by cost
PARTS = {
    "text": lambda one: one.truth.notes["text"], "spam": lambda one: bool(one.truth.notes["spam"]),
    "slices": lambda one: {"language": one.truth.notes["language"]},
}
SCORE = """MARKS = {marks}
def {name}(texts):
    return [{value} for text in texts]
"""
ENGLISH = ("parcel", "prize", "urgent")
ALL = (*ENGLISH, "kifurushi", "zawadi", "haraka")
COUNT = "sum(mark in text for mark in MARKS)"
limit = ask("limit", Filter("score", judged=AtLimit(limit=0.02, goal=0.9, start=0.2), choices=[
    ("words", "Words to count", [("all", "both languages"), ("english", "English")])], **PARTS),
    about={"practice": ("M1",)})
cost = ask("cost", Filter("decide", judged=Cost(lost=10, missed=1, goal=0.2), **PARTS), about={"practice": ("M1",)})
for asked, name, right in ((limit, "score", COUNT), (cost, "decide", f"{COUNT} > 1")):
    wrong_source(asked, "only-english", SCORE.format(marks=ENGLISH, name=name, value=right))
    wrong_source(asked, "any-word", SCORE.format(marks=ALL, name=name, value=f"{COUNT} > 0"))
    wrong_source(asked, "length", SCORE.format(marks=ALL, name=name, value="float(len(text) % 3 == 0)"))

# policy
policy = ask("policy", Policy(runs=4), about={"practice": ("E1",), "twin": ("F1",)})
policy.answer(reference_of)
add_known_mistakes(policy, ("no-texts", "ban-all", "law-alone", "nothing-staffed"))
PLAN = example_of("nothing-staffed", "pacific-island")

# document
document = ask("document", Document([("to", "To", "text"), ("text", "Letter", "textarea")], [
    ("no-time", lambda _item, given: None if "UTC" in given["text"] else "no-time"),
    ("no-address", lambda item, given: None if item.truth.handover_address in given["text"] else "no-address"),
    ("threatens", lambda _item, given: "threatens" if "sue" in given["text"] else None)]),
    about={"practice": ("M1",)}, manual=True)
wrong(document, "no-time", lambda item: {"to": "a", "text": f"{item.truth.handover_address}, at eight."})
wrong(document, "no-address", lambda _item: {"to": "a", "text": "At 08:00 UTC."})
wrong(document, "threatens", lambda item: {"to": "a", "text": f"{item.truth.handover_address} 08:00 UTC, we sue."})

RIGHT_SOURCES = {
    "function": SEEN.format(guard="pass", field="X-Seen", end=""),
    "limit": SCORE.format(marks=ALL, name="score", value=COUNT),
    "cost": SCORE.format(marks=ALL, name="decide", value=f"{COUNT} > 1"),
}
INVALID = {
    "statements": [{"1": True}, "true", {"9": True}, {"1": "perhaps"}],
    "value": ["many", "1,234", "12 kilometres", [1, 2]],
    "pick": [9, "here", {"line": 2}],
    "mark": [{"4": "because"}, [9], {"9": "break"}],
    "order": [[1, 1, 2, 3], [1, 2], 7],
    "table": [{"1": {"ours": "maybe", "address": "x"}}, [], {"7": {}}, {"1": 3}],
    "fill": [{"policy": "reject"}, {"policy": "block", "sub": "none", "to": "x"}, "v=DMARC1; p=none", 5,
             {"policy": "reject", "sub": "loud", "to": "mailto:x"}, {"policy": "none", "sub": "none\np", "to": "x"}],
    "estimate": [12, {"best": 5, "low": 6, "high": 9, "reason": "silent"}, {"best": 5, "low": 1, "high": 9},
                 {"best": "many", "low": 1, "high": 9, "reason": "silent"}],
    "artefact": [7, {"a": 1}, "drop everything", "x" * 9000, "keep all\n" * 2000],
    "function": [{"P1": 3}, [1], "def seen(raw): ...", {"field": "nothing"}],
    "limit": [{"b01": [1, 2]}, [0.5] * 40, {"words": "none"}],
    "cost": [{"b01": 1}, "spam", [1]],
    "policy": [7, ["a"], "title", PLAN.replace("pacific-island", "advanced-city"), PLAN.split("[[")[0],
               PLAN.replace("150", "999"), {"years": 3, "measure": []}],
    "document": ["a letter", {"to": "x"}, {"to": "", "text": "x"}, {"subject": "x"}],
}
