"""The judge as a service on this machine alone: JSON in, JSON out, one shape for every error.

Judging runs in worker threads, so that one slow answer holds up nobody. A client never sees a traceback.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import logging
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from spamlab.content.identity import Workshop, read_workshop
from spamlab.errors import ContentError, MachineError, SpamlabError
from spamlab.judge.bounds import MOST_BYTES, read_json
from spamlab.judge.catalogue import say, speaking
from spamlab.judge.ledger import Ledger, open_ledger
from spamlab.judge.question import FormError
from spamlab.judge.room import RefusedError, Room

HOST = "127.0.0.1"
MOST_BODY = MOST_BYTES + 4096
_BUFFER = 1024 * 1024
_WORKERS = 4
_LAB = r"([A-Za-z0-9._-]{1,80})"
_QUESTION = r"([A-Za-z0-9_-]{1,80})"

log = logging.getLogger("spamlab.judge")


class Handler(RequestHandler):
    """Tokens, bounds, the shape of answers and of errors."""

    room: Room
    workers: ThreadPoolExecutor

    def initialize(self, room: Room, workers: ThreadPoolExecutor) -> None:
        """Take what the application hands to each request."""
        self.room, self.workers = room, workers

    def set_default_headers(self) -> None:
        """JSON, never kept by a cache."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuse a body beyond the bound before anything reads it."""
        if len(self.request.body or b"") > MOST_BODY:
            raise RefusedError(413, say("service-size"))

    def participant(self) -> str:
        """The participant whose token the request bears; every token is compared, in constant time."""
        found = ""
        for name in self.room.workshop.participants:
            if self._bears(self.room.workshop.participant_token(name)):
                found = name
        if not found:
            raise RefusedError(401, say("service-token"))
        return found

    def instructor(self) -> None:
        """Refuse whoever does not bear the instructor's token."""
        if not self._bears(self.room.workshop.instructor_token()):
            raise RefusedError(401, say("service-room"))

    def body(self, fields: tuple[str, ...]) -> dict[str, Any]:
        """The request's JSON object, which must hold `fields`; RefusedError (400) else."""
        try:
            given = read_json(self.request.body, most_bytes=MOST_BODY)
        except FormError as error:
            raise RefusedError(400, str(error)) from None
        if not isinstance(given, dict) or any(name not in given for name in fields):
            raise RefusedError(400, say("service-body", fields=", ".join(fields)))
        return given

    async def work(self, task: Callable[..., Any], *values: Any) -> None:
        """Run `task` in a worker thread, in the workshop's language, and answer with its result."""
        def run() -> Any:
            with speaking(self.room.workshop.language):
                return task(*values)

        self.finish(await asyncio.get_running_loop().run_in_executor(self.workers, run))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Every error in one shape: {"error": {"sentence": ...}}."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        sentence = say("service-own")
        if isinstance(error, RefusedError):
            status_code, sentence = error.status, str(error)
        elif isinstance(error, ContentError):
            log.error("%s", error)
            status_code, sentence = 503, say("service-broken-lab")
        elif isinstance(error, HTTPError):
            status_code = error.status_code
            sentence = say({404: "service-path", 405: "service-method", 413: "service-size"}.get(
                status_code, "service-body" if status_code == 400 else "service-own"), fields="question, answer")
        else:
            status_code = 500
        self.set_status(status_code)
        self.finish({"error": {"sentence": sentence}})

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A traceback goes to the log, and only for a fault of our own."""
        if not isinstance(value, RefusedError | HTTPError | ContentError):
            log.error("a request failed", exc_info=(typ, value, tb))

    def _bears(self, token: str) -> bool:
        given = self.request.headers.get("Authorization", "")
        scheme, _, value = given.partition(" ")
        same = hmac.compare_digest(value.strip().encode("utf-8", "replace"), token.encode())
        return same and scheme.casefold() == "bearer"


class HealthHandler(Handler):
    """GET /health."""

    def get(self) -> None:
        """The service is there."""
        self.finish({"ok": True})


class LabHandler(Handler):
    """GET /api/v1/labs/{lab}."""

    async def get(self, lab: str) -> None:
        """Questions, states, messages."""
        await self.work(self.room.lab, self.participant(), lab)


class QuestionHandler(Handler):
    """GET /api/v1/labs/{lab}/questions/{question}."""

    async def get(self, lab: str, question: str) -> None:
        """Both forms, hints, whether to go on."""
        await self.work(self.room.question, self.participant(), lab, question)


class AnswersHandler(Handler):
    """POST /api/v1/labs/{lab}/answers."""

    async def post(self, lab: str) -> None:
        """Judge an answer."""
        participant, given = self.participant(), self.body(("question", "answer"))
        if not isinstance(given["question"], str):
            raise RefusedError(400, say("service-body", fields="question, answer"))
        await self.work(self.room.answer, participant, lab, given["question"], given["answer"])


class HintsHandler(Handler):
    """POST /api/v1/labs/{lab}/hints."""

    async def post(self, lab: str) -> None:
        """Open a hint."""
        participant, given = self.participant(), self.body(("question", "step"))
        if not isinstance(given["question"], str) or type(given["step"]) is not int:
            raise RefusedError(400, say("service-body", fields="question, step"))
        await self.work(self.room.hint, participant, lab, given["question"], given["step"])


class ChallengesHandler(Handler):
    """GET /api/v1/labs/{lab}/challenges/{question}."""

    async def get(self, lab: str, question: str) -> None:
        """The practice inputs of a function question."""
        await self.work(self.room.challenge, self.participant(), lab, question)


class SetsHandler(Handler):
    """GET /api/v1/labs/{lab}/sets/{set}."""

    async def get(self, lab: str, name: str) -> None:
        """One of the participant's sets of records."""
        await self.work(self.room.records, self.participant(), lab, name)


