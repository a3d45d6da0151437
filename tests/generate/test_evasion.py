"""What hides a text from a filter leaves it readable and harmless, depends on its key alone, and is told."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.errors import ContentError
from spamlab.generate.confusables import LOOKS, ZERO_WIDTH, skeleton
from spamlab.generate.draws import MASK
from spamlab.generate.evasion import LINK, LOOKALIKES, TECHNIQUES, Evaded, Knobs, apply, html_hiding, links
from spamlab.generate.rewording import Rewording, read_rewording
from spamlab.generate.safety import unsafe
from spamlab.generate.traffic import open_traffic
from spamlab.shipped import default_folder

DATASETS = default_folder("datasets")
ENGLISH = read_rewording(DATASETS / "languages/en")
ON_TEXT = TECHNIQUES[:-2]
KEYS = st.integers(0, MASK)
TEXT = ("Your parcel is on hold. If you want it today, please pay the fee of 2.99 at "
        "https://www.parcel-fee.example/pay?id=7 or call 07700 900123. Write to help@parcel.example.")
TEXTS = st.one_of(st.just(TEXT), st.text(max_size=80), st.lists(st.sampled_from(
    ["free", "Win", "x.example/a", "http://y.test", "07700 900123", "a@b.example", "привет", "مرحبا", "你好吗", "."]),
    max_size=12).map(" ".join))


@given(TEXTS, KEYS, st.sets(st.sampled_from([*ON_TEXT, *LOOKALIKES])))
def test_the_same_key_gives_the_same(text: str, key: int, techniques: set[str]) -> None:
    """Text, key and techniques decide alone, in whatever order the techniques are named."""
    assert apply(text, key, techniques, ENGLISH) == apply(text, key, sorted(techniques, reverse=True), ENGLISH)


@given(st.lists(st.one_of(st.sampled_from([*ENGLISH.group, *(word.upper() for word in ENGLISH.group)]), st.sampled_from(
    [" ", ".", "-", "/", "@", "'", "\n", "s", "2", "_", "é", "I"])), max_size=12).map("".join), KEYS)
def test_words_with_synonyms_are_found_wherever_they_stand(text: str, key: int) -> None:
    """To look closely only where one may begin changes nothing: as if the whole text was looked at closely."""
    assert ENGLISH.begin
    whole = replace(ENGLISH, begin=frozenset())
    assert apply(text, key, ["paraphrase"], ENGLISH) == apply(text, key, ["paraphrase"], whole)


@given(KEYS, st.sets(st.sampled_from([*ON_TEXT, *LOOKALIKES])))
def test_nothing_real_comes_of_it(key: int, techniques: set[str]) -> None:
    """A safe text stays safe, and its mail address and number stay as they are."""
    text, _ = apply(TEXT, key, techniques, ENGLISH)
    assert unsafe(text) == []
    assert "07700 900123" in text
    assert "help@parcel.example" in text


@pytest.mark.parametrize("technique", [*ON_TEXT, "short_link", "emoji", "mixed_scripts"])
def test_each_technique_does_something_and_says_so(technique: str) -> None:
    """A text with words and a link is changed by each, which is told by name with the places changed."""
    for key in range(40):
        text, done = apply(TEXT, key * 7919, [technique], ENGLISH)
        assert [one.technique for one in done] == ([technique] if text != TEXT else [])
        assert all(one.changed > 0 for one in done)
    assert any(apply(TEXT, key * 7919, [technique], ENGLISH)[0] != TEXT for key in range(40))


@given(KEYS)
def test_letters_that_look_the_same_lead_back(key: int) -> None:
    """Homoglyphs and characters without width are gone in the skeleton, which is the text's."""
    text, done = apply(TEXT, key, ["homoglyphs", "zero_width"], ENGLISH)
    assert text != TEXT
    assert {one.technique for one in done} == {"homoglyphs", "zero_width"}
    assert skeleton(text) == skeleton(TEXT)


def test_looks_are_other_characters() -> None:
    """Each look-alike is one character, not its letter, and not one without width."""
    for letter, looks in LOOKS.items():
        assert letter not in looks
        assert len(letter) == 1
        assert not set(looks) & set(ZERO_WIDTH)


