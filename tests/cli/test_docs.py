"""What is promised is documented: each command has its help and its place in the reference."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from spamlab.cli import VERBS, group

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("verb", VERBS)
def test_each_command_says_what_it_does(verb: str) -> None:
    """A command without a help text, or an option without one, can't be understood from the terminal alone."""
    context = click.Context(group)
    command = group.get_command(context, verb)
    assert command is not None
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{verb} {parameter.opts}"


def test_the_reference_page_is_fresh() -> None:
    """docs/reference/commands.md is what the commands say of themselves today (make docs writes it anew)."""
    page = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    # In a process of its own: click keeps the help option that another test made of a command without its group.
    made = subprocess.run([sys.executable, "-m", "spamlab.cli.reference"], check=True, capture_output=True)
    assert page == made.stdout.decode()


def test_a_help_page_imports_no_room() -> None:
    """`spamlab --help` is instant: it lists the verbs without importing their modules."""
    script = ("import sys; from spamlab.cli import group; import click; "
              "group.get_help(click.Context(group)); "
              "print([name for name in sys.modules if name.startswith('spamlab.') and name.split('.')[1] "
              "not in {'cli', 'errors'}])")
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
