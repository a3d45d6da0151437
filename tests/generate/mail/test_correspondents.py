"""Senders and recipients of mail in languages that have names of persons of their own."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email import policy
from email.utils import parseaddr
from pathlib import Path

import pytest

from spamlab.generate.draws import mixed
from spamlab.generate.languages import read_language
from spamlab.generate.traffic import Made, Part, open_traffic

DATASETS = Path(__file__).parents[3] / "datasets"


@pytest.fixture(scope="module")
def own_names() -> dict[str, list[Made]]:
    """Records of the languages that have names of persons of their own, by code."""
    return {code: list(open_traffic(DATASETS, "email", 11, code).records(0, 400))
            for code in ("ar", "es", "fr", "ru", "zh")}


def test_names_in_their_own_script(own_names: dict[str, list[Made]]) -> None:
    """Persons of these languages stand in From and To in their own script, as encoded words, some in Latin letters."""
    for code in ("ar", "ru", "zh"):
        made = own_names[code]
        for end in ("From", "To"):
            headers = [email.message_from_bytes(one.record["raw"].encode(), policy=policy.default)[end] for one in made]
            shown = [name for one in headers for name in [mailbox.display_name for mailbox in one.addresses] if name]
            own = sum(not name.isascii() for name in shown) / len(shown)
            assert 0.5 < own < 0.99, (code, end, own)
            assert all(one.record["raw"].partition("\r\n\r\n")[0].isascii() for one in made)


def test_a_mailbox_is_named_as_its_owner(own_names: dict[str, list[Made]]) -> None:
    """Who is shown by a known name, as sender or recipient, has a mailbox with one of its Latin forms or initials."""
    for code, made in own_names.items():
        names = read_language(DATASETS / "languages" / code, "email").names
        assert names is not None
        seen = 0
        for one in made:
            # A firm writes from a mailbox of its own, also where it is named after a family.
            ends = [one.record["to"]] + ([one.record["from"]] if one.truth["way"] == "provider" else [])
            for name, address in map(parseaddr, ends):
                person = names.read(name)
                local = address.partition("@")[0].replace("-", "")
                if person is None or not (person.given or person.whole):
                    continue  # it may be a firm
                if local.isascii() and " via " not in name:
                    parts = [re.sub("[^a-z]", "", part.latin.lower()) for part in (person.given, person.family) if part]
                    assert any(part in local or local.startswith(part[0]) or local.endswith(f".{part[0]}")
                               for part in parts), one.record
                    seen += 1
        assert seen > 60, code


def test_who_is_greeted_in_own_script_gets_it(own_names: dict[str, list[Made]]) -> None:
    """The recipient's display name, where it is shown in the script of the greeting, holds the name that is greeted."""
    for code, made in own_names.items():
        names = read_language(DATASETS / "languages" / code, "email").names
        assert names is not None
        seen = 0
        for one in made:
            person = names.greeted(one.record["text"][len(one.record["subject"]) + 1:].partition("\n")[0])
            shown = parseaddr(one.record["to"])[0]
            if person is not None and person.given is not None and shown:
                if not person.given.shown.isascii() and shown.isascii():
                    continue  # the name stands in Latin letters here
                assert person.given.shown in shown, one.record
                seen += 1
        assert seen > (5 if code == "zh" else 20), (code, seen)


def test_a_text_for_many_goes_to_many() -> None:
    """The same text for many readers, as in a campaign, goes to other people, all with the name that it greets."""
    traffic = open_traffic(DATASETS, "email", 14, "ru")
    one, names = traffic.languages["ru"].type("email", "credential_phishing"), traffic.languages["ru"].names
    assert names is not None
    greeting = 0
    for text in range(40):
        parts = [Part(f"{text}", mixed(number), "ru", one, datetime(2026, 2, 1, tzinfo=UTC), text=mixed(1000 + text))
                 for number in range(20)]
        made = [traffic.composed(part, whole=False).record for part in parts]
        shown = [found for found in (names.read(parseaddr(record["to"])[0]) for record in made) if found]
        person = names.greeted(made[0]["text"].split("\n")[1])
        assert len({record["to"].rpartition("<")[2].partition("@")[0] for record in made}) > 6
        if person is not None and person.given is not None:
            assert {found.given.latin for found in shown if found.given} <= {person.given.latin}
            greeting += 1
    assert greeting > 3


def test_a_title_agrees_with_the_recipient() -> None:
    """Who is greeted as Madame or señor has that family name and a given name of that gender in the field To."""
    for code in ("es", "fr"):
        names = read_language(DATASETS / "languages" / code, "email").names
        assert names is not None
        seen = 0
        for one in open_traffic(DATASETS, "email", 13, code).records(0, 2500, whole=False):
            person = names.greeted(one.record["text"][len(one.record["subject"]) + 1:].partition("\n")[0])
            shown = names.read(parseaddr(one.record["to"])[0])
            if person and person.title and shown:
                assert person.family is None or person.family == shown.family, one.record
                assert shown.gender == person.gender, one.record
                seen += 1
        assert seen > 5, (code, seen)


def test_whom_the_subject_names_gets_it() -> None:
    """A mail whose subject alone addresses somebody goes to that person, whatever hides letters in it."""
    traffic = open_traffic(DATASETS, "email-many-languages", "named", "ru")
    names = traffic.languages["ru"].names
    assert names is not None
    seen = 0
    for one in traffic.records(0, 1500, whole=False):
        subject, shown = one.record["subject"], parseaddr(one.record["to"])[0]
        told, to = names.read(subject.partition(",")[0]) if "," in subject else None, names.read(shown)
        if told is not None and told.given and told.whole and to is not None and names.greeted(
                one.record["text"].partition("\n")[2].lstrip().partition("\n")[0]) is None:
            assert to.given == told.given, one.record
            seen += 1
    assert seen > 1
