"""The participant's mailbox, from a notebook: Mailpit's API through mailpit-api-client, made safe.

The client sends form bodies where Mailpit expects JSON, and Mailpit takes a body that it can't read for "delete all".
So `SafeApi` sends JSON of its own, and refuses an empty list; only `Mailbox.delete_all` deletes all. It also ignores
proxies, follows no redirect, keeps the token out of addresses and error texts, and fills in the one field that
today's Mailpit no longer sends.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx
from mailpit.client import models
from mailpit.client.api import API

from spamlab.kit.errors import ServiceAway, ServiceRefused

SECONDS = 10.0
MOST_BYTES = 64 * 1024 * 1024
PAGE = 100
_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_AWAY = "Your mailbox does not answer. Wait a minute, run the cell again, then tell the trainer."
_ODD = "Your mailbox gave an answer that can't be read. Run the cell again, then tell the trainer."
_REFUSALS = {
    401: "Your mailbox does not know this notebook. Open the notebook again from the workshop's page.",
    404: "There is no such message in your mailbox.",
}

T = TypeVar("T")


class SafeApi(API):  # type: ignore[misc]
    """mailpit-api-client's API with the same methods and models, over one bounded HTTP client.

    `get_message_headers` returns a plain dict, since the client's model fails without a Delivered-To field.
    All methods raise ServiceError.
    """

    def __init__(self, mailpit_url: str, timeout: float = SECONDS) -> None:
        try:
            address = httpx.URL(mailpit_url)
        except (httpx.InvalidURL, TypeError):
            raise ServiceAway("The mailbox's address can't be read. Tell the trainer.") from None
        if address.scheme not in ("http", "https") or not address.host:
            raise ServiceAway("The mailbox's address must begin with http:// or https://. Tell the trainer.")
        user, password = unquote(address.username), unquote(address.password)
        super().__init__(str(address.copy_with(userinfo=b"", query=None, fragment=None)).rstrip("/"), timeout)
        self._client = httpx.Client(
            auth=(user, password) if user or password else None,
            timeout=timeout,
            trust_env=False,
            verify=address.scheme == "https",  # reading certificates takes longer than all else here
            follow_redirects=False,
        )

    def get_messages(self, limit: int = 50, start: int = 0) -> models.Messages:
        """A page of the list, the newest first."""
        return _model(models.Messages, self.ask("GET", API.MESSAGES_ENDPOINT, params={"limit": limit, "start": start}))

    def search(self, query: str, limit: int = 50, start: int = 0) -> models.Messages:
        """A page of what matches a query in Mailpit's search language."""
        params = {"query": query, "limit": limit, "start": start}
        return _model(models.Messages, self.ask("GET", "api/v1/search", params=params))

    def get_message(self, message_id: str) -> models.Message:
        """One message; the mailbox marks it as read."""
        found = _read(json.loads, self.ask("GET", f"{API.MESSAGE_ENDPOINT}/{_checked(message_id)}"))
        # Mailpit left this field out after the client was written, and the model can't be made without it.
        return _model(models.Message, json.dumps({"Read": True} | found if isinstance(found, dict) else found))

    def get_message_raw(self, message_id: str) -> bytes:
        """The whole message as the mailbox holds it."""
        return self.ask("GET", f"{API.MESSAGE_ENDPOINT}/{_checked(message_id)}/raw")

    def get_message_headers(self, message_id: str) -> dict[str, list[str]]:
        """Header values by canonical name (`Message-Id`), unfolded, in the order of the message."""
        found = _read(json.loads, self.ask("GET", f"{API.MESSAGE_ENDPOINT}/{_checked(message_id)}/headers"))
        return _read(lambda answer: {str(name): [str(value) for value in answer[name]] for name in answer}, found)

    def get_message_attachment(self, message_id: str, part_id: str) -> bytes:
        """The decoded bytes of a part (the client's own method decodes them as text)."""
        if not re.fullmatch(r"[0-9.]{1,64}", part_id):
            raise ServiceRefused("There is no such part in the message.", 404)
        return self.ask("GET", f"{API.MESSAGE_ENDPOINT}/{_checked(message_id)}/part/{part_id}")

    def delete_messages(self, ids: Iterable[str]) -> None:
        """Delete these messages, never all: an empty list is refused."""
        self.ask("DELETE", API.MESSAGES_ENDPOINT, body={"IDs": _some(ids)})

    def put_messages(self, ids: Iterable[str], key: str, value: Any) -> None:
        """Set a field ("Read") of these messages, never of all: an empty list is refused."""
        self.ask("PUT", API.MESSAGES_ENDPOINT, body={"IDs": _some(ids), key: value})

    def delete_all(self) -> None:
        """Delete every message of the mailbox."""
        self.ask("DELETE", API.MESSAGES_ENDPOINT, body={"IDs": []})

    def ask(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> bytes:
        """One request below the mailbox's address; returns the answer's bytes, at most 64 MiB of them."""
        url = f"{self.mailpit_url}/{path}"
        try:
            with self._client.stream(method, url, params=params, json=body) as response:
                self.last_response = response
                read = bytearray()
                for piece in response.iter_bytes():
                    read += piece
                    if len(read) > MOST_BYTES:
                        raise ServiceAway(_ODD)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError):
            # "from None": the cause would show the address.
            raise ServiceAway(_AWAY) from None
        if response.status_code != 200:
            sentence = f"Your mailbox refused this request (status {response.status_code})."
            raise ServiceRefused(_REFUSALS.get(response.status_code, sentence), response.status_code)
        return bytes(read)


