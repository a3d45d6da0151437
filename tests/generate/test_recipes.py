"""Recipes are checked as a whole: all faults at once, and no name that could be real."""

from __future__ import annotations

from pathlib import Path

import pytest

from spamlab.errors import ContentError, UsageError
from spamlab.generate.recipes import read_recipe

RECIPE = Path(__file__).parents[2] / "datasets/recipes/header-forensics.toml"


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> Path:
    """The recipe with some text replaced."""
    text = RECIPE.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "recipe.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_recipe_that_comes_with_the_project_is_sound() -> None:
    """It reads, and names itself."""
    assert read_recipe(RECIPE)["name"] == "header-forensics"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A real name, a real network, an unknown theme, an unknown place, no network: one line each."""
    file = changed(
        tmp_path,
        ('domain = "northwater-bank.example"', 'domain = "northwater-bank.com"'),
        ('v4 = "203.0.113.0/26"', 'v4 = "8.8.8.0/24"'),
        ('theme = "bank"', 'theme = "banana"'),
        ("{deadline}", "{dead line}"),
        ('v6 = "2001:db8:31::/48"', 'v6 = "nonsense"'),
    )
    with pytest.raises(ContentError) as told:
        read_recipe(file)
    rows = str(told.value).splitlines()
    assert len(rows) == 5
    for word in ("northwater-bank.com", "8.8.8.0/24", "banana", "dead line", "nonsense"):
        assert any(word in row for row in rows)


def test_a_recipe_of_the_wrong_shape_is_told_first(tmp_path: Path) -> None:
    """Missing tables, lists and keys are faults with their place, never an error of Python's."""
    file = changed(
        tmp_path, ("[money]", "[cash]"), ('host = "dsl-{dashed}.{domain}"', "host = 3"), ("subjects = [", "titles = [")
    )
    with pytest.raises(ContentError) as told:
        read_recipe(file)
    assert len(str(told.value).splitlines()) == 3
    (tmp_path / "x.toml").write_text("networks = [1]\ntext = 3\noperator = []\n", encoding="utf-8")
    with pytest.raises(ContentError, match="missing"):
        read_recipe(tmp_path / "x.toml")


def test_throwaway_names_must_be_free(tmp_path: Path) -> None:
    """A throw-away domain that is somebody's in the recipe would make two truths of one name."""
    file = changed(tmp_path, ('domain = "orchard-books.example"', 'domain = "amber-anchor.example"'))
    with pytest.raises(ContentError, match="amber-anchor"):
        read_recipe(file)


def test_a_date_needs_its_offset(tmp_path: Path) -> None:
    """Without an offset the day would depend on the machine."""
    with pytest.raises(ContentError, match="offset"):
        read_recipe(changed(tmp_path, ("2026-09-15T11:20:00+03:00", "2026-09-15T11:20:00")))
    with pytest.raises(ContentError, match="date must be"):
        read_recipe(changed(tmp_path, ("2026-09-15T11:20:00+03:00", '"today"')))


def test_what_is_no_recipe(tmp_path: Path) -> None:
    """A missing file and a file that is not TOML are told in a sentence."""
    with pytest.raises(UsageError, match="can't be read"):
        read_recipe(tmp_path / "missing.toml")
    (tmp_path / "x.toml").write_text("a = [", encoding="utf-8")
    with pytest.raises(ContentError, match="not TOML"):
        read_recipe(tmp_path / "x.toml")
