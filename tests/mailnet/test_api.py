"""What our API does on purpose other than Mailpit, and who it lets in; the rest is in tests/contracts."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from mailpit.client.api import API

from spamlab.kit.mailbox import Mailbox
from spamlab.mailnet.delivery import deliver
from spamlab.mailnet.mailbox import RunningMailboxes, start
from spamlab.records.message import Message

ATTACHED = b"""From: a@b.example
Message-ID: <m1@b.example>
Content-Type: multipart/mixed; boundary=x

--x

text
--x
Content-Type: text/html; name="a.html"
Content-Disposition: attachment; filename="a\\"; x=.html"

<script>alert(1)</script>
--x--
""".replace(b"\n", b"\r\n")


@pytest.fixture(scope="module")
def mailboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMailboxes]:
    with start(tmp_path_factory.mktemp("mail"), {"p01": "one", "p02": "two"}) as running:
        yield running


@pytest.fixture
def mailbox(mailboxes: RunningMailboxes) -> Mailbox:
    """p01's mailbox with two messages."""
    found = Mailbox(mailboxes.base("p01"))
    found.delete_all()
    messages = [Message(name, ATTACHED, "a@b.example", ("x@y.example",)) for name in ("M1", "M2")]
    deliver(messages, "127.0.0.1", mailboxes.addresses.smtp_port, "p01@mailbox.test")
    return found


@pytest.fixture
def client(mailboxes: RunningMailboxes) -> Iterator[httpx.Client]:
    address = f"http://127.0.0.1:{mailboxes.addresses.http_port}/p01/api/v1/"
    with httpx.Client(base_url=address, auth=("p01", "one"), trust_env=False, verify=False) as found:
        yield found


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"ids=abc", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
        (b"ids=abc", "text/plain"),
        (b'{"IDs": ["abc"', "application/json"),
        (b'{"IDs": "abc"}', "application/json"),
        (b'{"IDs": [1]}', "application/json"),
        (b'{"ID": ["abc"]}', "application/json"),
        (b"null", "application/json"),
        (b'["abc"]', "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
)
def test_a_body_that_cannot_be_read_deletes_nothing(
    client: httpx.Client, mailbox: Mailbox, content: bytes, kind: str
) -> None:
    """A form, broken JSON and JSON of another form get 400 and delete nothing, where Mailpit deletes all."""
    answer = client.request("DELETE", "messages", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert "Nothing was deleted" in answer.text
    assert mailbox.messages().total == 2


def test_the_plain_client_deletes_nothing(mailboxes: RunningMailboxes, mailbox: Mailbox) -> None:
    """mailpit-api-client's own delete sends a form: here it fails loudly, on Mailpit it would delete all."""
    plain = API(mailboxes.base("p01"))
    with pytest.raises(httpx.HTTPStatusError):
        plain.delete_messages([mailbox.messages().messages[0].id])
    assert mailbox.messages().total == 2


def test_ids_are_read_in_any_letter_case(client: httpx.Client, mailbox: Mailbox) -> None:
    """The key "ids" means IDs, as in Go's JSON."""
    newest = mailbox.messages().messages[0].id
    assert client.request("DELETE", "messages", json={"ids": [newest]}).text == "ok"
    assert mailbox.messages().total == 1


def test_marking_needs_a_clear_body(client: httpx.Client, mailbox: Mailbox) -> None:
    """PUT with an empty, a broken or a contradictory body is 400; with a search it marks what matches."""
    for content in (b"", b"{", b'{"Read": "yes"}', b'{"IDs": ["a"], "Search": "x"}', b'{"Reed": true}'):
        assert client.put("messages", content=content).status_code == 400
    assert mailbox.messages().unread == 2
    assert client.put("messages", json={"Read": True, "Search": "text"}).text == "ok"
    assert mailbox.messages().unread == 0
    assert client.put("messages", json={"Read": False}).text == "ok"
    assert mailbox.messages().unread == 2


@pytest.mark.parametrize(
    "path", ["messages", "search?query=x", "info", "message/latest", "message/latest/raw", "tags", ""]
)
def test_another_participants_token_is_401(mailboxes: RunningMailboxes, path: str) -> None:
    """p02's credentials open none of p01's addresses, known or unknown, in any of the three ways."""
    address = f"http://127.0.0.1:{mailboxes.addresses.http_port}/p01/api/v1/{path}"
    mark = "&" if "?" in path else "?"
    with httpx.Client(trust_env=False, verify=False) as client:
        assert client.get(address, auth=("p02", "two")).status_code == 401
        assert client.get(f"{address}{mark}token=two").status_code == 401
        assert (
            client.get(address, headers={"Cookie": "spamlab-mailbox-p01=two; spamlab-mailbox-p02=two"}).status_code
            == 401
        )
        assert client.get(address).status_code == 401


def test_an_attachment_never_runs_as_our_page(client: httpx.Client, mailbox: Mailbox) -> None:
    """A sender's HTML file comes as a download, sandboxed, and its name can't break the header."""
    part = mailbox.message("latest").attachments[0]
    answer = client.get(f"message/latest/part/{part.part_id}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Disposition"].count('"') == 2
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_unknown_addresses_of_the_api_are_404(client: httpx.Client) -> None:
    """What Mailpit has and we don't is 404; a method that isn't taken is 405 in one sentence."""
    assert client.get("tags").status_code == 404
    assert client.put("chaos", json={}).status_code == 404
    answer = client.post("messages", json={})
    assert (answer.status_code, answer.text) == (405, "This address doesn't take that method.")


def test_a_large_request_is_refused(client: httpx.Client, mailbox: Mailbox) -> None:
    """A body above the bound is refused and changes nothing."""
    with pytest.raises(httpx.HTTPError):
        client.request("DELETE", "messages", content=b" " * 2_000_000).raise_for_status()
    assert mailbox.messages().total == 2
