"""The web inbox under /PARTICIPANT/: a list, one message, both plain HTML that works without a script.

What a sender wrote is shown as escaped text. Its HTML is shown as source, and as a picture in a frame without scripts,
forms and anything loaded from elsewhere.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from tornado.web import RequestHandler

from spamlab.mailnet.hypertext import html_to_text
from spamlab.mailnet.query import parse
from spamlab.mailnet.reading import header_block, read_message
from spamlab.mailnet.rooms import PAGE_POLICY, Mailboxes, MailboxHandler
from spamlab.mailnet.shapes import created
from spamlab.mailnet.store import Summary

PAGE_LENGTH = 50
HERE = r"/(?P<participant>[A-Za-z0-9_-]+)"
ID = r"(?P<id_>[A-Za-z0-9]+)"
FRAME_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_HREF = re.compile(r"(?i)\bhref(?=\s*=)")
_LEADING = re.compile(r"(?i)<(/?)(link|meta|base|iframe|frame|frameset|fencedframe|object|embed|portal)(?=[\s/>])")
TEMPLATES = Path(__file__).parent / "templates"
_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip


def shown_time(moment: datetime) -> str:
    """A time with its zone, as in "2026-03-02 09:14 +01:00"."""
    return f"{moment:%Y-%m-%d %H:%M} " + ("UTC" if not moment.utcoffset() else moment.isoformat()[-6:])


def shown_size(size: int) -> str:
    """A size in kB (1000 bytes), at least 1."""
    return f"{max(1, round(size / 1000)):,} kB".replace(",", " ")


def without_leads(html: str) -> str:
    """The HTML with every href made inert, and the elements that lead elsewhere made unknown ones.

    The policy lets nothing be loaded, but no policy stops a browser from opening a connection ahead: for
    `<link rel="preconnect">`, for a frame in the frame, when a link is pressed. What was a link still looks like one.
    """
    renamed = _LEADING.sub(r"<\1x-\2", _HREF.sub("data-href", html))
    return "<style>a[data-href] { color: #0645ad; text-decoration: underline; }</style>" + renamed


class PageHandler(MailboxHandler):
    """Base of the pages."""

    policy = PAGE_POLICY
    takes_token_away = True

    def page(self, template: str, **values: Any) -> None:
        """Answer with a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(_pages.get_template(template).render(participant=self.participant, **values))

    def no_message(self) -> None:
        """404 with the way back."""
        self.set_status(404)
        self.page("missing.html")


class ListPage(PageHandler):
    """The list; `q` searches, `page` counts from 1."""

    def get(self, participant: str) -> None:
        """Fifty messages, the newest first."""
        del participant
        query = (self.get_query_argument("q", "") or "").strip()
        terms = parse(query)
        matching, unread = self.store.count(terms)
        pages = max(1, -(-matching // PAGE_LENGTH))
        page = min(self.whole_number("page", 1, 1), pages)
        summaries = self.store.summaries(PAGE_LENGTH, (page - 1) * PAGE_LENGTH, terms)
        self.page(
            "list.html",
            rows=[_row(summary) for summary in summaries],
            query=query,
            matching=matching,
            unread=unread,
            number=page,
            pages=pages,
        )


class ViewPage(PageHandler):
    """One message; it counts as read from then on."""

    def get(self, participant: str, id_: str) -> None:
        """What the mail program shows, all headers, the text, the HTML as source and as a harmless picture."""
        del participant
        summary, raw = self.store.summary(id_), self.store.raw(id_)
        if summary is None or raw is None:
            return self.no_message()
        self.store.mark([id_], read=True)
        reading = read_message(raw)
        facts = summary.facts
        self.page(
            "view.html",
            id=id_,
            subject=reading.subject or "(no subject)",
            people=[
                (label, people)
                for label, people in (
                    ("From", [facts["From"]]),
                    ("To", facts["To"]),
                    ("Cc", facts["Cc"]),
                    ("Reply-To", facts["ReplyTo"]),
                )
                if people
            ],
            claimed=shown_time(reading.date) if reading.date else "(none that can be read)",
            received=shown_time(created(summary)),
            size=shown_size(summary.size),
            headers=header_block(raw),
            text="" if reading.html and reading.text == html_to_text(reading.html, paragraphs=True) else reading.text,
            html=reading.html,
            parts=[
                (part.part_id, part.file_name or "(no name)", part.content_type, shown_size(len(part.content)))
                for part in (*reading.inline, *reading.attachments)
            ],
        )
        return None


class FramePage(PageHandler):
    """The HTML of a message for the frame: no script, no form, nothing loaded, no way out of the frame."""

    policy = FRAME_POLICY

    def get(self, participant: str, id_: str) -> None:
        """The sender's HTML without what leads away; the policy makes it harmless."""
        del participant
        raw = self.store.raw(id_)
        if raw is None:
            return self.no_message()
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(without_leads(read_message(raw).html).encode("utf-8", "replace"))
        return None


class AddSlash(PageHandler):
    """/p01 to /p01/."""

    takes_token_away = False

    def prepare(self) -> None:
        """Before credentials are asked for: the cookie belongs to the address with the slash."""
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"/{self.path_kwargs['participant']}/{query}")


class StyleHandler(RequestHandler):
    """The one style sheet; nothing of it is anybody's."""

    def get(self) -> None:
        """CSS."""
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.set_header("Cache-Control", "max-age=3600")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.write((TEMPLATES / "inbox.css").read_bytes())


class HealthHandler(RequestHandler):
    """Whether the server is there."""

    def get(self) -> None:
        """{"ok": true}."""
        self.write({"ok": True})


class NowhereHandler(RequestHandler):
    """Every other address; it says nothing about who has a mailbox."""

    def prepare(self) -> None:
        """404 in one sentence."""
        self.set_status(404)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("There is no mailbox at this address. Open the address that your trainer gave you.")


def routes(mailboxes: Mailboxes) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The pages' addresses for tornado."""
    shared = {"mailboxes": mailboxes}
    return [
        (r"/inbox\.css", StyleHandler, {}),
        (r"/health", HealthHandler, {}),
        (rf"{HERE}", AddSlash, shared),
        (rf"{HERE}/", ListPage, shared),
        (rf"{HERE}/view/{ID}", ViewPage, shared),
        (rf"{HERE}/view/{ID}\.html", FramePage, shared),
    ]


def _row(summary: Summary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "is_new": not summary.read,
        "name": summary.facts["From"]["Name"],
        "address": summary.facts["From"]["Address"] or ("" if summary.facts["From"]["Name"] else "(no sender)"),
        "subject": summary.facts["Subject"] or "(no subject)",
        "snippet": summary.facts["Snippet"],
        "received": shown_time(created(summary)),
        "iso": created(summary).isoformat(),
        "size": shown_size(summary.size),
        "attachments": summary.attachments,
    }
