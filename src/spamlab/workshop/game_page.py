"""Shows the scoreboard of a game on this machine alone, and shows it anew when a round was played.

It reads the game's folder and writes nothing. It needs no token: it tells what the room may see anyway.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from spamlab.errors import MachineError, SpamlabError, UsageError
from spamlab.policy.game import GAME, RESULTS, read_game, read_results
from spamlab.policy.game_board import board_html
from spamlab.workshop.ports import HOST

POLICY = ("default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; "
          "form-action 'none'; frame-ancestors 'none'")
SECONDS = 2
"""Between two questions of a page whether there is anything new."""
_HEAD = '<script src="/reload.js" defer></script>\n<noscript><meta http-equiv="refresh" content="15"></noscript>\n'
_SCRIPT = f"""let shown = "";
setInterval(async () => {{
  try {{
    const now = await (await fetch("/version")).text();
    if (shown && now !== shown) location.reload();
    shown = now;
  }} catch (trouble) {{ /* the server is not there now; asked again */ }}
}}, {SECONDS * 1000});
"""


class Board:
    """The page of a game as it stands, made anew only where a file has changed. A class to keep the last page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = ("", "")

    def version(self) -> str:
        """Another text whenever rules or results have changed."""
        found = hashlib.blake2b(digest_size=12)
        for name in (GAME, RESULTS):
            with suppress(OSError):
                found.update((self.folder / name).read_bytes())
            found.update(b"|")
        return found.hexdigest()

    def page(self) -> str:
        """The board; where it can't be read, the sentence why."""
        version = self.version()
        if version != self.made[0]:
            try:
                game = read_game(self.folder)
                page = board_html(game, read_results(self.folder, game), head=_HEAD)
            except SpamlabError as error:
                page = _trouble(str(error))
            self.made = (version, page)
        return self.made[1]


def _trouble(sentence: str) -> str:
    told = "".join(f"<p>{html.escape(line)}</p>" for line in sentence.splitlines())
    return ('<!DOCTYPE html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Scoreboard</title>\n'
            f"{_HEAD}</head><body><main><h1>The board can't be shown</h1>{told}</main></body></html>\n")


class Answer(RequestHandler):
    """What all answers share: for this machine by its own names, nothing from elsewhere, nothing kept."""

    def initialize(self, board: Board) -> None:
        """Take the board."""
        self.board = board

    def set_default_headers(self) -> None:
        """No frame, no cache, no guess at types."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuse foreign host names, under which another site could read the page."""
        if self.request.host_name not in (HOST, "localhost"):
            self.set_status(400)
            self.finish("This page is asked for by a foreign name.\n")

    def write_error(self, status_code: int, **_given: object) -> None:
        """A sentence in place of a trace."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("There is no such page.\n" if status_code == 404 else "The page failed.\n")


class PageHandler(Answer):
    """/: the board."""

    def get(self) -> None:
        """The page."""
        self.finish(self.board.page())


class VersionHandler(Answer):
    """/version: asked by the page."""

    def get(self) -> None:
        """A text."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self.board.version())


class ScriptHandler(Answer):
    """/reload.js: the page's only script."""

    def get(self) -> None:
        """The script."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(_SCRIPT)


class NowhereHandler(Answer):
    """Every other address."""

    def get(self) -> None:
        """404 with a sentence."""
        self.send_error(404)


def application(board: Board) -> Application:
    """The page as a Tornado application; it keeps no log."""
    given = {"board": board}
    return Application([(r"/", PageHandler, given), (r"/version", VersionHandler, given),
                        (r"/reload\.js", ScriptHandler, given), (r".*", NowhereHandler, given)],
                       log_function=lambda _handler: None)


def serve(folder: Path, port: int, say: Callable[[str], object]) -> None:
    """Serve the board until Ctrl+C (or SIGTERM), on loopback alone; port 0 takes a free one.

    Raises UsageError where there is no game or no such port, MachineError for a port that is taken.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port} is no port: choose 0 for a free one, or 1024 to 65535.")
    game = read_game(folder)
    read_results(folder, game)
    asyncio.run(_serve(folder, port, say))


async def _serve(folder: Path, port: int, say: Callable[[str], object]) -> None:
    try:
        sockets = bind_sockets(port, HOST)
    except OSError as error:
        raise MachineError(f"port {port} can't be used ({error.strerror}): choose another with --port.") from None
    server = HTTPServer(application(Board(folder)))
    server.add_sockets(sockets)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    say(f"The board is at http://{HOST}:{sockets[0].getsockname()[1]}/ and follows the game. Ctrl+C stops it.")
    await stop.wait()
    server.stop()
    say(f"Stopped. The game is kept in {folder}.")
