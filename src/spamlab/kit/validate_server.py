"""JupyterLab's Validate button, answered by `spamlab.kit.validating` in a process of its own: nobody waits.

A Jupyter server extension in place of nbgrader.server_extensions.validate_assignment. It stands in the kit, for a
participant's server is in a sandbox that sees no other room of the package.
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

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.validate_assignment.handlers import NbGraderVersionHandler
from tornado import web

from spamlab.kit.words import say

SECONDS = 600
_busy: set[Path] = set()


class ValidateHandler(JupyterHandler):  # type: ignore[misc]
    """POST assignments/validate with `path`: nbgrader's JSON."""

    @web.authenticated
    async def post(self) -> None:
        """Run the notebook afresh and say how it stands; one run of a notebook at a time."""
        is_json = self.request.headers.get("Content-Type", "").startswith("application/json")
        given = (self.get_json_body() if is_json else None) or {}
        path = self.get_argument("path", given.get("path", ""))
        root = Path(self.settings["server_root_dir"]).expanduser().resolve()
        target = (root / str(path)).resolve()
        if not target.is_relative_to(root) or target.suffix != ".ipynb" or not target.is_file():
            raise web.HTTPError(404)
        self.finish(json.dumps(await answer(target)))


async def answer(notebook: Path) -> dict[str, Any]:
    """nbgrader's answer on a notebook, from a process of its own."""
    if notebook in _busy:
        return {"success": False, "value": say("validate-busy")}
    _busy.add(notebook)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "spamlab.kit.validating", str(notebook), cwd=notebook.parent,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True)
    try:
        output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        found = json.loads(output)
        return found if isinstance(found, dict) else {"success": False, "value": say("validate-none")}
    except (ValueError, TimeoutError):
        return {"success": False, "value": say("validate-none")}
    finally:
        _busy.discard(notebook)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _load_jupyter_server_extension(server: Any) -> None:
    app = server.web_app
    base = app.settings["base_url"]
    app.add_handlers(".*$", [(url_path_join(base, "/assignments/validate"), ValidateHandler),
                             (url_path_join(base, "/nbgrader_version"), NbGraderVersionHandler)])
    rules = app.default_router.rules
    rules.insert(0, rules.pop(-2))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "spamlab.kit.validate_server"}]