class RoomHandler(Handler):
    """GET /api/v1/room/{lab}, for the instructor."""

    async def get(self, lab: str) -> None:
        """The room."""
        self.instructor()
        await self.work(self.room.room, lab)


class NowhereHandler(Handler):
    """Every other address."""

    def prepare(self) -> None:
        """There is nothing here."""
        raise RefusedError(404, say("service-path"))


def make_app(workshop: Workshop, ledger: Ledger, *, room: Room | None = None) -> Application:
    """The service's application; `room` only to hand in another clock."""
    given = {"room": room or Room(workshop, ledger), "workers": ThreadPoolExecutor(_WORKERS, "judge")}
    base = r"/api/v1"
    return Application(
        [
            (r"/health", HealthHandler, given),
            (rf"{base}/labs/{_LAB}", LabHandler, given),
            (rf"{base}/labs/{_LAB}/questions/{_QUESTION}", QuestionHandler, given),
            (rf"{base}/labs/{_LAB}/answers", AnswersHandler, given),
            (rf"{base}/labs/{_LAB}/hints", HintsHandler, given),
            (rf"{base}/labs/{_LAB}/challenges/{_QUESTION}", ChallengesHandler, given),
            (rf"{base}/labs/{_LAB}/sets/{_QUESTION}", SetsHandler, given),
            (rf"{base}/room/{_LAB}", RoomHandler, given),
        ],
        default_handler_class=NowhereHandler, default_handler_args=given, log_function=lambda _handler: None,
        compress_response=False)


async def run(workshop: Workshop, port: int, *, ready: Callable[[int], None] | None = None,
              stop: asyncio.Event | None = None, host: str = HOST,
              make_room: Callable[[Ledger], Room] | None = None) -> None:
    """Serve until `stop` is set, on 127.0.0.1 if no other `host` is named; `ready` is told the port (also for 0).

    make_room: over the open ledger, where it is not to be made anew from the workshop's folder.
    Raises MachineError where the port is taken.
    """
    ledger = open_ledger(workshop)
    app = make_app(workshop, ledger, room=make_room(ledger) if make_room else None)
    server = HTTPServer(app, max_body_size=_BUFFER, max_buffer_size=2 * _BUFFER,
                        idle_connection_timeout=120, body_timeout=30)
    try:
        sockets = bind_sockets(port, host)
    except OSError:
        ledger.close()
        raise MachineError(f"port {port} of this machine is taken; choose another for the judge") from None
    server.add_sockets(sockets)
    try:
        if ready is not None:
            ready(int(sockets[0].getsockname()[1]))
        await (stop or asyncio.Event()).wait()
    finally:
        server.stop()
        await server.close_all_connections()
        ledger.close()


def serve(workshop: Workshop, port: int, host: str = HOST) -> None:
    """Serve until SIGTERM or Ctrl-C; prints the address as its first line."""
    async def main() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await run(workshop, port, ready=lambda used: print(f"http://{host}:{used}", flush=True), stop=stop, host=host)

    asyncio.run(main())


def main(arguments: list[str] | None = None) -> int:
    """`python -m spamlab.judge.service --workshop DIR --port N`; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m spamlab.judge.service", description="The judge of a workshop.")
    parser.add_argument("--workshop", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    given = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.INFO)
    try:
        serve(read_workshop(given.workshop), given.port, given.host)
    except SpamlabError as error:
        print(f"spamlab: {error}", file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
