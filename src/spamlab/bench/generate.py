"""How fast records are made, beside Faker and mimesis making the same fields, and in how much memory.

All makers take turns in one process on one core, several times, and the median counts; a record's text is as long for
the peers as ours is in the mean. What only ours has (types, truth, the whole message) is measured in rows of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from spamlab.bench.page import machine, put_figures, table
from spamlab.bench.rows import Row
from spamlab.generate.files import write
from spamlab.generate.safety import unsafe
from spamlab.generate.traffic import Traffic, open_traffic
from spamlab.shipped import default_folder

GOALS: Mapping[str, float] = {"sms": 3.0, "email": 5.0}
"""Channel -> how many times as fast as Faker with its default weighting."""
FLAT = 1.25
"""A stream's memory at its end, as a multiple of that after its first tenth, at most."""
ROUNDS, RECORDS = 5, 2_048
IN_BLOCKS = 10_240
"""Records of a turn that are made in blocks: they are for many."""

Maker = Callable[[int], object]


def measure(*, quick: bool = False, markdown: Path | None = None) -> list[Row]:
    """The rows: records a second by maker, workers, memory of a stream, cost of the scanner and of writing."""
    rows = [machine("faker", "mimesis")]
    for channel in ("sms", "email"):
        rows += _speed(channel, 3 if quick else ROUNDS, RECORDS // 4 if quick else IN_BLOCKS)
    for channel in ("voice", "social", "chat"):
        rows.append(_plain(channel, 3, RECORDS // 4))
    rows.append(_whole_messages(RECORDS // 4))
    rows += _parts(RECORDS // 4 if quick else RECORDS)
    rows += _workers(8_000 if quick else 60_000)
    rows.append(_memory(20_000 if quick else 1_000_000))
    if markdown is not None:
        put_figures(markdown, "generate", table(rows))
    return rows


def _speed(channel: str, rounds: int, count: int) -> list[Row]:
    traffic = _traffic(channel)
    length = round(sum(len(traffic.made(number).record["text"].split()) for number in range(500)) / 500)
    how = "in blocks" if traffic.open_blocks() else "one by one"
    peers = {name: partial(_one_by_one, make) for name, make in _peers(channel, length).items()}
    single = _one_at_a_time(channel)
    found = _rates({"ours": partial(_streamed, traffic, whole=False), **peers, **single}, rounds, count)
    goal = GOALS[channel]
    fields = "id, numbers, time, text" if channel == "sms" else "id, names, addresses, time, subject, text"
    rows = []
    for peer, rate in found.items():
        if peer == "ours" or peer in single:
            continue
        ratio = found["ours"] / rate
        default = peer == "Faker"
        rows.append(Row(f"{channel}: records made {how}, {fields}, {length} words, one core", round(found["ours"]),
                        "records/s", f"{peer}: {rate:.0f}", round(ratio, 2),
                        f"at least {goal:g} times Faker's" if default else "reported", ratio >= goal or not default))
    for name in single:
        rows.append(Row(f"{channel}: the same records made {name}, as without numba", round(found[name]), "records/s",
                        f"Faker: {found['Faker']:.0f}", round(found[name] / found["Faker"], 2), "reported", True))
    return rows


def _one_at_a_time(channel: str) -> dict[str, Callable[[int, int], object]]:
    return {"one by one": partial(_one_by_one, partial(_traffic(channel).made, whole=False))}


def _plain(channel: str, rounds: int, count: int) -> Row:
    traffic = _traffic(channel)
    how = "in blocks" if traffic.open_blocks() else "one by one"
    rate = _rates({"ours": partial(_streamed, traffic, whole=True)}, rounds, count)["ours"]
    return Row(f"{channel}: records made {how}, one core", round(rate), "records/s", "no peer makes these", None,
               "reported", True)


def _whole_messages(count: int) -> Row:
    """E-mail with `raw`, beside EmailMessage putting the same fields and parts together, which it is given."""
    traffic = _traffic("email")
    given = [_taken_apart(traffic.made(number).record["raw"]) for number in range(count)]

    def put_together(number: int) -> object:
        message = EmailMessage()
        fields, parts = given[number % count]
        for name, value in fields:
            message[name] = value
        for place, (kind, content) in enumerate(parts):
            add = message.add_attachment if place else message.set_content
            if isinstance(content, str):
                add(content, subtype=kind.partition("/")[2])
            else:
                add(content, *kind.split("/"))
        return message.as_bytes()

    found = _rates({"ours": partial(_one_by_one, traffic.made),
                    "EmailMessage": partial(_one_by_one, put_together)}, 3, count)
    return Row("email: whole messages, texts made too, one core", round(found["ours"]), "records/s",
               f"EmailMessage, texts given: {found['EmailMessage']:.0f}",
               round(found["ours"] / found["EmailMessage"], 2), "reported", True)


def _taken_apart(raw: str) -> tuple[list[tuple[str, str]], list[tuple[str, Any]]]:
    """(fields that describe no part, (type, content) of each part that is no container)."""
    message = message_from_bytes(raw.encode(), policy=default)
    fields = [(name, str(value)) for name, value in message.items()
              if not name.lower().startswith(("content-", "mime-"))]
    leaves = [part for part in message.walk() if part.get_content_maintype() not in ("multipart", "message")]
    return fields, [(part.get_content_type(), part.get_content()) for part in leaves]


def _peers(channel: str, length: int) -> dict[str, Maker]:
    from faker import Faker
    from mimesis import Generic
    from mimesis.locales import Locale

    found: dict[str, Maker] = {}
    for name, weighting in (("Faker", True), ("Faker, use_weighting=False", False)):
        fake = Faker(use_weighting=weighting)
        fake.seed_instance(1)
        found[name] = _of_faker(fake, channel, length)
    generic = Generic(Locale.EN, seed=1)
    found["mimesis"] = _of_mimesis(generic, channel, length)
    return found


def _of_faker(fake: Any, channel: str, length: int) -> Maker:
    def sms(number: int) -> object:
        return {"id": f"sms-{number:09d}", "sent": fake.date_time().isoformat(), "sender": fake.phone_number(),
                "recipient": fake.phone_number(), "text": " ".join(fake.words(length))}

    def email(number: int) -> object:
        return {"id": f"email-{number:09d}", "sent": fake.date_time().isoformat(),
                "from": f"{fake.name()} <{fake.email()}>", "to": f"{fake.name()} <{fake.email()}>",
                "subject": fake.sentence(6), "text": " ".join(fake.words(length))}

    return sms if channel == "sms" else email


def _of_mimesis(generic: Any, channel: str, length: int) -> Maker:
    def sms(number: int) -> object:
        return {"id": f"sms-{number:09d}", "sent": generic.datetime.datetime().isoformat(),
                "sender": generic.person.phone_number(), "recipient": generic.person.phone_number(),
                "text": " ".join(generic.text.words(length))}

    def email(number: int) -> object:
        return {"id": f"email-{number:09d}", "sent": generic.datetime.datetime().isoformat(),
                "from": f"{generic.person.full_name()} <{generic.person.email()}>",
                "to": f"{generic.person.full_name()} <{generic.person.email()}>",
                "subject": " ".join(generic.text.words(6)), "text": " ".join(generic.text.words(length))}

    return sms if channel == "sms" else email


def _streamed(traffic: Traffic, start: int, stop: int, *, whole: bool) -> None:
    for _ in traffic.records(start, stop, whole=whole):
        pass


def _one_by_one(make: Maker, start: int, stop: int) -> None:
    for number in range(start, stop):
        make(number)


def _rates(makers: Mapping[str, Callable[[int, int], object]], rounds: int, count: int) -> dict[str, float]:
    """Records a second of each, the makers taking turns; the first turn of each is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in makers}
    for turn in range(rounds + 1):
        for name, make in makers.items():
            began = time.perf_counter()
            make(turn * count, turn * count + count)
            seconds[name].append(time.perf_counter() - began)
    return {name: count / median(found[1:]) for name, found in seconds.items()}


def _parts(count: int) -> list[Row]:
    """What scanning and writing add to making."""
    rows = []
    for channel in ("sms", "email"):
        traffic = _traffic(channel)
        made = list(traffic.records(0, count))
        began = time.perf_counter()
        list(traffic.records(0, count))
        making = time.perf_counter() - began
        with tempfile.TemporaryDirectory(prefix="spamlab-bench-") as folder:
            began = time.perf_counter()
            write(made, Path(folder) / "records.jsonl")
            writing = time.perf_counter() - began
        began = time.perf_counter()
        for one in made:
            unsafe(one.record["text"])
        scanning = time.perf_counter() - began
        rows += [Row(f"{channel}: scanned and written as JSON lines", round(count / writing), "records/s",
                     f"making them: {count / making:.0f}", round(making / writing, 2), "reported", True),
                 Row(f"{channel}: texts alone scanned one by one", round(count / scanning), "texts/s",
                     f"making them: {count / making:.0f}", round(making / scanning, 2), "reported", True)]
    return rows


def _workers(count: int) -> list[Row]:
    """`spamlab generate` as a whole, its start counted, with one worker and with one for each core."""
    cores = len(os.sched_getaffinity(0))
    seconds = {workers: _generated("sms", count, workers) for workers in (1, cores)}
    ratio = seconds[1] / seconds[cores]
    return [Row(f"sms: {count} records as a file, start counted, {cores} workers", round(count / seconds[cores]),
                "records/s", f"one worker: {count / seconds[1]:.0f}", round(ratio, 2), "reported", True)]


def _generated(recipe: str, count: int, workers: int) -> float:
    with tempfile.TemporaryDirectory(prefix="spamlab-bench-") as folder:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "spamlab.cli", "generate", recipe, "--count", str(count), "--workers",
                        str(workers), "--out", str(Path(folder) / "out.jsonl"), "--json"], check=True,
                       stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


_STREAMED = """
import json, sys
from spamlab.generate.makers import stream_emails
def held():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))
count, marks = int(sys.argv[1]), []
for number, one in enumerate(stream_emails(count), 1):
    if number in (count // 10, count):
        marks.append(held())
print(json.dumps(marks))
"""


def _memory(count: int) -> Row:
    done = subprocess.run([sys.executable, "-c", _STREAMED, str(count)], check=True, stdout=subprocess.PIPE, text=True)
    early, late = json.loads(done.stdout)
    return Row(f"stream_emails: memory after {count} records", round(late, 1), "MB",
               f"after {count // 10}: {early:.1f} MB", round(early / late, 3), f"at most {FLAT:g} times that",
               late <= FLAT * early)


def _traffic(channel: str) -> Traffic:
    return open_traffic(default_folder("datasets"), channel, "bench")

