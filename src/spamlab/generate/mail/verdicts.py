"""What a server writes on what it verified, and a signer: Authentication-Results, Received-SPF, DKIM-Signature."""

from __future__ import annotations

from binascii import b2a_base64
from dataclasses import dataclass
from datetime import datetime
from hashlib import shake_128


@dataclass(frozen=True, slots=True)
class Results:
    """spf, dkim, dmarc: results in the words of RFC 8601 section 2.7. mail_from: the bounce address, "" for none.
    dkim_domain, selector: of the signature that counts, "" for an unsigned message. policy: of the DMARC record of the
    domain in From, "" without one."""

    spf: str
    dkim: str
    dmarc: str
    mail_from: str = ""
    dkim_domain: str = ""
    selector: str = ""
    policy: str = ""


def authentication_results(authserv_id: str, results: Results, from_domain: str, helo: str = "") -> str:
    """An Authentication-Results field (RFC 8601 section 2.2), without the final CRLF. helo: the peer's name, for a
    message without a bounce address."""
    checked = f"smtp.mailfrom={results.mail_from}" if results.mail_from else f"smtp.helo={helo}"
    if results.dkim_domain:
        signed = f" header.d={results.dkim_domain}" + (f" header.s={results.selector}" if results.selector else "")
    else:
        signed = " (message not signed)"
    policy = f" (p={results.policy} dis=none)" if results.policy and results.dmarc != "none" else ""
    return (f"Authentication-Results: {authserv_id};\r\n\tspf={results.spf} {checked};\r\n"
            f"\tdkim={results.dkim}{signed};\r\n\tdmarc={results.dmarc}{policy} header.from={from_domain}")


def received_spf(result: str, host: str, address: str, mail_from: str, helo: str) -> str:
    """A Received-SPF field (RFC 7208 section 9.1), without the final CRLF."""
    domain = mail_from.rpartition("@")[2] or helo
    says = {"pass": f"domain of {domain} designates {address} as permitted sender",
            "none": f"{domain} does not publish an SPF record",
            "neutral": f"{address} is neither permitted nor denied by domain of {domain}"}.get(
                result, f"domain of {domain} does not designate {address} as permitted sender")
    return (f"Received-SPF: {result} ({host}: {says})\r\n\tclient-ip={address}; envelope-from=\"{mail_from}\"; "
            f"helo={helo};")


def dkim_signature(domain: str, selector: str, date: datetime, key: int) -> str:
    """The text of a DKIM-Signature field (RFC 6376 section 3.5) around bytes of a key: it verifies nowhere."""
    signature = b2a_base64(_octets(key, 288)[:256], newline=False).decode()
    rows = "\r\n\t ".join(signature[start:start + 66] for start in range(0, len(signature), 66))
    digest = b2a_base64(_octets(key, 288)[256:], newline=False).decode()
    return (f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector};\r\n"
            f"\tt={int(date.timestamp())}; i=@{domain};\r\n"
            f"\th=From:To:Subject:Date:Message-ID:MIME-Version:Content-Type;\r\n\tbh={digest};\r\n\tb={rows}")


def _octets(key: int, count: int) -> bytes:
    return shake_128(key.to_bytes(8, "big")).digest(count)