class Mailbox:
    """One mailbox, ours or the real Mailpit; every method raises ServiceError with one sentence.

    url: with user, token and path where there are some, as in "http://p01:TOKEN@127.0.0.1:8025/p01".

    >>> Mailbox("http://p01:TOKEN@127.0.0.1:8025/p01/").url
    'http://127.0.0.1:8025/p01'
    """

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        self.api = SafeApi(url, seconds)

    @property
    def url(self) -> str:
        """The address without user and token."""
        return str(self.api.mailpit_url)

    def messages(self, limit: int = 50, start: int = 0) -> models.Messages:
        """A page of the list, the newest first: `.total`, `.unread`, `.messages`."""
        return self.api.get_messages(limit, start)

    def search(self, query: str, limit: int = 50, start: int = 0) -> models.Messages:
        """As `messages`, but those that match: words, "a phrase", from:, to:, subject:, message-id:, is:unread."""
        return self.api.search(query, limit, start)

    def message(self, id: str) -> models.Message:
        """One message by the mailbox's ID, or by "latest"; it is marked as read."""
        return self.api.get_message(id)

    def raw(self, id: str) -> bytes:
        """The whole message: what was sent, below the lines that the mailbox put on top."""
        return self.api.get_message_raw(id)

    def headers(self, id: str) -> dict[str, list[str]]:
        """Header values by name (`Received`, `Message-Id`), each name's in the order of the message."""
        return self.api.get_message_headers(id)

    def find(self, message_id: str) -> str | None:
        """The ID of the newest message with exactly this Message-ID (with or without <>), None if there is none."""
        wanted = message_id.strip().strip("<>")
        # The search drops punctuation, so the longest piece without any finds the candidates.
        piece = max(re.findall(r"[A-Za-z0-9@.+=_-]+", wanted), key=len, default="")
        start = 0
        while wanted:
            page = self.search(f"message-id:{piece}", PAGE, start) if piece else self.messages(PAGE, start)
            for summary in page.messages:
                if summary.message_id == wanted:
                    return str(summary.id)
            start += len(page.messages)
            if len(page.messages) < PAGE:
                break
        return None

    def delete(self, ids: str | Iterable[str]) -> None:
        """Delete these messages, and no other; an empty list is refused."""
        self.api.delete_messages([ids] if isinstance(ids, str) else ids)

    def delete_all(self) -> None:
        """Delete every message of this mailbox."""
        self.api.delete_all()

    def mark_read(self, ids: str | Iterable[str], read: bool = True) -> None:
        """Mark these messages as read, or with read=False as unread; an empty list is refused."""
        self.api.put_messages([ids] if isinstance(ids, str) else ids, "Read", read)


def _checked(id_: str) -> str:
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise ServiceRefused(_REFUSALS[404], 404)
    return id_


def _some(ids: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(ids))
    if not found:
        raise ServiceRefused("The list of messages is empty, so nothing was done.", 400)
    for id_ in found:
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            raise ServiceRefused("The list holds something that isn't the ID of a message, so nothing was done.", 400)
    return found


def _model(kind: Any, answer: bytes | str) -> Any:
    # Mailpit writes null for an empty list of addresses, and the model warns of it.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return _read(kind.from_json, answer)


def _read(read: Callable[[Any], T], answer: Any) -> T:
    try:
        return read(answer)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ServiceAway(_ODD) from None
