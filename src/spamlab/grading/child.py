"""The interpreter that runs a submission, inside the sandbox: cells in, outputs out, as JSON lines over two pipes.

Nothing here is trusted. The other side takes every line as data that the participant may have written; this side
holds no truth, no seed and no expected answer. Run as `python -m spamlab.grading.child REQUESTS REPLIES`, two
descriptors, or forked from a warm process that called `prepare`. Requests: {"id", "op": "cell", "source", "seconds"};
{"op": "hold", "key", "name"} keeps the function of that name as it is now; {"op": "call", "key", "inputs", "seconds"}
puts inputs to it; {"op": "keep"} keeps the interpreter as it is now; {"op": "back"} ends everything since the last
"keep" and goes on from there; {"op": "end"}.
"""

from __future__ import annotations

import ast
import base64
import builtins
import codecs
import getpass
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.autocall import IPyAutocall
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.macro import Macro
from traitlets import Type
from traitlets.config import Config

from spamlab.kit.calling import call_all, can_be_asked, read_input

BACK = 86
"""The status with which a child ends that was told to: any other is a fall."""
MOST_TEXT = 100_000
MOST_IMAGE = 1_500_000
MOST_OUTPUTS = 200
MOST_CELL = 3_000_000
SHOWN = ("text/plain", "image/png", "image/jpeg")
OWN_SIGNS = re.compile(r"""
    \A\s | \A\Z | ^[^\S\n]+$  # IPython takes away what comes before the first letter, and spaces in empty lines
    | [^\S \t\n\r] | \r(?!\n)  # IPython ends a line at some of these, Python does not
    | ^[ \t]*(?:[%!?,;/]|>>>|\.\.\.|In\ ?\[)  # magics, commands, help, calls without brackets, pasted prompts
    | =[ \t]*\\?\s*[%!]  # x = %magic, x = !command, also on the next line
    | \?[ \t]*(?:[;\#]|$)  # help: x?
""", re.MULTILINE | re.VERBOSE)
"""Where a cell may not be plain Python but IPython's own language."""
_WORD = re.compile(r"\w+")
NOBODY_TYPES = "nobody can type while a notebook is graded: write the value into the cell in place of asking for it"

Output = dict[str, Any]


class TooLongError(KeyboardInterrupt):
    """A cell has used up its time."""


class Outputs:
    """What a cell shows, in order, cut to bounds."""

    def __init__(self) -> None:
        self.all: list[Output] = []
        self.size = 0

    def add(self, output: Output) -> None:
        """Add one output while there is room."""
        size = sum(len(str(part)) for part in output.values())
        if len(self.all) < MOST_OUTPUTS and self.size + size <= MOST_CELL:
            self.all.append(output)
            self.size += size

    def write(self, name: str, text: str) -> None:
        """Add text of a stream, joined with what it wrote before."""
        last = self.all[-1] if self.all else None
        if last is not None and last["type"] == "stream" and last["name"] == name:
            if len(last["text"]) < MOST_TEXT:
                last["text"] = (last["text"] + text)[:MOST_TEXT]
                self.size += len(text)
        else:
            self.add({"type": "stream", "name": name, "text": text[:MOST_TEXT]})


outputs = Outputs()


