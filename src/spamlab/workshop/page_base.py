"""What every address of the instructor's page shares: who may ask, what a browser may do, one shape for errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import jinja2
from tornado.web import Finish, RequestHandler

from spamlab.content.identity import Workshop
from spamlab.errors import SpamlabError
from spamlab.judge.room import RefusedError, Room
from spamlab.workshop import sessions
from spamlab.workshop.jobs import Jobs
from spamlab.workshop.level import Protection
from spamlab.workshop.scores import Scores

Found = TypeVar("Found")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass
class Desk:
    """What every request needs: the workshop, its room, the jobs, and addresses of the running workshop.

    jobs: the steps, of which one runs at a time. looks: comparisons, which write no gradebook and run beside a step.
    """

    workshop: Workshop
    port: int
    room: Room
    jobs: Jobs
    protection: Protection
    templates: jinja2.Environment
    looks: Jobs
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

    def demand_lab(self, lab: str) -> None:
        """Refuse a lab that is not in the workshop."""
        if lab not in self.desk.workshop.labs:
            self.refuse(404, "This lab is not in the workshop.")

    async def apart(self, work: Callable[..., Found], *given: Any) -> Found:
        """What `work(*given)` returns, from a thread, so that the page answers others meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self.desk.workers, work, *given)


def clock() -> str:
    """The time of day on this machine."""
    return f"{datetime.now():%H:%M:%S}"
