"""Tables: CSV (RFC 4180) and Apache Parquet.

CSV is in UTF-8 without a mark at the beginning (scripts read the name of the first column with it), lines end in CR LF,
and breaks within a cell are kept. A cell that a spreadsheet could run is disarmed by an apostrophe, see `guarded`.
Parquet has a column of the field's own type, compressed by Zstandard, in row groups of `ROW_GROUP`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError
from spamlab.generate.writers import BLOCK, Columns, Put, Record

ROW_GROUP = 10 * BLOCK
"""Rows that stand in memory until they are written."""
_RUNS = re.compile(r"'*[ \t\r\n]*[=+\-@].*(?:[(|\[\\]|'!)", re.DOTALL)
_GUARDED = re.compile(r"'+[ \t\r\n]*[=+\-@].*(?:[(|\[\\]|'!)", re.DOTALL)


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet could run it, so that it takes it for text.

    That is where it begins as a formula, with = + - or @, and holds what a formula needs to call a function, a program
    or another file: ( | [ \\ or '!. "+447700900123" and "@Ann thanks!" stay as they are. `unguarded` takes it away.

    >>> guarded("=HYPERLINK(A1)"), guarded("'=A()"), guarded("@Ann thanks!")
    ("'=HYPERLINK(A1)", "''=A()", '@Ann thanks!')
    """
    return f"'{cell}" if _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def encode_csv(records: Sequence[Record], columns: Columns) -> bytes:
    """Rows. Missing values are empty, yes and no are true and false, lists and tables are JSON."""
    file = io.StringIO(newline="")
    _known(records, columns)
    csv.writer(file, lineterminator="\r\n").writerows(
        [_cell(record.get(column.name)) for column in columns] for record in records)
    return file.getvalue().encode()


@contextmanager
def open_csv(path: Path, columns: Columns) -> Iterator[Put]:
    """A file with the names of the columns in its first row."""
    with path.open("xb") as file:
        file.write((",".join(column.name for column in columns) + "\r\n").encode())
        yield file.write


def encode_rows(records: Sequence[Record], columns: Columns) -> bytes:
    """A block in Arrow's own form, to be written as Parquet by whoever gets all blocks."""
    import pyarrow as pa

    _known(records, columns)
    types = _types()
    arrays = []
    for column in columns:
        values = [record.get(column.name) for record in records]
        if column.kind == "json":
            values = [None if value is None else _json(value) for value in values]
        elif column.kind == "time":
            values = [value or None for value in values]
        found = pa.array(values, pa.string() if column.kind == "time" else types[column.kind])
        arrays.append(found.cast(types["time"]) if column.kind == "time" else found)
    batch = pa.record_batch(arrays, schema=_schema(columns))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return bytes(sink.getvalue())


@contextmanager
def open_parquet(path: Path, columns: Columns) -> Iterator[Put]:
    """A Parquet file; whole row groups are written as they fill."""
    import pyarrow as pa
    from pyarrow import parquet

    waiting: list[Any] = []
    # The file is ours, so that a full disk is told by the system's own error.
    with path.open("xb") as file:
        writer = parquet.ParquetWriter(file, _schema(columns), compression="zstd", store_schema=True)

        def flush() -> None:
            if waiting:
                writer.write_table(pa.Table.from_batches(waiting).combine_chunks(), ROW_GROUP)
                waiting.clear()

        def put(block: bytes) -> None:
            with pa.ipc.open_stream(block) as stream:
                waiting.extend(stream)
            if sum(batch.num_rows for batch in waiting) >= ROW_GROUP:
                flush()

        try:
            yield put
            flush()
            writer.close()
        except BaseException:
            writer.is_open = False  # else it writes its end to the closed file when it is collected
            raise


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value if value[:1].isalnum() else guarded(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _known(records: Sequence[Record], columns: Columns) -> None:
    names = {column.name for column in columns}
    for record in records:
        if not names.issuperset(record):
            extra = next(name for name in record if name not in names)
            raise ContentError(f"{record['id']} has a field {extra} that has no column: it is missing in the list of "
                               "fields")


def _schema(columns: Columns) -> Any:
    import pyarrow as pa

    types = _types()
    return pa.schema([pa.field(column.name, types[column.kind]) for column in columns])


def _types() -> dict[str, Any]:
    import pyarrow as pa

    return {"text": pa.string(), "json": pa.string(), "whole": pa.int64(), "number": pa.float64(),
            "yes/no": pa.bool_(), "time": pa.timestamp("ms", "UTC")}
