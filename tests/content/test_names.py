"""How people name a lab."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.content.names import lab_called, labs_called
from spamlab.errors import UsageError

LABS = ("02-header-forensics", "05-learning-filters", "12-policy-design", "13-policing", "13-economics")


@pytest.mark.parametrize("name", ["05-learning-filters", "05", "5", "05-learn", "learning-filters", "Learn", " 05 ",
                                  "05-learning-filters/"])
def test_many_names_mean_one_lab(name: str) -> None:
    """The whole name, the number, and a beginning of either part name the lab."""
    assert lab_called(name, LABS) == "05-learning-filters"


def test_a_whole_name_goes_before_a_beginning() -> None:
    """A course of a lecturer's own may have ps1 and ps10: ps1 is ps1."""
    assert lab_called("ps1", ["ps1", "ps10"]) == "ps1"


@pytest.mark.parametrize(("name", "several"), [("13", "13-economics, 13-policing"),
                                               ("polic", "12-policy-design, 13-policing")])
def test_several_are_named(name: str, several: str) -> None:
    """Where a name fits several labs, the sentence gives these and no others."""
    with pytest.raises(UsageError, match=f"^{name} fits several labs in this room; name one of: {several}$"):
        lab_called(name, LABS, "in this room")


@pytest.mark.parametrize("name", ["1", "0", "", "filters", "5-learning", "-", "06"])
def test_none_is_told_all(name: str) -> None:
    """A number is no beginning, nor is a word from the middle; the sentence gives every lab that there is."""
    with pytest.raises(UsageError, match=f"^there is no lab called {name}; there are: {', '.join(sorted(LABS))}$"):
        lab_called(name, LABS)
    with pytest.raises(UsageError, match=r"there are: none$"):
        lab_called(name, ())


@given(st.text(max_size=12))
def test_whatever_is_typed_gets_a_lab_or_a_sentence(name: str) -> None:
    """Nothing that can be typed raises anything else than the one error."""
    with contextlib.suppress(UsageError):
        assert lab_called(name, LABS) in LABS


def test_labs_of_a_folder_are_found_once_each(tmp_path: Path) -> None:
    """Hidden folders are no labs, and a lab named twice counts once."""
    for name in (*LABS[:2], ".old", "_draft"):
        (tmp_path / name).mkdir()
    assert labs_called(["learning", "02", "05"], tmp_path) == ("05-learning-filters", "02-header-forensics")
    assert labs_called([], tmp_path) == ()
    with pytest.raises(UsageError, match="there is no lab called _draft"):
        labs_called(["_draft"], tmp_path)
