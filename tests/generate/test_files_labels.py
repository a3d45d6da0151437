"""What the shipped recipes make, as it stands in files: nothing real in any form, and only content tells a label."""

from __future__ import annotations

import csv
import gzip
import html
import json
import mailbox
from collections.abc import Iterator, Sequence
from email import policy
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

from spamlab.generate.cards import economies
from spamlab.generate.fields import fields
from spamlab.generate.files import write
from spamlab.generate.opening import open_recipe, recipes
from spamlab.generate.safety import unsafe
from spamlab.generate.traffic import Made
from spamlab.shipped import default_folder

DATASETS = default_folder("datasets")
CHANNELS = ("email", "sms", "voice", "social", "chat")
TABLES = (".jsonl", ".jsonl.gz", ".csv", ".parquet")
csv.field_size_limit(10_000_000)


@lru_cache
def made(recipe: str) -> list[Made]:
    """Records of a shipped recipe."""
    return list(open_recipe(DATASETS, recipe, "labels").records(0, 2500))


def rows(path: Path) -> Iterator[dict[str, object]]:
    """The records in a table of any form."""
    if path.name.endswith(".csv"):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    elif path.name.endswith(".parquet"):
        yield from pq.read_table(path).to_pylist()
    else:
        plain = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield from (json.loads(line) for line in plain.decode().split("\n") if line)


def told_apart(features: Sequence[Sequence[float]], labels: Sequence[bool]) -> float:
    """How well a forest tells labels by features: the area under its curve over five folds, .5 for chance."""
    forest = RandomForestClassifier(50, min_samples_leaf=5, random_state=0)
    return float(cross_val_score(forest, np.array(features), np.array(labels), cv=5, scoring="roc_auc").mean())


def digits(text: object) -> list[int]:
    """The digits of a text."""
    return [int(one) for one in str(text) if one.isdecimal()]


@pytest.mark.parametrize("recipe", recipes(DATASETS))
def test_every_field_is_listed(recipe: str) -> None:
    """No record of a shipped recipe holds a field without a column, nor a value of another type than is told."""
    kinds = {"text": str, "time": str, "whole": int, "number": float, "yes/no": bool, "json": (list, dict)}
    source = open_recipe(DATASETS, recipe, "fields", profile=economies(DATASETS)[0] if recipe == "volumes" else "")
    listed = {one.name: one for one in fields(source.recipe.channel)}
    for one in source.records(0, 150):
        for name, value in one.record.items():
            assert name in listed, (recipe, name)
            assert isinstance(value, kinds[listed[name].kind]), (recipe, name, value)


@pytest.mark.parametrize("ending", TABLES)
@pytest.mark.parametrize("channel", [*CHANNELS, "campaigns"])
def test_no_form_holds_anything_real(channel: str, ending: str, tmp_path: Path) -> None:
    """In no file of any form, read as its readers read it, stands what could be real; nor in the truth beside it."""
    out = tmp_path / f"a{ending}"
    write(made(channel)[:250], out, channel="campaign" if channel == "campaigns" else "", labels=False)
    for path in (out, tmp_path / f"a{ending}.truth.jsonl"):
        for row in rows(path):
            texts = [value for name, value in row.items() if isinstance(value, str) and name != "raw"]
            found = [one for text in texts for one in unsafe(text)]
            assert not found, (row["id"], found)


def test_no_message_holds_anything_real(tmp_path: Path) -> None:
    """In an mbox and a Maildir, parsed by Python's own parser, no field and no text holds what could be real."""
    write(made("email")[:150], tmp_path / "a.mbox")
    write(made("email")[:150], tmp_path / "b")
    boxes = [mailbox.mbox(tmp_path / "a.mbox", create=False), mailbox.Maildir(tmp_path / "b", create=False)]
    for box in boxes:
        keys = list(box.keys())
        assert len(keys) == 150
        for key in keys:
            message = mailbox.email.message_from_bytes(box.get_bytes(key), policy=policy.default)  # type: ignore[attr-defined]
            texts = [*(str(value) for value in message.values()),
                     *(html.unescape(part.get_content()) for part in message.walk()
                       if part.get_content_maintype() == "text")]
            assert not [found for text in texts for found in unsafe(text)], texts
        box.close()


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_but_the_content_tells_the_label(channel: str, tmp_path: Path) -> None:
    """On each channel, a classifier on id, place, time, language and recipient of an unlabelled file is at chance."""
    write(made(channel), tmp_path / "a.jsonl", labels=False)
    truth = {one["id"]: one["label"] == "spam" for one in rows(tmp_path / "a.jsonl.truth.jsonl")}
    found = list(rows(tmp_path / "a.jsonl"))
    assert not {"label", "type"} & {name for one in found for name in one}
    languages = sorted({str(one["language"]) for one in found})
    features = [[place, *digits(one["id"]), *digits(one["sent"])[:14], languages.index(str(one["language"])),
                 *digits(f"{one.get('recipient', ''):0>4}")[-4:], len(str(one.get("recipient", "")))]
                for place, one in enumerate(found)]
    assert abs(told_apart(features, [truth[str(one["id"])] for one in found]) - 0.5) < 0.06


def test_no_name_and_no_time_of_a_maildir_tells_the_label(tmp_path: Path) -> None:
    """A classifier on the names, times and order of a Maildir's files is at chance: it has nothing else of them."""
    write(made("email"), tmp_path / "box", labels=False)
    truth = {str(one["id"]): one["label"] == "spam" for one in rows(tmp_path / "box.truth.jsonl")}
    files = sorted((tmp_path / "box/new").iterdir(), key=lambda one: one.stat().st_ino)
    features = [[place, *digits(one.name), one.stat().st_mtime, one.stat().st_mtime % 3600, one.stat().st_mode]
                for place, one in enumerate(files)]
    assert len({len(one) for one in features}) == 1
    assert abs(told_apart(features, [truth[one.name.split(".")[1]] for one in files]) - 0.5) < 0.06


@pytest.mark.parametrize("ending", TABLES)
def test_a_packed_file_says_no_more_than_its_rows(ending: str, tmp_path: Path) -> None:
    """Without labels, a file is the same whatever the labels were: nothing about them stands between the rows."""
    for name, label in (("a", "ham"), ("b", "spam")):
        same = [Made({**one.record, "label": label}, {**one.truth, "label": label}) for one in made("sms")[:300]]
        write(same, tmp_path / f"{name}{ending}", labels=False)
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()
