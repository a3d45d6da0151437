"""The one identity of a workshop: its folder, workshop.toml, its secret and what is derived from them."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from spamlab.content import database
from spamlab.content.faults import Reader
from spamlab.errors import ContentError, UsageError
from spamlab.shipped import default_folder

FILE = "workshop.toml"
_ID = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_LAB = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Workshop:
    """One workshop's folder and what workshop.toml says; paths are absolute.

    passing_mark: share of the points that passes, 0 to 1. hint_wait_seconds: from a real attempt to the next
    hint. go_on_seconds: from the first look at a question to "go on". dates: first and last day, ISO, or "".
    gradebook_url, ledger_url: addresses of databases, "" for the file of the workshop's own; they may hold a password.
    """

    root: Path
    title: str
    language: str
    labs: tuple[str, ...]
    participants: tuple[str, ...]
    passing_mark: float
    labs_folder: Path
    datasets_folder: Path
    hint_wait_seconds: float = 20.0
    go_on_seconds: float = 360.0
    dates: tuple[str, ...] = ()
    profile: str = ""
    secret_name: str = "secret"
    gradebook_url: str = field(default="", repr=False)
    ledger_url: str = field(default="", repr=False)

    @property
    def secret_file(self) -> Path:
        """The file that holds the secret, readable by its owner alone."""
        return self.root / self.secret_name

    @property
    def ledger_file(self) -> Path:
        """The judge's ledger."""
        return self.root / "ledger.sqlite"

    @property
    def gradebook_address(self) -> str:
        """The address of the gradebook's database; it may hold a password."""
        return self.gradebook_url or f"sqlite:///{self.course / 'gradebook.db'}"

    @property
    def course(self) -> Path:
        """nbgrader's course folder."""
        return self.root / "course"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange."""
        return self.root / "exchange"

    @property
    def homes(self) -> Path:
        """The folder of the participants' homes."""
        return self.root / "participants"

    def home(self, participant: str) -> Path:
        """One participant's home; raises UsageError for a name that is not in the workshop."""
        self.known(participant)
        return self.homes / participant

    @property
    def mail(self) -> Path:
        """The mailbox server's store."""
        return self.root / "mail"

    @property
    def corpus(self) -> Path:
        """Where a trainer may put real messages for the class to look at; it need not exist."""
        return self.root / "corpus"

    @property
    def run(self) -> Path:
        """Process ids, logs and addresses.json of a running workshop."""
        return self.root / "run"

    def known(self, participant: str) -> str:
        """`participant` itself; raises UsageError for a name that is not in the workshop."""
        if participant not in self.participants:
            raise UsageError(f"there is no participant called {participant} in this workshop")
        return participant

    def secret(self) -> bytes:
        """The 32 bytes from which everything is derived; raises ContentError where the file is no secret."""
        return _secret(self.secret_file)

    def participant_token(self, participant: str) -> str:
        """The token by which the services know this participant, hex."""
        return self._token("participant", participant)

    def instructor_token(self) -> str:
        """The token of the instructor's page, hex."""
        return self._token("instructor")

    def _token(self, *names: str) -> str:
        message = "|".join(("token", *names)).encode()
        return hmac.new(self.secret(), message, hashlib.sha256).hexdigest()


def create_workshop(
    root: Path, *, title: str, language: str = "en", labs: Sequence[str] = (), participants: Sequence[str] | int = (),
    secret: bytes | None = None, passing_mark: float = 0.6, labs_folder: Path | None = None,
    datasets_folder: Path | None = None, hint_wait_seconds: float = 20.0, gradebook_url: str = "", ledger_url: str = "",
) -> Workshop:
    """Make the folder of a workshop and read it back.

    participants: their ids, or how many (p01, p02 ...); 1 where none is given. secret: 32 bytes; drawn anew
    where none is given. gradebook_url, ledger_url: addresses of databases, "" for files of the workshop's own. Raises
    UsageError where `root` already holds a workshop: nothing is ever overwritten.
    """
    root = Path(root).absolute()
    if (root / FILE).exists() or (root / "secret").exists():
        raise UsageError(f"{root.name} already holds a workshop; choose another folder, or start it as it is")
    names = numbered(participants) if isinstance(participants, int) else tuple(participants) or numbered(1)
    value = secrets.token_bytes(32) if secret is None else secret
    if len(value) != 32:
        raise UsageError("a workshop's secret has 32 bytes")
    lines = [
        "# This file names the workshop; everything else is derived from it and from the secret beside it.",
        f"title = {_toml(title)}",
        f"language = {_toml(language)}",
        f"labs = {_toml(list(labs))}",
        f"participants = {_toml(list(names))}",
        "# The share of the points that passes.",
        f"passing_mark = {passing_mark:g}",
        "# Seconds from a real attempt to the next hint.",
        f"hint_wait_seconds = {hint_wait_seconds:g}",
        'secret = "secret"',
    ]
    if labs_folder is not None:
        lines.append(f"labs_folder = {_toml(str(Path(labs_folder).absolute()))}")
    if datasets_folder is not None:
        lines.append(f"datasets_folder = {_toml(str(Path(datasets_folder).absolute()))}")
    lines += [f"{name} = {_toml(url)}" for name, url in (("gradebook_url", gradebook_url), ("ledger_url", ledger_url))
              if url]
    text = "\n".join(lines) + "\n"
    root.mkdir(parents=True, exist_ok=True)
    _write_new(root / "secret", value.hex() + "\n", 0o600)
    _write_new(root / FILE, text, 0o644)
    return read_workshop(root)


