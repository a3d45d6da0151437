"""Telephone numbers for senders and recipients: from ranges that regulators keep for fiction, and from no others.

Short codes begin with 00, which opens an international call everywhere and so can't be a service's number.

>>> from spamlab.generate.draws import record_key
>>> mobile(record_key(7, 0), "GB").startswith("+447700900")
True
"""

from __future__ import annotations

from collections.abc import Mapping

from spamlab.generate.draws import named, uniform

MOBILES: Mapping[str, tuple[str, int]] = {
    "GB": ("+447700900", 3), "US": ("+121255501", 2), "JM": ("+187655501", 2), "TT": ("+186855501", 2),
    "FR": ("+3363998", 4), "IE": ("+3532091", 5),
}
"""Country (ISO 3166) -> how its fictional numbers begin (E.164), and how many digits follow."""
LANDLINES: Mapping[str, tuple[str, int]] = {
    "GB": ("+442079460", 3), "US": ("+121255501", 2), "FR": ("+3319900", 4), "DE": ("+493023125", 3),
    "AU": ("+6125550", 4), "IE": ("+3532091", 5),
}
_NUMBER, _COUNTRY, _CODE = named("number"), named("country"), named("short code")


def mobile(key: int, country: str = "") -> str:
    """A mobile number of the country, of any of them where none is named; KeyError for an unknown one."""
    return _number(key, MOBILES, country)


def landline(key: int, country: str = "") -> str:
    """A land line's number; as `mobile`."""
    return _number(key, LANDLINES, country)


def short_code(key: int) -> str:
    """Five digits, the first two of them 0."""
    return f"00{uniform(key, _CODE, 1000):03d}"


def _number(key: int, ranges: Mapping[str, tuple[str, int]], country: str) -> str:
    begin, digits = ranges[country or list(ranges)[uniform(key, _COUNTRY, len(ranges))]]
    return f"{begin}{uniform(key, _NUMBER, 10**digits):0{digits}d}"
