"""The web inbox, over HTTP and in a real browser."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest

from spamlab.mailnet.delivery import deliver
from spamlab.mailnet.mailbox import RunningMailboxes, start
from spamlab.records.message import Message

with socket.create_server(("127.0.0.1", 0)) as _free:
    TRAP_PORT = _free.getsockname()[1]
HOSTILE = """From: "<script>alert(1)</script>" <evil@bad.example>
To: p01@mailbox.test
Subject: <img src=x onerror=alert(2)> \u202egnp.exe
Message-ID: <hostile@bad.example>
X-Odd: </pre><script>alert(3)</script>
Content-Type: text/html; charset=utf-8

<html><head><meta http-equiv="refresh" content="0; url=http://127.0.0.1:PORT/refresh"><base href="http://127.0.0.1:PORT/">
<link rel="preconnect" href="http://127.0.0.1:PORT/"><link rel="prefetch" href="http://127.0.0.1:PORT/prefetch">
<link rel="stylesheet" href="http://127.0.0.1:PORT/style.css"></head>
<body onload="alert(4)"><h1 id="shown">Your parcel</h1><script>document.title = "scripted"; alert(5)</script>
<img src="http://127.0.0.1:PORT/pixel.png"><iframe src="http://127.0.0.1:PORT/frame"></iframe>
<a id="link" href="http://127.0.0.1:PORT/phish">Track it</a>
<form action="http://127.0.0.1:PORT/form"><button id="send">Send</button></form></body></html>
""".replace("PORT", str(TRAP_PORT))
PLAIN = "From: a@b.example\nMessage-ID: <plain@b.example>\nSubject: Hello\n\nA <b>plain</b> text.\n"


@pytest.fixture(scope="module")
def mailboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMailboxes]:
    with start(tmp_path_factory.mktemp("mail"), {"p01": "one", "p02": "two"}) as running:
        texts = [("hostile", HOSTILE), ("plain", PLAIN), *((f"n{number}", PLAIN) for number in range(58))]
        messages = [
            Message(name, text.replace("\n", "\r\n").encode(), "a@b.example", ("x@y.example",)) for name, text in texts
        ]
        deliver(messages, "127.0.0.1", running.addresses.smtp_port, "p01@mailbox.test")
        yield running


@pytest.fixture
def client(mailboxes: RunningMailboxes) -> Iterator[httpx.Client]:
    address = f"http://127.0.0.1:{mailboxes.addresses.http_port}"
    with httpx.Client(base_url=address, auth=("p01", "one"), trust_env=False, verify=False) as found:
        yield found


def _hostile_view(client: httpx.Client) -> str:
    found = client.get("/p01/?q=message-id:hostile")
    match = re.search(r'href="(/p01/view/[0-9a-f]+)"', found.text)
    assert match is not None
    return match[1]


def test_the_token_becomes_a_cookie_and_leaves_the_address(mailboxes: RunningMailboxes) -> None:
    """Opening the inbox with ?token= redirects to the address without it, and a strict cookie opens it from then on."""
    with httpx.Client(trust_env=False, verify=False) as browser:
        first = browser.get(mailboxes.inbox("p01").replace("?", "?q=hello&"))
        assert (first.status_code, first.headers["Location"]) == (302, "/p01/?q=hello")
        cookie = first.headers["Set-Cookie"]
        assert all(word in cookie for word in ("HttpOnly", "Path=/p01/", "SameSite=Strict"))
        base = f"http://127.0.0.1:{mailboxes.addresses.http_port}"
        assert browser.get(f"{base}/p01/").status_code == 200
        assert browser.get(f"{base}/p02/").status_code == 401
        assert browser.get(f"{base}/p01?token=one").headers["Location"] == "/p01/?token=one"


@pytest.mark.parametrize("path", ["/p01/", "/p01/view/abc", "/p01/view/abc.html", "/p03/"])
def test_without_the_token_nothing_is_shown(mailboxes: RunningMailboxes, path: str) -> None:
    """No page opens without its participant's token; a mailbox that doesn't exist answers the same."""
    base = f"http://127.0.0.1:{mailboxes.addresses.http_port}"
    with httpx.Client(trust_env=False, verify=False) as browser:
        for auth in (None, ("p02", "two"), ("p01", "two")):
            answer = browser.get(base + path, auth=auth)
            assert answer.status_code == 401
            assert "alert" not in answer.text
        assert browser.get(f"{base}/").status_code == 404


def test_each_page_is_strict(client: httpx.Client) -> None:
    """Every page forbids scripts, framing and sniffing, says its language, and holds no script of its own."""
    for path in ("/p01/", _hostile_view(client), "/p01/view/0000"):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert '<html lang="en"' in answer.text
        assert "<script" not in answer.text.lower()
        assert answer.text.count("<h1") == 1


def test_a_senders_words_are_text(client: httpx.Client) -> None:
    """Markup in names, subjects, headers and bodies is shown as text, on the list and on the message."""
    for path in ("/p01/?q=from:evil", _hostile_view(client)):
        text = client.get(path).text
        assert "&lt;script&gt;alert(1)" in text
        assert "<img" not in text
        assert "onerror=alert(2)&gt;" in text


def test_the_frame_is_sandboxed_twice(client: httpx.Client) -> None:
    """The sender's HTML is served with a sandbox policy, and the page frames it with an empty sandbox."""
    view = _hostile_view(client)
    assert re.search(r"<iframe sandbox title=\"[^\"]+\"", client.get(view).text)
    policy = client.get(view + ".html").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-" not in policy


