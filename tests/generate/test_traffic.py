"""Records depend on recipe, version, seed and number alone; what is not content knows nothing of the label."""

from __future__ import annotations

import csv
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

from spamlab.errors import ContentError, MachineError, UsageError
from spamlab.generate.fields import fields
from spamlab.generate.files import write
from spamlab.generate.traffic import Made, Traffic, open_traffic
from spamlab.generate.traffic_recipe import read_traffic_recipe

RECIPE = """kind = "traffic"
channel = "sms"
about = "A few."
version = 1
spam = 0.5
first_day = 2026-01-05
days = 30
[languages]
en = 1.0
"""
HEAD = """name = "English"
direction = "ltr"
weekdays = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
"""


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """A small folder of data: three types of text messages, and a recipe."""
    root = tmp_path / "datasets"
    (root / "recipes").mkdir(parents=True)
    (root / "languages/en/sms").mkdir(parents=True)
    (root / "languages/en/language.toml").write_text(HEAD, encoding="utf-8")
    for name, label, sender in (("friends", "ham", "mobile"), ("parcel", "spam", "alpha"), ("loan", "spam", "short")):
        (root / f"languages/en/sms/{name}.toml").write_text(
            f'label = "{label}"\nabout = "One."\nsender = "{sender}"\n[rules]\n'
            'text = ["see you {weekday} at {#1-12}", "pay {#10-99} by {tomorrow}: https://x.example/{%xxxx}"]\n',
            encoding="utf-8")
    (root / "recipes/few.toml").write_text(RECIPE, encoding="utf-8")
    return root


