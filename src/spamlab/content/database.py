"""Addresses of databases as workshop.toml names them: checked, and shown without their password.

SQLite in a file, or PostgreSQL by psycopg. The same text goes to SQLAlchemy and, for the gradebook, to nbgrader.
"""

from __future__ import annotations

import importlib.util
import re

DRIVER = "postgresql+psycopg"
_PASSWORD = re.compile(r"(://[^:@/]*):.*@")  # up to the last @: a password may hold one unescaped
_ANYWHERE = re.compile(r"(?i)([?&](?:password|passwd)=)[^&]*")


def shown(url: str) -> str:
    """The address as a message may name it: what could be a password is "***"."""
    return _ANYWHERE.sub(r"\1***", _PASSWORD.sub(r"\1:***@", url))


def normal(url: str) -> str:
    """The address with its driver: `postgresql://` alone means psycopg on some versions of SQLAlchemy only."""
    scheme, mark, rest = url.partition("://")
    return f"{DRIVER}://{rest}" if mark and scheme in {"postgresql", "postgres"} else url


def fault_of(url: str, name: str) -> str:
    """What is wrong with an address, in one sentence that names the key and never a password; "" where nothing is."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        read = make_url(normal(url))
        read.port  # noqa: B018 - the text of a port is read only here
    except (ArgumentError, ValueError):
        return f"{name} is no address of a database; write {DRIVER}://user@host/name"
    if read.drivername == "sqlite":
        if read.database and read.database.startswith("/"):
            return ""
        return f"{name} names a file by its whole path, with four slashes: sqlite:////srv/workshop/name.sqlite"
    if read.drivername != DRIVER:
        scheme = url.partition("://")[0]
        return f"{name} begins with {DRIVER}:// or sqlite:///, and not with {scheme[:30]}://"
    if importlib.util.find_spec("psycopg") is None:
        return f"{name} needs PostgreSQL's driver, which is not installed; install spamlab[postgres]"
    if not read.database:
        return f"{name} names no database; write {DRIVER}://user@host/name"
    if {"password", "passwd"} & set(read.query):
        return f"{name} holds a password after its question mark; it belongs into the file of PGPASSFILE"
    if make_url(without_password(normal(url))) != read._replace(password=None):
        return f"{name} can't be read without doubt; write @, : and / in a password as %40, %3A and %2F"
    return ""


def without_password(url: str) -> str:
    """The address as nbgrader is given it, which prints it: the password goes by PGPASSWORD."""
    scheme, mark, rest = url.partition("://")
    if not scheme.startswith("postgresql") or "@" not in rest:
        return url
    account, at, place = rest.partition("@")
    return f"{scheme}{mark}{account.partition(':')[0]}{at}{place}"


def reason_of(error: Exception) -> str:
    """What a database said, in one line: no statement and no values."""
    given = getattr(error, "orig", None) or error
    return " ".join(str(given).split("(Background on")[0].split())[:300]
