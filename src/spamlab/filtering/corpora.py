"""Reads a trainer's own corpus of real messages into records, so that the same cells work on it.

A corpus is a file, or a folder with any of these in it:

    messages.jsonl, messages.jsonl.gz    one JSON object a line, with "text" (or "raw") and "label"
    messages.csv, messages.tsv, .gz      a table with a head, with the columns text and label
    spam.mbox, ham.mbox                  whole messages one after the other (RFC 4155); the name is the label
    spam/, ham/                          folders of .eml files, Maildirs, mboxes or .txt files; the name is the label

A record has "id", "text", "label" ("spam" or "ham") and whatever else the source gives: channel, language, type, sent.
Nothing of what is read leaves this machine.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from spamlab.errors import ContentError, UsageError
from spamlab.filtering.emails import MOST_BYTES, text_of_email, time_of_email

SPAM_WORDS = frozenset({"spam", "1", "true", "yes", "junk", "phishing", "phish", "smishing"})
HAM_WORDS = frozenset({"ham", "0", "false", "no", "legitimate", "legit", "wanted", "not spam", "notspam", "nonspam"})
"""Words that are read as the two labels, without regard to case."""

_TABLES = {".csv": ",", ".tsv": "\t"}
_MOST_FAULTS = 20
_FIELD = 4_000_000


@dataclass(frozen=True)
class _Names:
    """How a corpus is read: names of its columns, its encoding, and the label that the caller gives to all."""

    text: str
    label: str
    encoding: str
    given: str | None


def read_corpus(path: Path | str, *, label: str | None = None, text_field: str = "text", label_field: str = "label",
                encoding: str = "utf-8") -> list[dict[str, Any]]:
    """All records of a corpus, in the order of names of files and of lines in them.

    path: a file or folder as the module's text describes. label: "spam" or "ham" for all messages, where the corpus
    does not say it. text_field, label_field: names of the columns where they are others. encoding: of text files.

    Raises UsageError if `path` can't be read, holds nothing to read or does not say its labels; ContentError with the
    faults, one a line, each with file and line, if entries are no records.
    """
    path = Path(path)
    if label is not None and label not in ("spam", "ham"):
        raise UsageError(f"label must be spam or ham, not {label}.")
    names = _Names(text_field, label_field, encoding, label)
    faults: list[str] = []
    records: list[dict[str, Any]] = []
    try:
        for record in _read(path, path.name or str(path), label, names, faults):
            record.setdefault("id", f"real-{len(records):06}")
            records.append(record)
            if len(faults) >= _MOST_FAULTS:
                break
    except (OSError, EOFError, zlib.error) as error:
        name = getattr(error, "filename", None) or path
        raise UsageError(f"{name} can't be read: {getattr(error, 'strerror', None) or error}.") from error
    if faults:
        more = ["... and perhaps more; only the first are named."] if len(faults) >= _MOST_FAULTS else []
        raise ContentError("\n".join(faults[:_MOST_FAULTS] + more))
    if not records:
        raise UsageError(f"{path} holds no messages: .jsonl, .csv, .mbox, .eml files or folders spam and ham are read.")
    return records


def _read(path: Path, shown: str, label: str | None, names: _Names, faults: list[str]) -> Iterator[dict[str, Any]]:
    """The records of a file or folder. label: what its place says. shown: its name in sentences."""
    if path.is_dir():
        yield from _read_folder(path, shown, label, names, faults)
        return
    if not path.exists():
        raise UsageError(f"{path} does not exist.")
    packed = path.suffix == ".gz"
    inner = path.with_suffix("") if packed else path
    suffix = inner.suffix.lower()
    label = _nearest(inner.stem, label, names)
    if suffix == ".jsonl":
        yield from _read_lines(path, packed, shown, label, names, faults)
    elif suffix in _TABLES:
        yield from _read_table(path, packed, shown, label, names, faults, _TABLES[suffix])
    elif suffix == ".mbox":
        yield from _read_mails(_split_mbox(path, packed), shown, label)
    elif suffix in (".txt", ".eml") or not suffix or label:
        yield from _read_one(path, packed, shown, label, names)
    else:
        raise UsageError(f"{shown} is of no kind that is read here: .jsonl, .csv, .tsv, .mbox, .eml or .txt.")


def _read_folder(path: Path, shown: str, label: str | None, names: _Names,
                 faults: list[str]) -> Iterator[dict[str, Any]]:
    entries = sorted(path.iterdir(), key=lambda one: one.name)
    if {"cur", "new"} <= {one.name for one in entries if one.is_dir()}:
        # A Maildir: what is in tmp is not delivered yet.
        entries = [one for one in entries if one.name in ("cur", "new")]
    for one in entries:
        readme = one.stem.lower() in ("readme", "licence", "license", "card", "cmds") and one.suffix != ".eml"
        if one.name.startswith(".") or readme or one.name.endswith(".truth.jsonl"):
            continue
        inner = f"{shown}/{one.name}"
        if one.is_dir():
            yield from _read(one, inner, _nearest(one.name, label, names), names, faults)
        elif one.is_file():
            yield from _read(one, inner, label, names, faults)


def _nearest(name: str, label: str | None, names: _Names) -> str | None:
    """The caller's label, else what this name says, else what the folder around it says."""
    return names.given or _label_of(name) or label


