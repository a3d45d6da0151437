"""The simulated participants' hour in class: tries and saved twins, put to the judge's service over HTTP."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.judge.ledger import Ledger
from spamlab.judge.room import Opened, Room
from spamlab.rehearsal.players import Play
from spamlab.rehearsal.script import Stage


def practise(workshop: Workshop, stage: Stage, plays: Sequence[Play], hinted: Collection[str]) -> list[str]:
    """Play all tries through a judge's service started for it; what was not as expected, a sentence each.

    hinted: the questions that have hints.
    """
    trouble: list[str] = []
    lab = stage.lab
    with _service(workshop, lambda ledger: opened_room(workshop, ledger, stage)) as url:
        for play in plays:
            token = workshop.participant_token(play.participant)
            for question, answer, state, code in play.practice:
                reply = _post(f"{url}/api/v1/labs/{lab.id}/answers", token, {"question": question, "answer": answer})
                if state and reply.get("state") != state:
                    trouble.append(f"{lab.id}: the answer of {play.participant} to {question} ({code or 'right'}) "
                                   f"was called {reply.get('state')}, not {state}")
                if not reply.get("message"):
                    trouble.append(f"{lab.id}: {question} said nothing to {play.participant}")
            for question in play.hints:
                reply = _post(f"{url}/api/v1/labs/{lab.id}/hints", token, {"question": question, "step": 1})
                if question in hinted and not reply.get("text"):
                    trouble.append(f"{lab.id}: {question} gave {play.participant} no hint: {reply.get('state')}")
            for name, answer in play.answers.items():
                if not name.endswith("-twin") or play.copied[0]:
                    continue
                reply = _post(f"{url}/api/v1/labs/{lab.id}/answers", token, {"question": name, "answer": answer})
                if reply.get("state") not in {"saved", "form"}:
                    trouble.append(f"{lab.id}: the silent {name} told {play.participant} {reply.get('state')}")
    return trouble


def _post(url: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            found: dict[str, Any] = json.load(reply)
            return found
    except urllib.error.HTTPError as error:
        return {"state": f"refused with {error.code}"}


def opened_room(workshop: Workshop, ledger: Ledger, stage: Stage) -> Room:
    """The judge's room with the lab as the stage has read it, and the draws that the stage has made."""
    room = Room(workshop, ledger)
    room.take(Opened(stage.lab, stage.checks, stage.drawn))
    return room


@contextmanager
def _service(workshop: Workshop, make_room: Callable[[Ledger], Room]) -> Iterator[str]:
    """The judge's real service on a free loopback port, in a thread of its own; ended with the block."""
    import asyncio

    from spamlab.judge.service import run

    ready = threading.Event()
    found: dict[str, Any] = {}

    def started(port: int) -> None:
        found["port"] = port
        ready.set()

    async def judge() -> None:
        found.update(stop=asyncio.Event(), loop=asyncio.get_running_loop())
        await run(workshop, 0, ready=started, stop=found["stop"], make_room=make_room)

    thread = threading.Thread(target=lambda: asyncio.run(judge()), name="judge", daemon=True)
    thread.start()
    if not ready.wait(30):
        raise RuntimeError("the judge's service did not start")
    try:
        yield f"http://127.0.0.1:{found['port']}"
    finally:
        found["loop"].call_soon_threadsafe(found["stop"].set)
        thread.join(10)
