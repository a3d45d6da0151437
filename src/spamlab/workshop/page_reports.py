"""Statistics, similarity and traces of a lab on the instructor's page.

Statistics and traces are read in a thread; submissions are compared by a command of its own, whose last result is
kept and shown.
"""

from __future__ import annotations

from typing import Any

from spamlab.errors import UsageError
from spamlab.workshop import report_views, reports
from spamlab.workshop.page_base import Page, clock


class ReportPage(Page):
    """What the three have in common: the lab's head and its links."""

    def shown(self, template: str, lab: str, here: str, title: str, **values: Any) -> str:
        """A report's page."""
        return self.html(template, lab=lab, here=here, title=title, labs=self.desk.workshop.labs, updated=clock(),
                         participants=self.desk.workshop.participants, **values)


class StatisticsHandler(ReportPage):
    """/lab/LAB/statistics: item statistics."""

    async def get(self, lab: str) -> None:
        """Figures and tables; JSON where JSON is asked for."""
        self.demand_lab(lab)
        found = await self.apart(reports.statistics_of, self.desk.room, lab)
        if self.wants_json:
            self.finish(found)
            return
        self.finish(self.shown("statistics.html", lab, "statistics", found["title"],
                               view=report_views.statistics_view(found)))


class SimilarityHandler(ReportPage):
    """/lab/LAB/similarity: what is worth a look, as it was compared last."""

    async def get(self, lab: str) -> None:
        """The last comparison and the button that makes a new one."""
        parts = await self.parts(lab)
        self.finish(self.shown("similarity.html", lab, "similarity", self.desk.room.opened(lab).lab.title,
                               csrf=self.form_token, **parts))

    async def post(self, lab: str) -> None:
        """Start a comparison."""
        self.demand_lab(lab)
        try:
            job = await self.desk.looks.start("similarity", lab)
        except UsageError as error:
            self.refuse(409, str(error)[:1].upper() + str(error)[1:])
            return
        if self.wants_json:
            self.finish({"step": job.step.name, "state": job.state})
        else:
            self.redirect(f"/lab/{lab}/similarity")

    async def parts(self, lab: str) -> dict[str, Any]:
        """What the live parts show."""
        self.demand_lab(lab)
        found = await self.apart(reports.kept, self.desk.workshop, lab)
        return {"jobs": self.desk.looks.jobs, "idle": "No comparison was started from this page yet.",
                "view": report_views.similarity_view(found)}


class SimilarityLiveHandler(SimilarityHandler):
    """/lab/LAB/similarity/live: the parts that change."""

    async def get(self, lab: str) -> None:
        """{"jobs", "room", "updated"}: HTML of each part."""
        parts = await self.parts(lab)
        self.finish({"jobs": self.html("jobs.html", **parts), "room": self.html("alike.html", lab=lab, **parts),
                     "updated": clock()})


class PairHandler(ReportPage):
    """/lab/LAB/similarity/KIND/ONE/OTHER: two submissions side by side."""

    async def get(self, lab: str, kind: str, first: str, second: str) -> None:
        """The passages that both hold."""
        self.demand_lab(lab)
        found = await self.apart(reports.kept, self.desk.workshop, lab)
        pair = next((one for one in (found or {}).get(kind, {}).get("pairs", [])
                     if (one["first"], one["second"]) == (first, second)), None)
        if found is None or pair is None:
            self.refuse(404, "These two are not on the list: it may have been made anew.")
            return
        self.finish(self.shown("pair.html", lab, "similarity", self.desk.room.opened(lab).lab.title,
                               pair=report_views.pair_line(pair), passages=pair["passages"],
                               explanations=found["explanations"]))


class TracesHandler(ReportPage):
    """/lab/LAB/traces: odd things in what was handed in."""

    async def get(self, lab: str) -> None:
        """Traces by participant."""
        self.demand_lab(lab)
        entries = await self.apart(lambda: self.desk.room.ledger.entries(lab=lab, event="note"))
        rows = reports.traces_of(entries, self.desk.workshop.participants)
        self.finish(self.shown("traces.html", lab, "traces", self.desk.room.opened(lab).lab.title,
                               rows=report_views.trace_rows(rows)))
