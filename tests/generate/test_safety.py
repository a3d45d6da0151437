"""Nothing real passes the scanner, and what is reserved does."""

from __future__ import annotations

import pytest

from spamlab.generate.languages import read_language
from spamlab.generate.preview import samples
from spamlab.generate.safety import FICTIONAL, fictional_number, reserved_host, unsafe
from spamlab.shipped import default_folder

LANGUAGES = sorted((default_folder("datasets") / "languages").glob("*/language.toml"))
SAFE = (
    "see https://track.parcel-fee.example/a?b=1, or www.bank.test.", "write to ann@post.example or to bo@localhost",
    "host 192.0.2.7 and 198.51.100.255, 10.0.0.3, 127.0.0.1", "2001:db8::1 and 3fff:12::2 and ::1",
    "call 07700 900123, +44 7700 900123, (020) 7946 0123, 020 7946 0999", "call (876) 555-0142 or 1-212-555-0199",
    "at 10:30, order 4411-2209, £20.50, 12/03/2026, room 3.14.15", "ok.see you at 7.so be it", "version 1.2.3",
    "www.parcel.com.example and live.online.test/x, e.g. this.",
    "appelez le 06 39 98 12 34", "0491 570 156 or 02 5550 1234", "03023125001", "+254 7XX XXX XXX",
    "<1800330398.3763694106.94923181@x.example>", "Call 08081570778 2 claim", "txt 07700 900123 18 only",
)
REAL = {
    "pay at https://parcel-fee.com/x": "parcel-fee.com", "look at www.bank.co.uk": "www.bank.co.uk",
    "go to cheap-pills.biz now": "cheap-pills.biz", "ann@post.org": "post.org", "http://user@evil.net/": "evil.net",
    "http://bank.example.evil.io": "bank.example.evil.io", "from 8.8.8.8": "8.8.8.8", "2a00:1450::5": "2a00:1450::5",
    "call 07911 123456": "07911 123456", "call +44 20 8123 4567": "+44 20 8123 4567",
    "see loans.com.Then pay": "loans.com", "go to bank.co.ke/x": "bank.co.ke",
    "(212) 555-1234": "(212) 555-1234",
    "ring 1-800-356-9377": "1-800-356-9377", "http://3.3.3.3/": "3.3.3.3", "tel 020 7123 0000": "020 7123 0000",
}


@pytest.mark.parametrize("text", SAFE)
def test_reserved_things_pass(text: str) -> None:
    """Reserved names, documentation addresses and fictional numbers are safe, and so are dates, prices and orders."""
    assert unsafe(text) == []


@pytest.mark.parametrize(("text", "found"), REAL.items())
def test_real_things_are_found(text: str, found: str) -> None:
    """A name, an address or a number that somebody may have is found, as it stands in the text."""
    assert [one.found for one in unsafe(text)] == [found]


def test_names_that_look_reserved() -> None:
    """A reserved word within a name, or at its beginning, reserves nothing."""
    assert reserved_host("a.b.example.")
    assert reserved_host("www.example.org")
    assert not reserved_host("example.com.evil.io")
    assert not reserved_host("notexample.com")
    assert not reserved_host("myexample")


@pytest.mark.parametrize("number", ["2125550100", "+447700900000", "0033639980000", "+61491570156", "+46701740605"])
def test_ranges_for_fiction(number: str) -> None:
    """Each range is known in its national and its international form; its neighbours are not in it."""
    assert fictional_number(number)
    assert not fictional_number(number[:-4] + "9" * 8)
    assert len({whose for whose, _ in FICTIONAL}) == len(FICTIONAL)


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.parent.name)
def test_no_language_holds_anything_real(path: object) -> None:
    """In some hundred texts of each type of each language nothing could reach a real host, mailbox or telephone."""
    language = read_language(path.parent)  # type: ignore[attr-defined]
    found = [(one.channel, one.name, what.found) for types in language.types.values() for one in types
             for text in samples(language, one, 150) for what in unsafe(text)]
    assert not found, found[:20]


def test_marks_of_other_scripts_end_a_name() -> None:
    """A comma or full stop of Arabic or Chinese after a link is no part of its name, and hides none."""
    assert not unsafe("انظر https://post.test، ثم https://a.example؟ 请看 https://b.example。谢谢")
    assert [one.found for one in unsafe("请看 https://evil。com")] == ["evil"]
    assert [one.found for one in unsafe("https://evil.com، ")] == ["evil.com"]
