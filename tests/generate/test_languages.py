"""A language is read from its folder, and all its faults are told at once with their file."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spamlab.errors import ContentError, UsageError
from spamlab.generate.languages import FACTS, TOLD, read_language
from spamlab.generate.preview import main, samples, variety
from spamlab.shipped import default_folder

HEAD = """name = "English"
direction = "ltr"
weekdays = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
"""
PARCEL = """label = "spam"
about = "A fee for a parcel that is not there."
weight = 2.0
[rules]
text = ["{courier}: your parcel waits, pay {fee} by {tomorrow}", "{courier} has a parcel for {name}"]
fee = ["{#1-3}.99"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small language."""
    root = tmp_path / "en"
    (root / "words").mkdir(parents=True)
    (root / "sms").mkdir()
    (root / "language.toml").write_text(HEAD, encoding="utf-8")
    (root / "words/firms.toml").write_text('[rules]\ncourier = ["Parcelway"]\n', encoding="utf-8")
    (root / "words/name.txt").write_text("# names\nAda\n\nBo\n", encoding="utf-8")
    (root / "sms/parcel.toml").write_text(PARCEL, encoding="utf-8")
    return root


def test_a_type_is_read_with_the_words(folder: Path) -> None:
    """Rules of a type and of the words make one grammar; the sending day stands in the text."""
    language = read_language(folder)
    one = language.type("sms", "parcel")
    assert (language.code, one.label, one.weight) == ("en", "spam", 2.0)
    texts = samples(language, one, 50)
    assert {text for text in texts if text.startswith("Parcelway has a parcel for ")} == {
        "Parcelway has a parcel for Ada", "Parcelway has a parcel for Bo"}
    assert any(text.endswith(tuple(language.weekdays)) for text in texts)


def test_facts_of_a_day(folder: Path) -> None:
    """Every fact that a text may name is given, in the language's words."""
    told = read_language(folder).facts(datetime(2026, 2, 1, 9, 5, tzinfo=UTC))
    facts = {name: told[name] for name in FACTS}
    assert facts == {"weekday": "Su", "tomorrow": "Mo", "day": "1", "month": "Feb", "year": "2026", "hour": "09",
                     "minute": "05", "day_number": "1"}


def test_the_first_of_a_month(folder: Path) -> None:
    """Where a language tells the first day of a month in another way, the fact does so too, and its figures do not."""
    (folder / "language.toml").write_text(f'{HEAD}first_of_month = "1er"\n', encoding="utf-8")
    language = read_language(folder)
    for day, told in ((1, "1er"), (2, "2"), (11, "11"), (31, "31")):
        facts = language.facts(datetime(2026, 1, day, tzinfo=UTC))
        assert (facts["day"], facts["day_number"]) == (told, str(day))


@pytest.mark.parametrize(("path", "text", "told"), [
    ("sms/parcel.toml", PARCEL.replace('"spam"', '"junk"'), "en/sms/parcel.toml: the label must be ham or spam"),
    ("sms/parcel.toml", PARCEL.replace("about", "abuot"), "en/sms/parcel.toml: the key abuot has no meaning"),
    ("sms/parcel.toml", PARCEL.replace("2.0", '"much"'), "en/sms/parcel.toml: weight must be a number"),
    ("sms/parcel.toml", PARCEL.replace("text =", "texts ="), "en/sms/parcel.toml: there is no rule called text"),
    ("sms/parcel.toml", PARCEL.replace("{fee}", "{fees}"), "rule text, alternative 1: there is no rule called fees"),
    ("sms/parcel.toml", "label = ", "en/sms/parcel.toml: this is not TOML"),
    ("words/more.toml", '[rules]\ncourier = ["b"]\n', "en/words/more.toml: rule courier stands in another file too"),
    ("words/more.toml", "[rules]\nx = 3\n", "en/words/more.toml: rule x: it must be a list of texts"),
    ("words/more.toml", "x = 3\n", "en/words/more.toml: the key x has no meaning"),
    ("language.toml", HEAD.replace("ltr", "up"), "a direction, which is ltr or rtl"),
    ("language.toml", HEAD.replace('"Jan", ', ""), "months must be a list of 12 texts"),
    ("language.toml", HEAD + "first_of_month = 1", "first_of_month must be a text"),
    ("language.toml", HEAD + 'quoting = "wrote:"', "quoting must be a list of texts"),
    ("language.toml", HEAD + "latin_names = 2", "latin_names must be a share from 0 to 1"),
])
def test_faults_name_their_file(folder: Path, path: str, text: str, told: str) -> None:
    """Each fault is one line with the file's name."""
    (folder / path).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_language(folder)
    assert told in str(error.value)


def test_tables_of_a_file(folder: Path) -> None:
    """A table stands with the words or in a type's file; one that lacks a cell is told with its row."""
    (folder / "words" / "lands.toml").write_text('[tables.land]\ncolumns = ["name"]\nrows = [["Chad"]]\n')
    (folder / "sms" / "trip.toml").write_text(
        'label = "ham"\nabout = "A trip."\n[tables.town]\ncolumns = ["name", "by"]\nrows = [["Sarh", "bus"]]\n'
        '[rules]\ntext = ["To {town.name} in {land.name} by {town.by}"]\n')
    read = read_language(folder)
    assert read.type("sms", "trip").grammar.expand("text", 1) == "To Sarh in Chad by bus"
    (folder / "words" / "lands.toml").write_text(
        '[tables.land]\ncolumns = ["name"]\nrows = [["Chad"], ["Mali", "x"]]\n')
    with pytest.raises(ContentError, match=r"words/lands.toml: table land, row 2: it must be a list of 1 texts"):
        read_language(folder)


def test_a_table_is_not_named_as_a_rule_of_the_words(folder: Path) -> None:
    """Nor a rule of a type as a table of the words: which of them a slot means would hang on the place."""
    (folder / "words" / "lands.toml").write_text(
        '[rules]\ntown = ["Sarh"]\n[tables.land]\ncolumns = ["name"]\nrows = [["Chad"]]\n')
    (folder / "sms" / "trip.toml").write_text(
        'label = "ham"\nabout = "A trip."\n[tables.town]\ncolumns = ["name"]\nrows = [["Moundou"]]\n'
        '[rules]\nland = ["Mali"]\ntext = ["To {town.name} in {land}"]\n')
    with pytest.raises(ContentError) as told:
        read_language(folder)
    assert "sms/trip.toml: table town: a rule in words has this name too" in str(told.value)
    assert "sms/trip.toml: rule land: a table in words has this name too" in str(told.value)


def test_hundreds_of_faults_are_cut(folder: Path) -> None:
    """A word that is missing in hundreds of places is told in forty of them, and how many more there are."""
    texts = ", ".join(f'"{number} {{gone}}"' for number in range(300))
    (folder / "sms" / "many.toml").write_text(f'label = "ham"\nabout = "Many."\n[rules]\ntext = [{texts}]\n')
    with pytest.raises(ContentError) as told:
        read_language(folder)
    lines = str(told.value).splitlines()
    assert len(lines) == TOLD + 1
    assert lines[-1] == f"and {300 - TOLD} more"


@pytest.mark.parametrize(("channel", "sender", "told"), [
    ("sms", '"moblie"', "sender must be one of mobile, alpha, short"), ("sms", "5", "sender must be one of mobile"),
    ("sms", '"mobile:talk"', "sender must be one of mobile"),
    ("voice", '"mobile:shouting"', "after a colon recorded, talk, unanswered"),
])
def test_senders_are_known(folder: Path, channel: str, sender: str, told: str) -> None:
    """A kind of sender that the channel does not know is told with those it knows."""
    start = "transcript" if channel == "voice" else "text"
    (folder / channel).mkdir(exist_ok=True)
    (folder / channel / "odd.toml").write_text(
        f'label = "ham"\nabout = "Odd."\nsender = {sender}\n[rules]\n{start} = ["x"]\n')
    with pytest.raises(ContentError, match=told):
        read_language(folder, channel)


def test_what_is_not_there(folder: Path) -> None:
    """An unknown language and an unknown type are named, with those that exist."""
    with pytest.raises(UsageError, match="no language called xx"):
        read_language(folder.with_name("xx"))
    with pytest.raises(UsageError, match=r"no type called tax for sms; there are: parcel"):
        read_language(folder).type("sms", "tax")


def test_a_broken_type_stops_no_other(folder: Path) -> None:
    """Where one type is asked for, another one's fault is not told, nor another channel's."""
    (folder / "sms/broken.toml").write_text("label", encoding="utf-8")
    assert read_language(folder, "sms", "parcel").type("sms", "parcel").label == "spam"
    assert read_language(folder, "chat").types == {"chat": ()}
    with pytest.raises(ContentError, match=r"en/sms/broken\.toml"):
        read_language(folder, "sms")


def test_variety_is_counted() -> None:
    """Words, different words, and texts that repeat half of an earlier one."""
    texts = ["one two three four five", "ONE two three four five", "six seven eight nine ten"]
    assert variety(texts) == (15, 10, 1 / 3)


def test_the_preview_prints(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Samples and their variety are printed; bad input gives a sentence and 2."""
    assert main([str(folder), "sms", "parcel", "3"]) == 0
    told = capsys.readouterr().out
    assert "=== sms parcel (spam)" in told
    assert "in 1000 texts: " in told
    assert main([str(folder), "sms", "tax", "3"]) == 2
    assert "no type called tax for sms; there are: none" in capsys.readouterr().err
    assert main([str(folder), "sms", "parcel", "many"]) == 2
    assert "give FOLDER" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough(folder: Path) -> None:
    """Where `head` closes the pipe, the preview ends without a word."""
    for line in range(400):
        (folder / f"sms/more{line}.toml").write_text(PARCEL, encoding="utf-8")
    with subprocess.Popen([sys.executable, "-m", "spamlab.generate.preview", str(folder), "sms", "all", "200"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline().startswith(b"=== sms")
        run.stdout.close()
        assert run.stderr.read() == b""


@pytest.mark.parametrize("path", sorted((default_folder("datasets") / "languages").glob("*/language.toml")),
                         ids=lambda path: path.parent.name)
def test_languages_here_are_sound(path: Path) -> None:
    """Every language of the project is read without a fault."""
    assert read_language(path.parent).months