def read_workshop(root: Path) -> Workshop:
    """The workshop in the folder `root`; raises ContentError with all faults of workshop.toml, UsageError if none."""
    root = Path(root).absolute()
    if not (root / FILE).is_file():
        raise UsageError(f"there is no workshop in the folder {root.name}: make one with `make up` or `spamlab up`, "
                         "or name its folder with --workshop")
    reader = Reader(root / FILE, FILE)
    title = reader.take("title", str, "", required=True)
    language = reader.take("language", str, "en")
    labs = reader.text_list("labs", required=True)
    participants = reader.text_list("participants", required=True)
    mark = float(reader.take("passing_mark", (int, float), 0.6))
    wait = float(reader.take("hint_wait_seconds", (int, float), 20))
    go_on = float(reader.take("go_on_seconds", (int, float), 360))
    dates = reader.text_list("dates")
    profile = reader.take("profile", str, "")
    secret_name = reader.take("secret", str, "secret")
    labs_folder = reader.take("labs_folder", str)
    datasets_folder = reader.take("datasets_folder", str)
    urls = {name: reader.take(name, str, "") for name in ("gradebook_url", "ledger_url")}
    reader.unknown()
    for name in participants:
        if not _ID.fullmatch(name):
            reader.fault(f"participant {name!r} needs an id of small letters, digits, _ or -, such as p01",
                         "participants")
    for name in labs:
        if not _LAB.fullmatch(name):
            reader.fault(f"lab {name!r} is not the name of a folder", "labs")
    for key, names in (("participants", participants), ("labs", labs)):
        if len(set(names)) != len(names):
            reader.fault(f"{key} names one twice", key)
    if not 0 <= mark <= 1:
        reader.fault("passing_mark is a share from 0 to 1", "passing_mark")
    if wait < 0 or go_on < 0:
        reader.fault("seconds can't be negative", "hint_wait_seconds" if wait < 0 else "go_on_seconds")
    for name, url in urls.items():
        fault = database.fault_of(url, name) if url else ""
        if fault:
            reader.fault(fault, name)
    if "/" in secret_name or secret_name in {"", ".", ".."}:
        reader.fault("secret names a file beside workshop.toml", "secret")
    reader.finish()
    return Workshop(
        root=root, title=title, language=language, labs=labs, participants=participants, passing_mark=mark,
        labs_folder=_folder(root, labs_folder, "labs"), datasets_folder=_folder(root, datasets_folder, "datasets"),
        hint_wait_seconds=wait, go_on_seconds=go_on, dates=dates, profile=profile, secret_name=secret_name,
        gradebook_url=database.normal(urls["gradebook_url"]), ledger_url=database.normal(urls["ledger_url"]))


def numbered(count: int) -> tuple[str, ...]:
    """The ids of `count` participants: p01, p02 ..."""
    width = max(2, len(str(count)))
    return tuple(f"p{number:0{width}d}" for number in range(1, count + 1))


def _folder(root: Path, given: str | None, name: str) -> Path:
    return default_folder(name) if given is None else (root / given).absolute()


@lru_cache(maxsize=64)
def _secret_of(text: str) -> bytes:
    return bytes.fromhex(text)


def _secret(path: Path) -> bytes:
    try:
        value = _secret_of(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise ContentError(f"the workshop's secret ({path.name}) is missing or is not 64 hexadecimal digits") from None
    if len(value) != 32:
        raise ContentError(f"the workshop's secret ({path.name}) is not 64 hexadecimal digits")
    return value


def _toml(value: str | list[str]) -> str:
    """A text or a list of texts as TOML; JSON's escapes are a part of TOML's basic strings."""
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write_new(path: Path, text: str, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise UsageError(f"{path.name} already exists here; nothing was overwritten") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
