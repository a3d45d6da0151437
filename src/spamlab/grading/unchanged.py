"""Whether a test that is put after the last cell meets what it would have met in its place, by reading the sources.

A test reads names. If no later cell binds one of them anew or changes what it stands for, it makes no difference when
the test is run. The look is careful where Python is open (exec, globals, magics, functions of the notebook that are
given such a name or change it themselves), follows names that may stand for the same thing, and counts what modules
have in common: settings, random numbers, files. It takes a library's functions at their word: they change an argument
only through the methods, functions and keywords that are known to.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CHANGING = _set("""
    append extend insert pop popitem remove clear update setdefault sort reverse add discard difference_update
    intersection_update symmetric_difference_update appendleft popleft rotate write writelines put fill resize itemset
    fit fit_transform partial_fit fit_predict set_params seed shuffle
    __setitem__ __delitem__ __setattr__ __delattr__ __iadd__""")
"""Methods that may change their object. Those of pandas' frames do so with inplace=True, whatever their name."""
_CHANGING_ARGUMENTS = _set("""
    shuffle copyto fill_diagonal place putmask put put_along_axis heappush heappop heapify heapreplace heappushpop
    insort insort_left insort_right setitem delitem""")
"""Functions of libraries that change what they are given."""
_OPEN = _set("""
    exec eval globals locals vars setattr delattr get_ipython __import__ reload compile importlib __builtins__ reset""")
_OPEN_PARTS = _set("modules reload __dict__ __globals__ __builtins__")
_SETTING = _set("""
    set_option reset_option seterr seterrcall set_printoptions set_config filterwarnings simplefilter resetwarnings
    chdir fchdir setrecursionlimit setlocale setcontext putenv unsetenv""")
"""Functions that change how everything goes on from there."""
_DRAWING = _set("matplotlib seaborn plotly bokeh altair")
_GIVING_NEW = _set("numpy pandas scipy math statistics datetime fractions string itertools re json functools")
"""Packages whose functions give values of their own, no part of the package."""
_RANDOM = _set("""
    .random random .sample sample .shuffle shuffle .choice choice .choices .randint randint train_test_split""")
_READING = re.compile(r"open$|read_|\.(?:open$|read|load|exists|is_file|is_dir|listdir|scandir|glob|iterdir|stat$)")
_WRITING = re.compile(r"open$|\.(?:open$|to_(?:csv|json|excel|parquet|pickle|feather|hdf|sql|html|xml|markdown|latex)|"
                      r"write|save|dump|unlink|remove$|rename$|rmtree|mkdir|touch$|copyfile)")
_MAGIC = re.compile(r"[%!?]|^\s*(?:>>>|\.\.\.|In ?\[|[,;/])|\A\s|"
                    r"\A(?:run|cd|pushd|popd|reset\w*|load\w*|pylab|env|set_env|store|config|macro)\b", re.MULTILINE)
"""Where a cell that is no Python may be IPython's language after all: a magic, a prompt, an indent."""
_MOST_SOURCE = 100_000
_MOST_NESTED = 8
"""A source that is longer, or whose functions stand so deep in each other, is not looked at: it may do anything."""


@dataclass
class _Facts:
    """What a source does with names. loads: it reads; ".name" for a part of something. binds: it gives them a new
    meaning. changes: it may change what they stand for. stores: those that such a change goes through by its first
    name. given: names that it hands to a function, by that function's name. called: those of which it hands over only
    what their own functions give. modules: it imports them, and as what. origins: names and the packages from which
    they come. acts: names whose functions it calls for their effect; seeds: to begin random numbers anew. same: pairs
    of names that may stand for the same thing. outer: it says that they are not its own. functions: what each does, to
    names that are not its own. opens: it may do anything.
    """

    loads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    stores: set[str] = field(default_factory=set)
    given: set[tuple[str, str]] = field(default_factory=set)
    called: set[tuple[str, str]] = field(default_factory=set)
    modules: set[tuple[str, str]] = field(default_factory=set)
    origins: set[tuple[str, str]] = field(default_factory=set)
    acts: set[str] = field(default_factory=set)
    seeds: set[str] = field(default_factory=set)
    same: set[tuple[str, str]] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    functions: list[tuple[str, _Facts]] = field(default_factory=list)
    opens: bool = False


