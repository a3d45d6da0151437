"""An INVITE says what its record says, in the form of RFC 3261 and RFC 8224."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.safety import unsafe
from spamlab.generate.sip import inviter, sip_invite
from spamlab.generate.traffic import open_traffic
from spamlab.shipped import default_folder

TRAFFIC = open_traffic(default_folder("datasets"), "voice", 5)
NUMBERS = st.integers(0, 10**9)
# RFC 3261 section 8.1.1: what every request has; section 20.20: Contact in an INVITE.
NEEDED = {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact"}


def zeros(_octets: bytes) -> bytes:
    """A signature of zeros."""
    return bytes(64)


def read(message: str) -> tuple[str, dict[str, str], str]:
    """A reader of its own: first line, fields by name (each once), body."""
    head, _, body = message.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    fields = [line.partition(": ") for line in lines]
    assert len({name for name, _, _ in fields}) == len(fields)
    return first, {name: value for name, _, value in fields}, body


def token(fields: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any], str, str]:
    """The token's header, claims and signature, and the field's parameters."""
    text, _, parameters = fields["Identity"].partition(";")
    header, claims, signature = text.split(".")
    both = (json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))) if part else {} for part in (header, claims))
    return (*both, signature, parameters)


@given(NUMBERS)
def test_the_message_says_what_the_record_says(number: int) -> None:
    """Numbers, time and privacy are the record's; no needed field is missing; the body is as long as told."""
    record = TRAFFIC.made(number).record
    message = sip_invite(record, "none")
    first, fields, body = read(message)
    assert first == f"INVITE sip:{record['recipient']}@home.example;user=phone SIP/2.0"
    assert set(fields) >= NEEDED
    assert "\n" not in message.replace("\r\n", "")
    assert re.fullmatch(r"SIP/2\.0/UDP [\d.]+:5060;branch=z9hG4bK[0-9a-f]+", fields["Via"])
    assert record["recipient"] in fields["To"]
    assert ";tag=" in fields["From"]
    assert ";tag=" not in fields["To"]
    assert (record["sender"] in fields["From"]) if record["sender"] else ("anonymous.invalid" in fields["From"])
    assert ("Privacy" in fields) == (record["sender"] == "")
    assert (record["asserted"] in fields["P-Asserted-Identity"]) if record["asserted"] else (
        "P-Asserted-Identity" not in fields)
    assert parsedate_to_datetime(fields["Date"]) == datetime.fromisoformat(record["sent"])
    assert int(fields["Content-Length"]) == len(body.encode())
    assert body.startswith("v=0\r\n")
    assert body.endswith("\r\n")
    assert "Identity" not in fields


@given(NUMBERS)
def test_identity_agrees_with_record_and_truth(number: int) -> None:
    """A call that carries an attestation has one token with that level, its numbers and its time; others have none."""
    made = TRAFFIC.made(number)
    record = made.record
    _, fields, _ = read(sip_invite(record, "full", zeros))
    if not record["attestation"] or not (record["asserted"] or record["sender"]):
        assert "Identity" not in fields
        return
    header, claims, signature, parameters = token(fields)
    assert claims["attest"] == record["attestation"] == made.truth["right_attestation"]
    assert claims["orig"]["tn"] == (record["asserted"] or record["sender"]).lstrip("+")
    assert claims["dest"]["tn"] == [record["recipient"].lstrip("+")]
    assert claims["iat"] == parsedate_to_datetime(fields["Date"]).timestamp()
    assert header["ppt"] == "shaken"
    assert len(signature) == 86
    assert parameters == f"info=<{header['x5u']}>;alg=ES256;ppt=shaken"
    assert fields["Via"].startswith("SIP/2.0/TCP")


@given(NUMBERS)
def test_nothing_in_it_is_real(number: int) -> None:
    """The scanner finds no host, address or number that may be somebody's."""
    assert unsafe(sip_invite(TRAFFIC.made(number).record)) == []


def test_the_same_record_gives_the_same_message() -> None:
    """Nothing but the record decides; the label and the truth are not looked at."""
    record = TRAFFIC.made(3).record
    assert sip_invite(record) == sip_invite({**record, "label": "?", "text": ""})
    assert sip_invite(record) != sip_invite({**record, "id": "voice-000000004"})


def test_the_compact_form() -> None:
    """It has a signature alone, and says no more than where the certificate lies."""
    record = next(one.record for one in TRAFFIC.records(0, 50) if one.record["attestation"])
    _, fields, _ = read(sip_invite(record, "compact", zeros))
    assert re.fullmatch(r"\.\.A{86};info=<https://cert\.[a-z-]+\.example/shaken\.pem>;alg=ES256", fields["Identity"])


def test_forms_that_are_not() -> None:
    """An unknown form, and a compact one that nobody signs, are refused."""
    record = TRAFFIC.made(0).record
    for form in ("short", "compact"):
        with pytest.raises(ValueError, match="the form of the Identity field is one of none, full, compact"):
            sip_invite(record, form)


def test_the_recipe_with_invites() -> None:
    """Each call of the recipe has its INVITE, some with an Identity field and some without, in both labels."""
    made = list(open_traffic(default_folder("datasets"), "voice-sip", 2).records(0, 300))
    for label in ("ham", "spam"):
        found = ["\r\nIdentity: " in one.record["invite"] for one in made if one.truth["label"] == label]
        assert {True, False} == set(found)
    assert list(made[0].record)[-2:] == ["invite", "label"]
    assert made[0].record["invite"] == inviter("signed", 2)(made[0].record)


def test_signed_invites_of_a_seed() -> None:
    """With the package that signs, the same seed gives the same signed messages and another seed others."""
    record = next(one.record for one in TRAFFIC.records(0, 50) if one.record["attestation"])
    for how in ("signed", "compact"):
        first = inviter(how, 1)(record)
        assert first == inviter(how, 1)(record) != inviter(how, 2)(record)
        signature = read(first)[1]["Identity"].partition(";")[0].rpartition(".")[2]
        assert len(signature) == 86
