"""Telephone numbers for senders and recipients: from ranges that regulators keep for fiction, and from no others.

Short codes begin with 00, which opens an international call everywhere and so can't be a service's number.

>>> from spamlab.generate.draws import record_key
>>> mobile(record_key(7, 0), "GB").startswith("+447700900")
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spamlab.generate.columns import Keys, Wholes
from spamlab.generate.columns import uniform as uniforms
from spamlab.generate.draws import named, uniform

Range = tuple[str, int, int, int]
"""How its numbers begin (E.164), the first and the last of what follows, and with how many digits it is written."""


def _plan(*areas: int) -> tuple[Range, ...]:
    """555-0100 to 555-0199 in these areas of the North American plan."""
    return tuple((f"+1{area}55501", 0, 99, 2) for area in areas)


_AREAS: Mapping[str, tuple[Range, ...]] = {
    "US": _plan(202, 212, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 808, 907),
    "CA": _plan(416, 514, 604, 780, 902), "JM": _plan(876), "TT": _plan(868), "BB": _plan(246), "DO": _plan(809),
    "GD": _plan(473), "AG": _plan(268), "BS": _plan(242), "LC": _plan(758),
}
MOBILES: Mapping[str, tuple[Range, ...]] = {
    "GB": (("+447700900", 0, 999, 3),), **_AREAS, "FR": (("+3363998", 0, 9999, 4),),
    "IE": (("+3532091", 0, 99999, 5),), "SE": (("+46701740", 605, 699, 3),),
}
"""Country (ISO 3166) -> its ranges for fiction."""
LANDLINES: Mapping[str, tuple[Range, ...]] = {
    "GB": (("+442079460", 0, 999, 3), *((f"+44{city}4960", 0, 999, 3) for city in (113, 114, 115, 116, 117, 118, 121,
                                                                                  131, 141, 161))),
    **_AREAS, "FR": tuple((f"+33{area}", 0, 9999, 4) for area in (19900, 26191, 35301, 46571, 53649)),
    "DE": (("+493023125", 0, 999, 3), ("+494066969", 0, 999, 3), ("+496990009", 0, 999, 3), ("+498999998", 0, 999, 3)),
    "AU": tuple((f"+61{area}{block}", 0, 9999, 4) for area in (2, 3, 7, 8) for block in (5550, 7010)),
    "IE": (("+3532091", 0, 99999, 5),),
}
PREMIUM: tuple[Range, ...] = (("+44909879", 0, 999, 4),)
"""Numbers that cost the caller more (Ofcom: 0909 879 0000 to 0999 are for fiction)."""
FREEPHONE: tuple[Range, ...] = (("+44808157", 0, 999, 4),)
_NUMBER, _COUNTRY, _CODE, _RANGE = named("number"), named("country"), named("short code"), named("range")
_ALL = tuple(dict.fromkeys(one for table in (MOBILES, LANDLINES) for ranges in table.values() for one in ranges))
_COUNTRIES = {begin: country for table in (LANDLINES, MOBILES) for country, ranges in table.items()
              for begin, *_ in ranges}


def mobile(key: int, country: str = "") -> str:
    """A mobile number of the country, of any of them where none is named; KeyError for an unknown one."""
    return _number(key, MOBILES, country)


def landline(key: int, country: str = "") -> str:
    """A land line's number; as `mobile`."""
    return _number(key, LANDLINES, country)


def freephone(key: int) -> str:
    """A number that costs the caller nothing (Ofcom: 0808 157 0000 to 0999 are for fiction)."""
    return _drawn(key, FREEPHONE)


def premium(key: int) -> str:
    """A number that costs the caller more."""
    return _drawn(key, PREMIUM)


def mobiles(keys: Keys, countries: Wholes) -> list[str]:
    """`mobile` of each key; countries: their places in `MOBILES`."""
    ranges = _FIRST[countries] + uniforms(keys, _RANGE, _MANY[countries])
    numbers = _LOW[ranges] + uniforms(keys, _NUMBER, _SPAN[ranges])
    return [_FORMS[of] % number for of, number in zip(ranges.tolist(), numbers.tolist(), strict=True)]


_RANGES = [one for ranges in MOBILES.values() for one in ranges]
_MANY = np.array([len(ranges) for ranges in MOBILES.values()])
_FIRST = np.cumsum(_MANY) - _MANY
_LOW = np.array([low for _, low, _, _ in _RANGES])
_SPAN = np.array([high - low + 1 for _, low, high, _ in _RANGES])
_FORMS = [f"{begin}%0{digits}d" for begin, _, _, digits in _RANGES]


def neighbour(key: int, number: str) -> str:
    """Another number of the area (or, without areas, of the range) that `number` lies in, which must be one of ours."""
    begin, low, high, digits = next(one for one in _ALL if number.startswith(one[0]))
    own = int(number[len(begin):]) - low
    step = 1 + uniform(key, _NUMBER, high - low)
    return f"{begin}{low + (own + step) % (high - low + 1):0{digits}d}"


def country_of(number: str) -> str:
    """The country (ISO 3166) of a number that is one of ours; "" for any other."""
    if number.startswith(("+44909", "+44808")):
        return "GB"
    return next((country for begin, country in _COUNTRIES.items() if number.startswith(begin)), "")


def digits_of(number: str) -> str:
    """The digits of a number alone, as signatures of calls hold it (RFC 8224 section 8.3)."""
    return "".join(letter for letter in number if letter.isdecimal())


def short_code(key: int) -> str:
    """Five digits, the first two of them 0."""
    return f"00{uniform(key, _CODE, 1000):03d}"


def _number(key: int, table: Mapping[str, Sequence[Range]], country: str) -> str:
    return _drawn(key, table[country or list(table)[uniform(key, _COUNTRY, len(table))]])


def _drawn(key: int, ranges: Sequence[Range]) -> str:
    begin, low, high, digits = ranges[uniform(key, _RANGE, len(ranges))]
    return f"{begin}{low + uniform(key, _NUMBER, high - low + 1):0{digits}d}"
