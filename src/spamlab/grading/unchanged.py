"""Whether a test that is put after the last cell meets what it would have met in its place, by reading the sources.

A test reads names. If no later cell binds one of them anew or changes what it stands for, it makes no difference when
the test is run. The look is careful where Python is open (exec, globals, magics, functions of the notebook that are
given such a name), and takes a library's functions at their word: they change an argument only through the methods
and keywords that are known to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
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
_OPEN = _set("exec eval globals locals vars setattr delattr get_ipython __import__ reload compile")


@dataclass
class _Facts:
    """What a source does with names. loads: it reads. binds: it gives them a new meaning. changes: it may change what
    they stand for. given: names that it hands to a function, by that function's name. called: those of which it hands
    over only what their own functions give. modules: it imports them. opens: it may do anything."""

    loads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    given: set[tuple[str, str]] = field(default_factory=set)
    called: set[tuple[str, str]] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    functions: dict[str, set[str]] = field(default_factory=dict)
    opens: bool = False


def same_at_the_end(test: str, earlier: Sequence[str], later: Sequence[str]) -> bool:
    """Whether the test gives after all cells what it gives between `earlier` and `later`; False where in doubt.

    test, earlier, later: sources of code cells, in order.
    """
    asked = _facts(test)
    before = [_facts(one) for one in earlier]
    after = [_facts(one) for one in later]
    if asked.opens or any(one.opens for one in after):
        return False
    own = {name for one in (*before, *after) for name in one.functions}
    names = _reached(asked.loads - asked.binds | (asked.loads & own), [*before, asked])
    if names & {"In", "Out", "_", "__", "___", "_i"}:
        return False
    every = [*before, asked, *after]
    modules = {name for one in every for name in one.modules} - {name for one in every for name in one.binds}
    for one in after:
        if names & (one.binds | one.changes | (one.modules - modules)):
            return False
        # What np.array() gives is no part of np: a function that is given it can't change np.
        given = one.given | {(function, name) for function, name in one.called if name not in modules}
        if any(name in names and function in own for function, name in given):
            return False
    return True


def _reached(names: set[str], cells: Iterable[_Facts]) -> set[str]:
    """The names, and those that functions of the notebook read which they reach."""
    reads: dict[str, set[str]] = {}
    for one in cells:
        for name, read in one.functions.items():
            reads.setdefault(name, set()).update(read)
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(reads.get(name, ()))
    return found


@lru_cache(maxsize=2048)
def _facts(source: str) -> _Facts:
    found = _Facts()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Magics, or what does not run at all; a cell that does not run changes nothing, but who knows which it is.
        found.opens = any(line.lstrip().startswith(("%", "!")) for line in source.splitlines())
        return found
    try:
        for node in ast.walk(tree):
            _look(node, found)
    except RecursionError:
        found.opens = True
    return found


def _look(node: ast.AST, found: _Facts) -> None:
    if isinstance(node, ast.Name):
        (found.loads if isinstance(node.ctx, ast.Load) else found.binds).add(node.id)
        found.opens |= node.id in _OPEN
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        found.binds.add(node.name)
        found.functions[node.name] = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    elif isinstance(node, ast.Import):
        found.modules.update((one.asname or one.name).partition(".")[0] for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        found.binds.update(one.asname or one.name for one in node.names)
        found.opens |= any(one.name == "*" for one in node.names)
    elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        found.changes.update(_roots(node))
    elif isinstance(node, ast.AugAssign):
        found.changes.update(_roots(node.target))
    elif isinstance(node, ast.ExceptHandler) and node.name:
        found.binds.add(node.name)
    elif isinstance(node, ast.Call):
        _look_at_call(node, found)


def _look_at_call(node: ast.Call, found: _Facts) -> None:
    in_place = any(one.arg in ("inplace", "out", "copy") or one.arg is None for one in node.keywords)
    if isinstance(node.func, ast.Attribute):
        name = node.func.attr
        if name in CHANGING or in_place:
            found.changes.update(_roots(node.func.value))
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    for one in (*node.args, *(word.value for word in node.keywords)):
        through = _only_owners(one)
        for root in _roots(one):
            (found.called if root in through else found.given).add((called, root))
            if in_place:
                found.changes.add(root)


def _only_owners(node: ast.AST) -> set[str]:
    """Names that stand in an expression only as the owner of a function that is called, as np in np.array([1])."""
    owners = {id(one.func.value): one.func.value.id for one in ast.walk(node) if isinstance(one, ast.Call)
              and isinstance(one.func, ast.Attribute) and isinstance(one.func.value, ast.Name)}
    return set(owners.values()) - {one.id for one in ast.walk(node) if isinstance(one, ast.Name)
                                   and id(one) not in owners}


def _roots(node: ast.AST) -> set[str]:
    """The names from which an expression's objects can come."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
