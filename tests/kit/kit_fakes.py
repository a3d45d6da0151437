"""A judge and a mailbox for the kit's tests: one small server on loopback that knows forms, not answers."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

LAB = "02-header-forensics"

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202eevil"


def mail(name: str, own: bool = True, subject: str = "Your parcel", hostile: str = "") -> bytes:
    """A message with four Received lines, one of them folded, and two results; `own`: with the mailbox's line."""
    lines = [
        "Return-Path: <bounce@sender.example>",
        "Received: from localhost ([127.0.0.1])\r\n        by mailbox.test (spamlab) with ESMTP id 7 "
        "for <p01@mailbox.test>; Tue, 4 Mar 2025 10:05:00 +0000",
    ] if own else []
    lines += [
        "Received: from mx1.harbornet.example (mx1.harbornet.example [198.51.100.10]) by store.harbornet.example "
        "with ESMTPS id a1; Tue, 4 Mar 2025 10:04:00 +0000",
        "Authentication-Results: mx.harbornet.example; spf=pass smtp.mailfrom=sender.example; dkim=none",
        "Received: from mail.bank.example (host.sender.example [203.0.113.77])\r\n\tby mx1.harbornet.example "
        "with ESMTP id b2; Tue, 4 Mar 2025 12:03:58 +0200",
        f"Received: from {hostile or 'relay.sender.example'} (unknown [IPv6:2001:db8::7]) by out.sender.example; "
        "Tue, 4 Mar 2025 10:03:00 +0000",
        "Received: from pc (10.0.0.4) by relay.sender.example; Tue, 4 Mar 2025 10:02:00 +0000",
        "Authentication-Results: relay.sender.example; spf=pass",
        f"From: {hostile}Bank <info@bank.example>",
        f"Subject: {subject}",
        f"Message-ID: <{name.lower()}@sender.example>",
    ]
    return ("\r\n".join(lines) + "\r\n\r\nHello\r\n").encode("utf-8")


def _options(*pairs: tuple[Any, str]) -> list[dict[str, Any]]:
    return [{"value": value, "label": label} for value, label in pairs]


TRUE_FALSE = _options((True, "true"), (False, "false"))
REASONS = _options(("a", "because our own server wrote it"),
                   ("b", "because everything below the border came with the message and nobody checked it"),
                   ("c", "because the time is wrong"))
HOPS = _options(*[(number, f"line {number}: by {host}") for number, host in
                  [(1, "store.harbornet.example"), (2, "mx1.harbornet.example"), (3, "out.sender.example"),
                   (4, "relay.sender.example")]])
RESULTS = _options(("pass", "pass"), ("fail", "fail"), ("none", "none"))


def form(name: str, shape: str, fields: list[dict[str, Any]], *, title: str = "A question", saved: Any = None,
         messages: tuple[str, ...] = ("M1",), prompt: str = "Read the lines. Then answer.",
         kind: str = "pick") -> dict[str, Any]:
    """One form spec as the judge sends it."""
    return {"question": name, "title": title, "points": 3, "minutes": 5, "kind": kind, "prompt": prompt,
            "messages": list(messages), "shape": shape, "fields": fields, "saved": saved}


def both(name: str, shape: str, fields: list[dict[str, Any]], **rest: Any) -> dict[str, Any]:
    """Practice and twin of one question."""
    return {"practice": form(name, shape, fields, **rest),
            "twin": form(f"{name}-twin", shape, fields, **(rest | {"messages": ("T1",), "saved": None})),
            "hints": [{"step": 1, "title": "Where to look", "open": False, "wait": 20},
                      {"step": 2, "title": "The rule", "open": False, "wait": None},
                      {"step": 3, "title": "The same step on another message", "open": False, "wait": None}],
            "attempts": 0, "go_on": False}


