"""Real corpora come in as the same records, and what is none gets a sentence that names the place."""

from __future__ import annotations

import csv
import gzip
import io
import json
import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.errors import ContentError, SpamlabError, UsageError
from spamlab.filtering import make_filter, read_corpus, slice_metrics, spam_probability
from spamlab.filtering.emails import text_of_email, text_of_html, time_of_email
from tests.filtering.examples import labels, records


def _mail(subject: str, body: str, html: str = "", sent: str = "Tue, 03 Mar 2026 10:00:00 +0200") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = subject, "a@mail.example", sent
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def _pairs(listed: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(one["text"], one["label"]) for one in listed]


@pytest.mark.parametrize("name", ["m.jsonl", "m.jsonl.gz", "m.csv", "m.csv.gz", "m.tsv"])
def test_tables_round_trip(tmp_path: Path, name: str) -> None:
    """Records written as JSON lines or as a table are read as they were, with their other fields."""
    listed = [*records(20), {**records(1)[0], "id": "odd", "text": 'a "quoted",\ttext\nin two lines: été 漢字'}]
    if "jsonl" in name:
        content = "".join(json.dumps(one, ensure_ascii=False) + "\n\n" for one in listed)
    else:
        stream = io.StringIO()
        rows = csv.DictWriter(stream, [*listed[0]], delimiter="\t" if ".tsv" in name else ",", quoting=csv.QUOTE_ALL)
        rows.writeheader()
        rows.writerows(listed)
        content = "\ufeff" + stream.getvalue()
    raw = content.encode()
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    assert read_corpus(tmp_path / name) == listed
    assert read_corpus(tmp_path) == listed


def test_mail_in_every_box(tmp_path: Path) -> None:
    """The same mails in an mbox, a Maildir and as files of their own give the same texts, labels and times."""
    mails = {"ham": [_mail("Minutes", "From here on we meet at three.\nSee you"), _mail("Été à Zürich", "Grüße")],
             "spam": [_mail("Prize", "", "<p>You <b>won</b></p><a href='http://win.example/a'>Claim</a>")]}
    for label, listed in mails.items():
        for name in ("one", "two"):
            (tmp_path / name).mkdir(exist_ok=True)
        box = mailbox.mbox(tmp_path / f"one/{label}.mbox")
        maildir = mailbox.Maildir(tmp_path / "two" / label, create=True)
        folder = tmp_path / "three" / f"easy_{label}_2"
        folder.mkdir(parents=True)
        for place, mail in enumerate(listed):
            box.add(mail)
            maildir.add(mail)
            (folder / f"{place:04}.7c53").write_bytes(mail.as_bytes())
        box.close()
    found = [read_corpus(tmp_path / name) for name in ("one", "two", "three")]
    expected = {("Minutes\n\nFrom here on we meet at three.\nSee you", "ham"), ("Été à Zürich\n\nGrüße", "ham"),
                ("Prize\n\nYou won\nClaim (http://win.example/a)", "spam")}
    for corpus in found:
        assert set(_pairs(corpus)) == expected
        assert {one["sent"] for one in corpus} == {"2026-03-03T08:00:00Z"}
        assert {one["channel"] for one in corpus} == {"email"}
        assert len({one["id"] for one in corpus}) == 3


def test_whole_messages_in_json_lines(tmp_path: Path) -> None:
    """A record with the whole message and no text gets its text from it."""
    (tmp_path / "m.jsonl").write_text(json.dumps({"raw": _mail("A", "B").as_string(), "label": 1}), encoding="utf-8")
    assert _pairs(read_corpus(tmp_path / "m.jsonl")) == [("A\n\nB", "spam")]


def test_other_names_and_words(tmp_path: Path) -> None:
    """Columns of other names, an older encoding and the usual words for the labels are read when asked for."""
    (tmp_path / "m.csv").write_bytes("v1,v2\nham,été\nSPAM,b\n0,c\nTrue,d\n1.0,e\nnot spam,f\n".encode("latin-1"))
    found = read_corpus(tmp_path / "m.csv", text_field="v2", label_field="v1", encoding="latin-1")
    assert _pairs(found) == [("été", "ham"), ("b", "spam"), ("c", "ham"), ("d", "spam"), ("e", "spam"), ("f", "ham")]
    (tmp_path / "reports.txt").write_text("one text", encoding="utf-8")
    assert _pairs(read_corpus(tmp_path / "reports.txt", label="spam")) == [("one text", "spam")]


