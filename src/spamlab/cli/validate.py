"""`spamlab validate`: run a notebook afresh, and say how its questions stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from spamlab.cli.steps import json_option
from spamlab.errors import GradingError, UsageError


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def command(notebook: Path, as_json: bool) -> None:
    """Run NOTEBOOK afresh in the sandbox and say how each of its questions stands.

    In place of `nbgrader validate`, which can't be configured and counts a silent cell as passed.
    """
    from spamlab.sandbox.kernel import write_kernelspec

    if not notebook.is_file():
        raise UsageError(f"there is no notebook called {notebook.name}")
    with tempfile.TemporaryDirectory() as folder:
        write_kernelspec(Path(folder))
        path = os.pathsep.join(filter(None, (folder, os.environ.get("JUPYTER_PATH", ""))))
        done = subprocess.run([sys.executable, "-m", "spamlab.kit.validating", str(notebook.absolute())],
                              env={**os.environ, "JUPYTER_PATH": path}, stdout=subprocess.PIPE, check=False)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise GradingError("the run of this notebook gave no result") from None
    if not answer["success"]:
        raise GradingError(str(answer["value"]).rstrip("."))
    value = answer["value"]
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        return
    for one in value.get("failed") or value.get("changed") or value.get("type_changed") or []:
        click.echo(one["raw_error"] if "spamlab" in value else f"{one['source']}\n{one.get('raw_error', '')}".rstrip())
    if not value:
        click.echo("All tests of this notebook that can be seen pass.")
