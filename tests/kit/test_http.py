"""The judge's client: every trouble is one sentence, and the token goes nowhere else."""

from __future__ import annotations

import pytest
from kit_fakes import LAB, FakeServices

from spamlab.kit.errors import ServiceAway, ServiceRefused
from spamlab.kit.http import Judge


def test_no_address() -> None:
    """Without an address the sentence says what to do."""
    with pytest.raises(ServiceAway, match="workshop's page"):
        Judge("", "x").lab(LAB)
    assert Judge("", "").health() is False


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://[", "file:///etc/hostname"])
def test_nobody_there(url: str) -> None:
    """A dead or senseless address is "does not answer", or an answer that can't be read."""
    with pytest.raises(ServiceAway):
        Judge(url, "x", seconds=1).lab(LAB)


def test_refusal_has_the_judges_sentence(services: FakeServices) -> None:
    """A refusal carries the judge's own sentence and status."""
    with pytest.raises(ServiceRefused, match="needs the token") as caught:
        Judge(services.url, "wrong").lab(LAB)
    assert caught.value.status == 401


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"\xff", b"[" * 100_000])
def test_odd_answers(services: FakeServices, body: bytes) -> None:
    """What is no JSON object is one sentence."""
    services.raw_answer = body
    with pytest.raises(ServiceAway, match="can't be read"):
        Judge(services.url, "token-of-p01").lab(LAB)


def test_names_are_quoted(services: FakeServices) -> None:
    """A name with a slash can't reach another address of the judge's."""
    with pytest.raises(ServiceRefused):
        Judge(services.url, "token-of-p01").question(LAB, "../../health")
    assert services.asked[-1].endswith("/questions/..%2F..%2Fhealth")
