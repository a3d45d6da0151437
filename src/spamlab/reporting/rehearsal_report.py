"""The dress rehearsal's report: a page and a table from plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jinja2 import Environment

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}: dress rehearsal</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1b; }
h1 { margin-bottom: .2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { border-bottom: 1px solid #bbb; padding: .25rem .6rem; text-align: left; vertical-align: top; }
tbody th { font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.plays { overflow-wrap: anywhere; min-width: 16rem; }
td.plays small { color: #333; font-family: ui-monospace, monospace; display: inline-block; margin-left: .8rem; }
tr.differs th, tr.differs td { background: #fdecea; font-weight: 600; }
.outcome { border-left: .4rem solid #1b5e20; padding: .5rem 1rem; background: #f1f8f1; }
.outcome.failed { border-color: #b00020; background: #fdecea; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; }
@media print { tr { break-inside: avoid; } }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>Dress rehearsal with {{ participants }} simulated participants, {{ "%.1f"|format(seconds) }} seconds.
Sandbox: {{ sandbox }}.{% if per_submission %} Per submission: {{ "%.2f"|format(per_submission.grading) }} seconds of
grading with {{ workers }} worker{{ "" if workers == 1 else "s" }}, {{ "%.2f"|format(per_submission.whole) }} seconds of
everything.{% endif %}</p>
<p class="outcome{{ '' if ok else ' failed' }}"><strong>{{ "All scores are as expected." if equal else
"Some scores are not as expected." }}</strong>
{{ "Each score in the gradebook equals the score that the participant's answers deserve." if equal else
"Do not start the workshop before the rows marked ≠ are understood." }}
{{ "But something else was not as it should be." if equal and not ok }}</p>
{% if trouble %}<h2>What was not as it should be</h2>
<ul>{% for line in trouble %}<li>{{ line }}</li>{% endfor %}</ul>{% endif %}
{% if kinds %}<div class="wide"><table>
<caption>The kinds of participants</caption>
<thead><tr><th scope="col">Kind</th><th scope="col" class="number">Participants</th>
<th scope="col" class="number">Lowest</th><th scope="col" class="number">Highest</th>
<th scope="col" class="number">As expected</th></tr></thead>
<tbody>{% for kind in kinds %}<tr><th scope="row">{{ kind.name }}</th><td class="number">{{ kind.count }}</td>
<td class="number">{{ "%.2f"|format(kind.lowest) }}</td><td class="number">{{ "%.2f"|format(kind.highest) }}</td>
<td class="number">{{ kind.equal }} of {{ kind.count }}</td></tr>
{% endfor %}</tbody>
</table></div>{% endif %}
<div class="wide"><table>
<caption>Expected score against the gradebook's score</caption>
<thead><tr><th scope="col">Participant</th><th scope="col">Plays</th>
{% if labs > 1 %}<th scope="col">Lab</th>{% endif %}
<th scope="col" class="number">Expected</th><th scope="col" class="number">Gradebook</th>
<th scope="col" class="number">Of</th><th scope="col">Equal</th></tr></thead>
<tbody>
{% for row in rows %}<tr{% if not row.equal %} class="differs"{% endif %}><th scope="row">{{ row.participant }}</th>
<td class="plays">{{ row.sort }}{% for one in row.plays %}<small>{{ one }}</small>{% endfor %}</td>
{% if labs > 1 %}<td>{{ row.lab }}</td>{% endif %}
<td class="number">{{ "%.2f"|format(row.expected) }}</td>
<td class="number">{{ "%.2f"|format(row.graded) }}</td><td class="number">{{ "%g"|format(row.max) }}</td>
<td>{{ "= equal" if row.equal else "≠ differs" }}</td></tr>
{% endfor %}</tbody>
</table></div>
{% if traces %}<div class="wide"><table>
<caption>Traces of odd doings, as the instructor sees them</caption>
<thead><tr><th scope="col">Participant</th><th scope="col">Lab</th><th scope="col">Traces</th></tr></thead>
<tbody>
{% for row in traces|sort(attribute="lab,participant") %}<tr><th scope="row">{{ row.participant }}</th>
<td>{{ row.lab }}</td><td>{{ row.traces|map(attribute="code")|unique|join(", ") }}</td></tr>
{% endfor %}</tbody>
</table></div>{% endif %}
{% set mistakes = mistakes|rejectattr("code", "equalto", "right")|list %}
{% if mistakes %}<div class="wide"><table>
<caption>What the room got wrong, from the ledger</caption>
<thead><tr><th scope="col">Question</th><th scope="col">Mistake</th><th scope="col">For the trainer</th>
<th scope="col">Participants</th></tr></thead>
<tbody>
{% for mistake in mistakes %}<tr><th scope="row">{{ mistake.question }}</th><td><code>{{ mistake.code }}</code></td>
<td>{{ mistake.trainer }}</td><td>{{ mistake.participants|join(", ") }}</td></tr>
{% endfor %}</tbody>
</table></div>{% endif %}
{% if parts %}<h2>Where the time went</h2>
<dl>{% for name, taken in parts %}<dt>{{ name }}</dt><dd>{{ "%.1f"|format(taken) }} s</dd>{% endfor %}</dl>{% endif %}
{% if notes %}<h2>Notes</h2>
<ul>{% for note in notes %}<li>{{ note }}</li>{% endfor %}</ul>{% endif %}
</body>
</html>
"""


