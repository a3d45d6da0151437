"""Sets of records as a notebook sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit_fakes import HOSTILE, LAB

from spamlab.kit import dataset, session
from spamlab.kit.dataset import Records
from spamlab.kit.errors import KitError, ServiceAway

ROWS = [{"id": f"train-{number:04d}", "text": f"text {number}", "label": "spam" if number % 2 else "ham",
         "channel": "sms", "language": "en", "sent": "2026-01-05T08:00:00Z", "sender": "+1", "recipient": "+2"}
        for number in range(1, 21)]


def test_a_set_is_a_list_of_records_with_texts_and_labels() -> None:
    """Length, rows, slices, columns and sums are those of its records."""
    made = Records("train", ROWS)
    assert len(made) == 20
    assert made[0]["id"] == "train-0001"
    assert made.texts[:2] == ["text 1", "text 2"]
    assert made[2:4].labels == ["spam", "ham"]
    assert made.column("nothing") == [None] * 20
    both = made + Records("later", ROWS[:3])
    assert (len(both), both.name) == (23, "train + later")
    assert list(made.frame().columns) == list(ROWS[0])


def test_a_set_shows_few_rows_and_obeys_nothing_in_them() -> None:
    """At most eight rows and six columns, id, label and text first; signs of a sender are escaped."""
    made = Records("train", [{**ROWS[0], "text": HOSTILE}, *ROWS[1:]])
    html = made._repr_html_()
    assert html.count("<tr>") == 9
    assert html.count('<th scope="col">') == 6
    assert html.index(">id<") < html.index(">label<") < html.index(">text<") < html.index(">channel<")
    assert "<script>" not in html
    assert "Set train: 20 messages. The table shows the first 8." in html
    assert repr(made).startswith("Set train: 20 messages.")


def test_labels_of_a_set_without_are_refused() -> None:
    """A sentence, not None in the place of each label."""
    with pytest.raises(KitError, match="The messages of set try have no label"):
        _ = Records("try", [{"id": "try-0001", "text": "x"}]).labels


def test_a_graded_run_reads_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets come from the folder of the run; an unknown one is told with those that there are."""
    (tmp_path / "items.json").write_text(json.dumps({"items": [], "sets": ["train"]}))
    (tmp_path / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    monkeypatch.setenv("SPAMLAB_GRADED", "1")
    monkeypatch.setenv("SPAMLAB_DATA", str(tmp_path))
    assert list(dataset("train")) == ROWS
    with pytest.raises(KitError, match=r"There is no set called other\. Sets: train"):
        dataset("other")
    with pytest.raises(KitError, match="named by a word"):
        dataset("../train")


def test_without_a_judge_a_set_is_away() -> None:
    """In class a set comes from the judge alone."""
    session.begin(LAB)
    with pytest.raises(ServiceAway):
        dataset("train")
