"""An e-mail message as the lab passes it on."""

from dataclasses import dataclass
from email.parser import BytesHeaderParser


@dataclass(frozen=True)
class Message:
    """One whole message with its envelope.

    name: short name inside a data set, such as "M1".
    raw: the complete message, CRLF line ends (RFC 5322 section 2.1).
    envelope_from: reverse-path without angle brackets, "" for the null path (RFC 5321 section 4.5.5).
    envelope_to: forward-paths.
    """

    name: str
    raw: bytes
    envelope_from: str
    envelope_to: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a message needs a name")
        if b"\n" in self.raw.replace(b"\r\n", b""):
            raise ValueError(f"message {self.name}: line ends must be CRLF")

    @property
    def message_id(self) -> str:
        """The Message-ID without angle brackets, or ""."""
        header = BytesHeaderParser().parsebytes(self.raw)
        return str(header.get("Message-ID", "")).strip().strip("<>")