@dataclass(frozen=True)
class ScoreRow:
    """One participant's score in one lab: points that the answers deserve and points in the gradebook."""

    participant: str
    kind: str
    lab: str
    expected: float
    graded: float
    max: float

    @property
    def sort(self) -> str:
        """The kind without what it plays: "mistake"."""
        return self.kind.partition(":")[0]

    @property
    def plays(self) -> list[str]:
        """What a kind of that name plays: mistakes or attacks."""
        return [one for one in self.kind.partition(":")[2].split(",") if one]

    @property
    def equal(self) -> bool:
        """Whether both scores are the same to a thousandth of a point."""
        return abs(self.expected - self.graded) < 0.001

    def to_json(self) -> dict[str, Any]:
        """The row as `spamlab rehearse --json` gives it."""
        return asdict(self)


def report_page(
    title: str, rows: Sequence[ScoreRow], *, seconds: float, sandbox: str,
    mistakes: Sequence[Mapping[str, Any]] = (), notes: Sequence[str] = (), trouble: Sequence[str] = (),
    traces: Sequence[Mapping[str, Any]] = (), parts: Sequence[tuple[str, float]] = (),
    per_submission: Mapping[str, float] | None = None, workers: int = 1,
) -> str:
    """The report as one HTML page that needs nothing else; every value is escaped.

    trouble: sentences about anything but a score that was not as expected. traces: [{"participant", "lab", "traces":
    [{"code"}]}]. parts: name and seconds. per_submission: {"grading", "whole"}, seconds.
    """
    equal = all(row.equal for row in rows)
    environment = Environment(autoescape=True, trim_blocks=True)
    return environment.from_string(_PAGE).render(
        title=title, rows=rows, seconds=seconds, sandbox=sandbox, mistakes=mistakes, notes=notes, trouble=trouble,
        traces=traces, parts=parts, per_submission=per_submission, workers=workers, equal=equal,
        ok=equal and not trouble, participants=len({row.participant for row in rows}),
        labs=len({row.lab for row in rows}), kinds=_kinds(rows))


def _kinds(rows: Sequence[ScoreRow]) -> list[dict[str, Any]]:
    """A line for each kind, in the order in which they come."""
    by_kind: dict[str, list[ScoreRow]] = {}
    for row in rows:
        by_kind.setdefault(row.sort, []).append(row)
    return [{"name": name, "count": len(ones), "lowest": min(one.graded for one in ones),
             "highest": max(one.graded for one in ones), "equal": sum(one.equal for one in ones)}
            for name, ones in by_kind.items()]


def report_table(rows: Sequence[ScoreRow]) -> str:
    """The same scores as a table for a terminal."""
    head = ("participant", "plays", "lab", "expected", "gradebook", "of", "")
    body = [
        (row.participant, row.kind, row.lab, f"{row.expected:.2f}", f"{row.graded:.2f}", f"{row.max:g}",
         "=" if row.equal else "DIFFERS")
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [head, *body]) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in [head, *body])
