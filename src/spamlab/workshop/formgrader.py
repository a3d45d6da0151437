"""nbgrader's Formgrader whose buttons don't block the server: a Jupyter server extension.

nbgrader runs a button's work inside the server, and so everything else waits. Here each button starts a process
(`spamlab.grading.buttons`) and the server goes on. It holds the course's lock meanwhile, which the instructor's page
takes as well. Works for every course folder: enable `spamlab.workshop.formgrader` in jpserver_extensions.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, check_notebook_dir, check_xsrf
from tornado import web

from spamlab.errors import SpamlabError
from spamlab.grading import busy
from spamlab.grading.buttons import told

MODULE = "spamlab.grading.buttons"
MOST_WORDS = 2000
_running: set[asyncio.subprocess.Process] = set()


class ButtonHandler(BaseApiHandler):  # type: ignore[misc]
    """One button: the action for a lab, or for one student's work on it."""

    def initialize(self, action: str) -> None:
        """Take the action's name."""
        self.action = action

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]
    @check_notebook_dir  # type: ignore[untyped-decorator]
    async def post(self, lab: str, student: str = "") -> None:
        """nbgrader's JSON, when the process has ended; the job goes on where the browser has gone away."""
        course = Path(self.coursedir.root)
        answer = await asyncio.shield(asyncio.ensure_future(run_button(course, self.action, lab, student)))
        gradebook = self.settings.get("nbgrader_gradebook")
        if gradebook is not None:  # another process has written: what this one remembers of it is old
            gradebook.db.expire_all()
        self.finish(json.dumps(answer))


async def run_button(course: Path, action: str, lab: str, student: str = "") -> dict[str, Any]:
    """Run one action in a process of its own under the course's lock; nbgrader's answer, also where it fails."""
    try:
        held = busy.hold(course, told(action, lab, student))
    except (SpamlabError, OSError) as error:
        return {"success": False, "log": "", "error": str(error)[:1].upper() + str(error)[1:] + "."}
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", MODULE, str(course), action, lab, *([student] if student else []),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **held.environment()}, pass_fds=(held.descriptor,), start_new_session=True)
        _running.add(process)
        try:
            output, words = await process.communicate()
        finally:
            _running.discard(process)
    finally:
        held.release()
    return read_answer(output, words, process.returncode)


def read_answer(output: bytes, words: bytes, status: int | None) -> dict[str, Any]:
    """The process's answer; where it gave none, a failure with the end of what it said."""
    with suppress(ValueError):
        answer = json.loads(output)
        if isinstance(answer, dict) and isinstance(answer.get("success"), bool):
            return answer
    said = words[-MOST_WORDS:].decode("utf-8", "replace").strip()
    return {"success": False, "log": said, "error": f"The job ended with status {status} and without an answer."}


def stop_all() -> None:
    """End the processes of all buttons with their children: the server ends."""
    for process in list(_running):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)


BUTTONS = [
    (r"/formgrader/api/assignment/([^/]+)/assign", "assign"),
    (r"/formgrader/api/assignment/([^/]+)/unrelease", "unrelease"),
    (r"/formgrader/api/assignment/([^/]+)/release", "release"),
    (r"/formgrader/api/assignment/([^/]+)/collect", "collect"),
    (r"/formgrader/api/assignment/([^/]+)/generate_feedback", "generate_feedback"),
    (r"/formgrader/api/assignment/([^/]+)/release_feedback", "release_feedback"),
    (r"/formgrader/api/assignment/([^/]+)/([^/]+)/generate_feedback", "generate_feedback"),
    (r"/formgrader/api/assignment/([^/]+)/([^/]+)/release_feedback", "release_feedback"),
    (r"/formgrader/api/submission/([^/]+)/([^/]+)/autograde", "autograde"),
]


def _load_jupyter_server_extension(server: Any) -> None:
    """Load nbgrader's Formgrader where it is not loaded yet, and put our buttons before its own."""
    import atexit

    from nbgrader.server_extensions.formgrader import formgrader

    app = server.web_app
    if "nbgrader_formgrader" not in app.settings:
        formgrader.load_jupyter_server_extension(server)
    base = app.settings["base_url"]
    app.add_handlers(".*$", [(url_path_join(base, path), ButtonHandler, {"action": action})
                             for path, action in BUTTONS])
    # Tornado asks the rules in the order in which they came; ours come first wherever nbgrader's stand.
    rules = app.default_router.rules
    rules.insert(0, rules.pop(-2))
    atexit.register(stop_all)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """What Jupyter asks a module for when it is named as an extension."""
    return [{"module": "spamlab.workshop.formgrader"}]
