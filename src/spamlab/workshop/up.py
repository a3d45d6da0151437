"""`spamlab up`: judge, mailbox, a JupyterLab for each participant, the instructor's JupyterLab and page, as one.

Everything listens on 127.0.0.1. The participants' addresses use that number and the instructor's use the name
`localhost`: a browser keeps cookies by host and not by port, so no participant's server is
ever sent the instructor's cookie.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.errors import SpamlabError
from spamlab.workshop import confine, folder, grading, mail
from spamlab.workshop.desks import Desk, carry_all
from spamlab.workshop.folder import Say
from spamlab.workshop.jupyter import Notebook, command, environment, participants_nbgrader, write_config, write_private
from spamlab.workshop.level import Protection, protection
from spamlab.workshop.ports import HOST, Ports, demand_free
from spamlab.workshop.processes import Crew, Running, Service, end_leftovers, ended_sentence

START_LIMIT = 180.0
ROUND = 0.5


class StoppedError(Exception):
    """Somebody asked the workshop to end."""


@dataclass
class Stop:
    """Whether SIGINT, SIGTERM or SIGHUP has come."""

    asked: bool = False
    previous: dict[int, Any] = field(default_factory=dict)

    def listen(self) -> None:
        """Take the signals from now on."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.previous[number] = signal.signal(number, self.take)

    def take(self, number: int, frame: FrameType | None) -> None:
        """Note that the end was asked for."""
        self.asked = True

    def restore(self) -> None:
        """Give the signals back."""
        for number, handler in self.previous.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise StoppedError if the end was asked for."""
        if self.asked:
            raise StoppedError


def run(workshop: Workshop, ports: Ports, *, say: Say = print, open_browser: bool = False) -> int:
    """Start the workshop and stay until it is asked to end; returns the exit status.

    Raises UsageError if it is running already, MachineError for a taken port, a full disk or a service that does not
    start, ContentError if no lab can be released. Whatever happens, no child is left behind.
    """
    lock = folder.take_lock(workshop)
    crew = Crew(workshop.run / "children.json")
    stop = Stop()
    try:
        left = end_leftovers(crew.record)
        if left:
            say(f"Ended {left} processes that an earlier start had left behind.")
        demand_free(ports)
        folder.demand_space(workshop.root)
        stop.listen()
        level = protection()
        desks = start_all(workshop, ports, crew, stop, say)
        addresses = describe(workshop, ports)
        write_private(workshop.run / "addresses.json", addresses)
        say(told(workshop, addresses, level))
        if open_browser:
            webbrowser.open(addresses["page"])
        return stay(crew, desks, stop, say)
    except StoppedError:
        return 0
    finally:
        crew.stop()
        (workshop.run / "addresses.json").unlink(missing_ok=True)
        stop.restore()
        os.close(lock)


def start_all(workshop: Workshop, ports: Ports, crew: Crew, stop: Stop, say: Say) -> list[Desk]:
    """Start every service, and build labs and deliver mail while they start; returns when all of them answer."""
    count = len(workshop.participants)
    say(f"Starting {workshop.title} with {count} participant{'' if count == 1 else 's'} …")
    mailbox = crew.start(mailbox_service(workshop, ports))
    crew.start(judge_service(workshop, ports))
    grading.write_course(workshop)
    desks = []
    for participant, port in zip(workshop.participants, ports.participants, strict=True):
        desk = folder.set_desk(workshop, participant)
        crew.start(participant_service(workshop, ports, desk, port))
        desks.append(desk)
        stop.check()
    crew.start(instructor_service(workshop, ports))
    crew.start(page_service(workshop, ports))
    released = folder.release_labs(workshop, say)
    fetched = 0
    for participant in workshop.participants:
        stop.check()
        fetched += folder.fetch_labs(workshop, participant, released)
    if fetched:
        grading.name_participants(workshop)
    crew.await_ready(START_LIMIT, lambda: stop.asked, [mailbox])
    stop.check()
    count = mail.deliver_all(workshop, ports, released)
    if count:
        say(f"Delivered {count} messages into the mailboxes.")
    crew.await_ready(START_LIMIT + 10 * len(desks), lambda: stop.asked)
    stop.check()
    return desks


def stay(crew: Crew, desks: list[Desk], stop: Stop, say: Say) -> int:
    """Watch the children and carry submissions until the end is asked for; 1 if no child is left to be watched."""
    while not stop.asked:
        for member in crew.newly_ended():
            say(f"▲ {ended_sentence(member)} {revived(crew, member)}")
        if all(member.ended for member in crew.members):
            return 1
        try:
            carry_all(desks, say)
        except OSError as error:
            say(f"▲ A submission could not be carried to the exchange: {error}.")
        time.sleep(ROUND)
    say("Stopping. Participants' work is kept; make up goes on from here.")
    return 0


def revived(crew: Crew, member: Running) -> str:
    """Start an ended child anew, and say how that went."""
    try:
        again = crew.revive(member)
    except SpamlabError as error:
        return f"It can't be started again: {error}"
    return "It was started again." if again else "It ended too often: stop with Ctrl-C and start again; work is kept."


def our_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of our own trusted services: what they need, and nothing of the user's Python or Jupyter."""
    kept = {
        name: os.environ[name]
        for name in ("HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "LOGNAME")
        if name in os.environ
    }
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    return {**kept, "PATH": path, "PYTHONNOUSERSITE": "1", "PYTHONUNBUFFERED": "1", "NO_PROXY": "*", **(extra or {})}


def judge_service(workshop: Workshop, ports: Ports) -> Service:
    """The judge."""
    return Service(
        "the judge",
        (sys.executable, "-m", "spamlab.judge.service", "--workshop", str(workshop.root), "--port", str(ports.judge)),
        our_environment(),
        workshop.root,
        workshop.run / "judge.log",
        f"http://{HOST}:{ports.judge}/health",
    )


def mailbox_service(workshop: Workshop, ports: Ports) -> Service:
    """The mailbox server; its tokens go by a file, for a command line can be read by all."""
    workshop.mail.mkdir(parents=True, exist_ok=True)
    tokens = workshop.run / "mailbox-tokens.json"
    mail.write_tokens(workshop, tokens)
    return Service(
        "the mailbox",
        (
            sys.executable,
            "-m",
            "spamlab.mailnet.mailbox",
            "--store",
            str(workshop.mail),
            "--http-port",
            str(ports.mailbox),
            "--smtp-port",
            str(ports.smtp),
            "--tokens",
            str(tokens),
        ),
        our_environment(),
        workshop.root,
        workshop.run / "mailbox.log",
        f"http://{HOST}:{ports.mailbox}/health",
    )


def page_service(workshop: Workshop, ports: Ports) -> Service:
    """The instructor's page."""
    return Service(
        "the instructor's page",
        (sys.executable, "-m", "spamlab.workshop.page", "--workshop", str(workshop.root), "--port", str(ports.page)),
        our_environment(),
        workshop.root,
        workshop.run / "page.log",
        f"http://{HOST}:{ports.page}/health",
    )


def instructor_notebook(workshop: Workshop, ports: Ports) -> Notebook:
    """The instructor's JupyterLab on the course folder."""
    own = workshop.run / "instructor"
    return Notebook(
        "instructor",
        ports.instructor,
        workshop.course,
        own / "config",
        own / "data",
        own / "runtime",
        workshop.instructor_token(),
        trainer=True,
        host="localhost",
    )


def instructor_service(workshop: Workshop, ports: Ports) -> Service:
    """The instructor's JupyterLab with the Formgrader."""
    notebook = instructor_notebook(workshop, ports)
    notebook.runtime.mkdir(parents=True, exist_ok=True)
    write_config(notebook, private_runtime=False)
    grading.write_kernel(notebook.config / "share")
    extra = {**our_environment(), **environment(notebook), "HOME": os.environ.get("HOME", str(workshop.course))}
    return Service(
        "the instructor's Jupyter", command(), extra, workshop.course, workshop.run / "instructor.log", notebook.ready
    )


def participant_notebook(workshop: Workshop, participant: str, desk: Desk, port: int, opens: str = "") -> Notebook:
    """A participant's JupyterLab on the own home."""
    return Notebook(
        participant,
        port,
        workshop.home(participant),
        desk.config,
        desk.data,
        confine.runtime(workshop, participant),
        workshop.participant_token(participant),
        opens,
    )


def participant_service(workshop: Workshop, ports: Ports, desk: Desk, port: int) -> Service:
    """A participant's JupyterLab, confined where this machine can."""
    opens = f"{workshop.labs[0]}/{workshop.labs[0]}.ipynb" if workshop.labs else ""
    notebook = participant_notebook(workshop, desk.participant, desk, port, opens)
    inside = confine.can_confine()
    write_config(notebook, private_runtime=inside)
    (desk.config / "nbgrader_config.py").write_text(participants_nbgrader(desk, notebook.root), encoding="utf-8")
    grading.write_kernel(desk.config / "share")
    token = notebook.token
    extra = {
        "SPAMLAB_JUDGE_URL": f"http://{HOST}:{ports.judge}",
        "SPAMLAB_MAILBOX_URL": f"http://{desk.participant}:{token}@{HOST}:{ports.mailbox}/{desk.participant}",
        "SPAMLAB_TOKEN": token,
        "SPAMLAB_PARTICIPANT": desk.participant,
        **({"SPAMLAB_INSIDE": "1"} if inside else {"SPAMLAB_SANDBOX": "plain"}),
    }
    return Service(
        f"the Jupyter of {desk.participant}",
        command(),
        environment(notebook, extra),
        notebook.root,
        workshop.run / f"{desk.participant}.log",
        notebook.ready,
        confine.launcher(workshop, desk) if inside else None,
    )


def first_notebook(workshop: Workshop, participant: str, labs: list[str]) -> str:
    """The notebook that is open at the participant's address: that of the first lab."""
    for lab in labs:
        if (workshop.home(participant) / lab / f"{lab}.ipynb").is_file():
            return f"{lab}/{lab}.ipynb"
    return ""


def describe(workshop: Workshop, ports: Ports) -> dict[str, Any]:
    """All addresses, with their tokens: what addresses.json holds."""
    instructor = instructor_notebook(workshop, ports)
    people = []
    for participant, port in zip(workshop.participants, ports.participants, strict=True):
        desk = folder.set_desk(workshop, participant)
        opens = first_notebook(workshop, participant, list(workshop.labs))
        token = workshop.participant_token(participant)
        people.append(
            {
                "id": participant,
                "notebook": participant_notebook(workshop, participant, desk, port, opens).address,
                "inbox": f"http://{HOST}:{ports.mailbox}/{participant}/?token={token}",
            }
        )
    return {
        "workshop": str(workshop.root),
        "process": os.getpid(),
        "page": f"http://localhost:{ports.page}/?token={workshop.instructor_token()}",
        "formgrader": f"http://localhost:{ports.instructor}/formgrader?token={instructor.token}",
        "instructor": instructor.address,
        "judge": f"http://{HOST}:{ports.judge}",
        "mailbox": f"http://{HOST}:{ports.mailbox}",
        "smtp": f"{HOST}:{ports.smtp}",
        "participants": people,
    }


def told(workshop: Workshop, addresses: Mapping[str, Any], level: Protection) -> str:
    """What the terminal says when all is up."""
    lines = ["", f"{workshop.title} is running. Each address holds a token: give it to one person only.", ""]
    for one in addresses["participants"]:
        lines += [
            f"  {one['id']}  notebook    {one['notebook']}",
            f"  {'':{len(one['id'])}}  inbox       {one['inbox']}",
        ]
    lines += [
        "",
        f"  instructor's page   {addresses['page']}",
        f"  Formgrader          {addresses['formgrader']}",
        "",
    ]
    if level.low:
        lines += [f"▲ {level.name.upper()}. {level.sentence}", ""]
    lines.append(
        "Next: open the instructor's page, then each participant's notebook. Ctrl-C stops everything; work is kept."
    )
    return "\n".join(lines)
