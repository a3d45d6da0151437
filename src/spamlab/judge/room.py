"""The judge of one workshop without its sockets: data of each participant, forms, verdicts, hints, the room.

Everything that leaves is plain JSON for a participant: no truth, no code of a mistake, no expected answer.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.content.lab import Lab, read_lab
from spamlab.errors import SpamlabError
from spamlab.judge.bounds import MOST_BYTES
from spamlab.judge.catalogue import read_catalogues, say
from spamlab.judge.corpus import NAME as CORPUS
from spamlab.judge.corpus import corpus_records
from spamlab.judge.entries import Entry, Event
from spamlab.judge.flood import AGAIN, Flood
from spamlab.judge.handed_out import sets_of
from spamlab.judge.judging import judge_answer, text_of
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.lab_data import Data, lab_data, load_checks
from spamlab.judge.ledger import Ledger, Progress
from spamlab.judge.question import Checks, Item, Question, Verdict

log = logging.getLogger("spamlab.judge")
TWIN = "-twin"
HANDED_OUT = ("practice", "twin")
"""The draws that a participant sees."""
WRONG_ATTEMPTS = 3
"""After so many wrong attempts a question offers to go on."""


class RefusedError(Exception):
    """A request that can't be met: HTTP status and one sentence for whoever asked."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass
class Opened:
    """One lab as the judge holds it: its facts, its questions, each participant's data by purpose."""

    lab: Lab
    checks: Checks
    data: dict[tuple[str, str], Data] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)


