"""The mailbox server: one mailbox for each participant, SMTP in, Mailpit's API and a web inbox out.

`python -m spamlab.mailnet.mailbox --store DIR --http-port N --smtp-port N --tokens FILE`, or `start(...)` in-process.
It listens on 127.0.0.1 unless another host is asked for, and sends nothing anywhere.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application

from spamlab.errors import MachineError, ServiceError, SpamlabError
from spamlab.mailnet import api, pages
from spamlab.mailnet.access import check_tokens, read_tokens
from spamlab.mailnet.limits import Limits
from spamlab.mailnet.receiving import DOMAIN, Counters, server_factory
from spamlab.mailnet.rooms import Mailboxes
from spamlab.mailnet.store import MailboxStore

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Addresses:
    """Where a running server listens; its ports are the real ones also where 0 was asked for."""

    host: str
    http_port: int
    smtp_port: int

    def base(self, participant: str, token: str) -> str:
        """What `spamlab.kit.mailbox.Mailbox` takes: http://p01:TOKEN@127.0.0.1:PORT/p01."""
        return f"http://{quote(participant)}:{quote(token, safe='')}@{self.host}:{self.http_port}/{quote(participant)}"

    def inbox(self, participant: str, token: str) -> str:
        """What a browser opens: http://127.0.0.1:PORT/p01/?token=TOKEN."""
        return f"http://{self.host}:{self.http_port}/{quote(participant)}/?token={quote(token, safe='')}"


def recipient(participant: str) -> str:
    """The mailbox's address, as in p01@mailbox.test."""
    return f"{participant}@{DOMAIN}"


@contextlib.asynccontextmanager
async def running(
    store: Path,
    http_port: int,
    smtp_port: int,
    tokens: Mapping[str, str],
    *,
    host: str = LOOPBACK,
    limits: Limits | None = None,
) -> AsyncIterator[Addresses]:
    """Run the server inside this event loop until the block ends; what `store` (a folder) holds is kept.

    Raises MachineError when a port is taken or the folder can't be written, UsageError for wrong tokens.
    """
    checked = check_tokens(dict(tokens))
    limits = limits or Limits()
    with contextlib.ExitStack() as closing:
        http_sockets = [closing.enter_context(found) for found in _listen(host, http_port, "--http-port")]
        smtp_sockets = [closing.enter_context(found) for found in _listen(host, smtp_port, "--smtp-port")]
        stores = {}
        for participant in checked:
            stores[participant] = MailboxStore(
                store / f"{participant}.sqlite", most_messages=limits.mailbox_messages, most_bytes=limits.mailbox_bytes
            )
            closing.callback(stores[participant].close)
        mailboxes = Mailboxes(stores, checked, Counters(), limits)
        web = _BoundedServer(
            Application(
                [*api.routes(mailboxes), *pages.routes(mailboxes), (r".*", pages.NowhereHandler)], log_function=_silent
            ),
            max_body_size=limits.request_bytes,
            max_header_size=64 * 1024,
            idle_connection_timeout=limits.idle_seconds,
            body_timeout=limits.idle_seconds,
        )
        web.most_connections = limits.http_connections
        web.add_sockets(http_sockets)
        factory = server_factory(stores, mailboxes.counters, limits)
        loop = asyncio.get_running_loop()
        smtp = [await loop.create_server(factory, sock=found) for found in smtp_sockets]
        try:
            yield Addresses(host, http_sockets[0].getsockname()[1], smtp_sockets[0].getsockname()[1])
        finally:
            for server in smtp:
                server.close()
            web.stop()
            await web.close_all_connections()


def serve(
    store_dir: Path,
    http_port: int,
    smtp_port: int,
    tokens: Mapping[str, str],
    *,
    host: str = LOOPBACK,
    ready: Callable[[Addresses], None] | None = None,
) -> None:
    """Run until SIGTERM or SIGINT; `ready` is called with the addresses once both ports answer.

    Raises what `running` raises.
    """
    asyncio.run(_serve(store_dir, http_port, smtp_port, tokens, host, ready))


