"""Recipes of messages with a route are checked as a whole: all faults at once, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from spamlab.errors import ContentError, UsageError
from spamlab.generate.recipes import read_recipe
from spamlab.generate.routes import make_route_messages

RECIPE = Path(__file__).parents[2] / "datasets/recipes/header-forensics.toml"


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> Path:
    """The recipe with some text replaced, in a folder that has no languages beside it."""
    text = RECIPE.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "recipes" / "changed.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_recipe_that_comes_with_the_project_is_sound() -> None:
    """It reads: its receiver is one of all mail's, its types are spam and honest mail."""
    recipe = read_recipe(RECIPE)
    assert (recipe.name, recipe.receiver.domain) == ("header-forensics", "harbornet.example")
    assert {one.label for one in recipe.senders} == {"spam"}
    assert {one.label for one in recipe.shops} == {"ham"}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A missing key, an unknown one, a receiver of no mail, a number that is a text, an empty list: one line each."""
    file = changed(tmp_path, ("title =", "titel ="), ('"harbornet.example"', '"harbornet.com"'),
                   ("most_words = 90", 'most_words = "few"'),
                   ('["shipping_note", "order_confirmation", "utility_bill"]', "[]"))
    with pytest.raises(ContentError) as told:
        read_recipe(file)
    rows = str(told.value).splitlines()
    assert len(rows) == 5
    assert all(row.startswith("changed.toml: ") for row in rows)
    for word in ("titel", "title", "harbornet.com", "most_words", "shops"):
        assert any(word in row for row in rows)


def test_types_must_be_of_their_label(tmp_path: Path) -> None:
    """An unknown type, and one of the other label, are told with the list they stand in."""
    file = changed(tmp_path, ('"parcel"', '"parcels"'), ('"shipping_note"', '"tax_refund"'))
    with pytest.raises(ContentError) as told:
        read_recipe(file)
    assert str(told.value).splitlines() == ["changed.toml: senders: en has no type of mail called parcels",
                                            "changed.toml: shops: tax_refund must be ham and have a rule from_name"]
    with pytest.raises(UsageError, match="xx"):
        read_recipe(changed(tmp_path, ('language = "en"', 'language = "xx"')))


def test_texts_that_can_not_be_had_are_told(tmp_path: Path) -> None:
    """A bound on words that no text keeps is one sentence, not a search without end."""
    recipe = read_recipe(changed(tmp_path, ("most_words = 90", "most_words = 1")))
    with pytest.raises(ContentError, match="allow more words or types"):
        make_route_messages(recipe, "practice", b"seed")


def test_another_receiver_has_its_own_hosts(tmp_path: Path) -> None:
    """A trainer may take another receiver of the world: border, results and reader are then its own."""
    recipe = read_recipe(changed(tmp_path, ('"harbornet.example"', '"nile-delta-telecom.example"')))
    one = make_route_messages(recipe, "practice", b"seed")["M2"]
    assert one.truth.hops[one.truth.border_line - 1].by == "mx1.nile-delta-telecom.example"
    assert one.truth.notes["complainant"].endswith("@nile-delta-telecom.example")


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
