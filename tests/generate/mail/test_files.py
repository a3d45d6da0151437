"""Files made by code are what their names say, for readers that others wrote."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from PIL import Image

from spamlab.generate.draws import dataset_key, record_key
from spamlab.generate.mail.files import MARKER, File, file_of
from spamlab.generate.mail.pixels import logo, picture

SENT = datetime(2026, 3, 5, 9, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def files() -> list[File]:
    """Some hundred files."""
    root = dataset_key("files", 1, 1)
    return [file_of(record_key(root, number), "Minutes (draft), März", SENT, "a@b.example", lure=False)
            for number in range(400)]


def ending(files: list[File], kind: str) -> list[File]:
    """Those of one kind, at least three."""
    found = [one for one in files if one.name.endswith(f".{kind}")]
    assert len(found) >= 3
    return found


def test_pdf(files: list[File]) -> None:
    """Each entry of the table of places leads to its object, and the end to the table (ISO 32000-1 section 7.5)."""
    for one in ending(files, "pdf"):
        start = int(re.findall(rb"startxref\n(\d+)\n%%EOF", one.data)[0])
        assert one.data[start:].startswith(b"xref")
        places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", one.data)]
        assert [one.data[place:].split(b" ")[0] for place in places] == [b"1", b"2", b"3", b"4", b"5"]
        length = int(re.findall(rb"/Length (\d+)", one.data)[0])
        assert one.data.partition(b">>\nstream\n")[2][length:].startswith(b"\nendstream")


def test_png(files: list[File]) -> None:
    """Pictures open, and hold two colours."""
    for one in ending(files, "png"):
        with Image.open(io.BytesIO(one.data)) as found:
            found.load()
            assert len(found.convert("RGB").getcolors() or ()) == 2


def test_zip(files: list[File]) -> None:
    """Archives are whole and hold one text."""
    for one in ending(files, "zip"):
        with zipfile.ZipFile(io.BytesIO(one.data)) as found:
            assert found.testzip() is None
            assert [name.endswith(".txt") for name in found.namelist()] == [True]


def test_ics_and_csv(files: list[File]) -> None:
    """An event has its bounds and CRLF (RFC 5545); a table has as many fields in each row."""
    for one in ending(files, "ics"):
        rows = one.data.decode().split("\r\n")
        assert (rows[0], rows[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
        assert {"BEGIN:VEVENT", "END:VEVENT"} < set(rows)
        assert all(len(row.encode()) <= 75 for row in rows)
    for one in ending(files, "csv"):
        assert {len(row) for row in csv.reader(io.StringIO(one.data.decode()))} == {3}


def test_lures_are_harmless() -> None:
    """Whatever a lure is called, it is the marker, or an archive that holds it alone."""
    root = dataset_key("files", 1, 2)
    for number in range(200):
        one = file_of(record_key(root, number), "Invoice", SENT, "a@b.example", lure=True)
        assert one.lure
        if one.name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(one.data)) as found:
                assert [found.read(name) for name in found.namelist()] == [MARKER.encode()]
        else:
            assert one.data == MARKER.encode()


def test_letters_differ() -> None:
    """Each letter and digit of the font has a shape of its own."""
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?:;-+/()$%&@£€"
    assert len({picture([one]) for one in signs}) == len(signs)
    with Image.open(io.BytesIO(logo("AB", (200, 10, 10)))) as found:
        assert found.size[0] > 40
