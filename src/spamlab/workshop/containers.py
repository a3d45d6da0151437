"""The trusted side's steps where every service has a container of its own.

`python -m spamlab.workshop.containers prepare|keep|addresses --workshop DIR`. `prepare` makes the workshop and ends;
`keep` delivers the mail, then carries submissions and feedback while it runs; `addresses` says what to open.
The participant's container holds none of this: it gets its home, its desk, and the file of its environment.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.content.identity import FILE, Workshop, create_workshop, read_workshop
from spamlab.errors import ServiceError, SpamlabError
from spamlab.workshop import folder, grading, mail
from spamlab.workshop.desks import Desk, carry_all
from spamlab.workshop.jupyter import Notebook, environment, participants_nbgrader, write_config, write_private
from spamlab.workshop.ports import Ports
from spamlab.workshop.processes import answers
from spamlab.workshop.up import ROUND, Stop, first_notebook

ANYWHERE = "0.0.0.0"
RUNTIME = Path("/tmp/jupyter")
ENVIRONMENT = "environment.json"
WAIT = 120.0


@dataclass(frozen=True)
class Layout:
    """Who listens where: inside the containers, and as published on this machine's loopback (0: not published)."""

    ports: Ports
    published: Ports
    judge: str = "judge"
    mailbox: str = "mailbox"


def layout(given: Mapping[str, str]) -> Layout:
    """The layout of docker/compose.yaml; SPAMLAB_PORT_PAGE, _INBOX, _INSTRUCTOR and _LAB name the published ports."""

    def port(name: str, usual: int) -> int:
        return int(given.get(f"SPAMLAB_PORT_{name}") or usual)

    published = Ports(port("PAGE", 8800), 0, port("INBOX", 8802), 0, port("INSTRUCTOR", 8804), (port("LAB", 8805),))
    return Layout(Ports(8800, 8801, 8025, 1025, 8804, (8805,)), published)


def prepare(root: Path, labs: str, title: str, places: Layout, say: Callable[[str], None]) -> None:
    """Make the workshop, or go on with the one that is there; every step may run again.

    Raises UsageError or ContentError with one sentence.
    """
    chosen = folder.named_labs(labs)
    if (root / FILE).exists():
        workshop = folder.extend(read_workshop(root), (), chosen)
    else:
        workshop = create_workshop(root, title=title, labs=chosen or folder.all_labs(), participants=1)
    workshop.run.mkdir(parents=True, exist_ok=True)
    grading.write_course(workshop)
    released = folder.release_labs(workshop, say)
    for participant, port in zip(workshop.participants, places.ports.participants, strict=True):
        set_participant(workshop, folder.set_desk(workshop, participant), port, released, places)
    grading.name_participants(workshop)
    set_instructor(workshop, places)
    workshop.mail.mkdir(parents=True, exist_ok=True)
    write_users(workshop)
    write_private(workshop.run / "addresses.json", describe(workshop, places))
    say(f"{workshop.title} is prepared: {', '.join(released)}.")


def set_participant(workshop: Workshop, desk: Desk, port: int, released: Sequence[str], places: Layout) -> None:
    """Bring the labs into the home, and write what the participant's Jupyter is started with."""
    participant = desk.participant
    folder.fetch_labs(workshop, participant, released)
    notebook = participants_notebook(workshop, desk, port)
    write_config(notebook, private_runtime=True)
    (desk.config / "nbgrader_config.py").write_text(participants_nbgrader(desk, notebook.root), encoding="utf-8")
    grading.write_kernel(desk.config / "share")
    token = notebook.token
    extra = {
        "SPAMLAB_JUDGE_URL": f"http://{places.judge}:{places.ports.judge}",
        "SPAMLAB_MAILBOX_URL": f"http://{participant}:{token}@{places.mailbox}:{places.ports.mailbox}/{participant}",
        "SPAMLAB_TOKEN": token,
        "SPAMLAB_PARTICIPANT": participant,
        # The container is the sandbox.
        "SPAMLAB_INSIDE": "1",
    }
    write_private(desk.config / ENVIRONMENT, environment(notebook, extra))


def participants_notebook(workshop: Workshop, desk: Desk, port: int) -> Notebook:
    """The participant's JupyterLab."""
    return Notebook(
        desk.participant,
        port,
        workshop.home(desk.participant),
        desk.config,
        desk.data,
        RUNTIME,
        workshop.participant_token(desk.participant),
        first_notebook(workshop, desk.participant, list(workshop.labs)),
        listen=ANYWHERE,
    )


