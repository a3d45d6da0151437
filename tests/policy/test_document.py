"""A policy document is read whole, or every mistake in it is told with its line and with what is allowed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.errors import ContentError, SpamlabError, UsageError
from spamlab.policy.document import LARGEST, TEXTS, Measure, Policy, missing_texts, policy_of, policy_toml, read_policy
from spamlab.policy.lines import line_numbers, line_of
from spamlab.shipped import default_folder

from .strategies import policies

EXAMPLES = sorted((default_folder("datasets") / "policy" / "examples").glob("*.toml"))
HEAD = 'title = "T"\neconomy = "pacific-island"\nyears = 2\n'


def faults(text: str) -> list[str]:
    """What is told about a document called p.toml."""
    with pytest.raises(ContentError) as told:
        read_policy(text, name="p.toml")
    return str(told.value).splitlines()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_sound(path: Path) -> None:
    """Each example can be read and has its texts; they are for different economies."""
    policy = read_policy(path)
    assert policy.measures
    assert missing_texts(policy) == []
    assert len({read_policy(one).economy for one in EXAMPLES}) == len(EXAMPLES) == 4


@settings(deadline=None)
@given(policies())
def test_a_policy_survives_its_text(policy: Policy) -> None:
    """What is written as TOML is read as the same policy."""
    assert read_policy(policy_toml(policy)) == policy


def test_numbers_of_arrays_are_numbers() -> None:
    """Settings that come out of an array are written as plain numbers."""
    measure = Measure("penalties", int(np.int64(3)), {"maximum": np.float64(2.5)})
    text = policy_toml(Policy("T", "pacific-island", 2, (Measure("consent-law", 0, {}), measure), {}))
    assert read_policy(text).measures[1].settings == {"maximum": 2.5}
    assert "maximum = 7\n" in policy_toml(Policy("T", "x", 1, (Measure("penalties", 0, {"maximum": np.int64(7)}),), {}))


def test_settings_have_defaults() -> None:
    """A measure without settings has the defaults of its instrument, and a missing start is week 0."""
    measure = read_policy(HEAD + '[[measure]]\ninstrument = "sender-id-registry"\n').measures[0]
    assert measure.start == 0
    assert measure.settings == {"mode": "mandatory", "unregistered": "mark", "registration_weeks": 26}


def test_all_mistakes_at_once() -> None:
    """Every kind of mistake is told with its line and what is allowed, the nearest known name among it."""
    told = faults('''titel = "T"
economy = "pacific-iland"
years = 9
[text]
purpose = 3
[[measure]]
instrument = "sender-id-registery"
[[measure]]
instrument = "penalties"
start = 4000
maximum = "much"
[[measure]]
# [[measure]] in a comment, and in a text, is none
instrument = "awareness-campaign"
audience = ["exposed",
  "[[measure]]"]
reach = 99
[[measure]]
instrument = "awareness-campaign"
colour = "red"
[[measure]]
instrument = "sender-id-registry"
mode = "voluntary"
unregistered = "block"
[[measure]]
instrument = "mail-authentication"
quarantine_after = 90
reject_after = 40
[[measure]]
start = -1
''')
    expected = [
        ("p.toml: title is missing", ""), ("p.toml, line 1: the key titel", "do you mean title?"),
        ("p.toml, line 2: there is no economy", "do you mean pacific-island?"),
        ("p.toml, line 3: years = 9", "1 to 5"), ("p.toml, line 5: purpose must be a text", ""),
        ("p.toml, line 7: there is no instrument", "do you mean sender-id-registry?"),
        ("p.toml, line 9: penalties needs consent-law", "add a [[measure]]"),
        ("p.toml, line 10: start = 4000 is beyond the end", "0 to 259"),
        ("p.toml, line 11: maximum of penalties is much", "1 to 10000 (times yearly GDP per head)"),
        ("p.toml, line 15: audience", "exposed, average, careful"), ("p.toml, line 17: reach", "1 to 60 (per cent)"),
        ("p.toml, line 19: awareness-campaign is there twice", "first as measure 3"),
        ("p.toml, line 20: the key colour has no meaning", "audience"),
        ("p.toml, line 24: unregistered = block and mode = voluntary do not go together", "mode = mandatory"),
        ("p.toml, line 27: quarantine_after = 90 and reject_after = 40 do not go", "at most reject_after"),
        ("p.toml, line 29: instrument is missing", "consent-law"),
        ("p.toml, line 30: start = -1 is before", "0 to 259")]
    assert len(told) == len(expected)
    for line, (begin, within) in zip(told, expected, strict=True):
        assert line.startswith(begin), line
        assert within in line
        assert "; allowed: " in line


def test_channels_lie_within_the_law() -> None:
    """An opt-out list can't reach beyond the channels of the consent law that it needs."""
    told = faults(HEAD + '[[measure]]\ninstrument = "consent-law"\nchannels = ["sms"]\n'
                         '[[measure]]\ninstrument = "opt-out-list"\nchannels = ["voice", "sms"]\n')
    assert told == [
        "p.toml, line 9: channels of opt-out-list reaches beyond channels of consent-law: voice; allowed: sms"]


def test_lines_that_are_no_toml() -> None:
    """All of them are told, and what the rest of the document has wrong as well."""
    told = faults('title = "a\neconomy = pacific-island\nyears = 3\nyears = 4\n[[measure]]\ninstrument = "port-25"\n'
                  'providers = "none"\n[[measure]]\ninstrument = "complaint-line"\nchannels = ["sms"\nstart = 3\n')
    assert [line.split(":")[0] for line in told] == [f"p.toml, line {one}" for one in (1, 2, 4, 7, 10)]
    assert "no closing quote" in told[0]
    assert "needs quotes" in told[1]
    assert "twice" in told[2]
    assert "not closed with ]" in told[4]


