"""Whole messages are sound for two parsers, agree with their truth, and give no label away by their form."""

from __future__ import annotations

from pathlib import Path

import pytest

from spamlab.generate.traffic import Made, open_traffic

DATASETS = Path(__file__).parents[2] / "datasets"


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """A few hundred records of the recipe as it ships."""
    return list(open_traffic(DATASETS, "email", 3).records(0, 300))


def test_records_have_their_form(made: list[Made]) -> None:
    """Each record has the fields that readers rely on; its text is subject and body."""
    for one in made:
        assert {"from", "to", "subject", "text", "raw", "envelope_from", "envelope_to"} < set(one.record)
        assert one.record["text"].startswith(one.record["subject"] + "\n")
        assert one.record["text"].strip()
