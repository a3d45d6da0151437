"""Bounds on an answer before anything else looks at it: size, depth, numbers, duplicate names.

An answer comes from a participant's process and may be anything. What passes here is plain JSON of at
most 64 kB; what does not is an error of form.
"""

from __future__ import annotations

import ctypes
import json
import math
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from spamlab.judge.catalogue import say
from spamlab.judge.question import FormError

MOST_BYTES = 64 * 1024
MOST_DEPTH = 8
MOST_NUMBER = 10**15
_MOST_DIGITS = 20
T = TypeVar("T")


def read_json(text: str | bytes, *, most_bytes: int = MOST_BYTES) -> Any:
    """The value of a JSON text, or FormError: too big, broken, a name twice, NaN, a huge number, too deep."""
    if isinstance(text, bytes):
        if len(text) > most_bytes:
            raise FormError(say("form-size"))
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise FormError(say("form-text")) from None
    elif len(text) > most_bytes:
        raise FormError(say("form-size"))
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer,
                           parse_float=_float)
    except RecursionError:
        raise FormError(say("form-depth", depth=MOST_DEPTH)) from None
    except ValueError:
        raise FormError(say("form-broken")) from None
    return check_value(value, most_bytes=most_bytes)


def check_value(value: Any, *, most_bytes: int = MOST_BYTES) -> Any:
    """`value` itself if it is plain bounded JSON; else FormError. Never follows a cycle, never recurses."""
    size = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MOST_DEPTH and isinstance(one, list | dict):
            raise FormError(say("form-depth", depth=MOST_DEPTH))
        size += _size(one)
        if type(one) is list:
            waiting.extend((part, depth + 1) for part in one)
        elif type(one) is dict:
            for name, part in one.items():
                if type(name) is not str:
                    raise FormError(say("form-json"))
                size += _size(name)
                waiting.append((part, depth + 1))
        if size > most_bytes:
            raise FormError(say("form-size"))
    return value


class _LateError(BaseException):
    """Time is up. No Exception, so that a lab's own `except Exception` does not take it."""


def within(seconds: float, function: Callable[..., T], *values: Any) -> T:
    """function(*values), or TimeoutError after `seconds`; in any thread.

    It stops Python code between two of its steps, so one call into C (a search by a regular expression that goes back
    and forth) is not cut short: what a lab runs over participants' texts must be linear in their length.
    """
    thread, lock, state = threading.get_ident(), threading.Lock(), {"over": False, "late": False}

    def ring() -> None:
        with lock:
            if not state["over"]:
                state["late"] = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_LateError))

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        try:
            return function(*values)
        finally:
            timer.cancel()
            with lock:
                state["over"] = True
            if state["late"]:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)
    except _LateError:
        raise TimeoutError from None


def is_blank(value: Any) -> bool:
    """Whether nothing was answered: None, an empty text, or a list or table of nothing but such."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(is_blank(part) for part in value.values())
    if isinstance(value, list):
        return all(is_blank(part) for part in value)
    return False


def _size(one: Any) -> int:
    """About how many bytes the JSON of one value takes, its parts apart; FormError for what is no JSON."""
    kind = type(one)
    if kind is str:
        if len(one) > MOST_BYTES:
            raise FormError(say("form-size"))
        try:
            return len(one.encode("utf-8")) + 3
        except UnicodeEncodeError:
            raise FormError(say("form-text")) from None
    if kind is bool or one is None:
        return 5
    if kind is int:
        if abs(one) > MOST_NUMBER:
            raise FormError(say("form-number"))
        return 8
    if kind is float:
        if not math.isfinite(one) or abs(one) > MOST_NUMBER:
            raise FormError(say("form-number"))
        return 8
    if kind in (list, dict):
        if len(one) > MOST_BYTES:
            raise FormError(say("form-size"))
        return 2
    raise FormError(say("form-json"))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise FormError(say("form-duplicate", name=repr(name[:40])))
        made[name] = value
    return made


def _constant(_name: str) -> Any:
    raise FormError(say("form-number"))


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise FormError(say("form-number"))
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > 400:
        raise FormError(say("form-number"))
    return float(digits)