def same_at_the_end(test: str, earlier: Sequence[str], later: Sequence[str]) -> bool:
    """Whether the test gives after all cells what it gives between `earlier` and `later`; False where in doubt.

    test, earlier, later: sources of code cells, in order.
    """
    asked = _facts(test)
    before = [_facts(one) for one in earlier]
    after = [_facts(one) for one in later]
    every = [*before, asked, *after]
    functions = [one for cell in every for one in cell.functions]
    own = {name for name, _ in functions}
    names = _reached(asked.loads - asked.binds | (asked.loads & own), [*before, asked])
    if names & {"In", "Out", "_", "__", "___", "_i"}:
        return False
    run = {name.lstrip(".") for name in _reached({name for one in after for name in one.loads}, every)}
    acting = [*after, *(one for name, one in functions if name in run)]
    if asked.opens or any(one.opens for one in acting) or _shared(names, acting):
        return False
    links = _links(every)
    imported = _Imported(every, [*before, asked], names)
    for one in acting:
        if names & (one.binds | one.changes | _linked(one.stores, links)) or imported.touched(one):
            return False
        # What np.array() gives is no part of np: a function that is given it can't change np.
        given = one.given | {(function, name) for function, name in one.called if name not in imported.giving}
        if any(name in names and function in own for function, name in given):
            return False
    return True


class _Imported:
    """What a notebook imports. giving: modules whose functions give values of their own."""

    def __init__(self, every: Sequence[_Facts], first: Sequence[_Facts], names: set[str]) -> None:
        """every: all cells. first: those up to the test. names: what the test reads."""
        self._names = names
        self._modules: dict[str, set[str]] = {}
        self._origins: dict[str, set[str]] = {}
        for one in every:
            for name, module in one.modules:
                self._modules.setdefault(name, set()).add(module)
            for name, package in one.origins:
                self._origins.setdefault(name, set()).add(package)
        bound = {name for one in every for name in one.binds}
        known = {name for one in first for name, _ in one.modules}
        self._steady = {name for name, found in self._modules.items() if len(found) == 1} & known - bound
        self.giving = {name for name in self._steady if self._origins[name] <= _GIVING_NEW}
        self._read = {package for name in names for package in self._origins.get(name, ())}

    def touched(self, one: _Facts) -> bool:
        """Whether a source gives a module of the test's another meaning, or changes what modules have in common."""
        if any(name in self._names and name not in self._steady for name, _ in one.modules):
            return True
        if any(name in self._modules and not self._packages(name) <= _DRAWING for name in one.stores):
            return True
        acts = {name for name in one.acts if not self._packages(name) <= _GIVING_NEW}
        return any(self._packages(name) & self._read for name in one.stores | one.seeds | acts)

    def _packages(self, name: str) -> set[str]:
        return self._origins.get(name, set())


def _shared(names: set[str], acting: Iterable[_Facts]) -> bool:
    """Whether test and later cells have random numbers in common, or files."""
    done = {name for one in acting for name in one.loads}
    if names & _RANDOM and done & _RANDOM:
        return True
    return any(map(_READING.match, names)) and any(map(_WRITING.match, done))


def _reached(names: set[str], cells: Iterable[_Facts]) -> set[str]:
    """The names, and those that functions of the notebook read which they reach."""
    reads: dict[str, set[str]] = {}
    for one in cells:
        for name, inside in one.functions:
            reads.setdefault(name, set()).update(inside.loads)
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(reads.get(name, ()))
            waiting.extend(reads.get(name.lstrip("."), ()))
    return found


