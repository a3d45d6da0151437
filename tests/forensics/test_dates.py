"""Dates of header fields: the standard's form, obsolete forms, and what can't be."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.forensics.dates import read_date
from spamlab.generate.mail.received import mail_date


@pytest.mark.parametrize(("text", "moment", "faults"), [
    ("Tue, 15 Sep 2026 10:00:00 +0300", "2026-09-15T10:00:00+03:00", ()),
    ("Tue, 15 Sep 2026 10:00:00 +0300 (EAT)", "2026-09-15T10:00:00+03:00", ()),
    ("15 Sep 2026 10:00 -0330", "2026-09-15T10:00:00-03:30", ()),
    ("Tue,15 Sep 2026 10:00:00 GMT", "2026-09-15T10:00:00+00:00", ()),
    ("Tuesday, 15-September-26 10:00:00 EST", "2026-09-15T10:00:00-05:00", ()),
    ("Tue Sep 15 10:00:00 2026", "2026-09-15T10:00:00+00:00", ("no-zone",)),
    ("Tue, 15 Sep 2026 10:00:00 CEST", "2026-09-15T10:00:00+00:00", ("zone-unknown",)),
    ("Tue, 15 Sep 2026 10:00:60 +0000", "2026-09-15T10:00:59+00:00", ()),
    ("Fri, 15 Sep 2026 10:00:00 +0000", "2026-09-15T10:00:00+00:00", ("weekday",)),
    ("Tue, 15 Sep 2026 10:00:00 +9999", "2026-09-15T10:00:00+00:00", ("zone-unknown",)),
    ("31 Feb 2026 10:00:00 +0000", None, ("unreadable",)),
    ("Thu, 22 Aug 0102 23:36:23 -0300", None, ("unreadable",)),
    ("Tue, 15 Foo 2026 10:00:00 +0000", None, ("unreadable",)),
    ("31 Dec 9999 23:59:00 -2359", None, ("unreadable",)),
    ("yesterday", None, ("unreadable",)),
    ("", None, ("unreadable",)),
])  # fmt: skip
def test_dates(text: str, moment: str | None, faults: tuple[str, ...]) -> None:
    """The moment and the faults of each form."""
    read = read_date(text)
    assert (read.moment.isoformat() if read.moment else None, read.faults) == (moment, faults)


@given(st.text())
def test_any_text(text: str) -> None:
    """No text raises."""
    read_date(text)


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9000, 1, 1)),
    st.integers(-23 * 60, 23 * 60),
)
def test_what_is_written_is_read(date: datetime, minutes: int) -> None:
    """A date as the generator writes it gives the same moment and offset back."""
    date = date.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    read = read_date(mail_date(date))
    assert read.moment is not None
    assert (read.moment.isoformat(), read.faults) == (date.isoformat(), ())
