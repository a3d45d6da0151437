"""One suite over two implementations of Mailpit's API: our mailbox server and the real Mailpit.

The real one is the program named by SPAMLAB_MAILPIT, or `mailpit` on PATH, or it is built once with a Go toolchain.
Without it, our server is still held to the shapes that were recorded from it (mailpit-1.27.11.json).
"""

from __future__ import annotations

import json
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from spamlab.errors import ServiceError
from spamlab.kit.mailbox import Mailbox
from spamlab.mailnet.delivery import deliver
from spamlab.mailnet.mailbox import start
from spamlab.records.message import Message

VERSION = "1.27.11"
RECORDED = Path(__file__).parent / f"mailpit-{VERSION}.json"
TOKEN = "s3cret-Token"
ADDRESS = "p01@mailbox.test"


def _message(name: str, text: str, envelope_from: str = "bounce@sender.example") -> Message:
    return Message(name, text.replace("\n", "\r\n").encode(), envelope_from, (ADDRESS,))


RICH = _message(
    "M1",
    """\
Received: from mx.example (mx.example [192.0.2.9])
\tby border.example with ESMTP; Mon, 01 Sep 2025 10:00:00 +0200
Received: from inner.example by mx.example; Mon, 01 Sep 2025 09:59:00 +0200
Date: Mon, 01 Sep 2025 09:58:00 +0200
From: =?utf-8?q?J=C3=BCrgen?= Sender <juergen@sender.example>
To: "Desk, Abuse" <desk@border.example>, second@border.example
Cc: third@border.example
Reply-To: Reply <reply@other.example>
Message-ID: <one.1@sender.example>
Subject: =?utf-8?q?Your_caf=C3=A9?= bill
List-Unsubscribe: <https://leave.example/x>, <mailto:leave@sender.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=OUT

--OUT
Content-Type: multipart/alternative; boundary=IN

--IN
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Please pay the caf=C3=A9 bill.
.a line with a dot
--IN
Content-Type: text/html; charset=utf-8

<html><body><p>Please <b>pay</b> <a href="https://pay.example/">here</a></p></body></html>
--IN--
--OUT
Content-Type: image/png; name=pic.png
Content-ID: <pic1>
Content-Disposition: inline; filename=pic.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--OUT
Content-Type: application/pdf
Content-Disposition: attachment; filename="bill.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--OUT--
""",
)
PLAIN = _message(
    "M2",
    """\
From: plain <plain@other.example>
To: p01@mailbox.test
Subject: Lottery 100% prize
Date: Tue, 02 Sep 2025 08:00:00 +0000
Message-ID: <two@other.example>

You won the lottery.
Second line.
""",
)
HTML = _message(
    "M3",
    """\
From: html@third.example
To: p01@mailbox.test
Subject: only html
Date: not a date
Message-ID: <three@third.example>
Content-Type: text/html; charset=utf-8

<p>Click <a href='http://bad.example/'>here</a></p><p>Good bye</p>
""",
)
BARE = _message("M4", "Subject: nobody wrote this\nMessage-ID: <four@nobody.example>\n\nbody\n")
MESSAGES = (RICH, PLAIN, HTML, BARE)


@dataclass(frozen=True)
class Service:
    """A running implementation: where its mailbox is, and where it takes mail."""

    name: str
    url: str
    smtp_port: int

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.url)

    def fill(self) -> dict[str, str]:
        """Deliver the four messages into an empty mailbox; returns the ID of each by its name."""
        self.mailbox.delete_all()
        assert deliver(MESSAGES, "127.0.0.1", self.smtp_port, ADDRESS) == len(MESSAGES)
        found = {message.name: self.mailbox.find(message.message_id) for message in MESSAGES}
        assert None not in found.values()
        return {name: str(id_) for name, id_ in found.items()}

    def get(self, path: str, **params: Any) -> httpx.Response:
        with httpx.Client(trust_env=False, verify=False) as client:
            return client.get(f"{self.url}/api/v1/{path}", params=params)


