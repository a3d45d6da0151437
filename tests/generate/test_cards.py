"""A card tells what is in a data set, by figures that are counted; the committed ones are those of their content."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from spamlab.errors import MachineError
from spamlab.generate.cards import card, content_mark, economies, main, recipe_card, write_card
from spamlab.generate.fields import fields
from spamlab.generate.opening import open_recipe, recipes
from spamlab.generate.table import escaped, table
from spamlab.generate.table import main as table_main
from spamlab.shipped import default_folder

from .small import small_datasets

DATASETS = default_folder("datasets")


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """A small folder of content."""
    return small_datasets(tmp_path / "datasets")


def cells(text: str, first: str) -> list[list[str]]:
    """The rows of a card's tables that begin with a cell."""
    found = [line for line in text.splitlines() if line.startswith(f"| {first} |")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def test_figures_are_counted(datasets: Path) -> None:
    """Records, shares, lengths and fields in a card are those of the records, and another number gives another card."""
    traffic = open_recipe(datasets, "sms", "3")
    made = list(traffic.records(0, 400))
    text = card(traffic, 400, "3", {"language": "en", "profile": ""})
    assert "computed from all 400 records of 400 (`spamlab generate sms --count 400 --seed 3 --language en`)" in text
    counts = Counter((one.truth["label"], one.truth["type"]) for one in made)
    for (label, name), many in counts.items():
        row = next(row for row in cells(text, label) if row[1] == name)
        assert row[2:] == [str(many), f"{many / 4:.1f}%", str(many)]
    spam = sorted(len(re.findall(r"\w+", one.record["text"])) for one in made if one.record["label"] == "spam")
    assert cells(text, "en")[1][2:5] == [str(spam[len(spam) * tenths // 10]) for tenths in (5, 1, 9)]
    assert cells(text, "id")[0][-1] == cells(text, "language")[0][-1] == "100.0%"
    assert card(traffic, 401, "3") != text
    assert "from the first 2000 records of 1000000" in card(traffic, 1_000_000, "3")


def test_a_card_that_cant_be_written(datasets: Path, tmp_path: Path) -> None:
    """A folder that is not there is told in one sentence."""
    with pytest.raises(MachineError, match="can't be written: No such file"):
        write_card(open_recipe(datasets, "sms", "1"), 5, "1", {}, tmp_path / "none/a.md")


def test_the_mark_follows_the_content(datasets: Path) -> None:
    """A changed word changes the mark; another channel's does not."""
    before = [content_mark(datasets, open_recipe(datasets, name, "1")) for name in ("sms", "email")]
    path = datasets / "languages/en/sms/friends.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("see you", "meet you"), encoding="utf-8")
    after = [content_mark(datasets, open_recipe(datasets, name, "1")) for name in ("sms", "email")]
    assert before[0] != after[0]
    assert before[1] == after[1]


@pytest.mark.parametrize("name", recipes(DATASETS))
def test_committed_cards(name: str) -> None:
    """Each recipe has its card, of its version and with its fields; while the content is that of the card, all figures
    in it are what the command counts (`python -m spamlab.generate.cards` counts anew)."""
    text = (DATASETS / f"cards/{name}.md").read_text(encoding="utf-8")
    profile = economies(DATASETS)[0] if name == "volumes" else ""
    source = open_recipe(DATASETS, name, "1", profile=profile)
    assert text.startswith(f"# {name}, version {source.recipe.version}\n")
    assert {one.name for one in fields(source.recipe.channel)} <= set(re.findall(r"^\| (\w+) \|", text, re.MULTILINE))
    mark = re.search(r"^\| content \| (\w+) \|$", text, re.MULTILINE)
    assert mark is not None
    if mark[1] == content_mark(DATASETS, source):
        assert text == recipe_card(DATASETS, name)


def test_the_commands(datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                      capsys: pytest.CaptureFixture[str]) -> None:
    """They write a card for each recipe and the table of types, and say in one sentence what is wrong."""
    monkeypatch.setattr("spamlab.generate.cards.default_folder", lambda _: datasets)
    monkeypatch.setattr("spamlab.generate.table.default_folder", lambda _: datasets)
    assert main([str(tmp_path / "cards")]) == 0
    assert sorted(one.name for one in (tmp_path / "cards").iterdir()) == ["email.md", "sms.md"]
    assert table_main([str(tmp_path / "table.md")]) == 0
    assert main(["a", "b"]) == 2
    assert main([str(tmp_path / "table.md")]) == 1
    assert table_main([str(tmp_path / "none/table.md")]) == 1
    (datasets / "recipes/sms.toml").write_text("kind = 'traffic'", encoding="utf-8")
    assert main([str(tmp_path / "cards")]) == table_main([str(tmp_path / "table.md")]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "give no more than the name of what is to be written"
    assert "table.md can't be written: " in told[1]
    assert told[2].endswith("table.md can't be written: [Errno 2] No such file or directory: "
                            f"'{tmp_path}/none/table.md'")
    assert told[3] == "sms.toml: the key about is missing"


def test_the_table_shows_each_type_once(datasets: Path) -> None:
    """Each channel, type and language has one row with one sample, and no sample breaks the table."""
    lines = list(table(datasets))
    rows = [line.split(" | ") for line in lines if line.startswith("| en ")]
    assert [(row[1], row[2]) for row in rows] == [("ham", "friends"), ("spam", "parcel")] * 2
    assert all(line.count("|") == 6 for line in lines if line.startswith("| en "))
    assert [line for line in lines if line.startswith("## ")] == ["## Text messages", "## E-mail"]
    assert escaped("see www.x.example, https://y.example") == "see www&#46;x.example, https&#58;//y.example"
    assert escaped("x | y\n# z `*`") == "x &#124; y &#35; z &#96;&#42;&#96;"
    assert len(escaped("word " * 100)) < 300
