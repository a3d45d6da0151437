"""What a source does that an honest answer does not need, found by reading it: nothing is run.

A reader can always be deceived (a name put together from parts), so this protects nothing. It tells the instructor
where to look. Codes are stable names; each has one sentence in SENTENCES.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache

MOST_SOURCE = 200_000
MOST_NODES = 60_000
MOST_DOTS = 300

SENTENCES = {
    "always-equal": "A class is made to equal, hold or be everything, as if it were to please a comparison.",
    "answer-files": "The code works on the folder of saved answers itself.",
    "at-exit": "The code asks to be run when the interpreter ends.",
    "big-source": "The cell is too long to be looked at.",
    "code-from-text": "The code makes other code from text or runs a module found by a made-up name.",
    "descriptors": "The code uses raw file descriptors, through which the interpreter talks to the grader.",
    "endless-loop": "The cell holds a loop that nothing in it ends.",
    "ends-interpreter": "The code ends the notebook's interpreter.",
    "environment": "The code reads or changes the environment of the process.",
    "fills-disk": "The code writes very large or very many files.",
    "forged-verdict": "A function that is judged gives a record that looks like a verdict.",
    "frames": "The code looks at the frames of its callers.",
    "grader-aware": "The code asks whether it is being graded.",
    "huge-size": "The code asks for something very large.",
    "import-hook": "The code changes how modules are imported.",
    "ipython-hook": "The code changes how the notebook runs or shows cells.",
    "keeps-inputs": "A function that is judged stores, shows or reports the inputs that are put to it.",
    "links": "The code makes links, pipes or special files.",
    "lookup-table": "A function that is judged looks its input up in a table of whole inputs.",
    "memory-map": "The code maps memory.",
    "mixed-letters": "A name mixes letters of two scripts that look alike.",
    "native-code": "The code calls machine code directly.",
    "network": "The code uses the network.",
    "object-search": "The code searches the interpreter's objects.",
    "odd-paths": "The code names files of the system or of other processes.",
    "odd-signs": "The code holds control signs that change how a text looks.",
    "own-signs": "The code shows markup that a browser would run.",
    "patching": "The code replaces a part of a library or of Python.",
    "pickle": "The code uses pickles, which run code when they are read.",
    "privileges": "The code tries to change its limits, its user or its root.",
    "processes": "The code starts other processes.",
    "recursion": "The code raises the limit of recursion.",
    "secret-files": "The code names files of the grader.",
    "shell": "The code runs a command of the system.",
    "signals": "The code sends or catches signals.",
    "stalls": "A function that is judged waits or looks at the clock.",
    "threads": "The code starts threads.",
    "trusted-code": "The code imports parts of the workshop that no notebook needs.",
    "watch-hook": "The code watches every step of the interpreter.",
    "writes-modules": "The code writes files of Python, which could stand in for a library.",
}


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Modules whose import alone is telling, by what an honest answer in a notebook needs.
_MODULES = {
    "native-code": "ctypes _ctypes cffi numpy.ctypeslib _cffi_backend",
    "memory-map": "mmap multiprocessing.shared_memory",
    "network": "socket _socket socketserver http.client http.server urllib.request requests ftplib smtplib imaplib "
               "poplib telnetlib ssl xmlrpc aiohttp httpx websockets zmq websocket urllib3 asyncio.streams",
    "processes": "subprocess multiprocessing pty _posixsubprocess concurrent.futures.process",
    "threads": "threading _thread concurrent.futures",
    "signals": "signal _signal faulthandler",
    "descriptors": "fcntl termios select selectors",
    "import-hook": "importlib.abc importlib.machinery pkgutil runpy sitecustomize usercustomize imp zipimport",
    "pickle": "pickle _pickle dill cloudpickle marshal shelve",
    "at-exit": "atexit",
    "trusted-code": "spamlab.grading spamlab.judge spamlab.sandbox spamlab.content spamlab.course spamlab.generate "
                    "spamlab.seeds spamlab.workshop spamlab.cli spamlab.records.truth spamlab.rehearsal "
                    "spamlab.reporting spamlab.bench nbgrader",
}
MODULES = {name: code for code, names in _MODULES.items() for name in names.split()}

# Attributes and names that are telling wherever they stand.
_NAMES = {
    "frames": "_getframe _current_frames currentframe getouterframes getinnerframes f_back f_globals f_locals "
              "f_builtins tb_frame gi_frame cr_frame ag_frame getclosurevars walk_stack extract_stack format_stack "
              "print_stack _getframemodulename",
    "object-search": "get_objects get_referrers get_referents __subclasses__ __globals__ __closure__ __code__ "
                     "__builtins__ __mro__ __bases__ __kwdefaults__ cell_contents",
    "processes": "fork forkpty vfork posix_spawn posix_spawnp popen execv execve execl execle execlp execvp execvpe "
                 "spawnl spawnv spawnve spawnvp spawnlp setsid daemon",
    "signals": "killpg setitimer pidfd_send_signal sigwait pthread_sigmask pthread_kill raise_signal siginterrupt "
               "SIGKILL SIGALRM SIGSTOP alarm",
    "ends-interpreter": "_exit abort do_shutdown SystemExit ask_exit",
    "descriptors": "dup2 fdopen set_blocking closerange set_inheritable sendfile splice recv_fds send_fds memfd_create "
                   "pidfd_open",
    "import-hook": "meta_path path_hooks path_importer_cache __import__ MetaPathFinder PathFinder "
                   "spec_from_file_location module_from_spec spec_from_loader SourceFileLoader",
    "ipython-hook": "ast_transformers input_transformers_post input_transformers_cleanup input_transformer_manager "
                    "register_magic_function register_cell_magic register_line_magic register_magics display_formatter "
                    "display_pub displayhook set_hook set_custom_exc user_ns user_module run_cell history_manager "
                    "pre_run_cell post_run_cell pre_execute post_execute enable_gui _showtraceback showtraceback "
                    "publish_display_data excepthook compiler_class run_ast_nodes events",
    "watch-hook": "settrace setprofile settrace_all_threads addaudithook monitoring unraisablehook set_trace",
    "pickle": "__reduce__ __reduce_ex__ __setstate__ read_pickle allow_pickle copyreg",
    "links": "symlink symlink_to hardlink_to link_to mkfifo mknod makedev AF_UNIX",
    "network": "create_connection open_connection getaddrinfo gethostbyname start_server urlopen urlretrieve",
    "privileges": "setrlimit prlimit setuid setgid seteuid setresuid setresgid setgroups chroot unshare setns mount "
                  "pivot_root sched_setaffinity setpriority prctl ptrace process_vm_readv personality",
    "at-exit": "finalize register_at_fork _register",
    "threads": "create_task ensure_future new_event_loop run_coroutine_threadsafe run_in_executor run_forever "
               "run_until_complete call_later",
    "environment": "putenv unsetenv environb tzset",
    "memory-map": "memmap shared_memory SharedMemory mlock",
    "native-code": "CDLL PyDLL pythonapi string_at memmove",
}
NAMES = {name: code for code, names in _NAMES.items() for name in names.split()}
_CALLED = {"eval": "code-from-text", "exec": "code-from-text", "compile": "code-from-text",
           "__import__": "code-from-text", "import_module": "code-from-text", "exit": "ends-interpreter",
           "quit": "ends-interpreter", "breakpoint": "watch-hook"}
_OF_OS = {"system": "processes", "write": "descriptors", "read": "descriptors", "pipe": "descriptors",
          "close": "descriptors", "kill": "signals", "dup": "descriptors", "link": "links", "nice": "privileges",
          "writev": "descriptors", "pwrite": "descriptors"}
_BUILTINS = _set("str int float bool bytes dict list tuple set frozenset object complex")
_TELLING_METHODS = _set("__eq__ __ne__ __hash__ __float__ __int__ __len__ __iter__ __contains__ __bool__ "
                             "__instancecheck__ __subclasscheck__ __subclasshook__ __getattribute__ __str__ __index__ "
                             "__repr__ __lt__ __gt__ __le__ __ge__ __class__ items keys")
_ALL = _set("__eq__ __contains__ __ge__ __le__ __gt__ __lt__ __instancecheck__ __subclasscheck__")
_FILES = _set("open Path makedirs mkdir rename replace symlink link unlink remove rmtree listdir scandir glob "
              "copy copyfile copytree mkfifo write_text write_bytes chdir join walk exists symlink_to truncate")
_SIZES = _set("bytearray bytes zeros ones empty full range truncate ftruncate seek posix_fallocate arange "
                   "urandom randbytes token_bytes rand")
_SHOWS = _set("HTML Javascript SVG Markdown Latex display IFrame")
_SETTINGS = _set("options rcParams rcParamsDefault ast_node_interactivity config mode display")
_PATHS = re.compile(r"^/(proc|sys|dev/(?!null$)|etc/|root|run/|var/|home/)|/proc/|docker\.sock")
_GRADERS = re.compile(r"gradebook|ledger\.sqlite|workshop\.toml|nbgrader_config|submission_secret|(^|/)secret$|"
                      r"/(course|autograded|submitted|exchange)/|\.\./\.\.|id_rsa|\.ssh\b|checks\.py")
_AWARE = re.compile(r"SPAMLAB_|NBGRADER_|spamlab\.grading|LD_PRELOAD|PYTHON(STARTUP|PATH|INSPECT)")
_RUNS = re.compile(r"<\s*(script|svg|iframe|object|embed|link|meta|base|form)\b|javascript:|on(error|load|click)\s*=|"
                   r"\\(href|url|input|include|write)\b|application/javascript|image/svg\+xml", re.IGNORECASE)
_SIGNS = re.compile("[\u202a-\u202e\u2066-\u2069]|\x1b(?!\\[[0-9;]{0,20}m)|[\x00\x07\x08\x9b]")
_MAGIC = re.compile(r"^(\s*)(?:[\w, ]+=\s*)?([!%]{1,2})\s*([\w.\-/]*)(.*)$")
_PLAIN_COMMANDS = _set("pip pip3 ls pwd echo head tail wc date conda")
_PLAIN_MAGICS = _set("matplotlib time timeit load_ext pip conda config who whos precision pylab reload_ext "
                          "autoreload prun capture cd pwd ls latex markdown html env")
_BAD_WORDS = re.compile(r"\b(" + "|".join(sorted(map(re.escape, {*NAMES, *(m for m in MODULES if "." not in m)}))) +
                        r")\b")


def suspects(source: str, judged: Iterable[str] = ()) -> dict[str, str]:
    """Code -> the word of the source that stands for it, in the order of SENTENCES' codes; {} for an ordinary source.

    source: one cell, with IPython's magics. judged: names of functions that questions ask for. Never raises.
    """
    return dict(_suspects(source, frozenset(judged)))


@lru_cache(maxsize=2048)  # most cells of a lab are the same in most submissions
def _suspects(source: str, judged: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        if len(source) > MOST_SOURCE:
            found["big-source"] = ""
            source = source[:MOST_SOURCE]
        _look_at_text(source, found)
        plain = _without_magics(source, found)
        tree = _tree(plain)
        if tree is None:
            # What Python can't read does not run, unless a hook turns it into something else first.
            if len(plain) > 20_000:
                found.setdefault("big-source", "")
            for word in list(_BAD_WORDS.findall(plain))[:20]:
                found.setdefault(NAMES.get(word) or MODULES[word], word)
        else:
            _Reader(found, frozenset(judged)).read(tree)
    except Exception:  # a source that defeats the reader is itself one to look at
        found.setdefault("big-source", "")
    return {code: found[code] for code in SENTENCES if code in found}


def judged_functions(sources: Iterable[str]) -> set[str]:
    """The functions that calls such as check("q7", find) name, over all cells."""
    return {name for source in sources if "check(" in source[:MOST_SOURCE]
            for name in re.findall(r"""\bcheck\(\s*["'][^"']{1,64}["']\s*,\s*([A-Za-z_]\w*)""", source[:MOST_SOURCE])}


def _tree(source: str) -> ast.Module | None:
    for line in source.replace("\\\n", " ").split("\n"):
        if "import" in line and line.count(".") > MOST_DOTS:
            return None  # Python's parser takes quadratic time for a dotted name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _look_at_text(source: str, found: dict[str, str]) -> None:
    if _SIGNS.search(source):
        found["odd-signs"] = ""
    if not source.isascii() and _mixed(source):
        found["mixed-letters"] = ""


def _mixed(source: str) -> bool:
    """Whether a name (not a text, not a comment) holds Latin and Cyrillic letters, or letters of another style."""
    try:
        names = [token.string for token in tokenize.generate_tokens(io.StringIO(source).readline)
                 if token.type == tokenize.NAME and not token.string.isascii()]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return False
    for name in names[:2000]:
        latin = any("a" <= sign.lower() <= "z" for sign in name)
        other = any("\u0400" <= sign <= "\u04ff" or sign in "αενορτυχ" for sign in name)
        styled = any("\uff21" <= sign <= "\uff5a" or "\U0001d400" <= sign <= "\U0001d7ff" for sign in name)
        if styled or (latin and other and any("\u0400" <= sign <= "\u04ff" for sign in name)):
            return True
        if unicodedata.normalize("NFKC", name) != unicodedata.normalize("NFC", name):
            return True
    return False


def _without_magics(source: str, found: dict[str, str]) -> str:
    """The source with IPython's own lines taken out, and said what they do."""
    rows = source.split("\n")
    for number, row in enumerate(rows):
        if "!" not in row and "%" not in row:
            continue
        match = _MAGIC.match(row[:2000])
        if match is None or (match[2] == "%" and not match[3]):
            continue
        space, sign, word, rest = match.groups()
        if sign[0] == "!":
            word = word.rpartition("/")[2]
            odd = re.search(r"[;|&$`<>]|/proc|/etc|\.\.", rest)
            if word not in _PLAIN_COMMANDS or odd:
                found.setdefault("shell", word)
        elif word in ("bash", "sh", "script", "system", "sx", "perl", "ruby", "javascript", "js", "run", "svg"):
            found.setdefault("own-signs" if word in ("javascript", "js", "svg") else "shell", word)
            if sign == "%%":
                return "\n".join(rows[:number])
        elif word in ("exit", "quit"):
            found.setdefault("ends-interpreter", word)
        elif word and word not in _PLAIN_MAGICS:
            found.setdefault("ipython-hook", word)
        if word in ("env", "set_env") and sign[0] == "%":
            found.setdefault("environment", word)
        if word in ("time", "timeit", "prun", "capture") and sign == "%":
            rows[number] = f"{space}{rest.strip()}" if rest.strip() and not rest.strip().startswith("-") else space
        else:
            rows[number] = f"{space}pass"
    return "\n".join(rows)


class _Reader:
    """Goes over a tree once, without recursion."""

    def __init__(self, found: dict[str, str], judged: frozenset[str]) -> None:
        self.found, self.judged = found, judged
        self.imported: dict[str, str] = {}
        self.shown: list[ast.AST] = []

    def add(self, code: str, word: str = "") -> None:
        """One finding; the first word stays."""
        self.found.setdefault(code, word)

    def read(self, tree: ast.Module) -> None:
        """All of it, up to MOST_NODES."""
        nodes = []
        for number, node in enumerate(ast.walk(tree)):
            if number > MOST_NODES:
                self.add("big-source")
                break
            nodes.append(node)
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.names(node)
        for node in nodes:
            if isinstance(node, ast.Constant):
                if isinstance(node.value, str | bytes):
                    self.text(node.value)
            else:
                look = getattr(self, f"on_{type(node).__name__.lower()}", None)
                if look is not None:
                    look(node)
        if any(_RUNS.search(text) for text in self._shown_texts(nodes)):
            self.add("own-signs")

    def _shown_texts(self, nodes: list[ast.AST]) -> Iterator[str]:
        """The texts in calls that show something, and those of the names in them."""
        names = set()
        for node in self.shown[:200]:
            for one in _few(node, 300):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value[:5000]
                elif isinstance(one, ast.Name):
                    names.add(one.id)
        for node in nodes if names else ():
            if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id in names
                                                    for one in node.targets):
                yield from (text[:5000] for text in _texts(node.value) if not isinstance(node.value, ast.Call))

    def text(self, value: str | bytes) -> None:
        """What a constant text names."""
        text = (value if isinstance(value, str) else value.decode("latin-1"))[:5000]
        if _PATHS.search(text) and "\n" not in text:
            self.add("odd-paths", text[:40])
        if len(text) < 300 and _GRADERS.search(text):
            self.add("secret-files", text[:40])
        if len(text) < 300 and _AWARE.search(text):
            self.add("grader-aware", text[:40])
        if _SIGNS.search(text) and isinstance(value, str):
            self.add("odd-signs")

    def names(self, node: ast.Import | ast.ImportFrom) -> None:
        """Imports: which name stands for which module."""
        for one in node.names:
            if isinstance(node, ast.ImportFrom):
                whole = f"{node.module or ''}.{one.name}"
                module = node.module or ""
            else:
                whole = module = one.name
            self.imported[one.asname or one.name.partition(".")[0]] = whole
            if one.name == "cpu_count":
                continue
            for name in (whole[:200], module[:200]):
                for place in range(min(name.count("."), 3), -1, -1):
                    code = MODULES.get(".".join(name.split(".")[:place + 1]))
                    if code:
                        self.add(code, name)
            if isinstance(node, ast.ImportFrom):
                self.name(one.name)
                if module == "os" and one.name in _OF_OS:
                    self.add(_OF_OS[one.name], one.name)
                if module == "builtins" or one.name == "Javascript":
                    self.add("patching" if module == "builtins" else "own-signs", one.name)

    def name(self, word: str) -> None:
        """A name or attribute by itself."""
        code = NAMES.get(word)
        if code:
            self.add(code, word)

    def on_name(self, node: ast.Name) -> None:
        """Names that are telling; builtins taken over."""
        self.name(node.id)
        if isinstance(node.ctx, ast.Store | ast.Del) and node.id in ("__builtins__", "__name__", "__class__"):
            self.add("patching", node.id)

    def on_attribute(self, node: ast.Attribute) -> None:
        """Attributes that are telling, and os.something."""
        root = _root(node)
        module = self.imported.get(root, root)
        if not (node.attr == "events" and root != "get_ipython" and not _mentions(node, "get_ipython")):
            self.name(node.attr)
        if module in ("os", "posix") and node.attr in _OF_OS:
            self.add(_OF_OS[node.attr], f"os.{node.attr}")
        if node.attr == "modules" and module == "sys":
            self.add("import-hook", "sys.modules")

    def on_call(self, node: ast.Call) -> None:
        """Calls: code from text, large sizes, files of answers, what is shown."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if isinstance(node.func, ast.Name) and name in _CALLED:
            self.add(_CALLED[name], name)
        if isinstance(node.func, ast.Attribute) and (
                name == "import_module" or (name == "exit" and self.imported.get(_root(node.func)) == "sys")):
            self.add(_CALLED[name], name)
        if name in _SHOWS:
            self.shown.append(node)
        if name in ("setattr", "delattr") and node.args:
            root = _root(node.args[0])
            if root in self.imported or root in ("__builtins__", "get_ipython"):
                self.add("patching", name)
        if name == "setattr" and node.args and not isinstance(node.args[0], ast.Name):
            self.add("patching", name)
        if name == "getattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant) and (
                _root(node.args[0]) in self.imported):
            self.add("code-from-text", name)
        if name == "setrecursionlimit" and not _at_most(node.args, 20_000):
            self.add("recursion", name)
        if name == "stack_size":
            self.add("recursion", name)
        if name in _SIZES and any(_number(one) >= 10**8 for one in node.args):
            self.add("huge-size", name)
        if name in _FILES:
            self.files(node, name)
        if name == "register" and _mentions(node.func, "get_ipython"):
            self.add("ipython-hook", "events.register")
        whole = ("dict", "list", "print", "items", "copy", "str", "repr", "dumps", "update", "pop", "clear", "values")
        if name in whole and any(_is_environ(one) for one in [*node.args, getattr(node.func, "value", None)]):
            self.add("environment", "os.environ")
        if name == "type" and len(node.args) == 3:
            self.add("always-equal", "type")

    def files(self, node: ast.Call, name: str) -> None:
        """A call that opens or moves files: whether it is about the answers."""
        parts = [one for given in [*node.args, getattr(node.func, "value", None)] if given is not None
                 for one in _texts(given)]
        if any(part == "answers" or part.startswith(("answers/", "./answers")) for part in parts):
            self.add("answer-files", name)
        modes = [one for given in [*node.args[1:], *(key.value for key in node.keywords)] for one in _texts(given)]
        if any(part.endswith((".py", ".pth", ".so")) for part in parts) and (
                name in ("write_text", "write_bytes") or any(mode[:1] in ("w", "a", "x") for mode in modes)):
            self.add("writes-modules", name)
        if name == "open" and node.args and isinstance(node.args[0], ast.Constant) and type(node.args[0].value) is int:
            self.add("descriptors", "open")

    def on_assign(self, node: ast.Assign) -> None:
        """Assignments to attributes of what was imported."""
        for target in node.targets:
            self.target(target)

    def on_augassign(self, node: ast.AugAssign) -> None:
        """As an assignment."""
        self.target(node.target)

    def on_delete(self, node: ast.Delete) -> None:
        """As an assignment."""
        for target in node.targets:
            self.target(target)

    def target(self, node: ast.expr) -> None:
        """What is assigned to."""
        if isinstance(node, ast.Tuple | ast.List):
            for one in node.elts[:50]:
                self.target(one)
            return
        if isinstance(node, ast.Attribute):
            names = set(_chain(node))
            root = _root(node)
            if node.attr in ("__class__", "__eq__", "__dict__", "__hash__"):
                self.add("always-equal" if node.attr != "__dict__" else "patching", node.attr)
            elif (root in self.imported or root in ("__builtins__", "get_ipython")) and not names & _SETTINGS:
                self.add("patching", ".".join(reversed(list(_chain(node))))[:60])
        if isinstance(node, ast.Subscript):
            words = set(_chain(node.value))
            if words & {"__dict__", "modules", "__builtins__"} or _mentions(node.value, "vars", "globals"):
                self.add("patching", "__dict__")
            if "environ" in words and any(_AWARE.search(one) for one in _texts(node.slice)):
                self.add("environment", "environ")

    def on_for(self, node: ast.For) -> None:
        """Loops over everything."""
        if any(_is_environ(one) for one in ast.walk(node.iter)):
            self.add("environment", "os.environ")
        for one in node.body:
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.List | ast.Tuple | ast.Dict):
                names = {target.id for target in one.targets if isinstance(target, ast.Name)}
                inside = one.value.values if isinstance(one.value, ast.Dict) else one.value.elts
                if len(inside) == 1 and isinstance(inside[0], ast.Name) and inside[0].id in names:
                    self.add("huge-size", inside[0].id)
        if isinstance(node.iter, ast.Call) and _number_of_range(node.iter) >= 5000 and any(
                isinstance(one, ast.Call) and getattr(one.func, "id", "") == "open" for one in _few(node, 300)):
            self.add("fills-disk", "open")

    def on_expr(self, node: ast.Expr) -> None:
        """A cell that shows the environment."""
        if _is_environ(node.value):
            self.add("environment", "os.environ")

    def on_while(self, node: ast.While) -> None:
        """Loops that nothing ends."""
        if not (isinstance(node.test, ast.Constant) and node.test.value):
            return
        for one in _own(node):
            if isinstance(one, ast.Break | ast.Return | ast.Raise | ast.Yield | ast.YieldFrom | ast.Await):
                return
        self.add("endless-loop", "while")

    def on_binop(self, node: ast.BinOp) -> None:
        """A text or list times a large number."""
        if isinstance(node.op, ast.Mult):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                repeats = isinstance(one, ast.List | ast.Tuple) or (
                    isinstance(one, ast.Constant) and isinstance(one.value, str | bytes))
                if repeats and _number(other) >= 5_000_000:
                    self.add("huge-size", "*")

    def on_classdef(self, node: ast.ClassDef) -> None:
        """Classes that answer every comparison, or stand in for a plain type."""
        bases = {_last(base) for base in node.bases}
        names = set()
        for one in node.body:
            if not isinstance(one, ast.FunctionDef):
                continue
            names.add(one.name)
            last = one.body[-1]
            value = last.value if isinstance(last, ast.Return) else None
            if one.name in _ALL and isinstance(value, ast.Constant) and value.value is True:
                self.add("always-equal", node.name)
            if one.name in ("__getattr__", "__getitem__", "__call__") and isinstance(value, ast.Name) and (
                    value.id == "self"):
                self.add("always-equal", node.name)
        if (bases & (_BUILTINS - {"object"}) and names & _TELLING_METHODS) or "__class__" in names:
            self.add("always-equal", node.name)
        if names & {"visit_Assert", "visit_Raise", "visit_Module"} or bases & {"NodeTransformer"}:
            self.add("ipython-hook", node.name)
        if names & {"_repr_javascript_", "_repr_svg_", "_repr_mimebundle_", "_ipython_display_"}:
            self.add("own-signs", node.name)
        if names & {"find_spec", "find_module", "exec_module", "load_module"}:
            self.add("import-hook", node.name)
        if "__del__" in names:
            self.add("at-exit", node.name)

    def on_functiondef(self, node: ast.FunctionDef) -> None:
        """A function that is judged: what it does with what it is given."""
        if node.name not in self.judged:
            return
        given = {one.arg for one in [*node.args.posonlyargs, *node.args.args]}
        own = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)} | given
        wide = {name for one in ast.walk(node) if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names}
        if wide:
            self.add("keeps-inputs", sorted(wide)[0])
        defaults = {one.arg for one, value in zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
                    if isinstance(value, ast.List | ast.Dict | ast.Set | ast.Call)}
        for one in ast.walk(node):
            if isinstance(one, ast.Call):
                self._call_in_judged(one, given, (own - defaults) - wide)
            elif isinstance(one, ast.Raise) and any(
                    isinstance(name, ast.Name) and name.id in given for name in _few(one, 100)):
                self.add("keeps-inputs", "raise")
            elif isinstance(one, ast.Return) and isinstance(one.value, ast.Dict):
                keys = {key.value for key in one.value.keys if isinstance(key, ast.Constant)}
                if keys & {"share", "points", "verdict", "right"} or keys >= {"value", "error"}:
                    self.add("forged-verdict", node.name)
            elif isinstance(one, ast.Assign):
                for target in one.targets:
                    if isinstance(target, ast.Subscript) and _root(target.value) not in (own - defaults) - wide:
                        self.add("keeps-inputs", _root(target.value))
                    if isinstance(target, ast.Attribute) and _root(target) == node.name:
                        self.add("keeps-inputs", node.name)
            elif isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Name) and one.slice.id in given and (
                    _root(one.value) not in own):
                self.add("lookup-table", _root(one.value))

    def _call_in_judged(self, node: ast.Call, given: set[str], own: set[str]) -> None:
        name = _last(node.func)
        root = _root(node.func)
        if name in ("append", "add", "extend", "update", "setdefault", "insert", "appendleft", "put") and (
                root and root not in own and root not in self.imported and _passes(node, given)):
            self.add("keeps-inputs", root)
        if name in ("open", "write_text", "write_bytes"):
            self.add("keeps-inputs", name)
        if name == "print" and any(isinstance(one, ast.Name) and one.id in given for one in node.args):
            self.add("keeps-inputs", name)
        if name in ("get", "__getitem__", "index") and node.args and _passes(node.args[0], given) and root not in own:
            self.add("lookup-table", root)
        if name in ("hash", "sha256", "sha1", "md5", "crc32", "blake2b") and any(
                _passes(one, given) for one in node.args):
            self.add("lookup-table", name)
        if name in ("sleep", "perf_counter", "monotonic", "time_ns", "perf_counter_ns"):
            self.add("stalls", name)


def _few(node: ast.AST, most: int) -> Iterator[ast.AST]:
    for number, one in enumerate(ast.walk(node)):
        if number > most:
            return
        yield one


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What is below a loop, but not in a function or (for break) another loop inside it."""
    waiting: list[tuple[ast.AST, bool]] = [(one, False) for one in ast.iter_child_nodes(node)]
    while waiting:
        one, deeper = waiting.pop()
        if isinstance(one, ast.Break) and deeper:
            continue
        yield one
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        inside = deeper or isinstance(one, ast.For | ast.While)
        waiting.extend((child, inside) for child in ast.iter_child_nodes(one))


