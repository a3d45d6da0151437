"""Mailpit's REST API v1, under /PARTICIPANT/api/v1/: list, read, search, mark, delete.

One difference on purpose: Mailpit takes any DELETE body that it can't read for "all messages". Here only an empty
body or a JSON object without IDs does that; anything else gets 400 and deletes nothing.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import resource
import time
from collections.abc import Sequence
from typing import Any

from tornado.httputil import HTTPServerRequest

from spamlab.mailnet.query import Term, parse
from spamlab.mailnet.reading import header_values, read_message
from spamlab.mailnet.rooms import Mailboxes, MailboxHandler
from spamlab.mailnet.shapes import info_shape, message_shape, messages_shape

DEFAULT_LIMIT = 50
ROOT = r"/(?P<participant>[A-Za-z0-9_-]+)/api/v1"
ID = r"(?P<id_>[A-Za-z0-9]+)"


class BadRequest(Exception):  # noqa: N818 - an answer, not trouble
    """The request's body says nothing that may be done; the text is the 400's sentence."""


def ids_of(request: HTTPServerRequest, allowed: Sequence[str]) -> dict[str, Any]:
    """The JSON object of a body, keys in lower case as Go reads them; {} for an empty body without a form's type.

    Raises BadRequest for a form, for what isn't a JSON object, for fields other than `allowed`, and for IDs that
    aren't a list of texts.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise BadRequest('A form says nothing here; send JSON, as in {"IDs": ["..."]}.')
    if not request.body:
        return {}
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadRequest("The body isn't JSON.") from None
    if not isinstance(data, dict):
        raise BadRequest("The body must be a JSON object.")
    fields = {str(name).lower(): value for name, value in data.items()}
    if unknown := sorted(set(fields) - {name.lower() for name in allowed}):
        raise BadRequest(f"The body has an unknown field: {unknown[0]}.")
    ids = fields.get("ids")
    if ids is not None and not (isinstance(ids, list) and all(isinstance(id_, str) for id_ in ids)):
        raise BadRequest("IDs must be a list of texts.")
    return fields


class MessagesHandler(MailboxHandler):
    """GET lists, PUT marks as read or unread, DELETE deletes."""

    def get(self, participant: str) -> None:
        """The newest first; `limit` (50; 0 means all) and `start`."""
        del participant
        start, limit = self.whole_number("start", 0, 1), self.whole_number("limit", DEFAULT_LIMIT, 0)
        summaries = self.store.summaries(limit or -1, start if limit else 0)
        total, unread = self.store.count()
        self.write(
            messages_shape(summaries, total=total, unread=unread, matching=total, matching_unread=unread, start=start)
        )

    def put(self, participant: str) -> None:
        """{"IDs": [...], "Read": bool}, or "Search" in place of IDs; without both, all messages are marked."""
        del participant
        try:
            fields = ids_of(self.request, ("IDs", "Read", "Search"))
            read, search = fields.get("read", False), fields.get("search") or ""
            if not self.request.body or not isinstance(read, bool) or not isinstance(search, str):
                raise BadRequest('The body must be as in {"IDs": ["..."], "Read": true}.')
            if fields.get("ids") and search:
                raise BadRequest("You may specify either IDs or a search query, not both")
        except BadRequest as error:
            return self.plain(str(error), 400)
        self.store.mark(fields.get("ids") or None, read=read, terms=parse(search))
        return self.plain("ok")

    def delete(self, participant: str) -> None:
        """{"IDs": [...]}; an empty body or no IDs deletes all, as in Mailpit; any other body deletes nothing."""
        del participant
        try:
            ids = ids_of(self.request, ("IDs",)).get("ids")
        except BadRequest as error:
            return self.plain(f"{error} Nothing was deleted.", 400)
        self.mailboxes.counters.deleted += self.store.delete(ids) if ids else self.store.delete_all()
        return self.plain("ok")


class SearchHandler(MailboxHandler):
    """GET lists what matches `query`."""

    def get(self, participant: str) -> None:
        """As the list, with `query` in Mailpit's search language; 400 without it."""
        del participant
        query = (self.get_query_argument("query", "") or "").strip()
        if not query:
            return self.plain("Error: no search query", 400)
        terms = parse(query)
        start, limit = self.whole_number("start", 0, 1), self.whole_number("limit", DEFAULT_LIMIT, 0)
        total, unread = self.store.count()
        matching, matching_unread = self.store.count(terms)
        self.write(
            messages_shape(
                self.store.summaries(limit, start, terms),
                total=total,
                unread=unread,
                matching=matching,
                matching_unread=matching_unread,
                start=start,
                is_search=True,
            )
        )
        return None