class RunningMailboxes:
    """A server in a thread of this process, for tests and notebooks: `with start(...) as mailboxes: ...`."""

    def __init__(self, store: Path, http_port: int, smtp_port: int, tokens: Mapping[str, str], limits: Limits) -> None:
        self.tokens = dict(tokens)
        self._ready = threading.Event()
        self._error: SpamlabError | None = None
        self._arguments = (store, http_port, smtp_port, tokens, limits)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="mailbox", daemon=True)
        self._thread.start()
        if not self._ready.wait(30):
            raise ServiceError("The mailbox server didn't start within 30 seconds.")
        if self._error is not None:
            raise self._error

    def base(self, participant: str) -> str:
        """The participant's address for `spamlab.kit.mailbox.Mailbox`, with user and token."""
        return self.addresses.base(participant, self.tokens[participant])

    def inbox(self, participant: str) -> str:
        """The participant's address for a browser."""
        return self.addresses.inbox(participant, self.tokens[participant])

    def stop(self) -> None:
        """End the server and wait for its thread; doing it twice is no fault."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(30)

    def __enter__(self) -> RunningMailboxes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _run(self) -> None:
        store, http_port, smtp_port, tokens, limits = self._arguments
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        try:
            async with running(store, http_port, smtp_port, tokens, limits=limits) as self.addresses:
                self._ready.set()
                await self._stop.wait()
        except SpamlabError as error:
            self._error = error
        finally:
            self._ready.set()


def start(
    store: Path, tokens: Mapping[str, str], *, http_port: int = 0, smtp_port: int = 0, limits: Limits | None = None
) -> RunningMailboxes:
    """Start a server in a thread of this process, on 127.0.0.1; port 0 takes a free one.

    Raises what `running` raises.
    """
    return RunningMailboxes(store, http_port, smtp_port, tokens, limits or Limits())


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit status: 0 after a signal, 1 or 2 with one sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m spamlab.mailnet.mailbox", description="The workshop's mailboxes.")
    parser.add_argument("--store", type=Path, required=True, help="folder for the mailboxes' files")
    parser.add_argument("--http-port", type=int, required=True, help="port of the API and the web inbox; 0: a free one")
    parser.add_argument("--smtp-port", type=int, required=True, help="port on which mail is received; 0: a free one")
    parser.add_argument("--tokens", type=Path, required=True, help='JSON file: {"p01": "token", ...}')
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        tokens = read_tokens(chosen.tokens)
        serve(chosen.store, chosen.http_port, chosen.smtp_port, tokens, host=chosen.host, ready=_say)
    except SpamlabError as error:
        print(f"spamlab mailbox: {error}", file=sys.stderr)
        return error.exit_status
    return 0


async def _serve(
    store: Path,
    http_port: int,
    smtp_port: int,
    tokens: Mapping[str, str],
    host: str,
    ready: Callable[[Addresses], None] | None,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, stop.set)
    async with running(store, http_port, smtp_port, tokens, host=host) as addresses:
        if ready is not None:
            ready(addresses)
        await stop.wait()


def _say(addresses: Addresses) -> None:
    host = addresses.host
    print(f"mailbox ready: http://{host}:{addresses.http_port}/ smtp://{host}:{addresses.smtp_port}", flush=True)


def _listen(host: str, port: int, option: str) -> list[socket.socket]:
    try:
        return bind_sockets(port, address=host)
    except OverflowError:
        raise MachineError(f"{port} is no port: choose one from 1 to 65535 with {option}.") from None
    except OSError as error:
        raise MachineError(
            f"Port {port} on {host} can't be used ({error.strerror}); choose another with {option}."
        ) from error


def _silent(handler: object) -> None:
    """No access log: its lines would hold tokens."""


class _BoundedServer(HTTPServer):
    """Tornado's server with a most of open connections; one more is closed at once."""

    most_connections = 256
    _open = 0

    def handle_stream(self, stream: IOStream, address: tuple[str, int]) -> None:
        """Take the connection if there is room."""
        if self._open >= self.most_connections:
            stream.close()
            return
        self._open += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """Free the place."""
        self._open -= 1
        super().on_close(server_conn)


if __name__ == "__main__":
    sys.exit(main())
