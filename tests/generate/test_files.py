"""Every form holds what was made and reads back to it; a file is whole or it is not there."""

from __future__ import annotations

import csv
import gzip
import json
import mailbox
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spamlab.errors import ContentError, MachineError, UsageError
from spamlab.generate.fields import fields
from spamlab.generate.files import FORMS, write
from spamlab.generate.safety import unsafe
from spamlab.generate.traffic import Made
from spamlab.generate.writers.mail import source, unquoted
from spamlab.generate.writers.tables import guarded, unguarded

ENDINGS = [form.ending for form in FORMS]
WRITTEN = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
ODD = ["", "=1+1", "\r", "a\rb\nc\r\n", '"', "',", "\u2028x\x85", "+447700900123", "@Ann hi", "'=A(", "\x00", "=A|B!'"]
FIRST = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def record(channel: str, number: int, text: str, **more: Any) -> Made:
    """A record with its truth, as a channel's builder would make them."""
    name, label = f"{channel}-{number:09d}", ("ham", "spam")[number % 2]
    sent = (FIRST + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")
    made = {"id": name, "channel": channel, "language": "en", "sent": sent, **more, "text": text, "label": label}
    return Made(made, {"id": name, "label": label, "type": "some", "recipe": f"{channel} 1"})


def sms(number: int, text: str) -> Made:
    """A text message."""
    return record("sms", number, text, sender="+447700900123", recipient="+447700900124", bearer="sms",
                  encoding="gsm7", segments=number % 3)


def mail(number: int, body: str) -> Made:
    """An e-mail."""
    raw = (f"Return-Path: <a{number}@post.example>\r\nMessage-ID: <{number}@post.example>\r\nFrom: a@post.example\r\n"
           f"Subject: s\r\n\r\n{body}")
    return record("email", number, f"s\n{body}", raw=raw, envelope_from=f"a{number}@post.example" if number % 3 else "",
                  envelope_to=["b@post.example", "c@post.example"], to="b@post.example", subject="s",
                  **{"from": "a@post.example"})


def calls(count: int) -> list[Made]:
    """Calls, some of which nobody answered."""
    return [record("voice", number, "", sender="", cause=16, ring_seconds=number, ended="2026-01-05T10:00:00Z",
                   answered="2026-01-05T09:59:00Z" if number % 2 else "") for number in range(count)]


def read(path: Path) -> list[dict[str, Any]]:
    """The records in a file of any form but mail's, with the types that the form keeps."""
    if path.name.endswith(".csv"):
        with path.open(encoding="utf-8", newline="") as file:
            return [{name: unguarded(value) for name, value in row.items()} for row in csv.DictReader(file)]
    if path.name.endswith(".parquet"):
        return list(pq.read_table(path).to_pylist())
    plain = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in plain.decode().splitlines()]


