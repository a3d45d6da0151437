"""How a participant's and the instructor's JupyterLab are set up and started.

Each server has its own configuration, data and environment: nothing of the user's own Jupyter is read, and no server
asks anything of the internet (no news, no look for updates, no extension manager).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.workshop.desks import Desk
from spamlab.workshop.keys import shortcuts
from spamlab.workshop.ports import HOST

KERNEL = "spamlab"
LABEXTENSIONS = Path(__file__).resolve().parents[1] / "kit" / "labextension"
"""What JupyterLab loads of ours into the page; it lies with the kit, which every server may read."""

# Plugins of the page that a participant doesn't need or that would ask the internet.
QUIET_PLUGINS = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/terminal-extension",
    "@jupyter-notebook/lab-extension:interface-switcher",
    "jupyterlab-jupytext",
)
TRAINERS_PLUGINS = (
    "@jupyter/nbgrader:formgrader",
    "@jupyter/nbgrader:course-list",
    "@jupyter/nbgrader:create-assignment",
)
SERVER_EXTENSIONS = {
    "jupyterlab": True,
    "notebook": False,
    "notebook_shim": False,
    "jupyter_lsp": False,
    "jupyter_server_terminals": False,
    "jupyterlab_jupytext": False,
    "nbgrader.server_extensions.course_list": False,
}
SETTINGS: dict[str, Any] = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 15},
}


@dataclass(frozen=True)
class Notebook:
    """One JupyterLab: who uses it, where it listens, what it opens.

    root: the folder that it shows. config, data, runtime: its own folders. opens: the path below `root` of the notebook
    that is open at its address, or "" for the folder. token: without it nothing answers. host: its name in a browser.
    listen: the address that it listens on.
    """

    user: str
    port: int
    root: Path
    config: Path
    data: Path
    runtime: Path
    token: str
    opens: str = ""
    trainer: bool = False
    host: str = HOST
    listen: str = HOST

    @property
    def address(self) -> str:
        """Its address with its token."""
        path = f"lab/tree/{self.opens}" if self.opens else "lab"
        return f"http://{self.host}:{self.port}/{path}?token={self.token}"

    @property
    def ready(self) -> str:
        """The address that answers when the server is up; it needs the token, so that only the right server counts."""
        return f"http://{HOST}:{self.port}/api/status?token={self.token}"


def command() -> tuple[str, ...]:
    """The command of the server; all else is in its configuration, since a command line can be read by all."""
    return (sys.executable, "-m", "jupyterlab")


def environment(notebook: Notebook, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The whole environment of the server: its own folders, a plain locale, and `extra`."""
    return {
        "HOME": str(notebook.root),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin")),
        "LANG": "C.UTF-8",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "JUPYTER_CONFIG_DIR": str(notebook.config),
        "JUPYTER_DATA_DIR": str(notebook.data),
        "JUPYTER_RUNTIME_DIR": str(notebook.runtime),
        "JUPYTER_PATH": str(notebook.config / "share"),
        "JUPYTERLAB_SETTINGS_DIR": str(notebook.data / "lab" / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(notebook.data / "lab" / "workspaces"),
        "IPYTHONDIR": str(notebook.data / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "0",
        "NO_PROXY": "*",
        **(extra or {}),
    }


def server_config(notebook: Notebook, *, private_runtime: bool) -> dict[str, Any]:
    """Jupyter's configuration as it stands in jupyter_server_config.json.

    private_runtime: nobody else can reach `notebook.runtime`, so kernels may talk over sockets in it in place of ports
    of loopback, to which every process of the machine could listen in.
    """
    extensions = dict(SERVER_EXTENSIONS)
    # Ours loads nbgrader's Formgrader and puts buttons before its own that don't block the server.
    extensions["nbgrader.server_extensions.formgrader"] = False
    extensions["spamlab.workshop.formgrader"] = notebook.trainer
    extensions["nbgrader.server_extensions.assignment_list"] = True
    # Validate says how each question stands, by ours; nbgrader's says "passed" where a cell is silent.
    extensions["nbgrader.server_extensions.validate_assignment"] = False
    extensions["spamlab.kit.validate_server"] = True
    config: dict[str, Any] = {
        "ServerApp": {
            "ip": notebook.listen,
            "allow_remote_access": False,
            "port": notebook.port,
            "port_retries": 0,
            "open_browser": False,
            "root_dir": str(notebook.root),
            "allow_root": True,
            "quit_button": False,
            "terminals_enabled": False,
            "tornado_settings": {"headers": {"Content-Security-Policy": page_policy(notebook.port)}},
            "jpserver_extensions": extensions,
        },
        "IdentityProvider": {"token": notebook.token},
        "LabApp": {
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
            "extra_labextensions_path": [str(LABEXTENSIONS)],
            "default_url": f"/lab/tree/{notebook.opens}" if notebook.opens else "/lab",
        },
        "KernelSpecManager": {"ensure_native_kernel": False, "allowed_kernelspecs": [KERNEL]},
        "NotebookNotary": {"db_file": ":memory:"},
    }
    if private_runtime:
        config["KernelManager"] = {"transport": "ipc"}
    return config


def page_policy(port: int) -> str:
    """What a page of Jupyter's may load: its own parts and nothing from elsewhere.

    A message shown in a notebook then fetches no picture, and nbgrader's pages don't ask the internet for MathJax.
    """
    own = " ".join(f"{scheme}://{host}:{port}" for scheme in ("http", "ws") for host in (HOST, "localhost"))
    return (
        f"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob: {own}; "
        "object-src 'none'; frame-ancestors 'self'"
    )


def page_config(trainer: bool) -> dict[str, Any]:
    """What the page leaves out, as it stands in labconfig/page_config.json."""
    plugins = QUIET_PLUGINS if trainer else (*QUIET_PLUGINS, *TRAINERS_PLUGINS)
    return {"disabledExtensions": dict.fromkeys(plugins, True)}


def write_config(notebook: Notebook, *, private_runtime: bool) -> None:
    """Write the server's configuration into its own folder, readable by this user alone."""
    for folder in (notebook.config, notebook.config / "labconfig", notebook.data):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    # Without this mark Jupyter would look for old settings of IPython's and note here that it has looked.
    (notebook.config / "migrated").touch()
    write_private(
        notebook.config / "jupyter_server_config.json", server_config(notebook, private_runtime=private_runtime)
    )
    write_private(notebook.config / "labconfig" / "page_config.json", page_config(notebook.trainer))
    write_private(notebook.config / "labconfig" / "default_setting_overrides.json",
                  {**SETTINGS, "@jupyterlab/shortcuts-extension:shortcuts": {"shortcuts": shortcuts()}})


def write_private(file: Path, content: object) -> None:
    """Write JSON that only this user can read."""
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    file.chmod(0o600)


def participants_nbgrader(desk: Desk, home: Path) -> str:
    """The participant's nbgrader_config.py: whose work it is, where it is handed in."""
    settings = {
        "CourseDirectory.course_id": desk.course,
        "CourseDirectory.student_id": desk.participant,
        "Exchange.root": str(desk.own_exchange),
        "Exchange.cache": str(desk.data / "nbgrader_cache"),
        "Exchange.assignment_dir": str(home),
    }
    lines = ["# Written by spamlab when the workshop starts.", "c = get_config()  # noqa: F821"]
    lines += [f"c.{name} = {value!r}" for name, value in settings.items()]
    return "\n".join(lines) + "\n"
