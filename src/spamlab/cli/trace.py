"""`spamlab trace`: the route of a message, and what is odd about it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spamlab.errors import UsageError

if TYPE_CHECKING:
    from spamlab.forensics.files import Found


@click.command(name="trace")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print JSON; one line a message for a folder, an mbox or '-'.")
@click.option("--trusted", multiple=True, metavar="HOST",
              help="A host, domain, address or network of your own whose lines are believed; may be given again.")
def command(source: Path, as_json: bool, trusted: tuple[str, ...]) -> None:
    """Show the route of a message and what is odd about it.

    FILE is a message, an mbox, a folder of messages, or '-' for standard input. Hops stand in order of travel, the
    sender's end first. Without --trusted the host that wrote the topmost line is taken for yours.
    """
    from spamlab.forensics.files import is_many, messages, split

    if not all(host.strip() for host in trusted):
        raise UsageError("--trusted needs the name or address of a host.")
    try:
        if str(source) == "-":
            _tell(split(sys.stdin.buffer, "-"), as_json, trusted, many=True, named=False)
            return
        if not source.exists():
            raise UsageError(f"{source} does not exist.")
        many = is_many(source)
        _tell(messages(source), as_json, trusted, many=many, named=many)
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(found: Iterable[Found], as_json: bool, trusted: tuple[str, ...], *, many: bool, named: bool) -> None:
    from spamlab.forensics.header import printable
    from spamlab.forensics.route import trace
    from spamlab.forensics.shown import as_json as route_json
    from spamlab.forensics.shown import as_text

    count = 0
    for one in found:
        count += 1
        route = trace(one.raw, trusted)
        if any(finding.code == "no-header" for finding in route.findings) and not named:
            raise UsageError(f"{one.file} is no e-mail message: it has no header field.")
        if as_json:
            names = {"file": one.file, "number": one.number} if many else {}
            click.echo(json.dumps(names | route_json(route), indent=None if many else 2))
        else:
            if count > 1:
                click.echo()
            if many:
                click.echo(f"== {printable(one.file)} {one.number} ==")
            click.echo(as_text(route))
    if not count:
        raise UsageError("There is no message on standard input.")