def expected(ending: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """A record as a form keeps it."""
    if ending == ".csv":
        told = {column.name: one.get(column.name, "") for column in fields(str(one["channel"]))}
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
    if ending == ".parquet":
        return {column.name: _typed(column.kind, one.get(column.name)) for column in fields(str(one["channel"]))}
    return dict(one)


def _typed(kind: str, value: Any) -> Any:
    if kind == "time":
        return datetime.fromisoformat(value) if value else None
    return json.dumps(value) if kind == "json" else value


def names(folder: Path) -> list[str]:
    """What is in a folder, hidden or not."""
    return sorted(one.name for one in folder.iterdir())


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".csv", ".parquet"])
@given(texts=st.lists(st.one_of(WRITTEN, st.sampled_from(ODD)), min_size=1, max_size=12))
@example(texts=ODD)
@settings(max_examples=60, deadline=None)
def test_forms_read_back(ending: str, texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any text comes back from every form as it was, whatever line breaks, quotes and marks are in it."""
    out = tmp_path_factory.mktemp("forms") / f"set{ending}"
    made = [one for one in (sms(number, text) for number, text in enumerate(texts)) if not unsafe(one.record["text"])]
    if made:
        assert write(made, out) == len(made)
        assert read(out) == [expected(ending, one.record) for one in made]


def test_csv_is_read_by_pandas(tmp_path: Path) -> None:
    """The reader that most people use finds the same rows and names."""
    import pandas as pd

    write([sms(number, f"hello,\r\n\"{number}\" é") for number in range(30)], tmp_path / "a.csv")
    found = pd.read_csv(tmp_path / "a.csv", keep_default_na=False, dtype=str)
    assert list(found["text"]) == [f"hello,\r\n\"{number}\" é" for number in range(30)]
    assert next(iter(found.columns)) == "id"


@given(st.one_of(WRITTEN, st.text(st.sampled_from("'=+-@(|[\\! \t\na1"), max_size=8)))
@settings(max_examples=300, deadline=None)
def test_no_cell_runs(cell: str) -> None:
    """What a spreadsheet could run is text in CSV, everything else is untouched, and all of it can be undone."""
    kept = guarded(cell)
    assert unguarded(kept) == cell
    assert kept in (cell, f"'{cell}")
    if kept.lstrip(" \t\r\n")[:1] in tuple("=+-@"):
        assert not any(mark in kept for mark in ("(", "|", "[", "\\", "'!"))


@given(bodies=st.lists(st.lists(st.sampled_from(
    ["From ", ">From ", ">>From x", "a", "", " From ", "Fro", "é", "\r\n", "\n"])), min_size=1, max_size=6))
@settings(max_examples=120, deadline=None)
def test_mailboxes_read_back(bodies: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Python's own mailbox module finds in an mbox and in a Maildir each message as it was, whatever its lines say."""
    folder = tmp_path_factory.mktemp("mail")
    made = [mail(number, "\r\n".join(body)) for number, body in enumerate(bodies)]
    write(made, folder / "a.mbox")
    write(made, f"{folder}/b/")
    wanted = [source(one.record) for one in made]
    box = mailbox.mbox(folder / "a.mbox", create=False)
    ended = [message if message.endswith(b"\n") else message + b"\n" for message in wanted]
    assert [unquoted(box.get_bytes(key)) for key in box.keys()] == ended  # noqa: SIM118
    froms = [box.get_message(key).get_from() for key in box.keys()]  # noqa: SIM118
    assert froms == [f"{one.record['envelope_from'] or 'MAILER-DAEMON'} Mon Jan  5 08:{30 + number}:00 2026"
                     for number, one in enumerate(made)]
    box.close()
    maildir = mailbox.Maildir(folder / "b", create=False)
    assert sorted(maildir.get_bytes(key) for key in maildir.keys()) == sorted(wanted)  # noqa: SIM118


def test_truth_beside_mail(tmp_path: Path) -> None:
    """A mailbox has no place for a label: the truth stands beside, in the order of the messages and by Message-ID."""
    made = [mail(number, "hello") for number in range(4)]
    for name in ("a.mbox", "b"):
        write(made, tmp_path / name)
        truth = read(tmp_path / f"{name}.truth.jsonl")
        assert [one["message_id"] for one in truth] == [f"<{number}@post.example>" for number in range(4)]
        assert [one["label"] for one in truth] == ["ham", "spam"] * 2
        assert b"spam" not in b"".join(one.read_bytes() for one in sorted((tmp_path / name).rglob("*"))
                                       if one.is_file()) + (tmp_path / "a.mbox").read_bytes()


def test_a_maildir_says_when_and_no_more(tmp_path: Path) -> None:
    """Names are time, id and host, files bear the time of sending, folders none: nothing of how they were made."""
    made = [mail(number, "hello") for number in range(5)]
    write(made, f"{tmp_path}/box/")
    write(made, f"{tmp_path}/again/")
    found = sorted((tmp_path / "box/new").iterdir())
    start = int(FIRST.timestamp())
    assert [one.name for one in found] == [
        f"{start + 60 * number}.email-{number:09d}.spamlab.example" for number in range(5)]
    assert [one.stat().st_mtime_ns for one in found] == [(start + 60 * number) * 10**9 for number in range(5)]
    assert {(tmp_path / "box" / one).stat().st_mtime for one in ("cur", "new", "tmp")} == {315532800.0}
    assert names(tmp_path / "again/new") == names(tmp_path / "box/new")


def test_a_table_has_row_groups_and_types(tmp_path: Path) -> None:
    """Parquet comes in row groups of ten thousand, whole numbers are numbers, times are times, and null is null."""
    write((sms(number, "hello") for number in range(20_500)), tmp_path / "a.parquet")
    file = pq.ParquetFile(tmp_path / "a.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [10_000, 10_000, 500]
    assert str(file.schema_arrow.field("segments").type) == "int64"
    assert str(file.schema_arrow.field("sent").type) == "timestamp[ms, tz=UTC]"
    write(calls(4), tmp_path / "b.parquet")
    assert [one["answered"] is None for one in read(tmp_path / "b.parquet")] == [True, False, True, False]


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_labels(ending: str, tmp_path: Path) -> None:
    """The label is gone from every form, and the truth stands beside by id; with `truth` it does with labels too."""
    made = [mail(number, "hello") for number in range(6)]
    for name, how in (("a", {"labels": False}), ("b", {"truth": True})):
        out = f"{tmp_path}/{name}{ending}"
        write(made, out, **how)
        truth = read(Path(f"{out.rstrip('/')}.truth.jsonl"))
        assert [(one["id"], one["label"]) for one in truth] == [(one.record["id"], one.record["label"]) for one in made]
        if ending not in (".mbox", "/"):
            assert ["label" in one for one in read(Path(out))] == [name == "b"] * 6


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_bytes_again(ending: str, tmp_path: Path) -> None:
    """A second writing gives the same bytes, in one block or in many, and the file that was there is replaced."""
    made = [mail(number, f"hello {number}") for number in range(2100)]
    found = []
    for name in ("a", "b"):
        out = tmp_path / f"{name}{ending}"
        write(iter(made), f"{tmp_path}/{name}{ending}")
        files = sorted(one for one in out.rglob("*") if one.is_file()) if ending == "/" else [out]
        found.append([one.read_bytes() for one in files])
    assert found[0] == found[1]
    if ending != "/":
        write(made[:1], tmp_path / f"b{ending}")
        assert (tmp_path / f"b{ending}").read_bytes() != found[0][0]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_goes_wrong_half_way_leaves_all_as_it_was(ending: str, tmp_path: Path) -> None:
    """Whether a record can't be written, may be real or was never made: no file comes, and none is changed."""
    def interrupted() -> Iterator[Made]:
        yield from (mail(number, "hello") for number in range(1500))
        raise KeyboardInterrupt

    fine = [mail(number, "hello") for number in range(1500)]
    real = [*fine, mail(1500, "see evil.com")]
    half = [*fine, mail(1500, "half \ud83d of it")]
    if ending != "/":
        (tmp_path / f"a{ending}").write_text("before")
    before = names(tmp_path)
    with pytest.raises(ContentError, match=r"email-000001500 \(some\) holds evil.com, a host"):
        write(real, f"{tmp_path}/a{ending}")
    with pytest.raises(ContentError, match=r"email-000001000 and email-000001500 a text holds half a character"):
        write(half, f"{tmp_path}/a{ending}")
    with pytest.raises(KeyboardInterrupt):
        write(interrupted(), f"{tmp_path}/a{ending}")
    assert names(tmp_path) == before
    if ending != "/":
        assert (tmp_path / f"a{ending}").read_text() == "before"


def test_an_unknown_field_has_no_column(tmp_path: Path) -> None:
    """A field that no column holds is not lost in silence."""
    with pytest.raises(ContentError, match="sms-000000001 has a field colour that has no column"):
        write([sms(0, "a"), record("sms", 1, "b", colour="red")], tmp_path / "a.csv")
    assert names(tmp_path) == []


def test_bad_names(tmp_path: Path) -> None:
    """A name that can't be written is told before anything is made, with what could be."""
    made = [sms(0, "hello")]
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").touch()
    (tmp_path / "dir.jsonl").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "led.jsonl.truth.jsonl").mkdir()
    for out, one, told in (
            ("a.doc", made, r"must end in \.jsonl, .* or in / for a Maildir: .*a\.doc"), (".csv", made, "must end in"),
            ("none/a.csv", made, "there is no folder .*none"), ("file/a.csv", made, "there is no folder .*file"),
            ("a.mbox", made, "only e-mails are kept in an mbox or a Maildir, and this is sms"),
            ("a/", made, "only e-mails"), ("a", made, "only e-mails"), ("dir.jsonl", made, "is a folder, not a file"),
            ("full/", [mail(0, "a")], "is not empty"), ("full", [mail(0, "a")], "is not empty"),
            ("file", [mail(0, "a")], "is a file, not a folder"), ("..", [mail(0, "a")], "must end in"),
            ("led.jsonl", made, "is a folder, not a file for the truth")):
        with pytest.raises(UsageError, match=told):
            write(one, f"{tmp_path}/{out}", labels=False)
    with pytest.raises(UsageError, match="there is no record to write"):
        write([], tmp_path / "a.csv")
    with pytest.raises(MachineError, match="can't be written: File name too long; nothing was left behind"):
        write(made, tmp_path / f"{'a' * 254}.csv")
    write(made, tmp_path / f"{'a' * 251}.csv")
    (tmp_path / f"{'a' * 251}.csv").unlink()
    assert names(tmp_path) == ["dir.jsonl", "file", "full", "led.jsonl.truth.jsonl"]


def test_an_empty_folder_becomes_the_maildir(tmp_path: Path) -> None:
    """A folder that is there and empty is taken; one that can't be written to is told."""
    (tmp_path / "box").mkdir()
    write([mail(0, "a")], tmp_path / "box")
    assert names(tmp_path / "box") == ["cur", "new", "tmp"]
    sealed = tmp_path / "sealed"
    sealed.mkdir(mode=0o500)
    if not os.access(sealed, os.W_OK):
        with pytest.raises(MachineError, match="Permission denied"):
            write([mail(0, "a")], sealed / "a.mbox")
    assert names(sealed) == []
