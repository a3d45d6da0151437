"""What of the package is seen inside needs nothing that is not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from spamlab.sandbox.parts import PACKAGE, visible_parts


def imported(path: Path) -> Iterator[str]:
    """The modules of spamlab that a file imports, also late."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        yield from (name for name in names if name.startswith("spamlab."))


def test_visible_files_import_only_visible_ones() -> None:
    """A notebook that imports the kit or the filters meets no module that is hidden from it."""
    parts = visible_parts()
    files = [file for part in parts for file in (sorted(part.rglob("*.py")) if part.is_dir() else [part])]
    assert len(files) > 30
    for file in files:
        for name in imported(file):
            place = PACKAGE.joinpath(*name.split(".")[1:])
            there = [one for one in (place.with_suffix(".py"), place / "__init__.py") if one.is_file()]
            assert there, (file, name)
            assert any(there[0] == part or there[0].is_relative_to(part) for part in parts), (file.name, name)


def test_what_judges_a_policy_is_not_seen() -> None:
    """A participant's code plays policies; the stored ones, their judge, and what looks for the best stay outside."""
    seen = {file for part in visible_parts() for file in ([part] if part.is_file() else part.rglob("*"))}
    names = {file.name for file in seen if "policy" in file.parts}
    assert {"play.py", "plan.py", "calm.toml", "parameters.toml"} <= names
    assert not names & {"library.py", "judging.py", "dominance.py", "game.py", "facts.py", "examples"}
    assert not [file for file in seen if file.suffix == ".jsonl" or "library" in file.parts]
