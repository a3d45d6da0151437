"""All that a participant's code can read while it is graded is searched for what it must not hold.

The search runs inside, at an open cell and again while hidden inputs are put to the function: files, environments and
command lines, the memory of every process, and all objects that Python knows of. What is searched for goes in turned
around (each byte XOR 0x5A), so that the search does not find itself.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from grading.room import LAB, Room
from spamlab.grading.interpreter import Interpreter
from spamlab.grading.marking import read_paper, write_data
from spamlab.grading.play import Cell, play
from spamlab.judge.lab_data import lab_data
from spamlab.sandbox import Level, available_level
from spamlab.seeds import PURPOSES, derive

KEY = 0x5A
SEARCH = '''
import base64, gc, json, os, re, sys

TURN = bytes(byte ^ 0x5A for byte in range(256))
NEEDLES = {name: base64.b64decode(value) for name, value in json.loads("""NEEDLES""").items()}
BEGAN = MOMENT


def look(data, where, found):
    turned = bytes(data).translate(TURN)
    for name, needle in NEEDLES.items():
        if needle in turned:
            found.setdefault(name, set()).add(where)


def files(found):
    count = 0
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys", "/dev")]
        for name in names:
            path = os.path.join(folder, name)
            try:
                if path.startswith(("/usr/", "/lib", "/bin/", "/sbin/")) or "/site-packages/" in path:
                    if max(os.stat(path).st_mtime, os.stat(path).st_ctime) < BEGAN:
                        continue  # older than the workshop
                with open(path, "rb") as file:
                    data = file.read(50_000_000)
            except OSError:
                continue
            count += 1
            look(data + path.encode(), "file " + path, found)
    return count


def processes(found):
    count = 0
    for pid in os.listdir("/proc"):
        if not pid.isdigit():
            continue
        for name in ("environ", "cmdline", "maps", "mounts", "mountinfo", "cgroup", "status"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    look(file.read(), f"process {name}", found)
            except OSError:
                pass
        try:
            with open(f"/proc/{pid}/maps") as file:
                regions = [line.split()[0].split("-") for line in file if line.split()[1][0] == "r"]
            memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
        except OSError:
            continue
        for first, last in regions:
            start, end = int(first, 16), int(last, 16)
            try:
                memory.seek(start)
                for place in range(start, end, 1 << 22):
                    memory.seek(place)
                    look(memory.read(min((1 << 22) + 4096, end - place)), "memory", found)
                    count += 1
            except (OSError, ValueError, OverflowError):
                continue
    return count


def objects(found):
    seen = 0
    for one in gc.get_objects():
        for part in [one, *(gc.get_referents(one) if type(one) in (dict, list, tuple) else ())]:
            if type(part) in (str, bytes) and part:
                seen += 1
                data = part.encode("utf-8", "replace") if type(part) is str else part
                look(data, "object", found)
    return seen


def search():
    found = {}
    counts = [files(found), processes(found), objects(found)]
    return {"found": {name: sorted(where)[:5] for name, where in found.items()}, "counts": counts,
            "modules": sorted(name for name in sys.modules if name.startswith("spamlab"))}
'''


def turned(needles: dict[str, bytes]) -> str:
    """The needles as JSON, each byte turned around."""
    return json.dumps({name: base64.b64encode(bytes(byte ^ KEY for byte in needle)).decode()
                       for name, needle in needles.items()})


@pytest.mark.skipif(available_level() < Level.BUBBLEWRAP, reason="needs bubblewrap")
def test_nothing_that_decides_a_score_can_be_read(room: Room, tmp_path: Path) -> None:
    """Neither secret, seeds, tokens, truth, others' messages nor hidden inputs that were not yet put can be found."""
    workshop = room.workshop
    paper = read_paper(workshop.root, LAB, "p01")
    secret = workshop.secret()
    needles = {"secret": secret, "secret hex": secret.hex().encode(), "ledger": b"entries_stay",
               "instructor": workshop.instructor_token().encode(), "gradebook": b"CREATE TABLE grade_cell",
               "workshop": str(workshop.root).encode(), "truth": b"scenario-of-truth",
               "truth repr": b"RouteTruth(", "hop repr": b"HopTruth("}
    for participant in workshop.participants:
        needles[f"token {participant}"] = workshop.participant_token(participant).encode()
        for purpose in PURPOSES:
            seed = derive(secret, participant, LAB, purpose)
            needles |= {f"seed {participant} {purpose}": seed, f"seed {participant} {purpose} hex": seed.hex().encode()}
    for name, one in lab_data(workshop, "p02", LAB, "twin").items():
        needles[f"p02 {name}"] = one.message.message_id.encode()
    for name, one in paper.draws["hidden"].items():
        needles[f"hidden {name}"] = one.message.message_id.encode()
    own = paper.draws["twin"]["T1"].message.message_id.encode()
    needles["own twin"] = own
    source = SEARCH.replace('"""NEEDLES"""', f'"""{turned(needles)}"""')
    source = source.replace("MOMENT", repr((workshop.root / "workshop.toml").stat().st_ctime))
    shown, outputs = _play(paper, tmp_path, source)
    before = json.loads(shown)
    during = next(iter(outputs.values()))["value"]
    for seen in (before, during):
        assert min(seen["counts"]) > 50, "the search must have looked"
        assert "own twin" in seen["found"], "the search must find what may be seen"
        assert not [name for name in seen["modules"] if is_trusted(name)], seen["modules"]
    assert set(before["found"]) == {"own twin"}, before["found"]
    put = {name for name in during["found"] if name.startswith("hidden ")}
    assert len(put) <= 1, "one hidden input at a time"
    assert set(during["found"]) - put == {"own twin"}, during["found"]


def is_trusted(module: str) -> bool:
    """Whether a module of ours must not be in the child."""
    allowed = ("spamlab", "spamlab.errors", "spamlab.grading", "spamlab.grading.child", "spamlab.records")
    return module not in allowed and not module.startswith(
        ("spamlab.kit", "spamlab.records.message", "spamlab.forensics"))


def _play(paper: Any, folder: Path, source: str) -> tuple[str, dict[str, Any]]:
    """What the search shows at a cell, and what it returns when the first hidden input is put to it."""
    bench = folder / "bench" / LAB
    bench.mkdir(parents=True)
    write_data(paper, folder / "data")
    asks = ("def find(raw, done=[]):\n    if done:\n        return 0\n    done.append(1)\n    return search()")
    cells = [Cell(0, "from spamlab.kit import *\nstart('01-tiny')\nbox = inbox()\nbox.message('T1')"), Cell(1, source),
             Cell(2, "print(json.dumps(search()))"), Cell(3, asks), Cell(4, "", True, "q3", "find")]
    played = play(cells, {"q3": paper.inputs("q3")[0]}, lambda: Interpreter(
        bench, folder / "data", "p01", level=Level.BUBBLEWRAP, cell_seconds=120), call_seconds=120)
    assert not played.ended, played.ended
    text = "".join(one.get("text", "") for one in played.shown[2])
    assert text.startswith("{"), played.shown
    given = played.outputs["q3"]
    assert given is not None
    return text, given