class Stream(io.TextIOBase):
    """Standard output or error of the cells."""

    def __init__(self, name: str) -> None:
        self._name = name

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Keep the text."""
        outputs.write(self._name, str(text))
        return len(text)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """UTF-8, as in Jupyter."""
        return "utf-8"


class Publisher(DisplayPublisher):  # type: ignore[misc]
    """Takes what `display` shows."""

    def publish(self, data: Any, metadata: Any = None, **rest: Any) -> None:
        """Keep the forms that can be shown without being run."""
        outputs.add({"type": "display", "data": _shown(data)})

    def clear_output(self, wait: bool = False) -> None:
        """Nothing is cleared: a grader sees all."""


class Hook(DisplayHook):  # type: ignore[misc]
    """Takes the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """No prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the value's forms."""
        outputs.add({"type": "result", "data": _shown(format_dict)})

    def finish_displayhook(self) -> None:
        """Nothing to flush."""


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython without a terminal, a history or a kernel."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        try:
            value = str(evalue)
        except Exception:
            value = ""
        lines = [str(line) for line in stb][:200]
        outputs.add({"type": "error", "ename": str(getattr(etype, "__name__", etype))[:200], "evalue": value[:2000],
                     "traceback": [line[:4000] for line in lines]})

    usual_transforms = 0

    def transforms(self) -> int:
        """How many steps IPython's rewriting of a cell has; a cell may add its own."""
        own = self.input_transformer_manager
        return sum(map(len, (own.cleanup_transforms, own.line_transforms, own.token_transformers,
                             self.input_transformers_post)))

    def is_plain(self, cell: str) -> bool:
        """Whether IPython would run the cell as it stands. A single line may be a magic without its sign (cd data)."""
        if OWN_SIGNS.search(cell) or self.transforms() != self.usual_transforms:
            return False
        first = cell.split("\n", 1)
        if any(first[1:]):
            return True
        word = _WORD.match(cell)
        return not (self.autocall or (word and (word[0] in self.magics_manager.magics["line"] or isinstance(
            self.user_ns.get(word[0]), IPyAutocall | Macro))))

    def transform_cell(self, raw_cell: str) -> str:
        """As IPython, which takes every cell apart into tokens; one of plain Python goes through as it is."""
        if not self.is_plain(raw_cell):
            return str(super().transform_cell(raw_cell))
        return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"

    def should_run_async(self, raw_cell: str, **named: Any) -> bool:
        """As IPython, which compiles each cell to know; without one of these words none can wait for anything."""
        return ("await" in raw_cell or "async" in raw_cell) and bool(super().should_run_async(raw_cell, **named))

    async def run_ast_nodes(self, nodelist: list[ast.stmt], cell_name: str, interactivity: str = "last_expr",
                            compiler: Any = compile, result: Any = None) -> Any:
        """As IPython, which compiles and runs every statement by itself; here all but the last are compiled at once.

        Where that can't be (a `return` outside a function, an `await`), IPython's way shows what it shows in class.
        """
        if interactivity == "last_expr" and len(nodelist) > 2:
            try:
                code = compiler(ast.Module(nodelist[:-1], []), cell_name, "exec")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                code = None
            if code is not None:
                if await self.run_code(code, result):
                    return True
                nodelist = nodelist[-1:]
        return await super().run_ast_nodes(nodelist, cell_name, interactivity, compiler, result)

    def ask_exit(self) -> None:
        """`exit` in a cell ends nothing."""

    def system(self, cmd: str) -> None:
        """`!command`: both its streams are shown, as in class, but by a pipe: a sandbox may have no terminal."""
        if cmd.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        words = ["/bin/sh", "-c", self.var_expand(cmd, depth=1)]
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
            try:
                while part := os.read(run.stdout.fileno(), 65536) if run.stdout is not None else b"":
                    sys.stdout.write(decoder.decode(part))
            except BaseException:
                run.kill()
                raise
        self.user_ns["_exit_code"] = run.returncode

    system_piped = system


def nobody_types(prompt: object = "", *_rest: object, **_more: object) -> str:
    """In place of `input`: an error that says why."""
    print(prompt, end="")
    raise EOFError(NOBODY_TYPES)


def run_cell(shell: Shell, source: str, seconds: float) -> list[Output]:
    """The outputs of one cell; a cell that takes too long is interrupted, and the next one goes on."""
    outputs.all, outputs.size = [], 0
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    _timer(seconds)
    try:
        shell.run_cell(source, store_history=True, silent=False)
    except BaseException as error:
        shell._showtraceback(type(error), error, [f"{type(error).__name__}: {error}"])
    finally:
        _timer(0)
    return outputs.all


def call(function: Any, inputs: list[list[Any]], seconds: float) -> dict[str, Any]:
    """What the function gives for each input: {name: {"value"} | {"error"}}; what it prints is dropped."""
    if not can_be_asked(function):
        return {}
    return call_all(function, [(str(name), read_input(value)) for name, value in inputs], seconds).outputs


def make_shell() -> Shell:
    """The interpreter, without a history on disk or the thread that writes one."""
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.HistoryManager.hist_file = ":memory:"
    shell: Shell = Shell.instance(config=settings)
    # Only what a gradebook shows is made: the HTML of a model takes longer than many a cell.
    shell.display_formatter.active_types = list(SHOWN)
    shell.db = {}  # what %cd and others note, else in a file that a forked run can't see
    builtins.input = getpass.getpass = nobody_types
    # Python's own form: IPython's reads the sources of all libraries on the way, which takes longer than many a lab.
    shell.InteractiveTB.set_mode("Plain")
    shell.usual_transforms = shell.transforms()
    return shell


