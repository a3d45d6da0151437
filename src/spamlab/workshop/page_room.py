"""The room on the instructor's page: who is where, the steps of a lab, one participant's history, the scores."""

from __future__ import annotations

import csv
import io
from typing import Any

from spamlab.errors import UsageError
from spamlab.workshop import views
from spamlab.workshop.jobs import steps_of
from spamlab.workshop.page_base import Page, clock
from spamlab.workshop.scores import read_scores
from spamlab.workshop.work import not_yet, work_done


class HomeHandler(Page):
    """/: the first lab."""

    def get(self) -> None:
        """Go to the first lab."""
        if not self.desk.workshop.labs:
            self.refuse(404, "This workshop has no labs.")
        self.redirect(f"/lab/{self.desk.workshop.labs[0]}")


class LabHandler(Page):
    """/lab/LAB: the room."""

    async def get(self, lab: str) -> None:
        """The whole page."""
        parts = await self.parts(lab)
        addresses = self.desk.addresses()
        self.finish(
            self.html(
                "board.html",
                **parts,
                here="room",
                lab=lab,
                steps=steps_of(self.desk.protection.level),
                labs=self.desk.workshop.labs,
                csrf=self.form_token,
                sandbox=self.desk.protection,
                formgrader=addresses.get("formgrader", "#"),
                updated=clock(),
            )
        )

    async def parts(self, lab: str) -> dict[str, Any]:
        """What the live parts show."""
        self.demand_lab(lab)
        seen = await self.apart(self.desk.room.room, lab)
        scores = await self.apart(read_scores, self.desk.workshop, self.desk.scores)
        work = work_done(self.desk.workshop, lab)
        return {
            "board": views.board(seen, work),
            "jobs": [*self.desk.looks.running, *self.desk.jobs.jobs],
            "scores": scores.table(self.desk.workshop),
            "idle": "No step was started from this page yet.",
            "signs": views.LEGEND,
        }


class LiveHandler(LabHandler):
    """/lab/LAB/live: the parts that change."""

    async def get(self, lab: str) -> None:
        """{"jobs", "room", "updated"}: HTML of each part."""
        parts = await self.parts(lab)
        self.finish(
            {"jobs": self.html("jobs.html", **parts), "room": self.html("room.html", **parts), "updated": clock()}
        )


class StepHandler(Page):
    """/lab/LAB/step: start a step."""

    async def post(self, lab: str) -> None:
        """Start the step named by `step`; a sentence if it can't be."""
        self.demand_lab(lab)
        step = self.get_body_argument("step", "")
        lacking = not_yet(self.desk.workshop, lab, step)
        if lacking:
            self.refuse(409, lacking)
        try:
            job = await self.desk.jobs.start(step, lab)
        except UsageError as error:
            self.refuse(409, str(error)[:1].upper() + str(error)[1:])
            return
        if self.wants_json:
            self.finish({"step": job.step.name, "state": job.state})
        else:
            self.redirect(f"/lab/{lab}")


class ParticipantHandler(Page):
    """/lab/LAB/participant/ID: what one did."""

    def get(self, lab: str, participant: str) -> None:
        """The participant's entries in the ledger, latest first."""
        if lab not in self.desk.workshop.labs or participant not in self.desk.workshop.participants:
            self.refuse(404, "There is no such participant or lab.")
        entries = self.desk.room.ledger.entries(participant=participant, lab=lab)
        notebooks = {one["id"]: one["notebook"] for one in self.desk.addresses().get("participants", [])}
        self.finish(
            self.html(
                "participant.html",
                participant=participant,
                lab=lab,
                lines=views.history(entries),
                notebook=notebooks.get(participant, "#"),
            )
        )


class ScoresHandler(Page):
    """/scores.csv: the gradebook's scores."""

    async def get(self) -> None:
        """One line for each participant, one column for each lab."""
        scores = await self.apart(read_scores, self.desk.workshop, self.desk.scores)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="scores.csv"')
        text = io.StringIO()
        csv.writer(text).writerows(scores.csv_rows(self.desk.workshop))
        self.finish(text.getvalue())