@given(KEYS)
def test_spacing_and_leet_keep_words_readable(key: int) -> None:
    """Without what stands between the letters the text is the same, and no word becomes a number."""
    text, _ = apply(TEXT, key, ["spacing"], ENGLISH)
    assert re.sub(r"[ ._-]", "", text) == re.sub(r"[ ._-]", "", TEXT)
    text, _ = apply(TEXT, key, ["leet"], ENGLISH)
    assert re.findall(r"\b\d+\b", text) == re.findall(r"\b\d+\b", TEXT)


@given(KEYS)
def test_links_lead_where_they_led(key: int) -> None:
    """A chain begins with what is shown and ends where the link led, over at most two stops with reserved names."""
    text, (done,) = apply(TEXT, key, ["shortener"], ENGLISH)
    (chain,) = done.chains
    assert links(text) == [chain[0]]
    assert chain[-1] == "https://www.parcel-fee.example/pay?id=7"
    assert 2 <= len(chain) <= 4
    assert unsafe(" ".join(chain)) == []


@given(KEYS)
def test_rotation_keeps_the_way(key: int) -> None:
    """The host is another one with a reserved end, path and scheme stay, and the two names are told."""
    text, (done,) = apply(TEXT, key, ["rotation"], ENGLISH)
    ((before, after),) = done.renamed
    assert before == "www.parcel-fee.example" != after
    assert f"https://{after}/pay?id=7" in text
    assert "parcel-fee" in after


@pytest.mark.parametrize(("text", "found"), [
    ("at x.example.", ["x.example"]),
    ("go to https://a.b.test/c?d=e, now", ["https://a.b.test/c?d=e"]),
    ("www.example.com/ and example.org", ["www.example.com/", "example.org"]),
    ("mail me@x.example or u.v@y.example", []),
    ("for example. Test", []),
    ("(see y.invalid/a_b)", ["y.invalid/a_b"]),
    ("x.example.com/a but not texample or myexample.com", ["x.example.com/a"]),
    ("请点击https://parcel.example/a核实，或登录pay.test。", ["https://parcel.example/a", "pay.test"]),
    ("https://münchen.example/x, сайт пример.test", ["https://münchen.example/x", "пример.test"]),
])
def test_links_are_found(text: str, found: list[str]) -> None:
    """Links with and without a scheme are found whole, mail addresses and the ends of sentences are not."""
    assert links(text) == found
    assert LINK.findall(text) == found


@given(KEYS)
def test_a_paraphrase_keeps_links_numbers_and_amounts(key: int) -> None:
    """Other words stand in it, but what is asked for stays."""
    text, _ = apply(TEXT, key, ["paraphrase"], ENGLISH)
    for kept in ("https://www.parcel-fee.example/pay?id=7", "2.99", "07700 900123"):
        assert kept in text


def test_variants_differ() -> None:
    """One message gives many variants."""
    assert len({apply(TEXT, key * 31, ["paraphrase"], ENGLISH)[0] for key in range(60)}) > 40


@given(KEYS)
def test_hidden_html_shows_the_same(key: int) -> None:
    """Without what a reader can't see, the page's words are the same; links and styles are untouched."""
    page = ("<style>p{color:red}</style><p>Your account is suspended &amp; blocked.</p><div><a href='https://x.example/a'>"
            "verify account</a> to claim the free prize</div><p>Thank you</p>")
    made, told = html_hiding(page, key, ENGLISH)
    hidden = r"<!--.*?-->|<(\w+) style=\"(?:display:none|font-size:0|color:#f|position:abs|max-height:0)[^>]*>.*?</\1>"
    assert re.sub(hidden, "", made) == page
    assert told.changed > 0
    assert made != page
    assert "<a href='https://x.example/a'>verify account</a>" in made
    assert unsafe(html.unescape(made)) == []


def test_names_that_are_unknown() -> None:
    """A technique that is unknown, or that only a mail has, is refused."""
    with pytest.raises(ValueError, match="no technique for a text: html_hiding, magic"):
        apply("x", 1, ["magic", "html_hiding"])


def test_without_words_of_the_language() -> None:
    """A language without a file has no paraphrase and no salad; nothing is told of them."""
    assert apply(TEXT, 5, ["paraphrase", "word_salad"], Rewording()) == (TEXT, ())


