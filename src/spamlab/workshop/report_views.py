"""How statistics, similarity and traces are shown: plain data in, words and figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from spamlab.reporting.figures import Mark, interval_chart
from spamlab.workshop.views import counted

KINDS = {"code": ("Code", "tokens"), "text": ("Text", "words")}


@dataclass(frozen=True)
class PairLine:
    """One pair as it is shown."""

    first: str
    second: str
    kind: str
    share: str
    each: str
    length: str


@dataclass(frozen=True)
class KindView:
    """One kind of material: heading, id, pairs, and what else is said of it."""

    heading: str
    id: str
    pairs: tuple[PairLine, ...]
    sentences: tuple[str, ...]


def statistics_view(found: Mapping[str, Any]) -> dict[str, Any]:
    """The statistics as the page shows them."""
    items = found["items"]
    scored = [item for item in items if item["points"]]
    return {
        "basis": found["basis_sentence"],
        "room": f"{found['started']} of {found['room']} have started; "
                f"{counted(found['counted'], 'participant counts', 'participants count')} below.",
        "warnings": found["warnings"], "alpha": alpha_view(found["alpha"]), "empty": found["basis"] == "none",
        "items": [item_row(item) for item in items], "mistakes": mistake_rows(items),
        "figures": [figure_of_shares(scored),
                    figure_of_discrimination(scored) if any(item["item_rest"] for item in scored) else ""]
                   if found["basis"] != "none" else [],
    }


def item_row(item: Mapping[str, Any]) -> dict[str, Any]:
    """One question's line in the tables."""
    rest, apart, seconds = item["item_rest"], item["upper_lower"], item["seconds_to_right"]
    tries, hints = item["attempts"], item["hints"]
    return {
        "question": item["question"], "title": item["title"], "points": f"{item['points']:g}",
        "share": per_cent(item["difficulty"]), "rest": signed(rest), "remarks": item["remarks"],
        "apart": "–" if apart is None else f"{apart['value']:+.2f}".replace("-", "−"),
        "omitted": per_cent(item["omitted"]), "reached": str(item["reached"]),
        "tries": "–" if tries["mean"] is None else f"{tries['mean']:.1f}",
        "hints": f"{hints['count']:g} of {hints['of']}" if hints["of"] else "–",
        "time": "–" if seconds["median"] is None
                else f"{minutes(seconds['median'])} ({seconds['participants']})",
    }


def mistake_rows(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All mistakes, those made by most first."""
    rows = [{"question": item["question"], "code": row["code"], "trainer": row["trainer"] or row["code"],
             "people": row["participants"]["count"], "tries": row["tries"], "graded": row["graded"],
             "class": f"{row['participants']['count']:g} of {row['participants']['of']}" if row["tries"] else "–",
             "share": per_cent(row["participants"])} for item in items for row in item["mistakes"]]
    return sorted(rows, key=lambda row: -max(row["people"], row["graded"]))


def figure_of_shares(items: Sequence[Mapping[str, Any]]) -> Markup:
    """The mean share of each question."""
    marks = [Mark(item["question"], None) if item["difficulty"] is None else
             Mark(item["question"], item["difficulty"]["share"], item["difficulty"]["low"], item["difficulty"]["high"],
                  per_cent(item["difficulty"])) for item in items]
    text = "; ".join(f"{mark.label}: {mark.note or 'no figure yet'}" for mark in marks)
    return Markup(interval_chart("shares", "Mean share of the points at each question", text, marks, low=0, high=1,
                                 step=0.25, per_cent=True))


def figure_of_discrimination(items: Sequence[Mapping[str, Any]]) -> Markup:
    """How each question goes with the rest of the lab."""
    marks = [Mark(item["question"], None) if item["item_rest"] is None else
             Mark(item["question"], item["item_rest"]["value"], item["item_rest"]["low"], item["item_rest"]["high"],
                  signed(item["item_rest"])) for item in items]
    text = "; ".join(f"{mark.label}: {mark.note or 'no figure yet'}" for mark in marks)
    return Markup(interval_chart("rest", "Correlation of each question with the rest of the lab", text, marks, low=-1,
                                 high=1, step=0.5, per_cent=False))


def alpha_view(found: Mapping[str, Any]) -> dict[str, str]:
    """Cronbach's alpha in words."""
    if found["value"] is None:
        return {"value": "", "warning": found["warning"]}
    return {"value": f"{signed(found)}, from {counted(found['questions'], 'question', 'questions')} and "
                     f"{counted(found['participants'], 'participant', 'participants')}.", "warning": found["warning"]}


def similarity_view(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A comparison as the page shows it; None where there is none."""
    if found is None:
        return None
    answers = found["answers"]
    return {
        "at": str(found["at"]).replace("T", " "), "submissions": found["submissions"], "sentence": found["sentence"],
        "explanations": found["explanations"], "kinds": [kind_view(kind, found[kind]) for kind in KINDS],
        "answers": [{**row, "questions": ", ".join(row["questions"]), "count": len(row["questions"])}
                    for row in answers["pairs"]], "answers_sentence": answers["sentence"],
    }


def kind_view(kind: str, found: Mapping[str, Any]) -> KindView:
    """One kind of material as the page shows it."""
    heading, _ = KINDS[kind]
    people = counted(found["compared"], "participant has", "participants have")
    said = [f"{people} enough {heading.lower()} to compare, beyond what the lab gave out."]
    if found["usual"] is not None:
        usual = round(100 * found["usual"])
        said.append(f"Half of all pairs share {f'{usual} % or less' if usual else 'nearly nothing'}.")
    if found["common"]:
        said.append("What more than half of the room wrote is left out.")
    if found["cut"]:
        said.append(f"Too long to be looked at whole: {', '.join(found['cut'])}.")
    return KindView(heading, f"alike-{kind}", tuple(pair_line(pair) for pair in found["pairs"]), tuple(said))


def pair_line(pair: Mapping[str, Any]) -> PairLine:
    """One pair as it is shown."""
    return PairLine(
        pair["first"], pair["second"], pair["kind"], f"{100 * pair['share']:.0f} %",
        f"{100 * pair['first_share']:.0f} % of {pair['first']}, {100 * pair['second_share']:.0f} % of {pair['second']}",
        f"{pair['units']} {KINDS[pair['kind']][1]}")


def trace_rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Traces by participant; one line for each thing seen, with all the places where it was seen."""
    shown = []
    for row in rows:
        lines: dict[tuple[str, str], dict[str, Any]] = {}
        for one in row["traces"]:
            line = lines.setdefault((one["code"], one["sentence"]), {
                "code": one["code"], "sentence": one["sentence"], "where": [],
                "at": str(one["at"])[:16].replace("T", " ")})
            line["where"].append(one["where"] or "the submission")
        shown.append({"participant": row["participant"], "count": counted(len(row["traces"]), "trace", "traces"),
                      "traces": [{**line, "where": ", ".join(line["where"])} for line in lines.values()]})
    return shown


def per_cent(row: Mapping[str, Any] | None) -> str:
    """A share with its interval: "50 % (24 to 76)"; "–" for none."""
    if row is None or row["share"] is None:
        return "–"
    return f"{100 * row['share']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


def signed(row: Mapping[str, Any] | None) -> str:
    """A correlation with its interval: "0.42 (0.12 to 0.65)"; "–" for none."""
    if row is None:
        return "–"
    return f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})".replace("-", "−")


def minutes(seconds: float) -> str:
    """A time in minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
