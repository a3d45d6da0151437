"""`spamlab up`: start the workshop on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--workshop",
    "root",
    default="workshop",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The workshop's folder, made if it is not there.",
)
@click.option("--port", default=8800, show_default=True, help="The first of a row of ports, all on 127.0.0.1.")
@click.option("--participants", default="", help="How many, or their ids with commas. Later more may be added.")
@click.option("--labs", default="", help="The labs with commas, such as 02 or 02-header-forensics; all if left out.")
@click.option("--title", default="spamlab workshop", show_default=True, help="The title of a new workshop.")
@click.option("--open", "open_browser", is_flag=True, help="Open the instructor's page in a browser.")
def command(root: Path, port: int, participants: str, labs: str, title: str, open_browser: bool) -> None:
    """Start the workshop: the notebooks, the mailboxes, the judge, the instructor's page.

    It goes on where everybody stood. Ctrl-C stops everything.
    """
    from spamlab.workshop.folder import open_workshop
    from spamlab.workshop.ports import plan_ports
    from spamlab.workshop.up import run

    plan_ports(port, 1)  # a wrong base is told before anything is made
    workshop, _ = open_workshop(root, participants, labs, title=title)
    ports = plan_ports(port, len(workshop.participants))
    status = run(workshop, ports, say=lambda line: click.echo(line), open_browser=open_browser)
    if status:
        sys.exit(status)
