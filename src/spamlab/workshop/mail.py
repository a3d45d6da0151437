"""Each participant's messages in the own mailbox: practice and twin sets, each message once.

Records of a lab's sets come through no mailbox: the judge hands them out.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.errors import ServiceError
from spamlab.judge.lab_data import lab_data, load_checks
from spamlab.mailnet.delivery import deliver
from spamlab.mailnet.mailbox import recipient
from spamlab.records.message import Message
from spamlab.workshop.ports import HOST, Ports

SETS = ("practice", "twin")
MOST = 100_000


def deliver_all(workshop: Workshop, ports: Ports, labs: Sequence[str], host: str = HOST) -> int:
    """Deliver to every participant what the own mailbox lacks; returns how many messages were delivered.

    host: where the mailbox server listens; another than this machine is a container's name.
    What was delivered is noted, so that a later start draws no messages anew, and what a participant deleted stays
    deleted. The mailbox server must be running. Raises ServiceError with one sentence.
    """
    notes = read_notes(workshop.mail / "delivered.json")
    count = 0
    for lab in labs:
        checks = None
        for participant in workshop.participants:
            if lab in notes.get(participant, []):
                continue
            checks = checks or load_checks(workshop.labs_folder / lab)
            messages = [
                one.message
                for purpose in SETS
                for one in lab_data(workshop, participant, lab, purpose, checks=checks).values()
                if not one.record
            ]
            count += deliver_missing(workshop, ports, participant, messages, host)
            notes.setdefault(participant, []).append(lab)
            (workshop.mail / "delivered.json").write_text(json.dumps(notes), encoding="utf-8")
    return count


def deliver_missing(
    workshop: Workshop, ports: Ports, participant: str, messages: Sequence[Message], host: str = HOST
) -> int:
    """Deliver the messages whose Message-ID is not in the mailbox yet; returns how many."""
    there = message_ids(ports.mailbox, participant, workshop.participant_token(participant), host)
    missing = [message for message in messages if message.message_id not in there]
    if not missing:
        return 0
    return deliver(missing, host, ports.smtp, recipient(participant), allow_other_hosts=host != HOST)


def message_ids(port: int, participant: str, token: str, host: str = HOST) -> set[str]:
    """The Message-IDs in a mailbox, without angle brackets."""
    request = urllib.request.Request(f"http://{host}:{port}/{participant}/api/v1/messages?limit={MOST}")
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{participant}:{token}".encode()).decode())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
    except (OSError, ValueError) as error:
        raise ServiceError(f"the mailbox of {participant} can't be read: {error}.") from error
    return {str(one["MessageID"]).strip("<>") for one in found["messages"]}


def read_notes(file: Path) -> dict[str, list[str]]:
    """Which labs' messages were delivered to whom; nothing if there are no notes."""
    try:
        notes: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes


def write_tokens(workshop: Workshop, file: Path) -> None:
    """The mailbox server's file of tokens, readable by this user alone."""
    from spamlab.workshop.jupyter import write_private

    write_private(file, {name: workshop.participant_token(name) for name in workshop.participants})