@pytest.mark.parametrize(("name", "content", "kind", "says"), [
    ("none.jsonl", None, UsageError, "does not exist"), ("a.jsonl", "", UsageError, "no messages"),
    ("a.jsonl", '{"text": "a", "label": "spam"}\n{"text": 3, "label": "ham"}\nnot\n[1]\n{"text": "b"}\n'
     '{"text": "c", "label": "eggs"}\n', ContentError,
     r"a.jsonl, line 2: text is no text\na.jsonl, line 3: this is no JSON object\n"
     r"a.jsonl, line 4: this is no JSON object\n"
     r"a.jsonl, line 5: label is missing\na.jsonl, line 6: label is 'eggs', neither spam nor ham"),
    ("a.csv", "body,label\nx,spam\n", ContentError, "a.csv, line 1: there is no column text, only body, label"),
    ("a.csv", "text,label\nx,spam\ny\n", ContentError, "a.csv, line 3: label is missing"),
    ("a.jsonl", "\udcff\udcfe", ContentError, "this is not utf-8"),
    ("a.jsonl.gz", "not gzip", UsageError, "can't be read"),
    ("mails.mbox", "From a\nSubject: b\n\nc\n", UsageError, "does not say its label"),
    ("a.docx", "x", UsageError, "of no kind that is read here"),
    ("a.jsonl", "[" * 100000, ContentError, "no JSON object"),
])
def test_bad_input_names_the_place(tmp_path: Path, name: str, content: str | None, kind: type[SpamlabError],
                                   says: str) -> None:
    """What can't be read gets a sentence with file and line, all at once."""
    if content is not None:
        (tmp_path / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(kind, match=says) as caught:
        read_corpus(tmp_path / name)
    assert caught.value.__traceback__ is not None
    assert len(str(caught.value).splitlines()) <= 21


def test_many_faults_are_cut(tmp_path: Path) -> None:
    """A file of nothing but faults names the first twenty."""
    (tmp_path / "a.jsonl").write_text("x\n" * 1000, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_corpus(tmp_path / "a.jsonl")
    assert len(str(caught.value).splitlines()) == 21


def test_a_label_must_be_one() -> None:
    """The label for all is spam or ham."""
    with pytest.raises(UsageError, match="not eggs"):
        read_corpus("x", label="eggs")


def test_the_same_cells_work_on_a_real_corpus(tmp_path: Path) -> None:
    """What is read goes straight into a filter and its measures; a readme beside it is passed over."""
    listed = records(300)
    for label in ("spam", "ham"):
        (tmp_path / label).mkdir()
        for place, one in enumerate(one for one in listed if one["label"] == label):
            (tmp_path / label / f"{place}.eml").write_bytes(_mail("Hello", one["text"]).as_bytes())
    (tmp_path / "README.md").write_text("what this is", encoding="utf-8")
    found = read_corpus(tmp_path)
    model = make_filter().fit(found[::2], labels(found[::2]))
    table = slice_metrics(found[1::2], labels(found[1::2]), spam_probability(model, found[1::2]), by=["month"])
    assert table["recall"][0] > 0.9


@pytest.mark.parametrize(("raw", "text"), [
    (b"Subject: =?utf-8?B?w4l0w6k=?= =?utf-8?Q?_ici?=\n\nbody", "Été ici\n\nbody"),
    (b"Subject: a\nContent-Type: text/plain; charset=no-such\n\nh\xe9", "a\n\nhé"),
    (b"Subject: a\nContent-Transfer-Encoding: base64\n\naGVsbG8=", "a\n\nhello"),
    (b"Subject: a\nContent-Type: text/html\n\n<style>x</style>hi<br>you<script>bad</script>", "a\n\nhi\nyou"),
    (b"no header at all", "no header at all"), (b"", ""), (b"\n\nbody", "body"),
    (b"Subject: =?utf-8?B?!!!?=\n\nx", None), (b"Content-Type: multipart/mixed; boundary=a\n\n--a\n--a\n--a--", None),
])
def test_texts_of_odd_mail(raw: bytes, text: str | None) -> None:
    """Wrong or unknown encodings are read as far as they go."""
    found = text_of_email(raw)
    assert text is None or found == text


_PIECES = [b"Subject: ", b"=?utf-8?", b"Q?", b"?=", b"\n", b"\r\n", b"\n\n", b"Content-Type: ", b"multipart/", b"\xff",
           b"mixed; boundary=a", b"text/html; charset=", b"--a", b"--", b"<![", b"<!x", b"<a href=", b"Date: ", b"2026",
           b"Content-Transfer-Encoding: ", b"base64", b"uuencode", b">"]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_PIECES), max_size=25))
def test_no_mail_stops_the_reader(parts: list[bytes]) -> None:
    """Whatever the bytes, a text comes out and nothing is raised."""
    raw = b"".join(parts)
    assert isinstance(text_of_email(raw), str)
    assert isinstance(time_of_email(raw), str)
    assert isinstance(text_of_html(raw.decode("latin-1")), str)


def test_a_nest_of_parts_is_read() -> None:
    """A message nested a thousand deep gives a text, in little time."""
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (place, place) for place in range(1000))
    assert isinstance(text_of_email(b"Subject: a\n" + deep + b"\ntext"), str)