class OneMessageHandler(MailboxHandler):
    """Base of what is about one message: by ID, or the newest by "latest" (with `query`: that matches)."""

    def found(self, id_: str) -> tuple[str, bytes] | None:
        """The message's ID and bytes; answers 404 and returns None where there is none."""
        if id_ == "latest":
            terms: tuple[Term, ...] = parse((self.get_query_argument("query", "") or "").strip())
            newest = self.store.summaries(1, 0, terms)
            id_ = newest[0].id if newest else ""
        raw = self.store.raw(id_)
        if raw is None:
            self.plain("404 page not found", 404)
            return None
        return id_, raw


class MessageHandler(OneMessageHandler):
    """The message as JSON; it counts as read from then on."""

    def get(self, participant: str, id_: str) -> None:
        """Mailpit's Message."""
        del participant
        if (found := self.found(id_)) and (summary := self.store.summary(found[0])):
            self.store.mark([summary.id], read=True)
            self.write(message_shape(summary, read_message(found[1])))


class RawHandler(OneMessageHandler):
    """The message's bytes."""

    def get(self, participant: str, id_: str) -> None:
        """Plain text; `dl=1` for a download."""
        del participant
        if found := self.found(id_):
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            if self.get_query_argument("dl", "") == "1":
                self.set_header("Content-Disposition", f'attachment; filename="{found[0]}.eml"')
            self.write(found[1])


class HeadersHandler(OneMessageHandler):
    """The header fields by name."""

    def get(self, participant: str, id_: str) -> None:
        """{"Received": ["...", "..."], ...}: unfolded, not decoded, in the order of the message."""
        del participant
        if found := self.found(id_):
            self.write(header_values(found[1]))


class PartHandler(OneMessageHandler):
    """An attachment's bytes; always as a download, so that no sender's page runs as ours."""

    def get(self, participant: str, id_: str, part_id: str) -> None:
        """The decoded content with its own type, where that is a well-formed one."""
        del participant
        if not (found := self.found(id_)):
            return None
        reading = read_message(found[1])
        for part in (*reading.inline, *reading.attachments):
            if part.part_id == part_id:
                is_type = re.fullmatch(r"[\w.+-]+/[\w.+-]+", part.content_type, re.ASCII)
                self.set_header("Content-Type", part.content_type if is_type else "application/octet-stream")
                name = re.sub(r"[^\w. -]", "_", part.file_name, flags=re.ASCII)[:100]
                self.set_header("Content-Disposition", f'attachment; filename="{name}"')
                self.write(part.content)
                return None
        return self.plain("404 page not found", 404)


class InfoHandler(MailboxHandler):
    """What is running, and how much it holds."""

    def get(self, participant: str) -> None:
        """Mailpit's AppInformation; sizes in bytes, the statistics for the whole server since its start."""
        counters = self.mailboxes.counters
        total, unread = self.store.count()
        self.write(
            info_shape(
                version=f"spamlab {importlib.metadata.version('spamlab')}",
                database=f"{participant}.sqlite",
                size=self.store.file_bytes(),
                messages=total,
                unread=unread,
                statistics={
                    "Uptime": int(time.monotonic() - counters.started),
                    "Memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                    "MessagesDeleted": counters.deleted,
                    "SMTPAccepted": counters.accepted,
                    "SMTPAcceptedSize": counters.accepted_bytes,
                    "SMTPRejected": counters.rejected,
                    "SMTPIgnored": 0,
                },
            )
        )


class UnknownHandler(MailboxHandler):
    """The rest of Mailpit's API (tags, chaos, release, send): not here."""

    def prepare(self) -> None:
        """404 to the participant, 401 to anybody else."""
        super().prepare()
        self.plain("404 page not found", 404)


def routes(mailboxes: Mailboxes) -> list[tuple[str, type[MailboxHandler], dict[str, Any]]]:
    """The API's addresses for tornado."""
    known: list[tuple[str, type[MailboxHandler]]] = [
        (rf"{ROOT}/messages", MessagesHandler),
        (rf"{ROOT}/search", SearchHandler),
        (rf"{ROOT}/info", InfoHandler),
        (rf"{ROOT}/message/{ID}", MessageHandler),
        (rf"{ROOT}/message/{ID}/raw", RawHandler),
        (rf"{ROOT}/message/{ID}/headers", HeadersHandler),
        (rf"{ROOT}/message/{ID}/part/(?P<part_id>[0-9.]+)", PartHandler),
        (rf"{ROOT}/.*", UnknownHandler),
    ]
    return [(path, handler, {"mailboxes": mailboxes}) for path, handler in known]