def test_shares_of_knobs() -> None:
    """Techniques fall on the share of the spam that a recipe says and on no ham; look-alikes on both."""
    knobs = Knobs({"leet": 0.3, "rotation": 0.0}, {"emoji": 0.2, "mixed_scripts": 1.0})
    spam = [knobs.drawn(key * 0x9E3779B97F4A7C15 & MASK, "spam", "mobile") for key in range(2000)]
    ham = [knobs.drawn(key * 0x9E3779B97F4A7C15 & MASK, "ham", "alpha") for key in range(2000)]
    assert 520 < sum("leet" in one for one in spam) < 680
    assert not any(one & {"leet", "rotation"} for one in ham)
    assert [("emoji" in one) for one in spam] == [("emoji" in one) for one in ham]
    assert all("mixed_scripts" in one for one in spam)
    assert knobs.drawn(1, "spam", "mobile:one-ring") == frozenset()
    assert not any("mixed_scripts" in one for one in ham)


def test_only_running_text_is_changed() -> None:
    """Names and other rules of a document stay, a rule asked for twice is told once, a subject gets no salad."""
    give = Evaded(lambda rule: f"free {rule}", 5, frozenset(["leet", "word_salad"]), ENGLISH)
    assert give("sender_name") == "free sender_name"
    assert give("text") == give("text")
    assert len(give("subject")) == len("free subject")
    assert give.truth()["techniques"] == ["word_salad", "leet"]
    assert [one.technique for one in give.done] == ["word_salad", "leet", "leet"]


def test_truth_tells_what_was_done(tmp_path: Path) -> None:
    """In a recipe with all knobs, each record's truth says what its text shows, and only spam has techniques."""
    root = tmp_path / "datasets"
    (root / "recipes").mkdir(parents=True)
    (root / "languages").symlink_to(DATASETS / "languages")
    knobs = "".join(f"{name} = 0.3\n" for name in ON_TEXT)
    (root / "recipes/all.toml").write_text(
        'kind = "traffic"\nchannel = "sms"\nabout = "A."\nversion = 1\nspam = 0.5\nfirst_day = 2026-01-05\ndays = 9\n'
        f"[languages]\nen = 1\n[evasion]\n{knobs}[lookalikes]\nemoji = 0.2\nshort_link = 0.3\n", encoding="utf-8")
    seen = set()
    for one in open_traffic(root, "all", 3).records(0, 400):
        text, truth = one.record["text"], one.truth
        assert unsafe(text) == []
        assert not (truth["techniques"] and truth["label"] == "ham")
        assert ("zero_width" in truth["techniques"]) <= any(mark in text for mark in ZERO_WIDTH)
        assert [chain[0] for chain in truth["links"]] == links(text)
        assert unsafe(" ".join(stop for chain in truth["links"] for stop in chain)) == []
        if "shortener" in truth["techniques"]:
            assert any(len(chain) > 1 for chain in truth["links"])
        seen |= {*truth["techniques"], *truth["lookalikes"]}
    assert seen == {*ON_TEXT, "emoji", "short_link"}


@pytest.mark.parametrize(("written", "told"), [
    ("synonyms = 3", "en/rewording.toml: synonyms must be a list of lists"),
    ('synonyms = [["one"]]', "en/rewording.toml: synonyms must be a list of lists with 2 texts or more"),
    ('frames = ["no place"]', "en/rewording.toml: the frame 'no place' needs {s} once"),
    ('orders = [["If {a}, {b}.", "{b}"]]', "needs a second text, and {a} and {b} once in both"),
    ('synonims = []', "the key synonims has no meaning"),
    ('salad = [1]', "salad must be a list of texts"),
    ("spaces = 1", "spaces must be true or false"),
    ("=", "this is not TOML"),
])
def test_faults_of_a_file(tmp_path: Path, written: str, told: str) -> None:
    """Each fault is told with its file."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en/rewording.toml").write_text(written, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_rewording(tmp_path / "en")
    assert told in str(error.value)


@pytest.mark.parametrize("path", sorted((DATASETS / "languages").glob("*/rewording.toml")),
                         ids=lambda path: path.parent.name)
def test_files_here_are_sound(path: Path) -> None:
    """Every language's rules are read, and what they add is safe."""
    rules = read_rewording(path.parent)
    assert unsafe(" ".join((*rules.frames, *rules.salad, *(word for group in rules.others for word in group)))) == []
