"""Steps of a lab as background jobs: one at a time, for the gradebook has one writer."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from spamlab.errors import UsageError
from spamlab.grading import busy
from spamlab.sandbox import Level

KEPT = 5
MOST_OUTPUT = 200_000


@dataclass(frozen=True)
class Step:
    """One step that the page offers: its verb, its button, what it does."""

    name: str
    label: str
    about: str


STEPS = (
    Step("release", "Release", "give the lab to the participants"),
    Step("collect", "Collect", "take what was handed in"),
    Step("grade", "Grade", "run it in the sandbox, count the points"),
    Step("feedback", "Release feedback", "let participants fetch it"),
)

LOOKS = (Step("similarity", "Compare submissions", "find what is worth a look"),)
"""Jobs that only read: they wait for no step, and no step waits for them."""


@dataclass
class Job:
    """One step that was started: "running", "done" or "failed", with a sentence on how it ended."""

    step: Step
    lab: str
    started: datetime
    state: str = "running"
    said: str = ""
    ended: datetime | None = None

    @property
    def label(self) -> str:
        """The step and its lab."""
        return f"{self.step.label}, {self.lab}:"

    @property
    def shape(self) -> str:
        """The state as a shape."""
        return {"running": "◔", "done": "✓", "failed": "✕"}[self.state]

    @property
    def sentence(self) -> str:
        """How it stands, in a sentence."""
        if self.state == "running":
            return f"running since {self.started:%H:%M:%S}."
        return f"failed: {self.said}" if self.state == "failed" else self.said or "done."

    @property
    def when(self) -> str:
        """When it ended and how long it took."""
        if self.ended is None:
            return ""
        return f"{self.ended:%H:%M:%S}, {(self.ended - self.started).total_seconds():.0f} s"


def step_command(step: str, lab: str, workshop: str, level: Level = Level.BUBBLEWRAP) -> list[str]:
    """The command of a step; the same that a trainer would type.

    level: of this machine's sandbox; one below the usual is asked for by name, as the page says beside the button.
    """
    lower = ["--sandbox", level.label] if step == "grade" and level is not Level.BUBBLEWRAP else []
    return [sys.executable, "-m", "spamlab.cli", step, lab, "--workshop", workshop, *lower]


def steps_of(level: Level) -> tuple[Step, ...]:
    """The steps as the page offers them on a machine with this sandbox."""
    told = {Level.PLAIN: "runs it UNCONFINED on this machine", Level.FLOOR: "runs it in a weaker sandbox (floor)"}
    return tuple(replace(step, about=told[level]) if step.name == "grade" and level in told else step for step in STEPS)


@dataclass
class Jobs:
    """The jobs of one workshop. command(step, lab) is the command to run.

    course: the course whose lock a job holds while it runs, so that none runs beside one of the Formgrader's.
    steps: what may be started.
    """

    command: Callable[[str, str], Sequence[str]]
    course: Path | None = None
    steps: Sequence[Step] = STEPS
    jobs: list[Job] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None
    _task: asyncio.Task[None] | None = None

    async def start(self, name: str, lab: str) -> Job:
        """Start a step; raises UsageError while another is running, here or elsewhere, or for an unknown step."""
        step = next((one for one in self.steps if one.name == name), None)
        if step is None:
            raise UsageError("there is no such step.")
        if self.jobs and self.jobs[0].state == "running":
            raise UsageError(f"{self.jobs[0].step.label} is still running: wait for its end.")
        held = self._hold(f"{step.label} of {lab}")
        job = Job(step, lab, datetime.now())
        self.jobs.insert(0, job)
        del self.jobs[KEPT:]
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.command(name, lab),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                limit=MOST_OUTPUT,
                env={**os.environ, **held.environment()} if held else None,
                pass_fds=(held.descriptor,) if held else (),
            )
        except BaseException:
            if held:
                held.release()
            raise
        self._task = asyncio.create_task(self._await(job, self._process, held))
        return job

    def _hold(self, what: str) -> busy.Held | None:
        if self.course is None:
            return None
        self.course.mkdir(parents=True, exist_ok=True)
        return busy.hold(self.course, what)

    async def _await(self, job: Job, process: asyncio.subprocess.Process, held: busy.Held | None) -> None:
        try:
            output, errors = await process.communicate()
        finally:
            if held:
                held.release()
        job.ended = datetime.now()
        job.state = "done" if process.returncode == 0 else "failed"
        said = last_sentence(output) if process.returncode == 0 else last_sentence(errors) or last_sentence(output)
        job.said = said or (f"ended with status {process.returncode}." if process.returncode else "")

    @property
    def running(self) -> list[Job]:
        """The job that is running now, if one is."""
        return [job for job in self.jobs if job.state == "running"]

    def stop(self) -> None:
        """End a running step with its children."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)


def last_sentence(output: bytes) -> str:
    """The last line that says something, without the program's name, cut to 300 characters."""
    lines = [line.strip() for line in output[-MOST_OUTPUT:].decode("utf-8", "replace").splitlines()]
    said = [line for line in lines if line]
    return said[-1].removeprefix("spamlab: ")[:300] if said else ""