def _links(cells: Iterable[_Facts]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in cells:
        for first, second in one.same:
            found.setdefault(first, set()).add(second)
            found.setdefault(second, set()).add(first)
    return found


def _linked(names: set[str], links: dict[str, set[str]]) -> set[str]:
    """The names, and all that may stand for the same."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(links.get(name, ()))
    return found


@lru_cache(maxsize=2048)
def _facts(source: str) -> _Facts:
    found = _Facts(opens=len(source) > _MOST_SOURCE)
    if found.opens:
        return found
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Magics, or what does not run at all; a cell that does not run changes nothing.
        found.opens = bool(_MAGIC.search(source))
        return found
    try:
        nodes = list(ast.walk(tree))
        left = _MOST_NESTED * len(nodes)
        for node in nodes:
            _look(node, found)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and left > 0:
                inner = list(ast.walk(node))
                left -= len(inner)
                found.functions.append((node.name, _inside(inner)))
        found.opens |= left < 0
    except RecursionError:
        found.opens = True
    return found


def _inside(function: Sequence[ast.AST]) -> _Facts:
    """What a function, given with all its nodes, reads, and what it does to names that are not its own."""
    found = _Facts()
    own: set[str] = set()
    for node in function[1:]:
        _look(node, found)
        if isinstance(node, ast.arg):
            own.add(node.arg)
    own |= found.binds - found.outer
    found.binds = found.outer
    found.changes -= own
    found.stores = _linked(found.stores, _links([found])) - own
    return found


def _look(node: ast.AST, found: _Facts) -> None:
    if isinstance(node, ast.Name):
        (found.loads if isinstance(node.ctx, ast.Load) else found.binds).add(node.id)
        found.opens |= node.id in _OPEN
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        found.binds.add(node.name)
    elif isinstance(node, ast.Import):
        for one in node.names:
            package = one.name.partition(".")[0]
            found.modules.add((one.asname, one.name) if one.asname else (package, package))
            found.origins.add((one.asname or package, package))
    elif isinstance(node, ast.ImportFrom):
        found.binds.update(one.asname or one.name for one in node.names)
        found.origins.update((one.asname or one.name, (node.module or "").partition(".")[0]) for one in node.names)
        found.opens |= any(one.name == "*" for one in node.names)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        _look_at_part(node, found)
    elif isinstance(node, ast.Global | ast.Nonlocal):
        found.outer.update(node.names)
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        found.binds.add(node.name)
    elif isinstance(node, ast.MatchMapping) and node.rest:
        found.binds.add(node.rest)
    elif isinstance(node, ast.Call):
        _look_at_call(node, found)
    else:
        _look_at_statement(node, found)


def _look_at_part(node: ast.Attribute | ast.Subscript, found: _Facts) -> None:
    if isinstance(node, ast.Attribute):
        found.loads.add(f".{node.attr}")
        found.opens |= node.attr in _OPEN_PARTS
    if not isinstance(node.ctx, ast.Load):
        found.changes.update(_roots(node))
        found.stores.update(_first(node))


def _look_at_statement(node: ast.AST, found: _Facts) -> None:
    if isinstance(node, ast.AugAssign):
        found.changes.update(_roots(node.target))
        found.stores.update(_first(node.target))
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            _link(target, node.value, found)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        _link(node.target, node.value, found)
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        _link(node.target, node.iter, found)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        _link(node.optional_vars, node.context_expr, found)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        name = called.attr if isinstance(called, ast.Attribute) else ""
        if not name.startswith("assert"):
            found.acts.update(_first(called))


def _look_at_call(node: ast.Call, found: _Facts) -> None:
    in_place = any(one.arg in ("inplace", "out", "copy") or one.arg is None for one in node.keywords)
    called = ""
    if isinstance(node.func, ast.Attribute):
        called = node.func.attr
        if called in CHANGING or in_place:
            found.changes.update(_roots(node.func.value))
            (found.seeds if called in ("seed", "shuffle") else found.stores).update(_first(node.func.value))
    elif isinstance(node.func, ast.Name):
        called = node.func.id
        if called in ("seed", "shuffle"):
            found.seeds.add(called)
    found.opens |= called in _SETTING
    changed = in_place or called in _CHANGING_ARGUMENTS
    for one in (*node.args, *(word.value for word in node.keywords)):
        through = _only_owners(one)
        for root in _roots(one):
            (found.called if root in through else found.given).add((called, root))
            if changed:
                found.changes.add(root)
        if changed:
            found.stores.update(_same_things(one))


def _only_owners(node: ast.AST) -> set[str]:
    """Names that stand in an expression only as the owner of a function that is called, as np in np.array([1])."""
    owners = {id(one.func.value): one.func.value.id for one in ast.walk(node) if isinstance(one, ast.Call)
              and isinstance(one.func, ast.Attribute) and isinstance(one.func.value, ast.Name)}
    return set(owners.values()) - {one.id for one in ast.walk(node) if isinstance(one, ast.Name)
                                   and id(one) not in owners}


def _roots(node: ast.AST) -> set[str]:
    """The names from which an expression's objects can come."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _first(node: ast.AST) -> set[str]:
    """The name with which a.b[c].d begins; none where it begins with something that was just made."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _link(target: ast.AST, value: ast.AST, found: _Facts) -> None:
    """A name that is set to a part of something stands for the same."""
    things = list(_same_things(value))
    found.same.update((things[0], name) for name in (*things[1:], *_roots(target)) if things and name != things[0])


def _same_things(node: ast.AST) -> Iterator[str]:
    """The names of which an expression's value may be a part, if its functions give something new."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.NamedExpr | ast.Await):
        yield from _same_things(node.value)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for one in node.elts:
            yield from _same_things(one)
    elif isinstance(node, ast.Dict | ast.BoolOp):
        for one in node.values:
            yield from _same_things(one)
    elif isinstance(node, ast.IfExp):
        yield from _same_things(node.body)
        yield from _same_things(node.orelse)