def clock() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Room:
    """The judge of one workshop; safe from several threads."""

    def __init__(self, workshop: Workshop, ledger: Ledger, *, clock: Callable[[], datetime] = clock,
                 flood: Flood | None = None) -> None:
        """Raises ContentError where a language of the workshop's datasets folder has a broken catalogue."""
        read_catalogues(workshop.datasets_folder / "languages")
        self.flood = flood or Flood()
        self.workshop = workshop
        self.ledger = ledger
        self._clock = clock
        self._labs: dict[str, Opened] = {}
        self._lock = threading.RLock()

    def lab(self, participant: str, lab: str) -> dict[str, Any]:
        """The lab's questions with the participant's states, and the names of the messages."""
        opened = self.opened(lab)
        questions = []
        for question in opened.checks.questions.values():
            twin = (self.ledger.progress(participant, lab, question.id + TWIN).state
                    if "twin" in question.about else None)
            questions.append({
                "id": question.id, "title": question.title, "points": question.points, "minutes": question.minutes,
                "kind": question.kind.name, "state": self.ledger.progress(participant, lab, question.id).state,
                "twin": twin})
        items = [{"name": name, "message_id": one.message.message_id, "set": purpose}
                 for purpose in HANDED_OUT for name, one in self.data(opened, participant, purpose).items()
                 if not one.record]
        return {"lab": lab, "title": opened.lab.title, "participant": participant, "questions": questions,
                "items": items, "sets": list(self._sets(opened, participant))}

    def records(self, participant: str, lab: str, name: str) -> dict[str, Any]:
        """One of the participant's sets of records; RefusedError (404) names those that there are."""
        sets = self._sets(self.opened(lab), participant)
        if name == CORPUS and name not in sets:
            return {"name": name, "records": self._corpus()}
        if name not in sets:
            raise RefusedError(404, say("service-set", set=name[:40], sets=", ".join(sets) or "-"))
        return {"name": name, "records": sets[name]}

    def question(self, participant: str, lab: str, name: str) -> dict[str, Any]:
        """Both forms of a question, its hints and whether to go on; notes that it was looked at."""
        opened = self.opened(lab)
        question = self._find(opened, name.removesuffix(TWIN))
        progress = self.ledger.progress(participant, lab, question.id)
        if not progress.first_asked:
            self.ledger.record(Entry(participant, lab, question.id, "asked", at=self._now()))
            progress = self.ledger.progress(participant, lab, question.id)
        return {"practice": self._form(opened, participant, question, "practice"),
                "twin": self._form(opened, participant, question, "twin"),
                "hints": self._hints(question, progress), "attempts": progress.attempts,
                "go_on": self._go_on(progress)}

    def answer(self, participant: str, lab: str, name: str, answer: Any) -> dict[str, Any]:
        """Judge one answer and write it into the ledger; a twin is only saved, or sent back for its form.

        RefusedError (429) beyond the bounds of `flood`: nothing is judged, and nothing written.
        """
        opened = self.opened(lab)
        question = self._find(opened, name.removesuffix(TWIN))
        purpose = "twin" if name.endswith(TWIN) else "practice"
        item = self._item(opened, participant, question, purpose)
        text = _as_kept(answer)
        again = bool(text) and text == self.ledger.last_answer(participant, lab, name)
        self._bound(participant, lab, name, text, again=again)
        verdict = judge_answer(question, item, answer, silent=purpose == "twin" or question.silent)
        if not again:  # the same answer again (a cell run anew) is no new attempt
            self._record(participant, lab, name, text, self._noted(question, item, answer, verdict))
        progress = self.ledger.progress(participant, lab, question.id)
        judged = verdict.state in {"right", "part", "mistake", "wrong", "error"}
        return {"state": verdict.state, "share": verdict.share if judged else None, "message": verdict.message,
                "details": list(verdict.details) if judged else [], "hints": self._hints(question, progress),
                "go_on": self._go_on(progress)}

    def hint(self, participant: str, lab: str, name: str, step: int) -> dict[str, Any]:
        """Open one hint, if it may be; counted once. RefusedError (409) with the reason else."""
        opened = self.opened(lab)
        question = self._find(opened, name.removesuffix(TWIN))
        if not 1 <= step <= len(question.hints):
            raise RefusedError(404, say("hint-none", step=step))
        progress = self.ledger.progress(participant, lab, question.id)
        if step not in progress.hints:
            self._may_open(progress, step)
            self.ledger.record(Entry(participant, lab, question.id, "hint", code=str(step), at=self._now()))
        hint = question.hints[step - 1]
        return {"title": hint.title,
                "text": text_of(hint.text, self._item(opened, participant, question, "practice"))}

    def challenge(self, participant: str, lab: str, name: str) -> dict[str, Any]:
        """The practice inputs of a function question."""
        opened = self.opened(lab)
        question = self._find(opened, name)
        if not isinstance(question.kind, Challenge):
            raise RefusedError(404, say("service-function"))
        inputs = question.kind.inputs(self.data(opened, participant, "practice"))
        return {"function": question.kind.function, "inputs": [{"name": one, "input": given} for one, given in inputs]}

    def room(self, lab: str) -> dict[str, Any]:
        """What the instructor sees: all participants, the mistakes with the trainer's sentence, the points."""
        opened = self.opened(lab)
        seen = self.ledger.room(lab, self.workshop.participants)
        for row in seen["mistakes"]:
            question = opened.checks.questions.get(row["question"].removesuffix(TWIN))
            known = {mistake.code: mistake.trainer for mistake in question.mistakes} if question else {}
            row["trainer"] = known.get(row["code"], say("room-right") if row["code"] == "right" else "")
        seen["title"] = opened.lab.title
        seen["questions"] = [{"id": one.id, "title": one.title, "points": one.points, "minutes": one.minutes}
                             for one in opened.checks.questions.values()]
        return seen

    def opened(self, lab: str) -> Opened:
        """The lab, read once; RefusedError (404) for one that is not in the workshop, ContentError for a broken one."""
        if lab not in self.workshop.labs:
            raise RefusedError(404, say("service-lab", lab=lab[:80]))
        with self._lock:
            if lab not in self._labs:
                folder = self.workshop.labs_folder / lab
                self._labs[lab] = Opened(read_lab(folder), load_checks(folder))
            return self._labs[lab]

    def take(self, opened: Opened) -> None:
        """Use a lab that is read already, and the draws that are made of it."""
        with self._lock:
            self._labs[opened.lab.id] = opened

    def data(self, opened: Opened, participant: str, purpose: str) -> Data:
        """One participant's draw, made once and kept."""
        key = (participant, purpose)
        with opened.lock:
            if key not in opened.data:
                opened.data[key] = lab_data(self.workshop, participant, opened.lab, purpose, checks=opened.checks)
            return opened.data[key]

    def _corpus(self) -> list[dict[str, Any]]:
        try:
            records = corpus_records(self.workshop.corpus)
        except SpamlabError as error:
            log.error("the folder corpus can't be read: %s", error)
            raise RefusedError(409, say("service-corpus")) from None
        if not records:
            raise RefusedError(404, say("service-no-corpus"))
        return records

    def _sets(self, opened: Opened, participant: str) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for purpose in HANDED_OUT:
            found |= sets_of(self.data(opened, participant, purpose))
        return found

    def _find(self, opened: Opened, name: str) -> Question:
        question = opened.checks.questions.get(name)
        if question is None:
            raise RefusedError(404, say("service-question", question=name[:80]))
        return question

    def _item(self, opened: Opened, participant: str, question: Question, purpose: str) -> Item:
        data = self.data(opened, participant, purpose)
        item = question.item(purpose, data)
        if item is None and purpose == "practice":
            return Item("practice", tuple(data), data)
        if item is None:
            raise RefusedError(404, say("service-question", question=question.id + TWIN))
        return item

    def _form(self, opened: Opened, participant: str, question: Question, purpose: str) -> dict[str, Any] | None:
        if purpose == "twin" and ("twin" not in question.about or isinstance(question.kind, Challenge)):
            return None
        item = self._item(opened, participant, question, purpose)
        name = question.id + (TWIN if purpose == "twin" else "")
        events: tuple[Event, ...] = ("saved",) if isinstance(question.kind, Challenge) else ("tried", "saved")
        saved = self.ledger.saved(participant, opened.lab.id, name, events=events)
        return {"question": name, "title": question.title, "points": question.points, "minutes": question.minutes,
                "kind": question.kind.name, "prompt": question.asked(item),
                "messages": [one for one in item.names if not item.data[one].record],
                **question.kind.form(item), "saved": None if saved is None else json.loads(saved)}

    def _noted(self, question: Question, item: Item, answer: Any, verdict: Verdict) -> Verdict:
        """What the ledger keeps of a verdict: of a vote (silent, no points) also what was chosen, for the trainer."""
        if not question.silent or question.points or verdict.state != "saved":
            return verdict
        judged = judge_answer(question, item, answer)
        return replace(verdict, code="right" if judged.state == "right" else judged.code)

    def _bound(self, participant: str, lab: str, name: str, text: str, *, again: bool) -> None:
        """Refuse a try beyond the bounds."""
        wait = self.flood.wait(participant, AGAIN if again else 1)
        if wait:
            raise RefusedError(429, say("service-flood", n=wait))
        if again:
            return

        def before() -> int:
            return sum(len(entry.answer.encode()) for entry in
                       self.ledger.entries(participant=participant, lab=lab, question=name))

        if not self.flood.may_keep(participant, lab, name, len(text.encode()), before):
            raise RefusedError(429, say("service-kept"))

    def _record(self, participant: str, lab: str, name: str, text: str, verdict: Verdict) -> None:
        self.ledger.record(Entry(
            participant, lab, name, "saved" if verdict.state == "saved" else "tried", text, verdict.state,
            verdict.code[:80], None if verdict.state in {"saved", "form", "missing"} else verdict.share,
            at=self._now()))

    def _hints(self, question: Question, progress: Progress) -> list[dict[str, Any]]:
        found = []
        for step, hint in enumerate(question.hints, 1):
            opened = step in progress.hints
            reachable = progress.attempts > 0 and all(one in progress.hints for one in range(1, step))
            found.append({"step": step, "title": hint.title, "open": opened,
                          "wait": 0 if opened else self._wait(progress) if reachable else None})
        return found

    def _may_open(self, progress: Progress, step: int) -> None:
        if not progress.attempts:
            raise RefusedError(409, say("hint-attempt"))
        lacking = [one for one in range(1, step) if one not in progress.hints]
        if lacking:
            raise RefusedError(409, say("hint-order", step=lacking[0]))
        wait = self._wait(progress)
        if wait > 0:
            raise RefusedError(409, say("hint-wait", n=wait))

    def _wait(self, progress: Progress) -> int:
        """Whole seconds until the next hint may be opened: from the last hint, or from the first real attempt."""
        since = progress.last_hint or progress.first_attempt
        return max(0, -int(-(self.workshop.hint_wait_seconds - self._seconds_since(since)) // 1))

    def _go_on(self, progress: Progress) -> bool:
        if progress.state == "right":
            return False
        waited = bool(progress.first_asked) and (
            self._seconds_since(progress.first_asked) >= self.workshop.go_on_seconds)
        return progress.wrong >= WRONG_ATTEMPTS or waited

    def _seconds_since(self, at: str) -> float:
        return (self._clock() - datetime.fromisoformat(at)).total_seconds() if at else 0.0

    def _now(self) -> str:
        return self._clock().isoformat(timespec="milliseconds")


def _as_kept(answer: Any) -> str:
    """The answer as the ledger keeps it; "" for one that is too big or no JSON."""
    try:
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
        return text if len(text.encode("utf-8")) <= MOST_BYTES else ""
    except (TypeError, ValueError, RecursionError):
        return ""