def test_the_list_has_pages_and_a_search(client: httpx.Client) -> None:
    """Fifty messages a page; page numbers beyond the end show the last; a search keeps its words in the field."""
    assert client.get("/p01/").text.count("/view/") == 50
    assert client.get("/p01/?page=2").text.count("/view/") == 10
    assert client.get("/p01/?page=999").text.count("/view/") == 10
    found = client.get("/p01/", params={"q": '"><b>nowhere'})
    assert "No message matches" in found.text
    assert "<b>" not in found.text


def test_opening_a_message_marks_it_as_read(client: httpx.Client) -> None:
    """State is a word: "new" until the message was opened, then "read"."""
    before = client.get("/p01/?q=message-id:plain").text
    match = re.search(r'href="(/p01/view/[0-9a-f]+)"', before)
    assert match is not None
    client.get(match[1])
    assert client.get("/p01/?q=message-id:plain").text.count("new</span>") == before.count("new</span>") - 1


class _Labels(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: set[str] = set()
        self.labelled: set[str] = set()
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("input", "select", "textarea"):
            self.fields.add(str(found.get("id")))
        if tag == "label":
            self.labelled.add(str(found.get("for")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_fields_have_labels_and_headings_are_in_order(client: httpx.Client) -> None:
    """Each field has its label, and no level of heading is left out."""
    for path in ("/p01/", _hostile_view(client)):
        labels = _Labels()
        labels.feed(client.get(path).text)
        assert labels.fields <= labels.labelled
        assert labels.headings[0] == 1
        assert all(after - before <= 1 for before, after in zip(labels.headings, labels.headings[1:], strict=False))


@pytest.fixture
def trap() -> Iterator[list[str]]:
    """A listener where the hostile message's addresses lead; holds a line for each connection."""
    caught: list[str] = []
    with socket.create_server(("127.0.0.1", TRAP_PORT)) as listener:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.settimeout(2)
                        caught.append(connection.recv(200).decode("latin-1"))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield caught
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.e2e
def test_in_a_browser_nothing_runs_and_nothing_is_loaded(mailboxes: RunningMailboxes, trap: list[str]) -> None:
    """In Chromium a hostile message runs no script and reaches no other address, nor do its link and its form."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = os.environ.get("SPAMLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    dialogs: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
            page.goto(mailboxes.inbox("p01").replace("?", "?q=message-id:hostile&"))
            assert "token" not in page.url
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip"
            page.get_by_role("link", name=re.compile("img src")).focus()
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile("/view/"))
            frame = page.frame_locator("iframe")
            assert frame.locator("#shown").inner_text() == "Your parcel"
            for control in ("#send", "#link"):
                frame.locator(control).click(timeout=2000)
                page.wait_for_timeout(300)
            assert page.title().endswith("mailbox p01")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert page.url.startswith(f"http://127.0.0.1:{mailboxes.addresses.http_port}/p01/view/")
        finally:
            browser.close()
    assert trap == []
    assert dialogs == []