def _root(node: ast.AST | None) -> str:
    """The first name of a chain: "a" of a.b[c].d(), "" where there is none."""
    for _ in range(200):
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return ""


def _chain(node: ast.AST) -> Iterator[str]:
    for _ in range(200):
        if isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            if isinstance(node, ast.Name):
                yield node.id
            return


def _last(node: ast.AST) -> str:
    return next(_chain(node), "")


def _mentions(node: ast.AST, *names: str) -> bool:
    return any(name in names for name in _chain(node))


def _is_environ(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ"


def _texts(node: ast.AST) -> list[str]:
    return [one.value for one in _few(node, 40) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _passes(node: ast.AST, given: set[str]) -> bool:
    """Whether one of the given names itself, not a part of it, is in an expression."""
    parts = {id(one.value) for one in _few(node, 200) if isinstance(one, ast.Attribute | ast.Subscript)}
    return any(isinstance(one, ast.Name) and one.id in given and id(one) not in parts for one in _few(node, 200))


def _at_most(args: list[ast.expr], most: int) -> bool:
    return bool(args) and 0 < _number(args[0]) <= most


def _number_of_range(node: ast.Call) -> float:
    return max([_number(one) for one in node.args], default=0) if _last(node.func) == "range" else 0


def _number(node: ast.AST) -> float:
    """The value of a constant expression of numbers, as a float and bounded; -1 where it is none."""
    return _valued(node, 0)


def _valued(node: ast.AST, depth: int) -> float:
    if depth > 20:
        return -1
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(min(node.value, 10**30)) if node.value == node.value else -1
    if isinstance(node, ast.Call) and _last(node.func) in ("int", "float") and len(node.args) == 1:
        return _valued(node.args[0], depth + 1)
    if isinstance(node, ast.Tuple):
        total = 1.0
        for one in node.elts[:8]:
            total *= max(1.0, _valued(one, depth + 1))
        return min(total, 1e30)
    if not isinstance(node, ast.BinOp):
        return -1
    left, right = _valued(node.left, depth + 1), _valued(node.right, depth + 1)
    if left < 0 or right < 0:
        return -1
    if isinstance(node.op, ast.Pow):
        return min(1e30, left ** min(right, 64)) if left < 1e6 else 1e30
    if isinstance(node.op, ast.LShift):
        return min(1e30, left * 2 ** min(right, 90))
    if isinstance(node.op, ast.Mult):
        return min(1e30, left * right)
    if isinstance(node.op, ast.Add):
        return left + right
    return left if isinstance(node.op, ast.Sub) else -1
