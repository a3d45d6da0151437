"""Reading the answers of a submission."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.grading.answers import read_answer


def write(folder: Path, text: str | bytes, name: str = "q1") -> Path:
    """Write an answer file."""
    (folder / "answers").mkdir(parents=True, exist_ok=True)
    (folder / "answers" / f"{name}.json").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_the_first_readable_answer_counts(tmp_path: Path) -> None:
    """The submission's answer stands before that of the run, which counts where the first can't be read."""
    first, second = write(tmp_path / "a", '{"answer": 1}'), write(tmp_path / "b", '{"answer": 2}')
    assert read_answer("q1", first, second) == 1
    write(first, "broken")
    assert read_answer("q1", first, second) == 2
    assert read_answer("q1", tmp_path / "none") is None


@pytest.mark.parametrize("text", [
    "", "5", "[]", "{}", '{"answer": NaN}', '{"answer": 1e999}', '{"answer": 1, "answer": 2}', "[" * 100_000,
    '{"answer": ' + "9" * 50_000 + "}", '{"answer": "' + "x" * 200_000 + '"}', b"\xff\xfe", '{"answer": "\\ud800"}',
])
def test_odd_files_are_no_answer(tmp_path: Path, text: str | bytes) -> None:
    """Whatever is no plain bounded record with an answer is none."""
    assert read_answer("q1", write(tmp_path, text)) is None


@pytest.mark.parametrize("name", ["", "../q1", "q1/..", "a" * 100, ".q1", "q 1", "q1\n"])
def test_odd_names_are_no_answer(tmp_path: Path, name: str) -> None:
    """A name is letters, digits, _ and -, and never a path."""
    write(tmp_path, '{"answer": 1}')
    assert read_answer(name, tmp_path / "answers") is None


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """No content of an answer file raises."""
    folder = tmp_path_factory.mktemp("answers")
    read_answer("q1", write(folder, data))
