"""Records and texts that are made in blocks are those that are made one by one."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("numba", reason="blocks need the extra `fast`")

from spamlab.generate import block_texts, blocks, kernel, makers, shards
from spamlab.generate.block_texts import BlockComposer, Kind
from spamlab.generate.composer import Table
from spamlab.generate.draws import mixed
from spamlab.generate.evasion import ACCENTED
from spamlab.generate.grammar import Grammar
from spamlab.generate.languages import CHANNELS, FACTS, Language, Type, read_language
from spamlab.generate.texture import HABITS, Texture
from spamlab.generate.traffic import Traffic, open_traffic
from spamlab.generate.traffic_recipe import traffic_recipes
from spamlab.generate.writers import BLOCK

DATASETS = Path(__file__).parents[2] / "datasets"
SENT = datetime(2026, 2, 28, 23, 5, 7, tzinfo=UTC)
KEYS = st.integers(0, 2**64 - 1)
WORDS = ("you", "You.", "great ", "please,", "it's ", "won’t ", ". ", "a.b", "\n> ", "Letters ")
HAS_ALL = Texture(dict.fromkeys(HABITS, 0.6), {"you": "u", "great": "gr8", "please": "plz", "é": "e"})


def _same(traffic: Traffic, start: int, count: int, *, whole: bool) -> None:
    made = blocks.Blocks(traffic)
    for one, plain in zip(made.records(start, start + count, whole=whole),
                          (traffic.made(number, whole=whole) for number in range(start, start + count)), strict=True):
        assert one.record == plain.record
        assert list(one.record) == list(plain.record)
        assert one.truth == plain.truth


@pytest.mark.parametrize("recipe", traffic_recipes(DATASETS))
def test_every_recipe_gives_the_same_records(recipe: str) -> None:
    """For each recipe, records of a block are those that are made one by one, truth and order of fields too."""
    traffic = open_traffic(DATASETS, recipe, "blocks")
    _same(traffic, 3, 100, whole=True)
    _same(traffic, 10**9, 100, whole=False)


@pytest.mark.parametrize(("channel", "code"), [
    (channel, folder.parent.name) for channel in CHANNELS
    for folder in sorted(DATASETS.glob(f"languages/*/{channel}"))])
def test_every_type_of_every_language_gives_the_same_texts(channel: str, code: str) -> None:
    """For each type, the texts of several documents are those that its language composes."""
    language = read_language(DATASETS / "languages" / code, channel)
    rules = (*CHANNELS[channel], "from_name", "sender_name")
    kinds = [Kind(code, 0, one) for one in language.types[channel]]
    composer = BlockComposer(kinds, [language], dict.fromkeys(rules, ()), ACCENTED)
    places = np.repeat(np.arange(len(kinds)), 4)
    keys = [mixed(number) for number in range(len(places))]
    second = int(SENT.timestamp())
    seconds = second + np.arange(len(places)) * 86_400
    times = [SENT + timedelta(days=number) for number in range(len(places))]

    def plain(place: int, rule: str) -> str:
        return language.document(kinds[places[place]].type, keys[place], times[place])(rule)

    found = composer.texts(np.array(keys, np.uint64), places, seconds, plain)
    for rule in rules:
        for place, text in enumerate(found.texts[rule]):
            if rule in kinds[places[place]].type.grammar:
                assert text == plain(place, rule)


def test_an_economy_gives_the_same_records() -> None:
    """Hours, months and networks of an economy are in the records of a block too."""
    profile = next(one.stem for one in sorted((DATASETS / "profiles").glob("*.toml")) if one.stem != "sources")
    _same(open_traffic(DATASETS, "sms", 5, profile=profile), 0, 200, whole=True)


@pytest.mark.parametrize("often", [0.0, 1.0])
def test_knobs_at_their_ends_give_the_same_records(often: float) -> None:
    """A recipe whose techniques, look-alikes and spam are all or nothing is the same in a block."""
    traffic = open_traffic(DATASETS, "sms", 6)
    recipe = traffic.recipe
    _same(traffic.with_recipe(replace(recipe, spam=often, evasion=dict.fromkeys(recipe.evasion, often),
                                      lookalikes=dict.fromkeys(recipe.lookalikes, often))), 0, 60, whole=False)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**50), st.integers(1, 40))
def test_a_block_may_begin_anywhere(start: int, count: int) -> None:
    """Records depend on their number alone, not on where their block begins."""
    made = _SMS.records(start, start + count, whole=False)
    assert [one.record for one in made] == [_TRAFFIC.made(number).record for number in range(start, start + count)]


def _composed(rules: dict[str, list[str]], keys: list[int], texture: Texture, tables: dict[str, Table] | None = None,
              writes: float = 0.0) -> Iterator[tuple[str, str]]:
    """(in a block, by itself) of the rule "text" in the documents of these keys."""
    one = Type("sms", "made", "ham", "", 1.0, "", writes, Grammar(rules, FACTS, tables))
    week, year = tuple(f"d{day}" for day in range(7)), tuple(f"m{month}" for month in range(12))
    language = Language("xx", "X", "ltr", week, year, {"sms": (one,)}, texture)

    def plain(place: int, rule: str) -> str:
        return language.document(one, keys[place], SENT)(rule)

    made = BlockComposer([Kind("xx", 0, one)], [language], {"text": ()}, ())
    many = np.zeros(len(keys), np.int64)
    found = made.texts(np.array(keys, np.uint64), many, many + int(SENT.timestamp()), plain)
    yield from ((text, plain(place, "text")) for place, text in enumerate(found.texts["text"]))


SLOTS = {
    "text": ["a {name^} b", "{word?40} c {word^^}", "{word*2-4} d", "{word*1-9~, }", "{!name} {!name} {!name!2}",
             "{>letter} e", "{#0-9}{#10-12345}", "{%AA-99é9}", "{%999999999}",
             "{land.name^} {land!2.name} {land.money}",
             "{weekday}, {day} {month} {year}, {hour}:{minute}, {tomorrow}", "{x|{word} y|} z", "3* {letter}",
             "{{{word}}}",
             "{ghost} , {ghost} .{ghost}  {word}"],
    "name": ["ana", "éva", "straße", "ßa", "анна", "žofie", "ǆ", "李", "¿who"],
    "word": ["one", "two {name}", "ÿ", "2* three", " spaced ", "{#1-3}"],
    "letter": ["> old\nnew {word}\n\n  {name}", "plain\n \n>{word}", "é\n{word} . x"],
    "ghost": ["", "ghost"],
}
TABLES = {"land": Table(("name", "money"), (("peru", "{#1-9} soles"), ("chad", "{word}"), ("ñuble", "")))}


@settings(max_examples=60, deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=40))
def test_all_kinds_of_slots_give_the_same(keys: list[int]) -> None:
    """Each kind of slot, nested in others, gives what the composer gives."""
    for block, plain in _composed(SLOTS, keys, HAS_ALL, TABLES):
        assert block == plain


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([
    *"abYZ  ..,,'’!?>\n@/_9é£–🙂😀\t\xa0\u3000،", *WORDS]), max_size=60).map("".join), KEYS)
@example("I can't come at 5.30, see http://a.example/x.", 3)
@example("won’", 7)
def test_careless_writing_is_the_same(text: str, key: int) -> None:
    """Texts with all that careless writers change or leave alone are written as texture.py writes them."""
    for block, plain in _composed({"text": [text, text]}, [key, mixed(key)], HAS_ALL, writes=1.0):
        assert block == plain


def test_signs_in_words_are_those_of_texture() -> None:
    """Short forms of words with a sign beyond ASCII are found, and a digit beyond ASCII keeps its word as it is."""
    texture = Texture({"short_forms": 1.0, "no_apostrophes": 1.0}, {"it’s": "its ok", "👍": "ok"})
    keys = [mixed(number) for number in range(20)]
    for block, plain in _composed({"text": ["It’s a 👍, you’re x\U0001fbf0y’s"]}, keys, texture, writes=1.0):
        assert block == plain


def test_capitals_beyond_ascii_are_those_of_unicode() -> None:
    """Whatever letter the kernel makes a capital itself becomes the one that `str.upper` gives."""
    known = 0
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x10000)):
        out = np.frombuffer(bytearray(chr(code).encode()), np.uint8)
        if kernel.capital_beyond(out, 0):
            assert out.tobytes().decode() == chr(code).upper()
            known += 1
    assert known > 20_000


def test_long_texts_get_the_room_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the room is too small for a block, or for one text, all texts are there all the same."""
    monkeypatch.setattr(block_texts, "_ROOM", 64)
    keys = [mixed(number) for number in range(50)]
    rules = {"text": ["{word*3-4} " * 30, "{>word*3-4}", "x"], "word": ["some words", "other\nlines", "{#1-9}", "more"]}
    for block, plain in _composed(rules, keys, HAS_ALL, writes=0.5):
        assert block == plain


