"""Writes records to a file or folder, whole or not at all: the form follows from the name's end.

Forms: .jsonl, .jsonl.gz, .csv, .parquet; for e-mail also .mbox and a Maildir, whose name ends in "/" or has no end.
The same records give the same bytes on every machine; packed forms, with the same release of what packs them.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from spamlab.errors import ContentError, MachineError, UsageError
from spamlab.generate.fields import fields
from spamlab.generate.traffic import Made
from spamlab.generate.writers import BLOCK, Form, Record, lines, mail, tables
from spamlab.generate.writers.scan import must_be_safe

FORMS: tuple[Form, ...] = (
    Form(".jsonl", "JSON lines", True, lines.encode, lines.open_plain),
    Form(".jsonl.gz", "JSON lines, packed", True, lines.encode_packed, lines.open_plain),
    Form(".csv", "a table for spreadsheets", True, tables.encode_csv, tables.open_csv),
    Form(".parquet", "a table of typed columns", True, tables.encode_rows, tables.open_parquet),
    Form(".mbox", "e-mails one after the other", False, mail.encode_mbox, lines.open_plain),
    Form("/", "a Maildir: a folder of e-mails", False, mail.encode_maildir, mail.open_maildir),
)
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Block:
    """Some records as bytes. body: in their form. truth: JSON lines, or nothing where it is not asked for."""

    count: int
    body: bytes
    truth: bytes


@dataclass(frozen=True)
class Plan:
    """What is to be written where. out: with the ending; a folder's without the slash. labels: whether records keep
    theirs. truth: whether the ledger of truth is written beside, to `ledger`."""

    out: Path
    ending: str
    channel: str
    labels: bool = True
    truth: bool = False

    @property
    def form(self) -> Form:
        """The form of the file."""
        return next(form for form in FORMS if form.ending == self.ending)

    @property
    def ledger(self) -> Path:
        """Where the truth goes."""
        return self.out.with_name(f"{self.out.name}.truth.jsonl")


def plan(out: str | Path, channel: str, *, labels: bool = True, truth: bool = False) -> Plan:
    """What writing records of the channel to `out` means. An mbox or a Maildir has no place for a label, so the truth
    goes beside it in any case.

    Raises UsageError for an unknown form, a form that the channel has no use for, a folder that is not there, or one in
    the place of the file or with something in it.
    """
    told = str(out)
    path = Path(told)
    form = _form(told)
    if form is None or path.name in ("", form.ending, ".."):
        known = ", ".join(one.ending for one in FORMS if one.ending != "/")
        raise UsageError(f"the name of the file must end in {known}, or in / for a Maildir: {told}")
    if channel != "email" and not form.labelled:
        raise UsageError(f"{told}: only e-mails are kept in an mbox or a Maildir, and this is {channel}; the name of "
                         f"the file must end in {', '.join(one.ending for one in FORMS if one.labelled)}")
    made = Plan(path, form.ending, channel, labels and form.labelled, truth or not labels or not form.labelled)
    with _told(path):
        _fits(told, made)
    return made


def _fits(told: str, what: Plan) -> None:
    """Raise UsageError where something else is in the place."""
    if not what.out.parent.is_dir():
        raise UsageError(f"there is no folder {what.out.parent}")
    if what.ending == "/":
        if what.out.exists() and not what.out.is_dir():
            raise UsageError(f"{told} is a file, not a folder for a Maildir")
        if what.out.is_dir() and next(what.out.iterdir(), None) is not None:
            raise UsageError(f"the folder {told} is not empty: a Maildir is written to a new one")
    elif what.out.is_dir():
        raise UsageError(f"{told} is a folder, not a file")
    if what.truth and what.ledger.is_dir():
        raise UsageError(f"{what.ledger} is a folder, not a file for the truth")


def encoded(block: Sequence[Made], what: Plan) -> Block:
    """Records in their form. Raises ContentError where one holds what could be real, or what can't be written."""
    must_be_safe(block, what.truth)
    form = what.form
    records: list[Record] = [one.record for one in block]
    truths: list[Record] = [one.truth for one in block] if what.truth else []
    if what.truth and not form.labelled:
        truths = [{**one.truth, "message_id": mail.message_id(one.record)} for one in block]
    if not what.labels:
        records = [{name: value for name, value in record.items() if name != "label"} for record in records]
    columns = fields(what.channel, what.labels)
    try:
        return Block(len(block), form.encode(records, columns), lines.encode(truths, columns) if what.truth else b"")
    except UnicodeEncodeError as error:
        raise ContentError(f"between {block[0].record['id']} and {block[-1].record['id']} a text holds half a "
                           f"character that no file can hold: {error.object[error.start:error.end]!r}") from None