@pytest.mark.parametrize(("text", "told"), [
    ("a = " + "[" * 50_000, "nested too deep"), ("a = {" * 5_000, "nested too deep"),
    ("x" * (LARGEST + 1), "longer than 200,000 bytes"), ("é" * LARGEST, "longer than 200,000 bytes"),
    ("years = " + "9" * 9_000, "a number is too long"), ("title = '\ud800'", "UTF-8"),
    ("title = 'a\u202eb'", "control character U\\+202E"), ("title = '\x00'", "this is no TOML"),
    (HEAD + "[[measure]]\ninstrument = 'enforcement-staff'\nofficers = nan", "must be a number"),
    (HEAD + "[[measure]]\n" * 100, "there are 100 measures; allowed: 60"),
    (HEAD + "text = 3\nmeasure = 4", "each measure must be a table"),
    ("a.b" + ".c" * 50 + " = 1", "the key a has no meaning"),
    (HEAD + "a" + ".c" * 90_000 + " = 1", "line 4: more than a hundred names"),
    ("x = {" + '"a" . ' * 30_000 + "a = 1}", "line 1: more than a hundred names"),
    ("[" + ".".join("a" * 90) + "]\n" + "".join(f"k{one} = 1\n" for one in range(15_000)) + "a\n" * 90, "no TOML")])
def test_hostile_documents(text: str, told: str) -> None:
    """Whatever stands in a document, the answer is short sentences, and it comes soon."""
    begun = time.process_time()
    with pytest.raises(ContentError, match=told) as error:
        read_policy(text)
    assert len(str(error.value)) < 3_000
    assert time.process_time() - begun < 8


def test_files_that_cant_be_read(tmp_path: Path) -> None:
    """A file that is missing, too long or in another encoding is told in one sentence with its name."""
    with pytest.raises(UsageError, match=r"none.toml can't be read: No such file"):
        read_policy(tmp_path / "none.toml")
    path = tmp_path / "p.toml"
    path.write_bytes(b"title = 'a'\n# caf\xe9")
    with pytest.raises(ContentError, match=r"p.toml, line 2: this is no text in UTF-8"):
        read_policy(path)
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(ContentError, match=r"p.toml: it is longer"):
        read_policy(path)
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert read_policy(path).years == 2


KEYS = st.sampled_from(["title", "economy", "years", "text", "measure", "instrument", "start", "channels", "purpose"])


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
                    max_leaves=20))
def test_anything_may_come_from_a_form(read: object) -> None:
    """Whatever is given, the answer is faults in words, for none of these is a whole policy."""
    with pytest.raises(ContentError):
        policy_of(read)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.text(st.sampled_from("a=[]{}\"'.#\n\\ 1,"), max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    """Whatever the text, the answer is a policy or an error of ours."""
    with pytest.raises(SpamlabError):
        read_policy(text)


def test_keys_of_a_form_may_be_anything() -> None:
    """A record whose keys are no texts is told so, for a notebook can hand over such a one."""
    with pytest.raises(ContentError, match="the key 1 has no meaning") as told:
        policy_of({1: 2, None: 3, (1, 2): 4, "text": {5: "x"},  # type: ignore[dict-item]
                   "measure": [{"instrument": "complaint-line", 7: 8}]})
    assert "measure 1: the key 7 has no meaning" in str(told.value)


def test_faults_of_a_form_have_no_lines() -> None:
    """Where there is no text, the number of the measure stands in place of the line."""
    with pytest.raises(ContentError, match=r"^policy: measure 2: start = 900 is beyond"):
        policy_of({"title": "T", "economy": "pacific-island", "years": 2, "measure": [
            {"instrument": "port-25"}, {"instrument": "treaty", "start": 900}]})


def test_texts_that_are_missing() -> None:
    """Each text needs its words; the same words again, or one text four times, do not count."""
    words = " ".join(f"word{one}" for one in range(15))
    base = {"title": "T", "economy": "pacific-island", "years": 2}
    own = {key: f"{key} {words}" for key in TEXTS}
    assert missing_texts(policy_of({**base, "text": own})) == []
    assert len(missing_texts(policy_of(base))) == 4
    short = missing_texts(policy_of({**base, "text": {**own, "rights": "We keep them."}}))
    assert len(short) == 1
    assert short[0].startswith("Rights (rights) has 3 words; at least 15 are needed.")
    assert "again and again" in missing_texts(policy_of({**base, "text": {**own, "rights": "rights " * 20}}))[0]
    assert "the same" in missing_texts(policy_of({**base, "text": dict.fromkeys(TEXTS, words)}))[0]
    chinese = {**own, "rights": "这些措施不读取任何人的消息内容只看模式并且每一次请求都要由独立机构审查和公布"}
    assert missing_texts(policy_of({**base, "text": chinese})) == []


def test_lines_are_found() -> None:
    """Keys in tables, in the n-th of several, after texts and lists of several lines, dotted and quoted."""
    found = line_numbers('a = """\n[x]\nb = 1\n"""\n"c d".e = [ # ]\n "]",\n 3]\n[[m]]\nk = 1 # [[m]]\n'
                         "[[m]]\nk = '''\n'''\n[m.sub]\nz = {y = 1}\n[t]\nk=2")
    assert found == {("a",): 1, ("c d",): 5, ("c d", "e"): 5, ("m", 0): 8, ("m", 0, "k"): 9, ("m", 1): 10,
                     ("m", 1, "k"): 11, ("m", 1, "sub"): 13, ("m", 1, "sub", "z"): 14, ("t",): 15, ("t", "k"): 16}
    assert line_of(found, ("m", 1, "sub", "z", "y")) == 14
    assert line_of(found, ("m", 7)) == line_of(found, ("u",)) == 0