def set_instructor(workshop: Workshop, places: Layout) -> None:
    """Write what the instructor's Jupyter is started with."""
    notebook = instructors_notebook(workshop, places.ports.instructor)
    write_config(notebook, private_runtime=True)
    grading.write_kernel(notebook.config / "share")
    write_private(workshop.run / "instructor" / ENVIRONMENT, environment(notebook))


def instructors_notebook(workshop: Workshop, port: int) -> Notebook:
    """The instructor's JupyterLab on the course folder; its cookies are kept apart by the name localhost."""
    own = workshop.run / "instructor"
    return Notebook(
        "instructor",
        port,
        workshop.course,
        own / "config",
        own / "data",
        RUNTIME,
        workshop.instructor_token(),
        trainer=True,
        host="localhost",
        listen=ANYWHERE,
    )


def write_users(workshop: Workshop) -> None:
    """For each participant's Mailpit the file of its one user, readable by this user alone."""
    for participant in workshop.participants:
        file = workshop.mail / f"{participant}.users"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as handle:
            handle.write(f"{participant}:{workshop.participant_token(participant)}\n")


def describe(workshop: Workshop, places: Layout) -> dict[str, Any]:
    """All addresses on this machine, with their tokens, in the form of `spamlab up`."""
    published = places.published
    people = []
    for participant, port in zip(workshop.participants, published.participants, strict=True):
        token = workshop.participant_token(participant)
        opens = first_notebook(workshop, participant, list(workshop.labs))
        people.append(
            {
                "id": participant,
                "notebook": f"http://127.0.0.1:{port}/lab/tree/{opens}?token={token}",
                "inbox": f"http://{participant}:{token}@127.0.0.1:{published.mailbox}/{participant}/",
            }
        )
    token = workshop.instructor_token()
    return {
        "workshop": str(workshop.root),
        "page": f"http://localhost:{published.page}/?token={token}",
        "formgrader": f"http://localhost:{published.instructor}/formgrader?token={token}",
        "instructor": f"http://localhost:{published.instructor}/lab?token={token}",
        "participants": people,
    }


def told(addresses: Mapping[str, Any]) -> str:
    """The addresses for a trainer."""
    lines = ["Each address holds a token: give it to one person only.", ""]
    for one in addresses["participants"]:
        lines += [f"  {one['id']}  notebook  {one['notebook']}", f"  {one['id']}  inbox     {one['inbox']}"]
    lines += ["", f"  instructor's page  {addresses['page']}", f"  Formgrader         {addresses['formgrader']}"]
    return "\n".join(lines)


def keep(workshop: Workshop, places: Layout, ready: Path | None, say: Callable[[str], None]) -> None:
    """Deliver what the mailboxes lack, write the file `ready`, then carry submissions and feedback until SIGTERM.

    Raises ServiceError if the mailbox does not answer.
    """
    stop = Stop()
    stop.listen()
    await_mailbox(workshop, places, stop)
    released = [lab for lab in workshop.labs if grading.is_released(workshop, lab)]
    say(f"Delivered {mail.deliver_all(workshop, places.ports, released, places.mailbox)} messages.")
    desks = [folder.set_desk(workshop, participant) for participant in workshop.participants]
    if ready is not None:
        ready.touch()
    while not stop.asked:
        try:
            carry_all(desks, say)
        except OSError as error:
            say(f"A submission could not be carried to the exchange: {error}.")
        time.sleep(ROUND)


def await_mailbox(workshop: Workshop, places: Layout, stop: Stop) -> None:
    """Wait until the mailbox answers; raises ServiceError after two minutes."""
    address = f"http://{places.mailbox}:{places.ports.mailbox}/{workshop.participants[0]}/readyz"
    limit = time.monotonic() + WAIT
    while not answers(address) and not stop.asked:
        if time.monotonic() > limit:
            raise ServiceError(f"the mailbox does not answer at {places.mailbox}:{places.ports.mailbox}.")
        time.sleep(0.2)


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m spamlab.workshop.containers", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("step", choices=("prepare", "keep", "addresses"))
    parser.add_argument("--workshop", type=Path, default=Path("/workshop"))
    parser.add_argument("--ready", type=Path, help="keep: the file to write when the mail is delivered")
    given = parser.parse_args(arguments)
    places = layout(os.environ)
    os.umask(0o077)

    def say(line: str) -> None:
        print(line, flush=True)

    try:
        if given.step == "prepare":
            title = os.environ.get("SPAMLAB_TITLE") or folder.TITLE
            prepare(given.workshop.absolute(), os.environ.get("SPAMLAB_LABS", ""), title, places, say)
        elif given.step == "keep":
            keep(read_workshop(given.workshop), places, given.ready, say)
        else:
            say(told(describe(read_workshop(given.workshop), places)))
    except SpamlabError as error:
        print(f"spamlab: {error}", file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
