"""`spamlab`: one thin module for each verb, which imports its room only when called."""

from __future__ import annotations

import errno
import importlib
import sys

import click

from spamlab.errors import MachineError, SpamlabError

VERBS = {
    "up": "Start the workshop on this machine.",
    "rehearse": "Play a whole workshop with simulated participants.",
    "generate": "Write a synthetic data set from a recipe.",
    "trace": "Show the route of a message and what is odd about it.",
    "policy": "Play a policy document, and list what it can use.",
    "labs": "List, make, build and check the labs.",
    "validate": "Run a notebook afresh and say how its questions stand.",
    "release": "Give a lab to the participants.",
    "collect": "Collect what the participants submitted.",
    "grade": "Grade what was collected.",
    "feedback": "Write and release the feedback.",
    "scores": "Export the scores of the gradebook.",
    "statistics": "Show how hard each question of a lab was, and what went wrong.",
    "similarity": "Show which submissions of a lab are worth a look.",
    "bench": "Measure every figure that the project claims.",
    "doctor": "Say what of this machine works, what falls back, and why.",
}


class Verbs(click.Group):
    """Finds a verb's module by name, so that `--help` imports no room."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs in the order in which a workshop meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of the module `spamlab.cli.NAME`, called `command` there; None if unknown."""
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"spamlab.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, written without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="spamlab")
def group() -> None:
    """spamlab: a workshop in a box for countering spam.

    Where a command takes LAB, the lab's number or an unmistakable beginning of its name will do: 05, learning.
    """


def main() -> None:
    """Run the command line; expected trouble becomes one sentence and a non-zero exit."""
    try:
        group.main(prog_name="spamlab", standalone_mode=False)
    except SpamlabError as error:
        click.echo(f"spamlab: {error}", err=True)
        sys.exit(error.exit_status)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        click.echo("spamlab: the disk is full, so what was to be written is not whole", err=True)
        sys.exit(MachineError.exit_status)
