"""What the HTTP handlers share: stores, tokens, counters; and the handler that lets in the right participant only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tornado.web import Finish, RequestHandler

from spamlab.mailnet.access import cookie_name, may_open
from spamlab.mailnet.limits import Limits
from spamlab.mailnet.receiving import Counters
from spamlab.mailnet.store import MailboxStore

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
NOTHING_POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Mailboxes:
    """All mailboxes of one server."""

    stores: Mapping[str, MailboxStore]
    tokens: Mapping[str, str]
    counters: Counters
    limits: Limits


class MailboxHandler(RequestHandler):
    """Base of all handlers below /PARTICIPANT/: 401 without that participant's token, strict headers always."""

    policy = NOTHING_POLICY
    takes_token_away = False

    def initialize(self, mailboxes: Mailboxes) -> None:
        """Tornado hands in what the route was made with."""
        self.mailboxes = mailboxes

    def set_default_headers(self) -> None:
        """Nothing is cached, framed, sniffed or told to other sites."""
        self.clear_header("Server")
        self.set_header("Content-Security-Policy", self.policy)
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-DNS-Prefetch-Control", "off")
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> None:
        """Check the credentials; a page opened with ?token= gets a cookie and an address without the token."""
        participant = self.path_kwargs["participant"]
        token = self.get_query_argument("token", None)
        name = cookie_name(participant)
        allowed = may_open(
            self.mailboxes.tokens,
            participant,
            query=token,
            authorization=self.request.headers.get("Authorization"),
            cookie=self.get_cookie(name),
        )
        if not allowed:
            self.refuse(participant)
        self.participant = participant
        self.store = self.mailboxes.stores[participant]
        if token is not None:
            self.set_cookie(name, token, path=f"/{participant}/", httponly=True, samesite="Strict")
            if self.takes_token_away and self.request.method == "GET":
                self.redirect(self._address_without_token())
                raise Finish

    def refuse(self, participant: str) -> None:
        """401, the same for a wrong token and for a mailbox that doesn't exist."""
        self.set_status(401)
        self.set_header("WWW-Authenticate", f'Basic realm="Mailbox {participant}", charset="UTF-8"')
        self.plain("This mailbox needs its own token. Open the address that your trainer gave you.")
        raise Finish

    def plain(self, text: str, status: int | None = None) -> None:
        """Answer in plain text, as Mailpit does for "ok" and for errors."""
        if status is not None:
            self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(text)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """One plain sentence in place of a trace."""
        del kwargs
        sentences = {404: "404 page not found", 405: "This address doesn't take that method."}
        self.plain(sentences.get(status_code, "The mailbox could not answer this request."))

    def whole_number(self, name: str, default: int, least: int) -> int:
        """A number of the query; what isn't one, or is too small, becomes the default, as in Mailpit."""
        text = self.get_query_argument(name, "") or ""
        if len(text) > 9 or not (text.isascii() and text.isdigit()):
            return default
        return int(text) if int(text) >= least else default

    def _address_without_token(self) -> str:
        rest = [
            (name, value.decode("utf-8", "replace"))
            for name, values in self.request.query_arguments.items()
            if name != "token"
            for value in values
        ]
        # One leading slash: "//host" would be another site.
        path = "/" + self.request.path.lstrip("/")
        return path + ("?" + urlencode(rest) if rest else "")
