"""The participant's messages: from the own mailbox in class, from a folder in a graded run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.kit import session as where
from spamlab.kit.errors import KitError, ServiceAway
from spamlab.kit.http import judge
from spamlab.kit.markup import code, escape, visible
from spamlab.kit.message import LabMessage, readable
from spamlab.kit.show import framed
from spamlab.kit.words import say

_MOST_ROWS = 50
_PAGE = 100
_MOST_LISTED = 5000
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_remembered: dict[tuple[str, str], bytes] = {}


@dataclass(frozen=True)
class Entry:
    """One message that the lab has for this participant: its name, its Message-ID, practice or twin."""

    name: str
    message_id: str
    set: str


class Inbox:
    """The messages of the lab. In a notebook it shows itself as a table.

    >>> inbox().message("M1").received[1]
    """

    def __init__(self, entries: list[Entry], raws: Mapping[str, bytes], others: int = 0) -> None:
        self._entries, self._raws, self._others = entries, raws, others

    @property
    def names(self) -> list[str]:
        """The names of the messages: "M0", "M1" ..."""
        return [entry.name for entry in self._entries]

    def message(self, name: str) -> LabMessage:
        """The message called `name`; KitError says which there are, or that it is not in the mailbox."""
        wanted = str(name).strip().casefold()
        entry = next((one for one in self._entries if one.name.casefold() == wanted), None)
        if entry is None:
            raise KitError(say("inbox-unknown", name=visible(str(name), most=40), names=", ".join(self.names) or "-"))
        if entry.name not in self._raws:
            raise KitError(say("inbox-missing", name=entry.name))
        return LabMessage(entry.name, self._raws[entry.name], entry.set)

    def __len__(self) -> int:
        return len(self._raws)

    def __iter__(self) -> Iterator[LabMessage]:
        return (self.message(entry.name) for entry in self._entries if entry.name in self._raws)

    @property
    def missing(self) -> list[str]:
        """Names of messages that the mailbox does not hold."""
        return [entry.name for entry in self._entries if entry.name not in self._raws]

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [(one.name, readable(one.header("From") or ""), one.subject,
                 say(f"set-{one.set}") if one.set in ("practice", "twin") else one.set)
                for _, one in zip(range(_MOST_ROWS), self, strict=False)]

    def _repr_html_(self) -> str:
        if not self._raws:
            return framed(f"<p>{escape(say('inbox-empty'))}</p>")
        heads = "".join(f'<th scope="col">{escape(say(key))}</th>'
                        for key in ("column-name", "column-from", "column-subject", "column-set"))
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{code(sender, most=200)}</td>'
            f'<td><bdi>{escape(subject, most=200)}</bdi></td><td>{escape(group)}</td></tr>'
            for name, sender, subject, group in self._rows())
        return framed(f"<table><caption>{escape(say('inbox-title'))}</caption><thead><tr>{heads}</tr></thead>"
                      f"<tbody>{rows}</tbody></table>" + "".join(f"<p>{escape(note)}</p>" for note in self._notes()))

    def __repr__(self) -> str:
        if not self._raws:
            return say("inbox-empty")
        rows = [f"{name}: {visible(sender, most=80)} - {visible(subject, most=80)}"
                for name, sender, subject, _ in self._rows()]
        return "\n".join([say("inbox-title"), *rows, *self._notes()])

    def _notes(self) -> list[str]:
        notes = [say("inbox-missing", name=", ".join(self.missing))] if self.missing else []
        return notes + ([say("inbox-more", n=self._others)] if self._others else [])


def inbox() -> Inbox:
    """The messages of this lab. Raises ServiceAway where judge or mailbox do not answer.

    >>> inbox()
    >>> inbox().message("M1").subject
    """
    now = where.session()
    if now.graded:
        return _from_folder(now.data)
    entries = [Entry(str(item.get("name", "")), bare(str(item.get("message_id", ""))), str(item.get("set", "")))
               for item in judge(now).lab(where.lab()).get("items", []) if isinstance(item, dict)]
    raws, others = _from_mailbox(now.mailbox_url, entries)
    return Inbox(entries, raws, others)


def bare(message_id: str) -> str:
    """A Message-ID without space and angle brackets."""
    return message_id.strip().strip("<>").strip()


def _from_folder(folder: Path | None) -> Inbox:
    if folder is None:
        raise KitError(say("data-away"))
    try:
        items: list[Mapping[str, Any]] = json.loads((folder / "items.json").read_text("utf-8"))["items"]
        entries, raws = [], {}
        for item in items:
            entry = Entry(str(item["name"]), bare(str(item.get("message_id", ""))), str(item.get("set", "")))
            file = str(item.get("file", f"{entry.name}.eml"))
            if not _FILE.fullmatch(file):
                raise ValueError
            entries.append(entry)
            raws[entry.name] = (folder / file).read_bytes()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise KitError(say("data-away")) from None
    return Inbox(entries, raws)


def _from_mailbox(url: str, entries: list[Entry]) -> tuple[dict[str, bytes], int]:
    """Whole messages by name, and how many further messages the mailbox holds. A message is fetched once."""
    if not url:
        raise ServiceAway(say("mailbox-unset"))
    from spamlab.kit.mailbox import Mailbox

    names = {entry.message_id: entry.name for entry in entries if entry.message_id}
    raws: dict[str, bytes] = {}
    others = 0
    mailbox = Mailbox(url)
    for start in range(0, _MOST_LISTED, _PAGE):
        page = mailbox.messages(_PAGE, start).messages
        for one in page:
            name = names.get(bare(str(one.message_id)))
            if name is None:
                others += 1
            elif name not in raws:
                key = (url, str(one.id))
                if key not in _remembered:
                    _remembered[key] = mailbox.raw(key[1])
                raws[name] = _remembered[key]
        if len(page) < _PAGE:
            break
    return raws, others
