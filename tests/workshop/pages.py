"""The instructor's page of a small workshop on a free port, and a browser without a window for it."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import pytest
from tornado.httpserver import HTTPServer

from spamlab.content.identity import Workshop
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import Ledger
from spamlab.workshop.page import application, make_desk
from spamlab.workshop.page_base import Desk

LAB = "77-small"
HOSTILE = '</td><script>alert("p")</script>'


@dataclass
class Browser:
    """A browser with cookies, which takes any status for an answer."""

    port: int
    token: str
    cookies: CookieJar

    def ask(self, path: str, data: dict[str, str] | None = None, **headers: str) -> tuple[int, str, Any]:
        """Status, body and headers of an address."""
        body = urlencode(data).encode() if data is not None else None
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(
            address, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.headers

    def enter(self) -> str:
        """Open the page with the token; returns the room's HTML."""
        status, body, _ = self.ask(f"/?token={self.token}")
        assert status == 200, body
        return body

    def form_token(self) -> str:
        """The token in the page's forms."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.ask(f"/lab/{LAB}")[1])
        assert found
        return found[1]


def collected(workshop: Workshop, participant: str, *cells: str, **answers: Any) -> None:
    """Lay a submission of the small lab into the course: code cells and answers."""
    folder = workshop.course / "submitted" / participant / LAB
    (folder / "answers").mkdir(parents=True, exist_ok=True)
    notebook = {"cells": [{"cell_type": "code", "metadata": {}, "source": source} for source in cells],
                "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{LAB}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for name, value in answers.items():
        file = folder / "answers" / f"{name.replace('_', '-')}.json"
        file.write_text(json.dumps({"answer": value}), encoding="utf-8")


def command(step: str, lab: str) -> list[str]:
    """In place of the real steps: collect takes a while, grade fails with a sentence, the others end well."""
    code = {
        "collect": "import time; time.sleep(600)",
        "grade": "import sys; print('spamlab: no submission <b>yet</b>', file=sys.stderr); sys.exit(1)",
        "similarity": "import time; time.sleep(0.7); print('3 of 3 compared')",
    }.get(step, "print('3 of 3 were given the lab.')")
    return [sys.executable, "-c", code, lab]


@pytest.fixture
def browser(small_workshop: Workshop) -> Iterator[Browser]:
    """The page of the small workshop on a free port, in a thread, and a browser for it."""
    ledger = Ledger(small_workshop.ledger_file)
    for name in ("p01", "p02"):
        ledger.record(Entry(name, LAB, "q1", "tried", '"<img src=x onerror=alert(1)>"', "mistake", "bottom-line", 0.0))
    ledger.record(Entry("p01", LAB, "q1-twin", "saved", "1", "saved"))
    ledger.record(Entry(HOSTILE, LAB, "q2", "tried", "1", "right", "", 1.0))
    ledger.close()
    ready = threading.Event()
    made: dict[str, Any] = {}

    def serve() -> None:
        async def run() -> None:
            desk: Desk = make_desk(small_workshop, 0, command)
            server = HTTPServer(application(desk))
            server.listen(0, "127.0.0.1")
            desk.port = next(iter(server._sockets.values())).getsockname()[1]
            made.update(port=desk.port, stop=asyncio.Event(), loop=asyncio.get_running_loop())
            ready.set()
            await made["stop"].wait()
            desk.jobs.stop()
            desk.looks.stop()
            server.stop()
            await server.close_all_connections()
            desk.workers.shutdown()
            desk.room.ledger.close()

        asyncio.run(run())

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(20)
    yield Browser(made["port"], small_workshop.instructor_token(), CookieJar())
    made["loop"].call_soon_threadsafe(made["stop"].set)
    thread.join(10)