def _label_of(name: str) -> str | None:
    """The label that the name of a file or folder says, as `spam`, `spam_2`, `easy_ham` or `spam-2026` do."""
    words = set(name.lower().replace("-", "_").replace(" ", "_").replace(".", "_").split("_"))
    found = [label for label in ("spam", "ham") if label in words]
    return found[0] if len(found) == 1 else None


def _open(path: Path, packed: bool, encoding: str) -> IO[str]:
    opened: Any = gzip.open if packed else open
    # Spreadsheets begin their tables with a byte order mark, which is no part of the first name.
    known = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    stream: IO[str] = opened(path, "rt", encoding=known, newline="")
    return stream


def _read_lines(path: Path, packed: bool, shown: str, label: str | None, names: _Names,
                faults: list[str]) -> Iterator[dict[str, Any]]:
    with _open(path, packed, names.encoding) as stream:
        number = 0
        try:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    entry = json.loads(line)
                except (ValueError, RecursionError):
                    faults.append(f"{shown}, line {number}: this is no JSON object")
                else:
                    yield from _record(entry, f"{shown}, line {number}", label, names, faults)
                if len(faults) >= _MOST_FAULTS:
                    return
        except UnicodeDecodeError as error:
            faults.append(f"{shown}, after line {number}: this is not {names.encoding} ({error.reason})")


def _read_table(path: Path, packed: bool, shown: str, label: str | None, names: _Names, faults: list[str],
                separator: str) -> Iterator[dict[str, Any]]:
    old = csv.field_size_limit(min(_FIELD, sys.maxsize))
    try:
        with _open(path, packed, names.encoding) as stream:
            rows = csv.DictReader(stream, delimiter=separator)
            try:
                head = list(rows.fieldnames or ())
                missing = [name for name in (names.text, *(() if label else (names.label,))) if name not in head]
                if missing:
                    faults.append(f"{shown}, line 1: there is no column {' and no column '.join(missing)}, only "
                                  f"{', '.join(name or '(no name)' for name in head) or 'an empty line'}")
                    return
                for row in rows:
                    entry = {key: value for key, value in row.items() if key and value is not None}
                    yield from _record(entry, f"{shown}, line {rows.line_num}", label, names, faults)
                    if len(faults) >= _MOST_FAULTS:
                        return
            except csv.Error as error:
                faults.append(f"{shown}, line {rows.line_num}: this is no table ({error})")
            except UnicodeDecodeError as error:
                faults.append(f"{shown}, after line {rows.line_num}: this is not {names.encoding} ({error.reason})")
    finally:
        csv.field_size_limit(old)


def _record(entry: Any, where: str, label: str | None, names: _Names, faults: list[str]) -> Iterator[dict[str, Any]]:
    """The record in one entry, or a fault."""
    if not isinstance(entry, dict):
        faults.append(f"{where}: this is no JSON object")
        return
    text = entry.get(names.text)
    if text is None and isinstance(entry.get("raw"), str):
        text = text_of_email(entry["raw"].encode("utf-8", "surrogateescape"))
    if not isinstance(text, str):
        faults.append(f"{where}: {names.text} is {'missing' if text is None else 'no text'}")
        return
    said = names.given or entry.get(names.label)
    said = label if said is None else said
    # JSON's true and 1, a table's "TRUE" and "1.0" are one.
    word = str(said).strip().lower().removesuffix(".0")
    if word in SPAM_WORDS:
        found = "spam"
    elif word in HAM_WORDS:
        found = "ham"
    else:
        said_so = "missing" if said is None else f"{str(said)[:40]!r}, neither spam nor ham"
        faults.append(f"{where}: {names.label} is {said_so}")
        return
    kept = {key: value for key, value in entry.items() if key not in (names.text, names.label)}
    yield {**kept, "text": text, "label": found}


def _need_label(said: str | None, shown: str) -> str:
    if said is None:
        raise UsageError(f"{shown} does not say its label: name the file or its folder spam or ham, or give label.")
    return said


def _read_one(path: Path, packed: bool, shown: str, label: str | None, names: _Names) -> Iterator[dict[str, Any]]:
    """A file of one message, or an mbox without its suffix; .txt is a text as it stands."""
    inner = path.with_suffix("") if packed else path
    label = _need_label(label, shown)
    if inner.suffix.lower() == ".txt":
        with gzip.open(path) if packed else path.open("rb") as stream:
            raw = stream.read(MOST_BYTES)
        yield {"text": raw.decode(names.encoding, "replace"), "label": label}
        return
    yield from _read_mails(_split_mbox(path, packed), shown, label)


def _read_mails(raws: Iterator[bytes], shown: str, label: str | None) -> Iterator[dict[str, Any]]:
    label = _need_label(label, shown)
    for raw in raws:
        record = {"channel": "email", "text": text_of_email(raw), "label": label}
        sent = time_of_email(raw)
        yield {**record, "sent": sent} if sent else record


def _split_mbox(path: Path, packed: bool) -> Iterator[bytes]:
    """The messages of a file: those of an mbox if it begins with "From " (RFC 4155), else the one that it is."""
    opened: Any = gzip.open if packed else open
    with opened(path, "rb") as stream:
        first = stream.readline()
        mbox = first.startswith(b"From ")
        kept, size, blank = ([] if mbox else [first]), len(first), False
        for row in stream:
            if mbox and blank and row.startswith(b"From "):
                yield b"".join(kept)
                kept, size = [], 0
                continue
            if size <= MOST_BYTES:
                kept.append(row[1:] if mbox and row.startswith(b">From ") else row)
                size += len(row)
            blank = row in (b"\n", b"\r\n")
        yield b"".join(kept)
