"""The server as a whole: starting, ending, staying intact."""

from __future__ import annotations

import json
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spamlab.errors import MachineError, UsageError
from spamlab.kit.mailbox import Mailbox
from spamlab.mailnet.mailbox import start

MESSAGE = "From: a@b.example\r\nMessage-ID: <{number}@b.example>\r\n\r\nbody\r\n"


class Server:
    """The server as a process of its own."""

    def __init__(self, folder: Path) -> None:
        tokens = folder / "tokens.json"
        tokens.write_text(json.dumps({"p01": "one"}))
        self.command = [
            sys.executable, "-m", "spamlab.mailnet.mailbox", "--store", str(folder / "mail"), "--tokens", str(tokens),
        ]  # fmt: skip
        self.process: subprocess.Popen[str] | None = None

    def begin(self, *extra: str) -> tuple[str, int]:
        """Start it; returns the mailbox's address and the SMTP port that the ready line tells."""
        ports = extra or ("--http-port", "0", "--smtp-port", "0")
        self.process = subprocess.Popen(
            [*self.command, *ports], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("mailbox ready: http://127.0.0.1:"), line
        http, smtp = line.split()[2:]
        return f"http://p01:one@{http.removeprefix('http://')}p01", int(smtp.rpartition(":")[2])

    def end(self, how: signal.Signals) -> int:
        """Send the signal and wait."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path)
    yield found
    if found.process is not None and found.process.poll() is None:
        found.process.kill()
        found.process.communicate(timeout=20)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(server: Server, ending: signal.Signals) -> None:
    """After SIGTERM and SIGINT the exit status is 0, also with a client connected, and nothing is left on the ports."""
    url, smtp_port = server.begin()
    with socket.create_connection(("127.0.0.1", smtp_port)):
        assert Mailbox(url).messages().total == 0
        assert server.end(ending) == 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", smtp_port), timeout=2).close()


def test_kill_9_loses_nothing_that_was_acknowledged(server: Server) -> None:
    """Killed while mail comes in and started again, every message that got its 250 is there, once and whole."""
    url, smtp_port = server.begin()
    acknowledged = []
    with smtplib.SMTP("127.0.0.1", smtp_port, "x.example", timeout=10) as connection:
        for number in range(40):
            connection.sendmail("a@b.example", ["p01@mailbox.test"], MESSAGE.format(number=number).encode())
            acknowledged.append(f"{number}@b.example")
        connection.mail("a@b.example")
        connection.rcpt("p01@mailbox.test")
        connection.putcmd("data")
        connection.getreply()
        connection.send(b"From: half@b.example\r\n")
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        connection.close()
    url, _ = server.begin()
    mailbox = Mailbox(url)
    assert [summary.message_id for summary in mailbox.messages(100).messages] == acknowledged[::-1]
    assert mailbox.raw("latest").endswith(MESSAGE.format(number=39).encode())
    assert server.end(signal.SIGTERM) == 0


def test_a_taken_port_is_one_sentence(server: Server) -> None:
    """With a port in use the exit status is 1 and one sentence names the port and the option."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for option, other in (("--http-port", "--smtp-port"), ("--smtp-port", "--http-port")):
            run = subprocess.run(
                [*server.command, option, port, other, "0"], capture_output=True, text=True, timeout=20, check=False
            )
            assert run.returncode == 1
            assert f"Port {port} on 127.0.0.1" in run.stderr
            assert option in run.stderr
            assert run.stderr.count("\n") == 1


def test_a_wrong_tokens_file_is_one_sentence(server: Server, tmp_path: Path) -> None:
    """Without a usable tokens file the exit status is 2, with one sentence."""
    (tmp_path / "tokens.json").write_text("[]")
    run = subprocess.run(
        [*server.command, "--http-port", "0", "--smtp-port", "0"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)


def test_in_process_it_stops_and_starts_again(tmp_path: Path) -> None:
    """In-process, stopping twice is no fault, and a second start on the same folder and ports finds the mail."""
    with start(tmp_path, {"p01": "one"}) as first:
        addresses = first.addresses
        with smtplib.SMTP("127.0.0.1", addresses.smtp_port, "x.example", timeout=10) as connection:
            connection.sendmail("a@b.example", ["p01@mailbox.test"], MESSAGE.format(number=1).encode())
        with pytest.raises(MachineError, match="can't be used"):
            start(tmp_path, {"p01": "one"}, http_port=addresses.http_port)
    first.stop()
    ports = {"http_port": addresses.http_port, "smtp_port": addresses.smtp_port}
    with start(tmp_path, {"p01": "one", "p02": "two"}, **ports) as again:
        assert Mailbox(again.base("p01")).messages().total == 1
        assert Mailbox(again.base("p02")).messages().total == 0


@pytest.mark.parametrize(("tokens", "kind"), [({}, UsageError), ({"../x": "t"}, UsageError)])
def test_wrong_tokens_start_nothing(tmp_path: Path, tokens: dict[str, str], kind: type[Exception]) -> None:
    """Without participants, or with a name that isn't one, nothing is started."""
    with pytest.raises(kind):
        start(tmp_path, tokens)


def test_a_folder_that_can_not_be_made_is_one_sentence(tmp_path: Path) -> None:
    """A store below a file gives one sentence."""
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match="can't be opened"):
        start(tmp_path / "file" / "mail", {"p01": "one"})


def test_it_listens_on_this_machine_only(tmp_path: Path) -> None:
    """Both sockets are bound to 127.0.0.1."""
    with start(tmp_path, {"p01": "one"}) as mailboxes:
        assert mailboxes.addresses.host == "127.0.0.1"
        for port in (mailboxes.addresses.http_port, mailboxes.addresses.smtp_port):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection(("127.0.0.2", port), timeout=2).close()