def questions() -> dict[str, dict[str, Any]]:
    """One question of every shape and widget."""
    statements = [{"name": str(number), "label": text, "widget": "choice", "options": TRUE_FALSE} for number, text in
                  enumerate(["The line `From` proves who wrote the message.",
                             "The topmost Received line was written by our own server.",
                             "A sender can write Received lines before the message leaves its own machine, and "
                             "all of them then stand below ours."], 1)]
    table = [{"name": f"{row}.{column}", "label": f"{row}: {label}", "row": row, "column": column, "row_label": row,
              "column_label": label, "widget": "text" if column == "domain" else "choice",
              "options": [] if column == "domain" else RESULTS}
             for row in ("M1", "M3", "M4") for column, label in
             (("spf", "SPF says"), ("domain", "for the domain"), ("protects", "Protects the reader"))]
    return {
        "q1": both("q1", "record", [*statements, {"name": "reason", "label": "Reason", "widget": "choice",
                                                  "options": REASONS}], title="Who wrote this line?",
                   prompt="Say for each sentence about message **M1** whether it is true. Then choose the reason that "
                          "fits. Look at `Received` and at `Authentication-Results`.", kind="statements"),
        "q2": both("q2", "single", [{"name": "answer", "label": "First to last", "widget": "order",
                                     "options": HOPS}], title="The journey", kind="order"),
        "q3": both("q3", "single", [{"name": "answer", "label": "First line you may trust", "widget": "choice",
                                     "options": HOPS}], title="Border"),
        "q4": both("q4", "single", [{"name": "answer", "label": "IP address", "widget": "text", "options": []}],
                   title="Handover", kind="value"),
        "q5": both("q5", "record", [{"name": str(one["value"]), "label": one["label"], "widget": "choice",
                                     "options": [*_options(("", "not marked")), *REASONS]} for one in HOPS],
                   title="Chain", kind="mark"),
        "q6": both("q6", "table", table, title="Claim", kind="table"),
        "q7": {"practice": form("q7", "record", [{"name": "place", "label": "How is the border found?",
                                                  "widget": "choice", "options": _options(
                                                      ("by", "by the name after by"), ("top", "it is the top line"))}],
                                messages=tuple(f"P{number}" for number in range(1, 13)), kind="function"),
               "twin": None, "hints": [], "attempts": 0, "go_on": False},
        "q8": {"practice": form("q8", "record", [
            {"name": "to", "label": "To", "widget": "text", "options": []},
            {"name": "text", "label": "Your report", "widget": "textarea", "options": []},
            {"name": "sure", "label": "I read it once more", "widget": "check", "options": []}],
            kind="document", title="Tell"), "twin": None, "hints": [], "attempts": 0, "go_on": False},
        "q10": {"practice": form("q10", "record", [
            {"name": "policy", "label": "Policy", "widget": "choice", "options": _options(
                ("none", "none"), ("reject", "`reject` it"))},
            {"name": "to", "label": "Reports go to `rua`", "widget": "text", "options": []}], kind="fill")
            | {"text": "v=DMARC1; p=[Policy]; rua=[Reports go to <rua>]"},
            "twin": None, "hints": [], "attempts": 0, "go_on": False},
        "q11": {"practice": form("q11", "single", [{"name": "answer", "label": "Your rules", "widget": "code",
                                                    "options": [], "start": "# your rules\n"}], kind="artefact"),
                "twin": None, "hints": [], "attempts": 0, "go_on": False},
        "q12": {"practice": form("q12", "record", [{"name": "words", "label": "Words", "widget": "choice",
                                                    "options": _options(("all", "all"), ("some", "some"))}],
                                 kind="filter") | {"build": "build_filter"},
                "twin": None, "hints": [], "attempts": 0, "go_on": False},
        "q13": {"practice": form("q13", "record", [{"name": "law", "label": "A law abroad", "widget": "sentences",
                                                    "options": []}], kind="document"),
                "twin": None, "hints": [], "attempts": 0, "go_on": False},
        "q9": both("q9", "single", [{"name": "answer", "label": "Minutes", "widget": "number", "options": []}]),
    }