def test_records_take_blocks_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Traffic.records` and the endless stream go over to blocks without a change of what they give."""
    monkeypatch.setattr(blocks, "MANY", 300)
    monkeypatch.setattr(blocks, "ROWS", 128)
    traffic = open_traffic(DATASETS, "sms", 8)
    first = [one.record for one in traffic.records(0, 299)]
    assert not traffic._tried_blocks
    many = [one.record for one in traffic.records(0, 700)]
    assert traffic._blocks is not None
    assert many[:299] == first
    assert many[299:] == [traffic.made(number).record for number in range(299, 700)]
    monkeypatch.setattr(makers, "FEW", 50)
    monkeypatch.setattr(makers, "MANY", 300)
    stream = islice(makers.stream_sms(random_state=8, start=7), 700)
    assert [one.record for one in stream] == [one.record for one in makers.stream_sms(700, random_state=8, start=7)]


def test_a_file_of_many_records_is_made_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file, records and truth, holds the bytes that it holds when its records are made one by one."""
    order = shards.Order(DATASETS, "sms", "9", BLOCK + 300, {})
    for name, most in (("one by one", 1 << 40), ("in blocks", 100)):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(shards, "MANY", most)
        _, source = shards.generate(order, tmp_path / name / "made.jsonl", truth=True, workers=1)
        assert isinstance(source, Traffic)
        assert (source._blocks is not None) is (name == "in blocks")
    for path in (tmp_path / "in blocks").iterdir():
        assert path.read_bytes() == (tmp_path / "one by one" / path.name).read_bytes()


def test_without_numba_records_are_made_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra there are no blocks, and the same records."""
    monkeypatch.setattr(blocks, "find_spec", lambda _name: None)
    monkeypatch.setattr(blocks, "MANY", 20)
    assert [one.record for one in _TRAFFIC.with_recipe(_TRAFFIC.recipe).records(0, 25)] == [
        _TRAFFIC.made(number).record for number in range(25)]


def test_compiled_code_that_goes_wrong_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first records come out otherwise than one by one, blocks are not used."""
    assert blocks.opened(_TRAFFIC) is not None
    monkeypatch.setattr(block_texts, "_GIVEN", block_texts._GIVEN[::-1].copy())
    monkeypatch.setattr(blocks, "CHECKED", 400)
    assert blocks.opened(_TRAFFIC) is None


@pytest.mark.parametrize("before", ["sys.path.insert(0, sys.argv[1])", "os.environ['NUMBA_DISABLE_JIT'] = '1'"])
def test_a_numba_that_fails_is_as_none(before: str, tmp_path: Path) -> None:
    """Where numba can't be loaded or doesn't compile, records are made one by one, without a word on it."""
    (tmp_path / "numba.py").write_text("raise ImportError('it needs another NumPy')")
    code = (f"import os, sys; {before}; from pathlib import Path; from spamlab.generate.traffic import open_traffic; "
            "made = open_traffic(Path(sys.argv[2]), 'sms', 1, 'fr'); "
            "print(made.open_blocks(), len(list(made.records(0, 1100))))")
    ended = subprocess.run([sys.executable, "-W", "error", "-c", code, str(tmp_path), str(DATASETS)],
                           capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr) == ("False 1100\n", "")


@pytest.mark.parametrize("error", [OSError("no space is left"), pickle.UnpicklingError("truncated"), TypeError("old")])
def test_what_numba_raises_is_not_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that can't be read or written, and code that can't be compiled, leave records to be made one by one."""
    def fails(*_given: object) -> int:
        raise error

    monkeypatch.setattr(kernel, "compose_all", fails)
    assert blocks.opened(_TRAFFIC) is None


def test_a_record_that_is_kept_keeps_nothing_of_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few records of many, their truth not yet made, hold their own texts alone; their truth is right afterwards."""
    traffic = open_traffic(DATASETS, "email", 9)
    made = blocks.Blocks(traffic)
    compose = made._composer.texts
    columns: list[weakref.ref[_Column]] = []

    def texts(*asked: Any) -> block_texts.BlockTexts:
        found = compose(*asked)
        kept = {rule: _Column(column) for rule, column in found.texts.items()}
        columns.extend(weakref.ref(column) for column in kept.values())
        return replace(found, texts=kept)

    monkeypatch.setattr(made._composer, "texts", texts)
    for whole in (False, True):
        some = list(made.records(0, 60, whole=whole))[::5]
        gc.collect()
        assert [column() for column in columns] == [None] * len(columns) != []
        assert [one.truth for one in some] == [
            traffic.made(number, whole=whole).truth for number in range(0, 60, 5)]


@pytest.mark.parametrize("whole", [False, True])
def test_records_go_to_other_processes(whole: bool) -> None:
    """A record can be pickled, in a block or not, before its truth was asked for."""
    traffic = open_traffic(DATASETS, "email", 3)
    for one in (next(blocks.Blocks(traffic).records(0, 1, whole=whole)), traffic.made(0, whole=whole)):
        assert pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize("first_day", [date(1, 1, 1), date(1960, 1, 1), date(9999, 1, 1)])
def test_years_without_a_table_are_made_one_by_one(first_day: date) -> None:
    """A recipe of a time before 1970, or long after, has no blocks."""
    recipe = replace(_TRAFFIC.recipe, first_day=first_day)
    assert blocks.opened(_TRAFFIC.with_recipe(recipe)) is None


class _Column(list[str]):
    """A list whose end can be seen."""


_TRAFFIC = open_traffic(DATASETS, "sms", 4)
_SMS = blocks.Blocks(_TRAFFIC)
