"""Faker's seed and locale hold for the provider, and what it gives is safe."""

from __future__ import annotations

import pytest
from faker import Faker

from spamlab.errors import UsageError
from spamlab.generate.provider import SpamProvider
from spamlab.generate.safety import unsafe
from spamlab.generate.writers.scan import readable

METHODS = ("smishing", "sms", "spam_email", "ham_email", "phishing_email", "robocall", "spam_post", "spam_chat")


def fake(seed: int, locale: str = "en_GB") -> Faker:
    """A Faker with the provider and a seed."""
    made = Faker(locale)
    made.add_provider(SpamProvider)
    made.seed_instance(seed)
    return made


@pytest.mark.parametrize("method", METHODS)
def test_seeds_are_honoured(method: str) -> None:
    """The same seed gives the same texts, another seed others; nothing in them is real."""
    first, again, other = ([getattr(one, method)() for _ in range(5)] for one in (fake(1), fake(1), fake(2)))
    assert first == again != other
    assert len(set(first)) > 1
    texts = [part for text in first for part in (readable(text) if "email" in method else [text])]
    assert not [found for text in texts for found in unsafe(text)]


def test_draws_of_faker_go_on_beside_it() -> None:
    """A text takes its turn in Faker's one stream, so names before it stay as they are."""
    assert fake(3).name() == fake(3).name()
    one, two = fake(3), fake(3)
    assert (one.name(), one.smishing()) == (two.name(), two.smishing())


def test_types_are_asked_by_name() -> None:
    """A type can be named; one that does not exist is told."""
    assert fake(1).spam_record("sms", "spam", "parcel")["label"] == "spam"
    with pytest.raises(UsageError, match="parcels"):
        fake(1).smishing("parcels")
    with pytest.raises(UsageError, match="no spam on a channel called fax"):
        fake(1).spam_record("fax", "spam")


@pytest.mark.parametrize(("locale", "code"), [("en_US", "en"), ("hu_HU", "en"), ("fr_FR", "fr"), ("es_MX", "es"),
                                              ("ru_RU", "ru"), ("ar_EG", "ar"), ("zh_CN", "zh")])
def test_locales_are_honoured(locale: str, code: str) -> None:
    """Texts are in the locale's language where there is one, else in English."""
    assert fake(1, locale).spam_record("sms", "spam")["language"] == code
