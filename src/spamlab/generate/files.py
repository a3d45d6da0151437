"""Writes records to a file, whole or not at all: the form follows from the name's end.

Forms: .jsonl and .jsonl.gz (one JSON object a line), .csv. The same records give the same bytes on every machine.
"""

from __future__ import annotations

import csv
import errno
import gzip
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from spamlab.errors import ContentError, MachineError, UsageError
from spamlab.generate.safety import unsafe
from spamlab.generate.traffic import Made

FORMS = (".jsonl", ".jsonl.gz", ".csv")
_SCANNED = ("text", "sender", "recipient")

Progress = Callable[[int], None]


def write(made: Iterable[Made], out: Path, *, labels: bool = True, progress: Progress | None = None) -> int:
    """Write records to `out`; without labels the truth goes to `out` with ".truth.jsonl" at its end. How many.

    Raises UsageError for an unknown form or a folder that is not there, MachineError where the disk is full, and
    ContentError where a record holds something that could be real; then no file of that name is made or changed.
    """
    form = next((form for form in sorted(FORMS, key=len, reverse=True) if out.name.endswith(form)), "")
    if not form or out.name == form:
        raise UsageError(f"the name of the file must end in {', '.join(FORMS)}: {out.name}")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")
    truth = None if labels else out.with_name(f"{out.name}.truth.jsonl")
    count = 0
    try:
        with _whole(out, form.endswith(".gz")) as file, _whole(truth, False) as apart:
            write_row = _rows(file, form)
            for one in made:
                _must_be_safe(one)
                record = dict(one.record)
                if not labels:
                    del record["label"]
                    apart.write(_line(one.truth))
                write_row(record)
                count += 1
                if progress is not None:
                    progress(count)
    except OSError as error:
        why = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror or str(error)
        raise MachineError(f"{out.name} can't be written: {why}; nothing was left behind") from None
    return count


def _must_be_safe(one: Made) -> None:
    for key in _SCANNED:
        found = unsafe(str(one.record.get(key, "")))
        if found:
            raise ContentError(f"{one.record['id']} ({one.truth['type']}) holds {found[0].found}, a {found[0].what} "
                               "that may be real: nothing was written")


def _rows(file: TextIO, form: str) -> Callable[[Mapping[str, Any]], object]:
    if form != ".csv":
        return lambda record: file.write(_line(record))
    table: list[csv.DictWriter[str]] = []

    def row(record: Mapping[str, Any]) -> None:
        if not table:
            table.append(csv.DictWriter(file, list(record), lineterminator="\n"))
            table[0].writeheader()
        table[0].writerow(record)

    return row


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


@contextmanager
def _whole(out: Path | None, packed: bool) -> Iterator[TextIO]:
    """A file that comes to its place when all is written; what was there before stays until then."""
    if out is None:
        yield io.StringIO()
        return
    spare = out.with_name(f".{out.name}.{os.getpid()}.new")
    try:
        with spare.open("wb") as plain:
            if packed:
                # No name and no time in its head: the same records give the same bytes.
                with gzip.GzipFile("", "wb", 6, plain, 0) as zipped, io.TextIOWrapper(
                        zipped, encoding="utf-8", newline="") as text:
                    yield text
            else:
                with io.TextIOWrapper(plain, encoding="utf-8", newline="", write_through=False) as text:
                    yield text
        os.replace(spare, out)
    finally:
        with suppress(OSError):
            spare.unlink(missing_ok=True)
