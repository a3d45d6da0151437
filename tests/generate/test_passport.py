"""Tokens have the form of RFC 8225 and RFC 8588, and their signatures verify."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from spamlab.generate.passport import Passport, canonical, encoded, lab_public_key, lab_signer, origin_id, passport

X5U = "https://cert.example.org/passport.cer"
TOKEN = passport(X5U, "B", "+1 212 555 0101", "+442079460123", 1767607200, "b2b5c3e0-0000-8000-8000-000000000000")


def decoded(part: str) -> bytes:
    """base64url without its padding, undone."""
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_example_of_the_rfc() -> None:
    """Header and payload of RFC 8225 appendix A come out in the characters that stand there."""
    header = Passport(X5U, "", "12155551212", (), 1471375418, "").header()
    assert encoded(canonical(header)) == (
        "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9")
    payload = {"orig": {"tn": "12155551212"}, "iat": 1471375418, "dest": {"uri": ["sip:alice@example.com"]}}
    assert encoded(canonical(payload)) == (
        "eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6MTQ3MTM3NTQxOCwib3JpZyI6eyJ0biI6IjEyMTU1NTUx"
        "MjEyIn19")


def test_claims_of_shaken() -> None:
    """A token with an attestation names its extension and holds SHAKEN's claims, numbers in digits alone."""
    header, payload, signature = TOKEN.full().split(".")
    assert json.loads(decoded(header)) == {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": X5U}
    assert json.loads(decoded(payload)) == {
        "attest": "B", "dest": {"tn": ["442079460123"]}, "iat": 1767607200, "orig": {"tn": "12125550101"},
        "origid": "b2b5c3e0-0000-8000-8000-000000000000"}
    assert list(json.loads(decoded(payload))) == ["attest", "dest", "iat", "orig", "origid"]
    assert signature == ""


def test_a_signer_gets_what_is_signed() -> None:
    """Header and payload as they stand in the token go to the signer, and what it gives ends the token."""
    seen = []

    def sign(octets: bytes) -> bytes:
        seen.append(octets)
        return b"\xff" * 64

    token = TOKEN.full(sign)
    assert seen == [token.rpartition(".")[0].encode()]
    assert decoded(token.rpartition(".")[2]) == b"\xff" * 64


def test_the_compact_form() -> None:
    """It holds the signature alone, of the token in full; one with SHAKEN's claims has none."""
    plain = passport(X5U, "", "+12125550101", "+442079460123", 1767607200)
    assert "ppt" not in plain.header()
    assert plain.compact(lambda octets: octets[:6]) == f"..{encoded(plain.full().encode()[:6])}"
    with pytest.raises(ValueError, match="no compact form"):
        TOKEN.compact(lambda octets: octets)


def test_origins_are_uuids() -> None:
    """The same origin has the same identifier, another one another, and both are UUIDs of the variant of RFC 9562."""
    first = UUID(origin_id("Cedar Mobile|ic-101"))
    assert first == UUID(origin_id("Cedar Mobile|ic-101")) != UUID(origin_id("Cedar Mobile|ic-102"))
    assert first.version == 8


def test_signatures_of_the_lab_verify() -> None:
    """The lab's signature of a seed verifies with its public key and no other, and is the same each time."""
    sign = lab_signer("seven")
    signed, _, signature = TOKEN.full(sign).rpartition(".")
    octets = decoded(signature)
    assert len(octets) == 64
    assert TOKEN.full(lab_signer("seven")) == f"{signed}.{signature}"
    whole = utils.encode_dss_signature(int.from_bytes(octets[:32], "big"), int.from_bytes(octets[32:], "big"))
    serialization.load_pem_public_key(lab_public_key("seven").encode()).verify(
        whole, signed.encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        serialization.load_pem_public_key(lab_public_key("eight").encode()).verify(
            whole, signed.encode(), ec.ECDSA(hashes.SHA256()))

