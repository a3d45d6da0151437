"""What the page on filters says, runs."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

import spamlab.filtering
from spamlab.filtering import FEATURES, RuleFilter
from tests.filtering.examples import records

PAGE = (Path(__file__).parents[2] / "docs/filtering.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The page's first example runs as it stands on a corpus in a folder."""
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code is not None
    (tmp_path / "my-corpus").mkdir()
    (tmp_path / "my-corpus/all.jsonl").write_text("\n".join(map(json.dumps, records(4200))), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(code.group(1), os.fspath(tmp_path / "page"), "exec"), {})
    said = capsys.readouterr().out
    assert "spam found" in said
    assert "(base)" in said


def test_every_public_name_stands_on_the_page() -> None:
    """What the room gives out is in one of the page's tables or texts, and the page names nothing that is not there."""
    plain = {"AtLimit", "Interval", "Rule", "RuleSet", "normalize", "read_rules"}
    for name in spamlab.filtering.__all__:
        assert re.search(rf"\b{name}\b", PAGE) or name in plain, name
    for name in re.findall(r"^\| `(\w+)\(", PAGE, re.MULTILINE):
        assert hasattr(spamlab.filtering, name), name


def test_the_example_of_a_rule_is_one() -> None:
    """The rule that is written as a function on the page is one, and fires."""
    code = re.search(r"`(Rule\(.*?400\))`", PAGE)
    assert code is not None
    rule = eval(code.group(1), {"Rule": spamlab.filtering.Rule})
    assert RuleFilter([rule], threshold=1.0).fit([""]).predict(["x" * 401]).tolist() == ["spam"]
    assert "links" in FEATURES
