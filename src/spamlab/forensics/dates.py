"""Reads the date of a header field (RFC 5322 section 3.3, its obsolete forms, and what real servers write)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from spamlab.forensics.tokens import without_comments

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_DAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
# RFC 5322 section 4.3; every other name of a zone means that nothing is known about it.
_ZONES = {
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "edt": -4,
    "est": -5,
    "cdt": -5,
    "cst": -6,
    "mdt": -6,
    "mst": -7,
    "pdt": -7,
    "pst": -8,
}
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d{1,9})?"
_USUAL = re.compile(
    rf"(?:(?P<day>[A-Za-z]{{3,9}})\s?,?\s?)?(?P<date>\d{{1,2}})[\s-](?P<month>[A-Za-z]{{3,9}})[\s-](?P<year>\d{{2,4}})\s{_TIME}"
    r"(?:\s?(?P<zone>[+-]\d{4}|[A-Za-z]{1,5}))?"
)
_CTIME = re.compile(
    rf"(?P<day>[A-Za-z]{{3}})\s(?P<month>[A-Za-z]{{3}})\s(?P<date>\d{{1,2}})\s{_TIME}(?:\s(?P<zone>[A-Z]{{1,5}}|[+-]\d{{4}}))?\s(?P<year>\d{{4}})"
)


@dataclass(frozen=True)
class MailDate:
    """moment: with its offset, None if unreadable. faults: "unreadable", "weekday", "no-zone", "zone-unknown"."""

    text: str
    moment: datetime | None
    faults: tuple[str, ...] = ()


def read_date(text: str) -> MailDate:
    """The moment that `text` names. Never raises; a date that can't be is a fault, not an error."""
    bare = without_comments(text[:300]) if "(" in text else " ".join(text[:300].split())
    match = _USUAL.search(bare) or _CTIME.search(bare)
    shown = text[:300].strip()
    if match is None:
        return MailDate(shown, None, ("unreadable",))
    faults: list[str] = []
    offset = _offset(match["zone"], faults)
    month = _MONTHS.get(match["month"][:3].lower())
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 50 else 1900
    elif len(match["year"]) == 3:
        year += 1900
    if month is None or year < 1900:
        return MailDate(shown, None, ("unreadable",))
    try:
        moment = datetime(
            year, month, int(match["date"]), int(match["hour"]), int(match["minute"]),
            min(int(match["second"] or 0), 59), tzinfo=offset,
        )  # fmt: skip
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return MailDate(shown, None, ("unreadable",))
    day = _DAYS.get((match["day"] or "")[:3].lower())
    if day is not None and day != moment.weekday():
        faults.append("weekday")
    return MailDate(shown, moment, tuple(faults))


def _offset(zone: str | None, faults: list[str]) -> timezone:
    if zone is None:
        faults.append("no-zone")
        return UTC
    if zone[0] in "+-":
        hours, minutes = int(zone[1:3]), int(zone[3:5])
        if hours > 23 or minutes > 59:
            faults.append("zone-unknown")
            return UTC
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if zone[0] == "-" else offset)
    if zone.lower() not in _ZONES:
        faults.append("zone-unknown")
        return UTC
    return timezone(timedelta(hours=_ZONES[zone.lower()]))