def _program() -> Path:
    """The real Mailpit, or a skip that says why there is none."""
    if named := os.environ.get("SPAMLAB_MAILPIT"):
        return Path(named)
    if found := shutil.which("mailpit"):
        return Path(found)
    built = Path(tempfile.gettempdir()) / f"spamlab-mailpit-{VERSION}" / "mailpit"
    if built.exists():
        return built
    go = shutil.which("go")
    if go is None:
        pytest.skip(
            "no real Mailpit: SPAMLAB_MAILPIT is not set, mailpit is not on PATH, and there is no Go to build it"
        )
    with tempfile.TemporaryDirectory() as folder:
        command = [go, "install", f"github.com/axllent/mailpit@v{VERSION}"]
        try:
            run = subprocess.run(
                command, env={**os.environ, "GOBIN": folder}, capture_output=True, text=True, timeout=500, check=False
            )
        except subprocess.TimeoutExpired:
            pytest.skip("no real Mailpit: building it took more than 500 seconds")
        if run.returncode:
            pytest.skip(f"no real Mailpit: building it failed: {run.stderr.strip().splitlines()[-1:]}")
        built.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(folder) / "mailpit", built)
    return built


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def spamlab_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with start(tmp_path_factory.mktemp("mail"), {"p01": TOKEN}) as mailboxes:
        yield Service("spamlab", mailboxes.base("p01"), mailboxes.addresses.smtp_port)