class FakeServices:
    """Serves judge and mailbox; remembers what was asked. verdicts: question -> what to say of any answer."""

    def __init__(self) -> None:
        self.questions = questions()
        self.names = ["M0", "M1", "M2", "M3", "M4", "T1", "T2", "T3", "T4"]
        self.mails = {name: mail(name) for name in self.names}
        self.verdicts: dict[str, dict[str, Any]] = {}
        self.posted: list[tuple[str, Any]] = []
        self.asked: list[str] = []
        self.raw_answer: bytes | None = None
        services = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                services._get(self)

            def do_POST(self) -> None:
                services._post(self)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> FakeServices:
        self._thread.start()
        return self

    def __exit__(self, *_rest: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def environment(self) -> dict[str, str]:
        """What the workshop sets for a participant."""
        return {"SPAMLAB_JUDGE_URL": self.url, "SPAMLAB_TOKEN": "token-of-p01", "SPAMLAB_PARTICIPANT": "p01",
                "SPAMLAB_MAILBOX_URL": self.url.replace("http://", "http://p01:token-of-p01@") + "/p01"}

    def _get(self, handler: BaseHTTPRequestHandler) -> None:
        path = urlsplit(handler.path).path
        self.asked.append(path)
        if self.raw_answer is not None:
            self._send(handler, 200, self.raw_answer)
        elif path == "/health":
            self._json(handler, {"ok": True})
        elif path == "/p01/api/v1/messages":
            self._json(handler, {"total": len(self.mails), "unread": 0, "count": len(self.mails),
                                 "messages_count": len(self.mails), "messages_unread": 0, "start": 0, "tags": [],
                                 "messages": [_summary(name) for name in self.mails]})
        elif path.startswith("/p01/api/v1/message/") and path.endswith("/raw"):
            self._send(handler, 200, self.mails[path.split("/")[-2]], "text/plain")
        elif handler.headers.get("Authorization") != "Bearer token-of-p01":
            self._json(handler, {"error": {"sentence": "This address needs the token of a participant."}}, 401)
        elif path == f"/api/v1/labs/{LAB}":
            self._json(handler, {"lab": LAB, "title": "Header forensics", "participant": "p01", "questions": [],
                                 "items": [{"name": name, "message_id": f"{name.lower()}@sender.example",
                                            "set": "twin" if name.startswith("T") else "practice"}
                                           for name in self.names]})
        elif path.startswith(f"/api/v1/labs/{LAB}/questions/") and path.split("/")[-1] in self.questions:
            self._json(handler, self.questions[path.split("/")[-1]])
        elif path == f"/api/v1/labs/{LAB}/challenges/q7":
            self._json(handler, {"function": "classify_route", "inputs": [
                {"name": f"P{number}", "input": {"base64": base64.b64encode(mail(f"P{number}", own=False)).decode()}}
                for number in range(1, 13)]})
        else:
            self._json(handler, {"error": {"sentence": "There is no question called that in this lab."}}, 404)

    def _post(self, handler: BaseHTTPRequestHandler) -> None:
        path = urlsplit(handler.path).path
        self.asked.append(path)
        given = json.loads(handler.rfile.read(int(handler.headers.get("Content-Length", "0"))))
        if path.endswith("/answers"):
            self.posted.append((given["question"], given["answer"]))
            twin = given["question"].endswith("-twin")
            standard = ({"state": "saved", "share": None, "message": "Saved. This part is silent: it earns the points "
                         "and tells nothing more."} if twin else
                        {"state": "mistake", "share": 0.0, "message": "You took the bottom line. Many guides say so, "
                         "and a spammer counts on it. Ask who *wrote* the line: read `by`, not `from`."})
            said = self.verdicts.get(given["question"], standard)
            hints = self.questions.get(given["question"].removesuffix("-twin"), {}).get("hints", [])
            self._json(handler, {"hints": hints, "go_on": False, **said})
        elif path.endswith("/hints") and given["step"] == 1:
            self._json(handler, {"title": "Where to look", "text": "Look at the line with `by` our own server.\n\n"
                                 "What stands **below** it?"})
        else:
            self._json(handler, {"error": {"sentence": "Open hint 1 first."}}, 409)

    def _json(self, handler: BaseHTTPRequestHandler, body: Mapping[str, Any], status: int = 200) -> None:
        self._send(handler, status, json.dumps(body).encode(), "application/json")

    def _send(self, handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "text/plain") -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def _summary(name: str) -> dict[str, Any]:
    who = {"Name": "", "Address": "p01@mailbox.test"}
    return {"ID": name, "MessageID": f"{name.lower()}@sender.example", "Read": False, "From": who, "To": [who],
            "Cc": [], "Bcc": [], "ReplyTo": [], "Subject": "x", "Created": "2025-03-04T10:05:00Z", "Tags": [],
            "Username": "", "Size": 100, "Attachments": 0, "Snippet": ""}