def serve(requests: int, reply: Callable[[dict[str, Any]], None]) -> None:
    """Answer requests until there are no more. Each is read to its last byte and no further, so that whoever is left
    after a fork finds the next one whole."""
    shell = make_shell()
    held: dict[str, Any] = {}
    own = os.getpid()
    reply({"id": "ready"})
    while line := read_line(requests):
        asked = json.loads(line)
        told: dict[str, Any] = {}
        if asked["op"] == "keep":
            if not _stay_behind(reply, asked["id"]):
                own = os.getpid()
            continue
        if asked["op"] == "back":
            os._exit(BACK)
        if asked["op"] == "cell":
            told = {"outputs": run_cell(shell, asked["source"], asked["seconds"])}
        elif asked["op"] == "hold":
            held[asked["key"]] = shell.user_ns.get(asked["name"])
            told = {"callable": can_be_asked(held[asked["key"]])}
        elif asked["op"] == "call":
            told = {"outputs": call(held.get(asked["key"]), asked["inputs"], asked["seconds"])}
        if os.getpid() != own:
            os._exit(0)  # a cell forked, and its child came out here
        reply({"id": asked["id"], **told})
        if asked["op"] == "end":
            return


def read_line(descriptor: int) -> bytes:
    """One request: eight digits of length, then as many bytes; b"" at the end."""
    head = _read_exactly(descriptor, 8)
    return _read_exactly(descriptor, int(head)) if head else b""


def _read_exactly(descriptor: int, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(descriptor, size - len(parts))
        if not part:
            return b""
        parts += part
    return bytes(parts)


def _stay_behind(reply: Callable[[dict[str, Any]], None], number: str) -> bool:
    """Fork: the child goes on, and this process waits as it is until the child has ended. True in who waited."""
    child = os.fork()
    if child == 0:
        reply({"id": number, "kept": True})
        return False
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        try:
            _, status = os.waitpid(child, 0)
            break
        except InterruptedError:
            continue
        except ChildProcessError:
            status = 0
            break
    fell = not (os.WIFEXITED(status) and os.WEXITSTATUS(status) == BACK)
    reply({"id": "back", "fell": fell})
    return True


def _shown(data: Any) -> dict[str, str]:
    found = {}
    for name in SHOWN:
        value = data.get(name) if isinstance(data, dict) else None
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode("ascii")
        if isinstance(value, str) and (name == "text/plain" or len(value) <= MOST_IMAGE):
            found[name] = value[:MOST_TEXT] if name == "text/plain" else value
    return found


def _timer(seconds: float) -> None:
    def ring(_number: int, _frame: Any) -> None:
        raise TooLongError(f"this cell took longer than {seconds:g} seconds and was stopped")

    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, ring if seconds else signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def prepare() -> None:
    """What a warm process does once, before anything of a participant's is near: make the interpreter."""
    shell = make_shell()
    shell.run_cell("1 / 0", store_history=False)  # what shows an error loads much when it does so first
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        sys.__dict__.pop(name, None)
    shell.InteractiveTB.tb = None
    outputs.all, outputs.size = [], 0
    shell.run_cell("pass", store_history=False)
    shell.display_formatter.format("")
    from spamlab.grading.warmup import warm_up  # not at the top: a run does not see it

    warm_up()
    sys.path.insert(0, "")


def forked(argument: str, kept: list[int]) -> None:
    """Serve in a fresh fork; argument: the number that seeds the random generators."""
    random.seed(int(argument))
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(int(argument) % 2**32)
    sys.argv = [""]
    _serve_pipes(kept[0], kept[1])


def main() -> None:
    """Serve the two pipes named on the command line."""
    given, taken = int(sys.argv[1]), int(sys.argv[2])
    for descriptor in (given, taken):
        os.set_inheritable(descriptor, False)
    sys.argv = [""]
    make_shell().run_cell("pass", store_history=False)
    sys.path.insert(0, "")  # as in Jupyter; not before, so that no file of the participant's stands in for one of ours
    _serve_pipes(given, taken)


def _serve_pipes(given: int, taken: int) -> None:
    def reply(told: dict[str, Any]) -> None:
        data = json.dumps(told).encode("utf-8", "surrogatepass") + b"\n"
        while data:
            data = data[os.write(taken, data):]

    serve(given, reply)


if __name__ == "__main__":
    main()