def lines(path: Path) -> list[dict[str, str]]:
    """The records in a file."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_records_have_their_form(datasets: Path) -> None:
    """Each record has what design and readers rely on, and its truth stands apart."""
    made = open_traffic(datasets, "few", 1).made(41)
    assert set(made.record) == {"id", "channel", "language", "sent", "sender", "recipient", "bearer", "encoding",
                                "segments", "text", "label"}
    assert made.record["id"] == made.truth["id"] == "sms-000000041"
    assert set(made.truth) == {"id", "label", "type", "recipe", "techniques", "lookalikes", "renamed", "links"}
    assert made.record["sent"].startswith("2026-0")


def test_any_record_can_be_made_alone(datasets: Path) -> None:
    """Record i is the same alone, in a row, in shards, and from another process."""
    traffic = open_traffic(datasets, "few", 7)
    whole = list(traffic.records(0, 60))
    assert [traffic.made(number) for number in reversed(range(60))] == whole[::-1]
    assert [*traffic.records(0, 23), *traffic.records(23, 60)] == whole
    code = ("import json,sys;from pathlib import Path;from spamlab.generate.traffic import open_traffic;"
            "print(json.dumps(open_traffic(Path(sys.argv[1]), 'few', 7).made(59).record))")
    told = subprocess.run([sys.executable, "-c", code, str(datasets)], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONHASHSEED": "77"})
    assert json.loads(told.stdout) == whole[59].record


def test_seed_and_version_matter(datasets: Path) -> None:
    """Another seed, and another version of the recipe, give other records."""
    first = [one.record["text"] for one in open_traffic(datasets, "few", 1).records(0, 30)]
    assert first != [one.record["text"] for one in open_traffic(datasets, "few", 2).records(0, 30)]
    (datasets / "recipes/few.toml").write_text(RECIPE.replace("version = 1", "version = 2"), encoding="utf-8")
    assert first != [one.record["text"] for one in open_traffic(datasets, "few", 1).records(0, 30)]


def test_shares_are_kept(datasets: Path) -> None:
    """The share of spam and the weights of types come out as the recipe says."""
    (datasets / "recipes/few.toml").write_text(
        RECIPE.replace("spam = 0.5", "spam = 0.25") + "[types]\nfriends = 1\nparcel = 3\nloan = 1\n", encoding="utf-8")
    types = [one.truth["type"] for one in open_traffic(datasets, "few", 1).records(0, 4000)]
    assert abs(types.count("friends") - 3000) < 140
    assert abs(types.count("parcel") - 750) < 130


def test_nothing_but_the_content_gives_the_label_away(datasets: Path) -> None:
    """A classifier on id, order, time, recipient and language is at chance."""
    made = list(open_traffic(datasets, "few", 3).records(0, 1500))

    def digits(text: str) -> list[int]:
        return [int(one) for one in text if one.isdigit()]

    rows = np.array([[*digits(str(one.record["sent"])), *digits(str(one.record["id"])),
                      *digits(str(one.record["recipient"]))[-4:]] for one in made])
    labels = np.array([one.record["label"] == "spam" for one in made])
    found = cross_val_score(RandomForestClassifier(60, random_state=0), rows, labels, cv=5, scoring="roc_auc").mean()
    assert abs(found - 0.5) < 0.05, found


@pytest.mark.parametrize("name", ["few.jsonl", "few.jsonl.gz", "few.csv"])
def test_forms_hold_the_same(datasets: Path, tmp_path: Path, name: str) -> None:
    """Every form holds the same records, and a second writing gives the same bytes."""
    traffic = open_traffic(datasets, "few", 1)
    out = tmp_path / name
    assert write(traffic.records(0, 50), out) == 50
    before = out.read_bytes()
    write(traffic.records(0, 50), out)
    assert out.read_bytes() == before
    if name.endswith(".csv"):
        with out.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        # A table has a column for each field of the channel, also where no record has it.
        assert found == [{one.name: str(made.record.get(one.name, "")) for one in fields("sms")}
                         for made in traffic.records(0, 50)]
    else:
        assert lines(out) == [dict(one.record) for one in traffic.records(0, 50)]


def test_without_labels(datasets: Path, tmp_path: Path) -> None:
    """The label is gone from the records, and the truth stands beside them, joined by id."""
    out = tmp_path / "few.jsonl"
    write(open_traffic(datasets, "few", 1).records(0, 50), out, labels=False)
    truth = lines(tmp_path / "few.jsonl.truth.jsonl")
    assert all("label" not in one and "type" not in one for one in lines(out))
    assert [one["id"] for one in lines(out)] == [one["id"] for one in truth]
    assert {one["label"] for one in truth} == {"ham", "spam"}


def test_what_may_be_real_is_not_written(datasets: Path, tmp_path: Path) -> None:
    """A type with a real name in it is told with its record, and the file that was there stays as it was."""
    path = datasets / "languages/en/sms/loan.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("x.example", "loans.com"), encoding="utf-8")
    out = tmp_path / "few.jsonl"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(ContentError, match=r"sms-\d+ \(loan\) holds loans.com, a host that may be real"):
        write(open_traffic(datasets, "few", 1).records(0, 200), out)
    assert out.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["few.jsonl"]


def test_a_full_disk_leaves_nothing(datasets: Path, tmp_path: Path) -> None:
    """Where no more can be written half way, one sentence says so and no file is left."""
    out = tmp_path / "few.jsonl"

    def small() -> Iterator[Made]:
        for one in open_traffic(datasets, "few", 1).records(0, 3000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
            yield one

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with pytest.raises(MachineError, match="can't be written"):
            write(small(), out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == []


@pytest.mark.parametrize(("old", "new", "told"), [
    ("spam = 0.5", "spam = 2", "few.toml: spam must be a share from 0 to 1"),
    ("spam = 0.5", "spam = true", "few.toml: spam must be a share"),
    ("days = 30", "days = 0", "few.toml: days must be a whole number from 1"),
    ("version", "verson", "few.toml: the key verson has no meaning\nfew.toml: the key version is missing"),
    ('"sms"', '"fax"', "few.toml: channel must be one of sms"),
    ("en = 1.0", "en = -1", "few.toml: languages must be a table"),
    ("first_day = 2026-01-05", 'first_day = "soon"', "few.toml: first_day must be a day"),
    ("[languages]", "[evasion]\nleat = 0.1\n[languages]", "few.toml: evasion has no leat on this channel; there are: "),
    ("[languages]", "[evasion]\nhtml_hiding = 0.1\n[languages]", "few.toml: evasion has no html_hiding on this"),
    ("[languages]", "[lookalikes]\nemoji = 1.5\n[languages]", "few.toml: lookalikes emoji must be a share from 0 to 1"),
    ("days = 30", "days = 30\nlookalikes = 1", "few.toml: lookalikes must be a table of names with shares"),
])
def test_faults_of_a_recipe(datasets: Path, old: str, new: str, told: str) -> None:
    """Each fault is told in a line with the file."""
    path = datasets / "recipes/few.toml"
    path.write_text(RECIPE.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_traffic_recipe(path)
    assert told in str(error.value)


@pytest.mark.parametrize("channel", ['"fax"', '["sms"]', "3"])
def test_a_wrong_channel_is_one_fault(datasets: Path, channel: str) -> None:
    """Of a recipe for an unknown channel no more is told than that: what the channel knows can't be."""
    path = datasets / "recipes/few.toml"
    path.write_text(RECIPE.replace('channel = "sms"', f"channel = {channel}") + "\n[evasion]\nleet = 0.1\n")
    with pytest.raises(ContentError) as error:
        read_traffic_recipe(path)
    assert str(error.value).splitlines() == ["few.toml: channel must be one of sms, chat, social, voice, email"]


def test_what_is_not_there(datasets: Path, tmp_path: Path) -> None:
    """Unknown recipes, languages, forms and folders get one sentence."""
    with pytest.raises(UsageError, match="no recipe called many; there are: few"):
        open_traffic(datasets, "many", 1)
    with pytest.raises(UsageError, match="no language called xx"):
        open_traffic(datasets, "few", 1, "xx")
    traffic: Traffic = open_traffic(datasets, "few", 1)
    with pytest.raises(UsageError, match=r"must end in \.jsonl"):
        write(traffic.records(0, 1), tmp_path / "few.doc")
    with pytest.raises(UsageError, match="there is no folder"):
        write(traffic.records(0, 1), tmp_path / "none/few.jsonl")


def test_a_language_without_spam(datasets: Path) -> None:
    """A recipe that asks for spam of a language that has none is refused; without spam it is made."""
    for name in ("parcel", "loan"):
        (datasets / f"languages/en/sms/{name}.toml").unlink()
    with pytest.raises(ContentError, match="few: en has no spam for sms"):
        open_traffic(datasets, "few", 1)
    (datasets / "recipes/few.toml").write_text(RECIPE.replace("spam = 0.5", "spam = 0"), encoding="utf-8")
    assert {one.record["label"] for one in open_traffic(datasets, "few", 1).records(0, 20)} == {"ham"}
