"""The three small programs of docker/, run as they are; no engine is needed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

DOCKER = Path(__file__).parents[2] / "docker"


def free_port() -> int:
    """A port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Answer(BaseHTTPRequestHandler):
    """Well at /well, ill elsewhere."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200 if self.path == "/well" else 500)
        self.end_headers()
        self.wfile.write(b"y" * 300_000 if self.path == "/well" else b"")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """A server of HTTP on loopback; its port."""
    served = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield served.server_port
    served.shutdown()
    thread.join()
    served.server_close()


def healthy(**environment: str) -> int:
    """The status of healthy.py."""
    given = {"PATH": os.defpath, **environment}
    return subprocess.run([sys.executable, str(DOCKER / "healthy.py")], env=given, timeout=30).returncode


def test_health_is_what_the_address_and_the_file_say(server: int, tmp_path: Path) -> None:
    """Well with nothing to look at; ill for an error, a silent port or a missing file."""
    assert healthy() == 0
    assert healthy(SPAMLAB_HEALTH_URL=f"http://127.0.0.1:{server}/well") == 0
    assert healthy(SPAMLAB_HEALTH_URL=f"http://127.0.0.1:{server}/ill") == 1
    assert healthy(SPAMLAB_HEALTH_URL=f"http://127.0.0.1:{free_port()}/") == 1
    assert healthy(SPAMLAB_HEALTH_FILE=str(tmp_path / "none")) == 1
    (tmp_path / "ready").touch()
    assert healthy(SPAMLAB_HEALTH_FILE=str(tmp_path / "ready")) == 0


def read_all(port: int, request: bytes) -> bytes:
    """What comes back for a request until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request)
        found = bytearray()
        while part := connection.recv(65536):
            found += part
        return bytes(found)


def test_door_passes_everything_on_and_closes_where_nobody_answers(server: int) -> None:
    """A whole answer comes through the door, a door to nowhere closes at once, and SIGTERM ends it."""
    open_port, dead_port = free_port(), free_port()
    arguments = [f"{open_port}=127.0.0.1:{server}", f"{dead_port}=127.0.0.1:{free_port()}"]
    process = subprocess.Popen([sys.executable, str(DOCKER / "door.py"), *arguments])
    try:
        limit = time.monotonic() + 20
        while True:
            try:
                found = read_all(open_port, b"GET /well HTTP/1.0\r\n\r\n")
                break
            except ConnectionRefusedError:
                assert time.monotonic() < limit
                time.sleep(0.05)
        assert found.endswith(b"y" * 300_000)
        assert read_all(dead_port, b"") == b""
    finally:
        process.terminate()
        assert process.wait(10) == 0


def test_jupyter_becomes_what_the_file_names(tmp_path: Path) -> None:
    """The program becomes JupyterLab with the file's environment and nothing else, in its home."""
    stand_in = tmp_path / "site/jupyterlab"
    stand_in.mkdir(parents=True)
    (stand_in / "__init__.py").touch()
    (stand_in / "__main__.py").write_text(
        "import os; print(os.getcwd(), os.environ.get('SECRET'), os.environ['TOKEN'])"
    )
    runtime = tmp_path / "runtime"
    given = {
        "HOME": str(tmp_path),
        "PYTHONPATH": str(tmp_path / "site"),
        "TOKEN": "t",
        "JUPYTER_RUNTIME_DIR": str(runtime),
    }
    file = tmp_path / "environment.json"
    file.write_text(json.dumps(given))
    command = [sys.executable, str(DOCKER / "jupyter.py"), str(file)]
    done = subprocess.run(command, env={"PATH": os.defpath, "SECRET": "s"}, capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == f"{tmp_path} None t"
    assert runtime.stat().st_mode & 0o777 == 0o700


def test_jupyter_without_a_workshop_says_one_sentence(tmp_path: Path) -> None:
    """Without the file the program ends with one sentence."""
    command = [sys.executable, str(DOCKER / "jupyter.py"), str(tmp_path / "none.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert done.stderr.startswith("spamlab: ")
    assert "Traceback" not in done.stderr
