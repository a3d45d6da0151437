"""The instructor's page: who is where, what the room gets wrong, the steps of a lab, the scores.

`python -m spamlab.workshop.page --workshop DIR --port N`. It listens on 127.0.0.1 and answers nobody without the
instructor's token. It reads the ledger and the gradebook and writes neither: each step is a command of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from tornado.httpserver import HTTPServer
from tornado.web import Application, Finish, RequestHandler, StaticFileHandler

from spamlab.content.identity import Workshop, read_workshop
from spamlab.errors import MachineError, SpamlabError, UsageError
from spamlab.judge.ledger import open_ledger
from spamlab.judge.room import RefusedError, Room
from spamlab.workshop import sessions, views
from spamlab.workshop.jobs import Jobs, step_command, steps_of
from spamlab.workshop.level import Protection, protection
from spamlab.workshop.ports import HOST
from spamlab.workshop.scores import Scores, read_scores
from spamlab.workshop.work import work_done

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass
class Desk:
    """What every request needs: the workshop, its room, the jobs, and addresses of the running workshop."""

    workshop: Workshop
    port: int
    room: Room
    jobs: Jobs
    protection: Protection
    templates: jinja2.Environment
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    scores: Scores = field(default_factory=Scores)

    @property
    def token(self) -> str:
        """The instructor's token."""
        return self.workshop.instructor_token()

    def addresses(self) -> dict[str, Any]:
        """What `spamlab up` wrote of the running workshop; empty if it is not there."""
        try:
            found: dict[str, Any] = json.loads((self.workshop.run / "addresses.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found


class Page(RequestHandler):
    """Who may ask, what the answers may do in a browser, one shape for errors."""

    desk: Desk

    def initialize(self, desk: Desk) -> None:
        """Take what the application hands to each request."""
        self.desk = desk

    def set_default_headers(self) -> None:
        """Nothing from elsewhere, no frame, no cache, no referrer (addresses hold tokens)."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuse foreign host names; take the token once; demand the session; demand the form's token for a change."""
        if self.request.host.rpartition(":")[0] not in ("127.0.0.1", "localhost"):
            self.refuse(400, "This page is asked for by a foreign name.")
        given = self.get_query_argument("token", "")
        if given and self.request.method == "GET":
            if not sessions.same(given, self.desk.token):
                self.refuse(401, "This address holds the wrong token: open the one that spamlab up printed.")
            self.set_cookie(
                self.cookie, sessions.new_session(self.desk.token), httponly=True, samesite="Strict", path="/"
            )
            self.redirect(self.request.path)
            raise Finish
        if not self.signed_in():
            self.refuse(401, "This page is the instructor's: open the address that spamlab up printed, with its token.")
        if self.request.method == "POST":
            self.check_form()

    @property
    def cookie(self) -> str:
        """The cookie's name; cookies of one host are shared by its ports, so the port is in the name."""
        return f"spamlab-page-{self.desk.port}"

    def signed_in(self) -> bool:
        """Whether the request bears the token or a session."""
        bearer = self.request.headers.get("Authorization", "")
        if bearer.startswith("Bearer ") and sessions.same(bearer.removeprefix("Bearer "), self.desk.token):
            return True
        return sessions.is_session(self.desk.token, self.get_cookie(self.cookie, "") or "")

    def check_form(self) -> None:
        """Refuse a change that another site might have sent."""
        if self.request.headers.get("Authorization"):
            return
        origin = self.request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != self.request.host:
            self.refuse(403, "This request comes from another site.")
        if not sessions.same(self.get_body_argument("csrf", ""), self.form_token):
            self.refuse(403, "This form is too old: load the page again.")

    @property
    def form_token(self) -> str:
        """What this session's forms carry."""
        return sessions.form_token(self.desk.token, self.get_cookie(self.cookie, "") or "")

    @property
    def wants_json(self) -> bool:
        """Whether the page's own script asks."""
        return "application/json" in self.request.headers.get("Accept", "")

    def refuse(self, status: int, sentence: str) -> None:
        """Answer with one sentence and go no further."""
        self.set_status(status)
        if self.wants_json:
            self.finish({"error": {"sentence": sentence}})
        else:
            self.finish(
                self.html("message.html", heading="Not here" if status == 404 else "Not allowed", sentence=sentence)
            )
        raise Finish

    def html(self, template: str, **values: Any) -> str:
        """A page from its template; every value is escaped."""
        return self.desk.templates.get_template(template).render(workshop=self.desk.workshop.title, **values)

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """Log trouble by its sentence."""
        if not isinstance(error, SpamlabError | RefusedError):
            super().log_exception(kind, error, trace)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """One sentence in place of a trace."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        sentence = (
            str(error) if isinstance(error, SpamlabError | RefusedError) else "The page failed: its log says why."
        )
        if isinstance(error, RefusedError):
            self.set_status(error.status)
        if self.wants_json:
            self.finish({"error": {"sentence": sentence}})
        else:
            self.finish(self.html("message.html", heading="This does not work", sentence=sentence))


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
                steps=steps_of(self.desk.protection.low),
                labs=self.desk.workshop.labs,
                csrf=self.form_token,
                sandbox=self.desk.protection,
                formgrader=addresses.get("formgrader", "#"),
                updated=clock(),
            )
        )

    async def parts(self, lab: str) -> dict[str, Any]:
        """What the live parts show."""
        if lab not in self.desk.workshop.labs:
            self.refuse(404, "This lab is not in the workshop.")
        loop = asyncio.get_running_loop()
        seen = await loop.run_in_executor(self.desk.workers, self.desk.room.room, lab)
        scores = await loop.run_in_executor(self.desk.workers, read_scores, self.desk.workshop, self.desk.scores)
        work = work_done(self.desk.workshop, lab)
        return {
            "board": views.board(seen, work),
            "jobs": self.desk.jobs.jobs,
            "scores": scores.table(self.desk.workshop),
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
        if lab not in self.desk.workshop.labs:
            self.refuse(404, "This lab is not in the workshop.")
        try:
            job = await self.desk.jobs.start(self.get_body_argument("step", ""), lab)
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
        loop = asyncio.get_running_loop()
        scores = await loop.run_in_executor(self.desk.workers, read_scores, self.desk.workshop, self.desk.scores)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="scores.csv"')
        text = io.StringIO()
        csv.writer(text).writerows(scores.csv_rows(self.desk.workshop))
        self.finish(text.getvalue())


class HealthHandler(RequestHandler):
    """/health: asked by whoever starts the page."""

    def get(self) -> None:
        """{"ok": true}."""
        self.finish({"ok": True})


class Static(StaticFileHandler):
    """Style, script and icon; they hold nothing of the workshop."""

    def set_extra_headers(self, path: str) -> None:
        """The same policy as the pages."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")


class NowhereHandler(Page):
    """Every other address."""

    def get(self) -> None:
        """404 with a sentence."""
        self.refuse(404, "There is no such page.")


def clock() -> str:
    """The time of day on this machine."""
    return f"{datetime.now():%H:%M:%S}"


def silent(handler: RequestHandler) -> None:
    """No access log: its lines would hold tokens."""


def application(desk: Desk) -> Application:
    """The page as a Tornado application."""
    given = {"desk": desk}
    lab = r"/lab/([A-Za-z0-9._-]{1,80})"
    return Application(
        [
            (r"/", HomeHandler, given),
            (lab, LabHandler, given),
            (lab + r"/live", LiveHandler, given),
            (lab + r"/step", StepHandler, given),
            (lab + r"/participant/([A-Za-z0-9_-]{1,80})", ParticipantHandler, given),
            (r"/scores\.csv", ScoresHandler, given),
            (r"/health", HealthHandler),
            (r"/static/(.*)", Static, {"path": HERE / "static"}),
            (r".*", NowhereHandler, given),
        ],
        log_function=silent,
    )


def make_desk(workshop: Workshop, port: int, command: Callable[[str, str], list[str]] | None = None) -> Desk:
    """The page's state; `command` replaces the command of a step (tests do)."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    level = protection()
    jobs = Jobs(command or (lambda step, lab: step_command(step, lab, str(workshop.root), unconfined=level.low)),
                workshop.course)
    return Desk(workshop, port, Room(workshop, open_ledger(workshop)), jobs, level, templates)


async def serve(desk: Desk, ready: Callable[[], None] | None = None, host: str = HOST) -> None:
    """Serve until SIGTERM or SIGINT, on 127.0.0.1 if no other `host` is named."""
    server = HTTPServer(application(desk))
    try:
        server.listen(desk.port, host)
    except OSError as error:
        raise MachineError(f"port {desk.port} can't be used ({error.strerror}): choose another with --port.") from error
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if ready:
        ready()
    await stop.wait()
    desk.jobs.stop()
    server.stop()
    desk.workers.shutdown(wait=False, cancel_futures=True)


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m spamlab.workshop.page", description="The instructor's page.")
    parser.add_argument("--workshop", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    given = parser.parse_args(arguments)
    try:
        asyncio.run(serve(make_desk(read_workshop(given.workshop), given.port), host=given.host))
    except SpamlabError as error:
        print(f"spamlab page: {error}", file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
