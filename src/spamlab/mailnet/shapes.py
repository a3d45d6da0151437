"""The JSON of Mailpit's API v1, field by field (as of v1.27.11); what has no meaning here is there and empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from spamlab.mailnet.reading import Address, Part, Reading
from spamlab.mailnet.store import Summary


def messages_shape(
    summaries: Sequence[Summary],
    *,
    total: int,
    unread: int,
    matching: int,
    matching_unread: int,
    start: int,
    is_search: bool = False,
) -> dict[str, Any]:
    """Answer of GET messages and GET search; in the latter Mailpit writes null for an empty ReplyTo too."""
    return {
        "total": total,
        "unread": unread,
        "count": len(summaries),
        "messages_count": matching,
        "messages_unread": matching_unread,
        "start": start,
        "tags": [],
        "messages": [summary_shape(summary, is_search=is_search) for summary in summaries],
    }


def summary_shape(summary: Summary, *, is_search: bool = False) -> dict[str, Any]:
    """One message of a list. Mailpit writes null for an empty To, Cc or Bcc here, and so do we."""
    facts = summary.facts
    return {
        "ID": summary.id,
        "MessageID": summary.message_id,
        "Read": summary.read,
        "From": facts["From"],
        "To": facts["To"] or None,
        "Cc": facts["Cc"] or None,
        "Bcc": facts["Bcc"] or None,
        "ReplyTo": facts["ReplyTo"] or (None if is_search else []),
        "Subject": facts["Subject"],
        "Created": moment_shape(created(summary)),
        "Username": "",
        "Tags": [],
        "Size": summary.size,
        "Attachments": summary.attachments,
        "Snippet": facts["Snippet"],
    }


def message_shape(summary: Summary, reading: Reading) -> dict[str, Any]:
    """Answer of GET message: what was noted at delivery, and what the bytes say."""
    return {
        "ID": summary.id,
        "MessageID": summary.message_id,
        "From": summary.facts["From"],
        "To": address_shapes(reading.to),
        "Cc": address_shapes(reading.cc),
        "Bcc": summary.facts["Bcc"],
        "ReplyTo": address_shapes(reading.reply_to),
        "ReturnPath": reading.return_path or summary.facts["From"]["Address"],
        "Subject": reading.subject,
        "ListUnsubscribe": unsubscribe_shape(reading),
        "Date": moment_shape(reading.date or created(summary)),
        "Tags": [],
        "Username": "",
        "Text": reading.text,
        "HTML": reading.html,
        "Size": summary.size,
        "Inline": [part_shape(part) for part in reading.inline if part.file_name or part.content_id],
        "Attachments": [part_shape(part) for part in reading.attachments if part.file_name or part.content_id],
    }


def address_shapes(addresses: Sequence[Address]) -> list[dict[str, str]]:
    """A list of addresses."""
    return [{"Name": address.name, "Address": address.address} for address in addresses]


def part_shape(part: Part) -> dict[str, Any]:
    """An attachment or inline part; Size is that of the decoded content in bytes."""
    return {
        "PartID": part.part_id,
        "FileName": part.file_name,
        "ContentType": part.content_type,
        "ContentID": part.content_id,
        "Size": len(part.content),
    }


def unsubscribe_shape(reading: Reading) -> dict[str, Any]:
    """List-Unsubscribe (RFC 2369) and its Post (RFC 8058): the links in angle brackets that are mailto or http(s)."""
    header = reading.list_unsubscribe
    links = [link for link in re.findall(r"<([^<>\s]*)>", header) if re.match(r"(?i)(mailto:|https?://)[a-z0-9]", link)]
    return {
        "Header": header,
        "Links": links,
        "Errors": f'"{header}" no valid unsubscribe links found' if header and not links else "",
        "HeaderPost": reading.list_unsubscribe_post,
    }


def info_shape(
    *, version: str, database: str, size: int, messages: int, unread: int, statistics: dict[str, int]
) -> dict[str, Any]:
    """Answer of GET info. There are no tags, and nobody is asked for a newer version."""
    return {
        "Version": version,
        "LatestVersion": "disabled",
        "Database": database,
        "DatabaseSize": size,
        "Messages": messages,
        "Unread": unread,
        "Tags": {},
        "RuntimeStats": statistics,
    }


def created(summary: Summary) -> datetime:
    """When the message was received, UTC."""
    return datetime.fromtimestamp(summary.created / 1000, UTC)


def moment_shape(moment: datetime) -> str:
    """RFC 3339 with "Z" for UTC and milliseconds where there are some, as Go writes it."""
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text
