"""Authentication-Results as the standard and as large services write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.forensics.results import read_results


def test_the_usual_form() -> None:
    """Identifier, methods, words and the domain that each is about (RFC 8601 section 2.2)."""
    read = read_results(
        "mx.a.example 1;\r\n\tspf=pass (good) smtp.mailfrom=Bounce@B.example;"
        "\r\n\tdkim=pass header.d=c.example header.s=s1 header.b=abc=;"
        "\r\n\tdmarc=fail (p=none dis=none) header.from=d.example"
    )
    assert (read.authserv_id, read.version, read.faults) == ("mx.a.example", "1", ())
    assert [(one.method, one.value, one.domain) for one in read.results] == [
        ("spf", "pass", "b.example"), ("dkim", "pass", "c.example"), ("dmarc", "fail", "d.example"),
    ]  # fmt: skip
    assert read.of("dkim")[0].properties[1] == ("header.s", "s1")


@pytest.mark.parametrize("value", ["mx.a.example; none", "mx.a.example 1; none", "mx.a.example;", "mx.a.example"])
def test_no_result_is_no_fault(value: str) -> None:
    """ "none" says that nothing was checked."""
    read = read_results(value)
    assert (read.authserv_id, read.results, read.faults) == ("mx.a.example", (), ())


def test_a_field_without_its_writer() -> None:
    """One large service leaves the identifier out; then nobody is named and the results are read."""
    read = read_results(
        "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=b.example; dkim=none (message not signed) header.d=none"
    )
    assert (read.authserv_id, read.faults) == ("", ("no-authserv-id",))
    assert [one.value for one in read.results] == ["pass", "none"]


def test_arc() -> None:
    """The instance of ARC stands before the identifier (RFC 8617 section 4.1.1)."""
    read = read_results("i=2; mx.a.example; arc=pass; spf=pass smtp.mailfrom=b.example")
    assert (read.instance, read.authserv_id, len(read.results)) == (2, "mx.a.example", 2)


def test_words_and_reasons() -> None:
    """A word that the method has not is a fault; a quoted reason with a semicolon is one value."""
    assert read_results("a.example; dkim=softfail header.d=b.example").faults == ("word",)
    read = read_results('a.example; dkim=fail reason="bad; very bad" header.d=b.example')
    assert read.results[0].reason == "bad; very bad"


def test_a_comment_can_hold_a_result() -> None:
    """What stands in brackets is no result, whatever it says."""
    read = read_results("a.example; spf=fail (dkim=pass; dmarc=pass header.from=b.example) smtp.mailfrom=c.example")
    assert [(one.method, one.value, one.domain) for one in read.results] == [("spf", "fail", "c.example")]


@given(st.text())
def test_any_text(value: str) -> None:
    """No text raises."""
    for one in read_results(value).results:
        assert one.domain == one.domain.lower()


@given(
    st.lists(
        st.sampled_from(
            ["a.example", ";", "=", "spf", "dkim", "pass", "(", ")", '"', "i", "1", "smtp.mailfrom", "@", "\\", "none"]
        )
    ).map(" ".join)
)
def test_any_mixture(value: str) -> None:
    """Its own words in any order do not raise."""
    read_results(value)


@pytest.mark.parametrize(
    "value", ["a; " + "spf=pass; " * 50_000, "=" * 200_000, ";" * 200_000, "a; x" + "=y" * 50_000, "(" * 300_000]
)
def test_hostile_values_take_no_time(value: str) -> None:
    """Values made to be slow are read at once."""
    start = time.perf_counter()
    read_results(value)
    assert time.perf_counter() - start < 1.0
