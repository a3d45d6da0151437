"""A real Jupyter server over a course folder, with our Formgrader and Validate."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from spamlab.workshop.jupyter import Notebook, command, environment, write_config
from spamlab.workshop.up import our_environment

TOKEN = "a" * 64


@pytest.fixture
def chromium() -> str:
    """Where Chromium is; the test is skipped where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium on this machine: apt-get install chromium")


@dataclass
class Server:
    """The server, asked as a page of its own asks it: with its token and its XSRF cookie."""

    port: int
    cookies: CookieJar = field(default_factory=CookieJar)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    def ask(self, path: str, data: Any = None, *, post: bool = False, seconds: float = 120.0) -> Any:
        """The JSON of an address, the text where it is none; raises HTTPError."""
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        body = json.dumps(data).encode() if data is not None else b"{}" if post else None
        request = urllib.request.Request(self.address + path, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            text = answer.read().decode()
        try:
            return json.loads(text)
        except ValueError:
            return text

    def wait(self) -> None:
        """Until it answers."""
        for _ in range(1800):
            try:
                self.ask("/api/status")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the server does not start")


@contextmanager
def serving(root: Path, own: Path, port: int, *, trainer: bool = True, kernel: bool = True,
            extra: dict[str, str] | None = None) -> Iterator[Server]:
    """A JupyterLab that shows `root`, with its configuration below `own`, as `spamlab up` starts it."""
    from spamlab.sandbox.kernel import write_kernelspec

    notebook = Notebook("test", port, root, own / "config", own / "data", own / "runtime", TOKEN, trainer=trainer,
                        host="localhost")
    notebook.runtime.mkdir(parents=True)
    write_config(notebook, private_runtime=False)
    if kernel:
        write_kernelspec(notebook.config / "share")
    whole = {**our_environment(), **environment(notebook, extra), "HOME": str(own)}
    with open(own / "log", "wb") as log:
        process = subprocess.Popen(command(), cwd=root, env=whole, stdout=log, stderr=log)
    try:
        server = Server(port)
        server.wait()
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
