"""A value is read leniently and compared exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.sample import ITEM
from spamlab.judge.kinds import Value
from spamlab.judge.question import FormError

ADDRESS = Value(type="address")
NUMBER = Value(type="number", unit="minutes", tolerance=0.5, units={"h": 60, "hours": 60})


@pytest.mark.parametrize(
    "given",
    [
        "192.0.2.7",
        " 192.0.2.7 ",
        "[192.0.2.7]",
        "(192.0.2.7)",
        "“192.0.2.7”",
        "'192.0.2.7'",
        "192.0.2.7.",
        "١٩٢.٠.٢.٧",
        "192．0．2．7",
        ["192.0.2.7"],
        "192.0.2.7\u200e",
    ],
)
def test_an_address_may_be_written_in_many_ways(given: object) -> None:
    """Spaces, brackets, quotation marks and digits of other scripts do not count."""
    assert ADDRESS.parse(given, ITEM) == "192.0.2.7"


@pytest.mark.parametrize("given", ["2001:DB8:0:0::7", "[IPv6:2001:db8::7]", "2001:0db8::0007"])
def test_an_ipv6_address_has_one_form(given: str) -> None:
    """Every way to write an IPv6 address gives its shortest form (RFC 5952)."""
    assert ADDRESS.parse(given, ITEM) == "2001:db8::7"


@pytest.mark.parametrize("given", ["mail.sender.example", "192.0.2", "192.0.2.256", 7, True, {"a": 1}, "x" * 400])
def test_what_is_no_address_is_an_error_of_form(given: object) -> None:
    """A name in place of an address is told in one sentence."""
    with pytest.raises(FormError):
        ADDRESS.parse(given, ITEM)


@pytest.mark.parametrize(
    "given", ["Sender.Example", "sender.example.", "@sender.example", "pay@sender.example", "<pay@sender.example>"]
)
def test_a_domain_may_be_written_in_many_ways(given: str) -> None:
    """Case, a final dot and the part before @ do not count."""
    assert Value(type="domain").parse(given, ITEM) == "sender.example"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("40", 40),
        ("40 minutes", 40),
        ("40 Minutes", 40),
        ("1 minute", 1),
        ("1,5", 1.5),
        ("-3", -3),
        ("−3", -3),
        (40.0, 40),
        ("4e1", 40),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("12,34,567", 1234567),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234 567", 1234567),
        ("1 234,5", 1234.5),
        ("1'234'567", 1234567),
        ("1’234", 1234),
        ("1_234", 1234),
        ("٤٠", 40),
        ("١٬٢٣٤٬٥٦٧", 1234567),
        ("١٢٫٥", 12.5),
        ("१२३४", 1234),
        ("１２３４．５", 1234.5),
        ("0,125", 0.125),
        ("1.5 h", 90),
        ("2 hours", 120),
    ],
)
def test_a_number_may_carry_its_unit(given: object, read: float) -> None:
    """The unit may stand behind the number; a comma is a point."""
    assert NUMBER.parse(given, ITEM) == read


@pytest.mark.parametrize(
    "given", ["forty", "40 days", "1,234", "12,34,56", "1,2,3", "1.2.3", "1..2", "40%", True, "", "9" * 40]
)
def test_what_is_no_number_is_an_error_of_form(given: object) -> None:
    """Another unit, signs between thousands and words are told."""
    with pytest.raises(FormError):
        NUMBER.parse(given, ITEM)


def test_a_tolerance_counts_to_its_edge() -> None:
    """What lies within the stated tolerance is the same, what lies beyond is not."""
    assert NUMBER.same(40, 40.5)
    assert not NUMBER.same(40, 40.51)


@given(st.ip_addresses())
def test_every_address_is_read_as_itself(address: object) -> None:
    """Any address, also in brackets, is read as that address."""
    assert ADDRESS.parse(f"[{address}]", ITEM) == str(address)
