"""The instructor's page: who is where, what the room gets wrong, the steps of a lab, the scores.

`python -m spamlab.workshop.page --workshop DIR --port N`. It listens on 127.0.0.1 and answers nobody without the
instructor's token. It reads the ledger and the gradebook and writes neither: each step is a command of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import jinja2
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler, StaticFileHandler

from spamlab.content.identity import Workshop, read_workshop
from spamlab.errors import MachineError, SpamlabError
from spamlab.judge.ledger import open_ledger
from spamlab.judge.room import Room
from spamlab.workshop import page_reports, page_room
from spamlab.workshop.jobs import LOOKS, Jobs, step_command
from spamlab.workshop.level import protection
from spamlab.workshop.page_base import POLICY, Desk, Page
from spamlab.workshop.ports import HOST

HERE = Path(__file__).parent


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


def silent(handler: RequestHandler) -> None:
    """No access log: its lines would hold tokens."""


def application(desk: Desk) -> Application:
    """The page as a Tornado application."""
    given = {"desk": desk}
    lab = r"/lab/([A-Za-z0-9._-]{1,80})"
    name = r"([A-Za-z0-9_-]{1,80})"
    return Application(
        [
            (r"/", page_room.HomeHandler, given),
            (lab, page_room.LabHandler, given),
            (lab + r"/live", page_room.LiveHandler, given),
            (lab + r"/step", page_room.StepHandler, given),
            (lab + r"/participant/" + name, page_room.ParticipantHandler, given),
            (r"/scores\.csv", page_room.ScoresHandler, given),
            (lab + r"/statistics", page_reports.StatisticsHandler, given),
            (lab + r"/similarity", page_reports.SimilarityHandler, given),
            (lab + r"/similarity/live", page_reports.SimilarityLiveHandler, given),
            (lab + r"/similarity/(code|text)/" + name + "/" + name, page_reports.PairHandler, given),
            (lab + r"/traces", page_reports.TracesHandler, given),
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
    run = command or (lambda step, lab: step_command(step, lab, str(workshop.root), level.level))
    room = Room(workshop, open_ledger(workshop))
    return Desk(workshop, port, room, Jobs(run, workshop.course), level, templates, Jobs(run, steps=LOOKS))


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
    desk.looks.stop()
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
