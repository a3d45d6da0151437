"""The questions of the tiny lab."""

from spamlab.judge.kinds import Document, Function, Value
from spamlab.judge.kinds.function import raw_inputs
from spamlab.judge.question import Checks

checks = Checks()
both = {"practice": ("M1",), "twin": ("T1",)}

q1 = checks.question("q1", Value(type="address"), title="Address", points=2, minutes=1, about=both)


@q1.answer
def _(item):
    return item.truth.handover_address


q2 = checks.question("q2", Value(type="number"), title="Number", points=3, minutes=1, about=both)


@q2.answer
def _(item):
    return int(item.truth.notes["number"])


@q2.mistake("as-written", trainer="Took it as it stands.", message="That is the number as it stands.", share=0.5)
def _(item):
    return int(item.truth.notes["number"]) + 1


q3 = checks.question(
    "q3", Function("find", raw_inputs, lambda one: one.truth.handover_address, lambda _one: "the message is plain"),
    title="Function", points=4, minutes=1, about={"practice": ("P1",)})
q4 = checks.question("q4", Document([("to", "To", "text"), ("text", "Text", "textarea")]), title="Letter", points=3,
                     minutes=1, about={"practice": ("M1",)}, manual=True)