def write_blocks(blocks: Iterable[Block], what: Plan, progress: Progress | None = None) -> int:
    """Write blocks in their order; how many records. What was there before stays until all is written.

    Raises MachineError where it can't be written, such as on a full disk; whatever is raised, nothing is left behind.
    """
    count = 0
    with _told(what.out), _Spares() as spares, ExitStack() as files:
        columns = fields(what.channel, what.labels)
        put_truth = files.enter_context(lines.open_plain(spares.beside(what.ledger), columns)) if what.truth else None
        put = files.enter_context(what.form.open(spares.beside(what.out), columns))
        for block in blocks:
            put(block.body)
            if put_truth is not None:
                put_truth(block.truth)
            count += block.count
            if progress is not None:
                progress(count)
        files.close()
        spares.commit()
    return count


def write(made: Iterable[Made], out: str | Path, *, channel: str = "", labels: bool = True, truth: bool = False,
          progress: Progress | None = None) -> int:
    """Write records to `out`, in this process; without labels the truth goes to `out` with ".truth.jsonl" at its end.

    channel: of the records, "campaign" where they are of several; that of the first if not given. truth: write it with
    labels too. progress: called with the number of records so far. Returns how many. Raises as
    `plan`, `encoded` and `write_blocks` do, and UsageError where there is no record.
    """
    rest = iter(made)
    first = next(rest, None)
    if first is None:
        raise UsageError(f"there is no record to write to {out}")
    what = plan(out, channel or str(first.record["channel"]), labels=labels, truth=truth)

    def blocks() -> Iterator[Block]:
        block = [first, *islice(rest, BLOCK - 1)]
        while block:
            yield encoded(block, what)
            block = list(islice(rest, BLOCK))

    return write_blocks(blocks(), what, progress)


def _form(told: str) -> Form | None:
    by_length = sorted(FORMS, key=lambda form: len(form.ending), reverse=True)
    found = next((form for form in by_length if told.endswith(form.ending)), None)
    return FORMS[-1] if found is None and not Path(told).suffix else found


class _Spares:
    """Files and folders beside their places, which come there together when all is written, or go."""

    def __init__(self) -> None:
        self._spares: dict[Path, Path] = {}

    def __enter__(self) -> _Spares:
        return self

    def beside(self, place: Path) -> Path:
        """Where to write what belongs in `place`."""
        # Short, so that every name that the system allows can be written.
        spare = place.with_name(f".{blake2b(place.name.encode(), digest_size=4).hexdigest()}-{os.getpid()}.new")
        _remove(spare)
        self._spares[place] = spare
        return spare

    def commit(self) -> None:
        """Put all in its place."""
        for place, spare in self._spares.items():
            os.replace(spare, place)
        self._spares.clear()

    def __exit__(self, *_: object) -> None:
        for spare in self._spares.values():
            _remove(spare)


def _remove(spare: Path) -> None:
    with suppress(OSError):
        if spare.is_dir():
            shutil.rmtree(spare, ignore_errors=True)
        else:
            spare.unlink(missing_ok=True)


@contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror or str(error)
        raise MachineError(f"{out} can't be written: {why}; nothing was left behind") from None