@pytest.fixture(scope="module")
def mailpit_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    program, folder = _program(), tmp_path_factory.mktemp("mailpit")
    (folder / "users").write_text(f"p01:{TOKEN}\n")
    http_port, smtp_port = _free_port(), _free_port()
    command = [
        str(program), "--listen", f"127.0.0.1:{http_port}", "--smtp", f"127.0.0.1:{smtp_port}", "--webroot", "/p01",
        "--ui-auth-file", str(folder / "users"), "--database", str(folder / "mail.db"), "--disable-version-check",
        "--smtp-disable-rdns", "--quiet",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        service = Service("mailpit", f"http://p01:{TOKEN}@127.0.0.1:{http_port}/p01", smtp_port)
        _wait_for(service)
        yield service
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(service: Service) -> None:
    for _ in range(100):
        try:
            with smtplib.SMTP("127.0.0.1", service.smtp_port, timeout=2):
                service.mailbox.messages(1)
            return
        except (OSError, ServiceError):
            time.sleep(0.1)
    pytest.fail(f"{service.name} did not answer within ten seconds")


@pytest.fixture(params=["spamlab", "mailpit"])
def service(request: pytest.FixtureRequest) -> Service:
    found: Service = request.getfixturevalue(f"{request.param}_service")
    return found


def shape(value: Any) -> Any:
    """A JSON value's form: names of fields and kinds of values; a list is the set of its items' forms."""
    if isinstance(value, dict):
        return {name: shape(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        forms = {json.dumps(shape(item)) for item in value}
        return [json.loads(form) for form in sorted(forms)]
    if value is None:
        return "null"
    return {bool: "bool", int: "number", float: "number", str: "text"}[type(value)]


def shapes_of(service: Service) -> dict[str, Any]:
    """The shape of every JSON answer after the four messages were delivered."""
    ids = service.fill()
    found = {
        "messages": shape(service.get("messages").json()),
        "search": shape(service.get("search", query="lottery").json()),
        "search without a match": shape(service.get("search", query="nowhere-to-be-found").json()),
        "info": shape(service.get("info").json()),
    }
    for name, id_ in ids.items():
        found[f"message {name}"] = shape(service.get(f"message/{id_}").json())
        # Mailpit writes the envelope's recipient into a Bcc field; ours leaves the header as it came.
        headers = {
            field: values for field, values in service.get(f"message/{id_}/headers").json().items() if field != "Bcc"
        }
        found[f"headers {name}"] = shape(headers)
    return found


def test_every_answer_has_the_recorded_shape(service: Service) -> None:
    """Field by field, each JSON answer has the shape that was recorded from the real Mailpit."""
    assert shapes_of(service) == json.loads(RECORDED.read_text(encoding="utf-8"))


def test_the_same_messages_give_the_same_values(spamlab_service: Service, mailpit_service: Service) -> None:
    """Sender, recipients, subject, text, HTML, parts and snippet are equal in both, value for value."""
    ours, theirs = spamlab_service.fill(), mailpit_service.fill()
    for name in ours:
        found, wanted = (
            service.get(f"message/{ids[name]}").json()
            for service, ids in ((spamlab_service, ours), (mailpit_service, theirs))
        )
        for of_the_server in ("ID", "Size", *(("Date",) if name in ("M3", "M4") else ())):
            del found[of_the_server], wanted[of_the_server]
        assert found == wanted
    found, wanted = (service.get("messages").json() for service in (spamlab_service, mailpit_service))
    for listed in (found, wanted):
        for summary in listed["messages"]:
            del summary["ID"], summary["Size"], summary["Created"]
        listed["messages"].sort(key=lambda summary: summary["MessageID"])
    assert found == wanted


def test_one_more_received_field_stands_on_top(service: Service) -> None:
    """Delivery adds one Received field, with the server's name as comment of its by clause, and a Return-Path."""
    ids = service.fill()
    headers = service.mailbox.headers(ids["M1"])
    assert len(headers["Received"]) == 3
    assert {"spamlab": "(spamlab)", "mailpit": "(Mailpit)"}[service.name] in headers["Received"][0].split(" by ")[1]
    assert "border.example" in headers["Received"][1]
    assert headers["Return-Path"] == ["<bounce@sender.example>"]


def test_what_was_sent_is_still_there_byte_for_byte(service: Service) -> None:
    """Below what the server put on top, the source is the message as it was sent."""
    ids = service.fill()
    for message in MESSAGES:
        assert service.mailbox.raw(ids[message.name]).endswith(message.raw)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("lottery", "M2"),
        ("LOTTERY", "M2"),
        ("lottery second", "M2"),
        ('"second line"', "M2"),
        ('"line second"', ""),
        ("from:sender.example", "M1"),
        ("from:Jürgen", "M1"),
        ("to:p01@mailbox.test", "M2 M3"),
        ("to:desk@border.example", "M1"),
        ("cc:third@border.example", "M1"),
        ("bcc:p01@mailbox.test", "M1 M4"),
        ("reply-to:reply@other.example", "M1"),
        ("addressed:other.example", "M1 M2"),
        ("subject:html", "M3"),
        ('subject:"only html"', "M3"),
        ("message-id:two@other.example", "M2"),
        ("message-id:<two@other.example>", "M2"),
        ("is:unread", "M1 M2 M3 M4"),
        ("is:read", ""),
        ("!is:read lottery", "M2"),
        ("-lottery", "M1 M3 M4"),
        ("-from:sender.example to:p01@mailbox.test", "M2 M3"),
        ("has:attachment", "M1"),
        ("-has:attachment html", "M3"),
        ("has:inline", "M1"),
        ("larger:1k", "M1"),
        ("smaller:1k", "M2 M3 M4"),
        ("after:2001-01-01", "M1 M2 M3 M4"),
        ("before:2001-01-01", ""),
        ("bill.pdf", "M1"),
        ("nothing-like-this", ""),
        ("unknown:prefix", ""),
    ],
)
def test_a_search_finds_the_same_messages(service: Service, query: str, names: str) -> None:
    """Each part of the search language selects the same messages in both implementations."""
    if service.mailbox.messages(100).unread != len(MESSAGES):
        service.fill()
    names_by_id = {message.message_id: message.name for message in MESSAGES}
    found = service.mailbox.search(query)
    assert sorted(names_by_id[summary.message_id] for summary in found.messages) == names.split()


def test_reading_marks_as_read(service: Service) -> None:
    """A message counts as unread until it is opened, and again when it is marked so."""
    ids = service.fill()
    assert service.mailbox.messages().unread == 4
    service.mailbox.message(ids["M2"])
    assert [found.message_id for found in service.mailbox.search("is:read").messages] == [PLAIN.message_id]
    service.mailbox.mark_read([ids["M1"], ids["M3"]])
    assert service.mailbox.messages().unread == 1
    service.mailbox.mark_read(ids["M1"], read=False)
    assert service.mailbox.messages().unread == 2


def test_raw_and_headers_do_not_mark_as_read(service: Service) -> None:
    """Fetching the source or the headers leaves the message unread."""
    ids = service.fill()
    service.mailbox.raw(ids["M1"])
    service.mailbox.headers(ids["M1"])
    assert service.mailbox.messages().unread == 4


def test_pages_of_the_list(service: Service) -> None:
    """limit and start cut the list, the newest first; the totals stay those of the mailbox."""
    service.fill()
    whole = [summary.id for summary in service.mailbox.messages().messages]
    page = service.mailbox.messages(limit=2, start=1)
    assert [summary.id for summary in page.messages] == whole[1:3]
    assert (page.total, page.count, page.start) == (4, 2, 1)
    assert service.get("messages", limit="x", start="-4").json()["count"] == 4


def test_latest_is_the_newest(service: Service) -> None:
    """ "latest" names the newest message, or the newest that matches a query; an empty mailbox answers 404."""
    service.fill()
    newest = service.get("messages", limit=1).json()["messages"][0]
    assert service.get("message/latest").json()["ID"] == newest["ID"]
    assert service.get("message/latest", query="lottery").json()["MessageID"] == PLAIN.message_id
    assert service.get("message/latest/headers", query="lottery").json()["Message-Id"] == ["<two@other.example>"]
    service.mailbox.delete_all()
    assert service.get("message/latest").status_code == 404


def test_parts_are_decoded(service: Service) -> None:
    """A part comes with its own bytes and type, under the number that the message gives for it."""
    ids = service.fill()
    answer = service.get(f"message/{ids['M1']}/part/3")
    assert (answer.content, answer.headers["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert service.get(f"message/{ids['M1']}/part/9").status_code == 404


@pytest.mark.parametrize(
    "path", ["message/abcdef", "message/abcdef/raw", "message/abcdef/headers", "message/abcdef/part/1"]
)
def test_an_unknown_message_is_404(service: Service, path: str) -> None:
    """Whatever is asked about a message that isn't there gets 404."""
    assert service.get(path).status_code == 404


def test_a_search_without_a_query_is_400(service: Service) -> None:
    """GET search needs a query."""
    assert service.get("search").status_code == 400


def test_wrong_credentials_are_401(service: Service) -> None:
    """A wrong token, a wrong user and none at all get 401, and our client says so in one sentence."""
    address = service.mailbox.url
    with httpx.Client(trust_env=False, verify=False) as client:
        for auth in (None, ("p01", "wrong"), ("p02", TOKEN)):
            assert client.get(f"{address}/api/v1/messages", auth=auth).status_code == 401
    with pytest.raises(ServiceError, match="does not know this notebook"):
        Mailbox(address).messages()


def test_deleting_one_never_deletes_all(service: Service) -> None:
    """Through our client, deleting one message deletes that one; deleting none deletes none."""
    ids = service.fill()
    mailbox = service.mailbox
    mailbox.delete(ids["M2"])
    assert {found.message_id for found in mailbox.messages().messages} == {
        message.message_id for message in MESSAGES if message is not PLAIN
    }
    for refused in ([], (), "", ["../messages"]):
        with pytest.raises(ServiceError, match="nothing was done"):
            mailbox.delete(refused)
    mailbox.api.delete_messages([ids["M1"]])
    assert mailbox.messages().total == 2
    with pytest.raises(ServiceError, match="nothing was done"):
        mailbox.api.delete_messages([])
    assert mailbox.messages().total == 2


def test_deleting_an_unknown_message_deletes_none(service: Service) -> None:
    """An ID that isn't there deletes nothing."""
    service.fill()
    service.mailbox.delete("abcdefabcdef")
    assert service.mailbox.messages().total == 4


def test_no_ids_delete_all(service: Service) -> None:
    """An empty body and an empty list of IDs mean all messages, in both."""
    with httpx.Client(trust_env=False, verify=False) as client:
        for content in (b"", b"{}", b'{"IDs": []}'):
            service.fill()
            answer = client.request("DELETE", f"{service.url}/api/v1/messages", content=content)
            assert (answer.status_code, answer.text) == (200, "ok")
            assert service.mailbox.messages().total == 0


def test_marking_with_a_form_changes_nothing(service: Service) -> None:
    """A PUT with a form body, as the plain client sends it, is 400 and marks nothing."""
    ids = service.fill()
    with httpx.Client(trust_env=False, verify=False) as client:
        answer = client.put(f"{service.url}/api/v1/messages", data={"ids": [ids["M1"]], "Read": True})
    assert answer.status_code == 400
    assert service.mailbox.messages().unread == 4


@pytest.mark.parametrize("raw", [b"no header line\r\n\r\nx\r\n", b"From: a@b.example\r\nbroken line\r\n\r\nbody\r\n"])
def test_what_is_no_message_is_refused(service: Service, raw: bytes) -> None:
    """A line above the first empty one that is no header field gets an error, and the server goes on."""
    service.mailbox.delete_all()
    with smtplib.SMTP("127.0.0.1", service.smtp_port, timeout=10) as connection:
        with pytest.raises(smtplib.SMTPDataError):
            connection.sendmail("bounce@sender.example", [ADDRESS], raw)
        connection.sendmail("bounce@sender.example", [ADDRESS], PLAIN.raw)
    assert service.mailbox.messages().total == 1


def test_the_null_path_is_taken(service: Service) -> None:
    """A bounce with an empty reverse-path is delivered (RFC 5321 section 4.5.5)."""
    service.mailbox.delete_all()
    deliver([_message("B", "From: mailer@x.example\nMessage-ID: <b@x.example>\n\nbounce\n", "")], "127.0.0.1",
            service.smtp_port, ADDRESS)  # fmt: skip
    assert service.mailbox.message("latest").message_id == "b@x.example"
