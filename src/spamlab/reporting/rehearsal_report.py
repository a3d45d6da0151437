"""The dress rehearsal's report: a page and a table from plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jinja2 import Environment

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ title }}: dress rehearsal</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1b; }
h1 { margin-bottom: .2rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { border-bottom: 1px solid #bbb; padding: .35rem .6rem; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.differs td { background: #fdecea; font-weight: 600; }
.outcome { border-left: .4rem solid #1b5e20; padding: .5rem 1rem; background: #f1f8f1; }
.outcome.failed { border-color: #b00020; background: #fdecea; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>Dress rehearsal with {{ participants }} simulated participants, {{ "%.1f"|format(seconds) }} seconds.
Sandbox: {{ sandbox }}.</p>
<p class="outcome{{ '' if ok else ' failed' }}"><strong>{{ "All scores are as expected." if ok else
"Some scores are not as expected." }}</strong>
{{ "Each score in the gradebook equals the score that the participant's answers deserve." if ok else
"Do not start the workshop before the rows marked ≠ are understood." }}</p>
<table>
<caption>Expected score against the gradebook's score</caption>
<thead><tr><th scope="col">Participant</th><th scope="col">Plays</th><th scope="col">Lab</th>
<th scope="col" class="number">Expected</th><th scope="col" class="number">Gradebook</th>
<th scope="col" class="number">Of</th><th scope="col">Equal</th></tr></thead>
<tbody>
{% for row in rows %}<tr{% if not row.equal %} class="differs"{% endif %}><th scope="row">{{ row.participant }}</th>
<td>{{ row.kind }}</td><td>{{ row.lab }}</td><td class="number">{{ "%.2f"|format(row.expected) }}</td>
<td class="number">{{ "%.2f"|format(row.graded) }}</td><td class="number">{{ "%g"|format(row.max) }}</td>
<td>{{ "= equal" if row.equal else "≠ differs" }}</td></tr>
{% endfor %}</tbody>
</table>
{% if mistakes %}<table>
<caption>What the room got wrong, from the ledger</caption>
<thead><tr><th scope="col">Question</th><th scope="col">Mistake</th><th scope="col">For the trainer</th>
<th scope="col" class="number">Participants</th></tr></thead>
<tbody>
{% for mistake in mistakes %}<tr><th scope="row">{{ mistake.question }}</th><td><code>{{ mistake.code }}</code></td>
<td>{{ mistake.trainer }}</td><td class="number">{{ mistake.participants }}</td></tr>
{% endfor %}</tbody>
</table>{% endif %}
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
    def equal(self) -> bool:
        """Whether both scores are the same to a thousandth of a point."""
        return abs(self.expected - self.graded) < 0.001

    def to_json(self) -> dict[str, Any]:
        """The row as `spamlab rehearse --json` gives it."""
        return asdict(self)


def report_page(
    title: str, rows: Sequence[ScoreRow], *, seconds: float, sandbox: str,
    mistakes: Sequence[dict[str, Any]] = (), notes: Sequence[str] = (),
) -> str:
    """The report as one HTML page that needs nothing else; every value is escaped."""
    environment = Environment(autoescape=True, trim_blocks=True)
    return environment.from_string(_PAGE).render(
        title=title, rows=rows, seconds=seconds, sandbox=sandbox, mistakes=mistakes, notes=notes,
        ok=all(row.equal for row in rows), participants=len({row.participant for row in rows}),
    )


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
