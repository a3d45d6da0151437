"""A PostgreSQL server of the tests' own: Debian's programs, an unprivileged user, a Unix socket, ended by its id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

PASSWORD = "p%w@rd:1/2"
"""Of the account "spamlab": with all that an address must escape."""
QUOTED = "p%25w%40rd%3A1%2F2"

_numbers = count(1)


@dataclass
class Server:
    """One server on a socket in a folder of its own; `start` and `stop` may follow each other."""

    programs: Path
    folder: Path
    account: dict[str, object]
    port: int = 5432
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def run(self, *words: str) -> str:
        """Run one of PostgreSQL's programs as the server's user; what it printed."""
        done = subprocess.run([str(self.programs / words[0]), *words[1:]], cwd=self.folder, capture_output=True,
                              text=True, timeout=60, **self.account)  # type: ignore[call-overload]
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder),
                 "-p", str(self.port), "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60"],
                cwd=self.folder, stdout=log, stderr=log, **self.account)  # type: ignore[call-overload]
        end = time.monotonic() + 60
        ready = [str(self.programs / "pg_isready"), "-h", str(self.folder), "-p", str(self.port), "-q"]
        while subprocess.run(ready, check=False).returncode:
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < end, "PostgreSQL does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        """End it at once, as a machine that is switched off would: by its id, with all its connections."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)
        self.process = None

    def sql(self, sentence: str, database: str = "postgres") -> str:
        """Run SQL as the server's owner."""
        return self.run("psql", "-h", str(self.folder), "-p", str(self.port), "-d", database, "-qAt", "-v",
                        "ON_ERROR_STOP=1", "-c", sentence)

    def database(self) -> str:
        """A new database that belongs to the account "spamlab"; its name."""
        name = f"w{next(_numbers)}"
        self.sql(f"CREATE DATABASE {name} OWNER spamlab")
        return name

    def url(self, database: str, *, password: bool = True) -> str:
        """The address of a database."""
        return (f"postgresql+psycopg://spamlab{':' + QUOTED if password else ''}@/{database}"
                f"?host={self.folder}&port={self.port}")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    name = str(found[-1]) if found else shutil.which("initdb")
    return Path(name).parent if name else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server; without PostgreSQL's programs the tests skip with the reason."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    account: dict[str, object] = {}
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path has a hundred characters at most
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            owner = pwd.getpwnam("nobody")
        account = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o755)
    server = Server(found, folder, account)
    try:
        server.run("initdb", "-D", str(folder / "data"), "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        (folder / "data" / "pg_hba.conf").write_text(
            "local all spamlab scram-sha-256\nlocal all all trust\n", encoding="utf-8")
        server.start()
        server.sql(f"CREATE ROLE spamlab LOGIN PASSWORD '{PASSWORD}'")
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
