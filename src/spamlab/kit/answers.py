"""Answers as files: answers/ID.json in the notebook's folder, {"answer": value}, plain JSON and nothing else.

These files are what is handed in; what a form shows is never the answer.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from spamlab.kit.errors import AnswerError
from spamlab.kit.words import say

FOLDER = "answers"
MOST_BYTES = 64 * 1024
MOST_DEPTH = 8
MOST_NUMBER = 10**15
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_MOST_PARTS = 20_000


def check_id(question: str) -> str:
    """`question` itself if it is a question's or a twin's id; else AnswerError."""
    if not isinstance(question, str) or not _ID.fullmatch(question):
        raise AnswerError(say("answer-id", name=repr(question)[:40]))
    return question


def check_value(value: Any) -> Any:
    """`value` itself if it is plain JSON within the bounds; else AnswerError with a sentence that says why.

    Plain: text, int, float, bool, None, list, dict with text keys, and exactly these types (a subclass could
    change on its way to the file). Bounds: 64 kB, 8 levels, numbers up to 1e15.
    """
    waiting: list[tuple[Any, int]] = [(value, 0)]
    parts = 0
    while waiting:
        one, depth = waiting.pop()
        parts += 1
        if depth > MOST_DEPTH:
            raise AnswerError(say("answer-deep", depth=MOST_DEPTH))
        if parts > _MOST_PARTS:
            raise AnswerError(say("answer-big", size=MOST_BYTES // 1024))
        if type(one) is list:
            waiting.extend((part, depth + 1) for part in one)
        elif type(one) is dict:
            for name, part in one.items():
                if type(name) is not str:
                    raise AnswerError(say("answer-key", name=repr(name)[:40]))
                _scalar(name)
                waiting.append((part, depth + 1))
        else:
            _scalar(one)
    if len(json.dumps(value, ensure_ascii=False).encode("utf-8")) > MOST_BYTES:
        raise AnswerError(say("answer-big", size=MOST_BYTES // 1024))
    return value


def path_of(question: str) -> Path:
    """Where the answer of `question` is kept, from the folder the notebook runs in."""
    return Path.cwd() / FOLDER / f"{check_id(question)}.json"


def keep(question: str, value: Any) -> None:
    """Write the answer whole or not at all; AnswerError if it can't be kept."""
    path = path_of(question)
    content = (json.dumps({"answer": check_value(value)}, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
    written = ""
    try:
        path.parent.mkdir(exist_ok=True)
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(written, 0o644)
        os.replace(written, path)
    except OSError:
        if written:
            with contextlib.suppress(OSError):
                os.unlink(written)
        raise AnswerError(say("answer-disk")) from None


def kept(question: str) -> tuple[bool, Any]:
    """Whether an answer is kept, and its value; AnswerError if its file can't be read."""
    path = path_of(question)
    try:
        with path.open("rb") as file:
            content = file.read(2 * MOST_BYTES + 1)
    except FileNotFoundError:
        return False, None
    except OSError:
        raise AnswerError(say("answer-broken", question=question)) from None
    try:
        record = json.loads(content)
        if not isinstance(record, dict) or "answer" not in record:
            raise ValueError
        return True, check_value(record["answer"])
    except (ValueError, RecursionError, AnswerError):
        raise AnswerError(say("answer-broken", question=question)) from None


def _scalar(one: Any) -> None:
    kind = type(one)
    if one is None or kind is bool:
        return
    if kind is str:
        if len(one) > MOST_BYTES:
            raise AnswerError(say("answer-big", size=MOST_BYTES // 1024))
        try:
            one.encode("utf-8")
        except UnicodeEncodeError:
            raise AnswerError(say("answer-text")) from None
    elif kind is int or kind is float:
        if abs(one) > MOST_NUMBER or not math.isfinite(one):
            raise AnswerError(say("answer-number"))
    elif isinstance(one, tuple):
        raise AnswerError(say("answer-tuple"))
    elif isinstance(one, set | frozenset):
        raise AnswerError(say("answer-set"))
    elif isinstance(one, bytes | bytearray):
        raise AnswerError(say("answer-bytes"))
    else:
        raise AnswerError(say("answer-type", what=f"a {kind.__name__}"[:60]))

