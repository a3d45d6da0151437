"""The reference page of the commands, made from what they say of themselves: `python -m spamlab.cli.reference`."""

from __future__ import annotations

import click

from spamlab.cli import VERBS, group


def reference_page() -> str:
    """docs/reference/commands.md as text, the same on every machine and terminal."""
    parts = ["# Commands\n\nMade from `--help` by `make docs`; a test keeps it fresh.\n"]
    # With the settings of the real command: click keeps what it made of them once, so others would show now and then.
    root = click.Context(group, info_name="spamlab", terminal_width=100, max_content_width=100,
                         **group.context_settings)
    for verb in VERBS:
        command = group.get_command(root, verb)
        assert command is not None
        parts.append(_section(command, root, verb, "##"))
    return "\n".join(parts)


def _section(command: click.Command, parent: click.Context, name: str, level: str) -> str:
    context = click.Context(command, parent=parent, info_name=name, terminal_width=100, max_content_width=100)
    text = f"{level} {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            text += "\n" + _section(command.commands[inner], context, inner, level + "#")
    return text


if __name__ == "__main__":
    print(reference_page(), end="")
