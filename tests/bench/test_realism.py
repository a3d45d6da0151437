"""The bench of realism reads corpora, measures each channel, and writes its page."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from spamlab.bench import realism, transfer
from spamlab.cli import bench
from spamlab.errors import ContentError, UsageError
from spamlab.generate.makers import make_sms


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A "real" corpus of text messages: another seed's."""
    made = make_sms(400, random_state=99)
    path = tmp_path / "taken.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for text, truth in zip(made.data, made.truth, strict=True):
            file.write(json.dumps({"text": text, "label": truth["label"], "channel": "sms", "src": "a"}) + "\n")
    return path


def test_what_is_measured(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus of our own making is learnt nearly as well as from itself; the page holds the figures and curves."""
    monkeypatch.setattr(realism, "_pairs", lambda _found: [("sms", "en")])
    monkeypatch.setattr(realism, "MADE", 3000)
    monkeypatch.setattr(realism, "SHAPE_ROWS", 200)
    monkeypatch.setattr(transfer, "ROWS", 400)
    page = tmp_path / "realism.md"
    rows = realism.measure(quick=True, real=[str(corpus)], markdown=page)
    ratios = {row.what.rsplit(": ", 1)[1]: row.ratio for row in rows if "trained on synthetic" in row.what}
    assert ratios["AUC"] is not None
    assert ratios["AUC"] > 0.9
    assert any("told from taken" in row.what for row in rows)
    assert any("six words" in row.what and "ham" in row.what for row in rows)
    text = page.read_text(encoding="utf-8")
    assert "| sms | en | spam | parcel |" in text
    assert (tmp_path / "realism-sms-en.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_spam_alone_is_looked_for_among_another_corpus(corpus: Path, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus without wanted messages is found among those of another one; only its recall is told."""
    monkeypatch.setattr(realism, "_pairs", lambda _found: [("sms", "en")])
    monkeypatch.setattr(realism, "MADE", 3000)
    monkeypatch.setattr(realism, "SHAPE_ROWS", 100)
    alone = tmp_path / "smishing.jsonl"
    alone.write_text("".join(json.dumps({"text": text, "label": "spam", "channel": "sms"}) + "\n"
                             for text in make_sms(150, random_state=7, spam=1.0).data))
    rows = realism.measure(quick=True, real=[str(corpus), str(alone)])
    found = [row for row in rows if "smishing found among wanted messages of taken" in row.what]
    assert len(found) == 1
    assert found[0].value > 0.5
    assert not any("tested on smishing" in row.what for row in rows)


def test_bad_corpora(tmp_path: Path) -> None:
    """A file that is missing, is no JSON or is too small gets a sentence with its place."""
    with pytest.raises(UsageError, match=r"none.jsonl can't be read"):
        realism.read_real(str(tmp_path / "none.jsonl"))
    path = tmp_path / "few.jsonl"
    path.write_text('{"text": "a", "label": "ham"}\n{"text": 1}\n')
    with pytest.raises(ContentError, match=r"few.jsonl, line 2: not a JSON object with text and label"):
        realism.read_real(str(path))
    path.write_text('{"text": "a", "label": "ham"}\n')
    with pytest.raises(ContentError, match="100 different texts"):
        realism.read_real(f"en={path}")


def test_its_option_goes_with_it_alone() -> None:
    """--real with another bench is refused with a sentence."""
    run = CliRunner().invoke(bench.command, ["startup", "--real", "x.jsonl"])
    assert isinstance(run.exception, UsageError)
