"""PASSporT tokens as an operator adds them to a call: RFC 8225, with SHAKEN's claims of RFC 8588.

The signature is the caller's: a function from the octets that are signed to the 64 octets of an ES256 signature (RFC
7518 section 3.4). `lab_signer` makes one from a seed; its key is worth nothing outside a lab, for whoever has the seed
has the key.

>>> one = Passport("https://cert.x.example/shaken.pem", "A", "12125550101", ("441632960001",), 1767607200, "id")
>>> [len(part) for part in one.full(lambda octets: bytes(64)).split(".")]
[119, 139, 86]
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b, sha512
from typing import TYPE_CHECKING, Any

from spamlab.generate.numbers import digits_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

Signer = Callable[[bytes], bytes]
ATTESTATIONS = ("A", "B", "C")
"""Full, partial, gateway (RFC 8588 section 4)."""
_ORDER_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Passport:
    """One token. x5u: where the certificate lies. attestation: "A", "B", "C", or "" for a token without SHAKEN's
    claims. orig, dest: numbers in digits alone (RFC 8224 section 8.3). iat: seconds since 1970. origid: names the
    origin, opaque to all but the signer (RFC 8588 section 5)."""

    x5u: str
    attestation: str
    orig: str
    dest: tuple[str, ...]
    iat: int
    origid: str

    def header(self) -> dict[str, Any]:
        """The JOSE header (RFC 8225 section 4)."""
        extension = {"ppt": "shaken"} if self.attestation else {}
        return {"alg": "ES256", **extension, "typ": "passport", "x5u": self.x5u}

    def payload(self) -> dict[str, Any]:
        """The claims (RFC 8225 section 5, RFC 8588 section 6)."""
        claims: dict[str, Any] = {"dest": {"tn": list(self.dest)}, "iat": self.iat, "orig": {"tn": self.orig}}
        return {"attest": self.attestation, **claims, "origid": self.origid} if self.attestation else claims

    def signing_input(self) -> bytes:
        """What is signed: header and payload in the form of `canonical`, each in base64url."""
        return f"{encoded(canonical(self.header()))}.{encoded(canonical(self.payload()))}".encode()

    def full(self, sign: Signer | None = None) -> str:
        """The full form, header.payload.signature; without a signer the signature is missing, and it verifies
        nowhere."""
        octets = self.signing_input()
        return f"{octets.decode()}.{encoded(sign(octets)) if sign is not None else ''}"

    def compact(self, sign: Signer) -> str:
        """The compact form of RFC 8225 section 7, "..signature": whoever verifies it makes header and payload anew from
        the SIP message, which has no place for SHAKEN's claims. Raises ValueError for a token that has them."""
        if self.attestation:
            raise ValueError("a token with SHAKEN's claims has no compact form: nothing in a SIP message tells them")
        return f"..{encoded(sign(self.signing_input()))}"


def passport(x5u: str, attestation: str, orig: str, dest: str, iat: int, origid: str = "") -> Passport:
    """A token for a call from `orig` to `dest`, numbers as they are written (E.164)."""
    return Passport(x5u, attestation, digits_of(orig), (digits_of(dest),), iat, origid)


def canonical(claims: dict[str, Any]) -> bytes:
    """JSON as it is signed: keys in the order of their characters, no white space (RFC 8225 section 9)."""
    return json.dumps(claims, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def encoded(octets: bytes) -> str:
    """base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def origin_id(name: str) -> str:
    """A UUID that stands for an origin (RFC 8588 section 5): the same for the same name, of version 8 (RFC 9562)."""
    octets = bytearray(blake2b(name.encode(), digest_size=16).digest())
    octets[6] = octets[6] & 0x0F | 0x80
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def lab_signer(seed: int | str) -> Signer:
    """Signs with ES256 and the lab's key of this seed; the same octets get the same signature (RFC 6979)."""
    # Here and below: the package is heavy, and most calls are not signed.
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    key = _lab_key(seed)
    how = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)

    def sign(octets: bytes) -> bytes:
        r, s = utils.decode_dss_signature(key.sign(octets, how))
        return bytes(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    return sign


def lab_public_key(seed: int | str) -> str:
    """The public half of the lab's key, as PEM: what would stand in the certificate at x5u."""
    from cryptography.hazmat.primitives import serialization

    octets = _lab_key(seed).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return str(octets.decode())


def _lab_key(seed: int | str) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    # 512 bits, so that the remainder is as good as even (FIPS 186-5 appendix A.2.1).
    secret = int.from_bytes(sha512(f"spamlab shaken key|{seed}".encode()).digest(), "big") % (_ORDER_P256 - 1) + 1
    return ec.derive_private_key(secret, ec.SECP256R1())
