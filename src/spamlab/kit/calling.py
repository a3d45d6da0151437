"""Running the participant's function or filter on inputs: bounded in time, errors caught, results plain JSON."""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import json
import math
import signal
import threading
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spamlab.kit.answers import check_value
from spamlab.kit.errors import AnswerError
from spamlab.kit.words import say

SECONDS = 2.0
MOST_OUTPUT = 4 * 1024
_MOST_PRINTED = 4000
_MOST_ERROR = 200
_ASKED = {"scores": ("predict_proba", "decision_function", "score", "predict"),
          "votes": ("predict", "predict_proba", "decision_function", "score")}
"""The methods by which an object is asked, the first that it has."""


class _TooLong(BaseException):
    """Time is up. Not an Exception, so that the function's own `except Exception` does not take it."""


@dataclass(frozen=True)
class Called:
    """What came of all calls. outputs: name -> {"value": ...} or {"error": "..."}.

    failed: the names that ended with an error, in order. trace: Python's words on the first of them, "" where it
    is no error of Python's. printed: what the function printed, cut.
    """

    outputs: dict[str, dict[str, Any]]
    failed: tuple[str, ...]
    trace: str
    printed: str


@dataclass(frozen=True)
class Texts:
    """What a filter is asked about. ask: "scores", or "votes" (yes or no). each: the function takes one text."""

    all: tuple[str, ...]
    ask: str = "scores"
    each: bool = False


def can_be_asked(thing: Any) -> bool:
    """Whether `thing` is a function, or an object with a method that scores texts."""
    try:
        return callable(thing) or any(callable(getattr(thing, name, None)) for name in _ASKED["scores"])
    except Exception:
        return False


def scores_of(thing: Any, texts: Texts) -> list[Any]:
    """What a function or a fitted filter gives for the texts: one plain number or word each.

    An object is asked by its own method; of a table of chances the last column counts, which is that of the class
    that stands last, such as 1 or "spam". A value that is no number is left for the judge to refuse.
    """
    method = next((getattr(thing, name) for name in _ASKED[texts.ask if texts.ask in _ASKED else "scores"]
                   if callable(getattr(thing, name, None)) and not (name == "score" and hasattr(thing, "fit"))), None)
    if method is None and texts.each:
        return [_plain_score(thing(text)) for text in texts.all]
    found = (method or thing)(list(texts.all))
    if hasattr(found, "tolist"):
        found = found.tolist()
    return [_plain_score(one) for one in found]


def call_all(function: Any, inputs: list[tuple[str, Any]], seconds: float = SECONDS) -> Called:
    """Call `function` on each input, a filter on each `Texts`; never raises what the function raises."""
    outputs: dict[str, dict[str, Any]] = {}
    failed: list[str] = []
    trace = ""
    printed = io.StringIO()
    for name, value in inputs:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            outputs[name], words = _call(function, value, seconds)
        if "error" in outputs[name]:
            failed.append(name)
            trace = trace or words
        if printed.tell() > _MOST_PRINTED:
            text = printed.getvalue()[:_MOST_PRINTED]
            printed = io.StringIO()
            printed.write(text)
    return Called(outputs, tuple(failed), trace, printed.getvalue()[:_MOST_PRINTED])


def read_input(given: Any) -> Any:
    """The function's argument: bytes for {"base64": "..."}, `Texts` for a filter's, else the JSON value itself."""
    if isinstance(given, Mapping) and set(given) == {"texts", "ask", "each"} and isinstance(given["texts"], list):
        return Texts(tuple(str(text) for text in given["texts"]), str(given["ask"]), bool(given["each"]))
    if isinstance(given, Mapping) and set(given) == {"base64"} and isinstance(given["base64"], str):
        try:
            return base64.b64decode(given["base64"], validate=True)
        except (binascii.Error, ValueError):
            return b""
    return given


def _call(function: Any, value: Any, seconds: float) -> tuple[dict[str, Any], str]:
    try:
        with _bounded(seconds):
            result = scores_of(function, value) if isinstance(value, Texts) else function(value)
        check_value(result)
        if len(json.dumps(result)) > MOST_OUTPUT:
            return {"error": say("check-big")}, ""
        return {"value": result}, ""
    except _TooLong:
        return {"error": say("check-slow", seconds=f"{seconds:g}")}, ""
    except AnswerError as odd:
        return {"error": say("check-result", sentence=str(odd))[:_MOST_ERROR]}, ""
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        return {"error": _named(error)}, _trace(error)


def _plain_score(one: Any) -> Any:
    """A number as JSON knows it; the words "nan" for one that is none."""
    if hasattr(one, "tolist"):
        one = one.tolist()
    if isinstance(one, list | tuple) and one:
        one = one[-1]
    return "nan" if isinstance(one, float) and not math.isfinite(one) else one


def _named(error: BaseException) -> str:
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:
        text = type(error).__name__
    return text.splitlines()[0][:_MOST_ERROR]


def _trace(error: BaseException) -> str:
    """Python's own words, without the frames of this module."""
    try:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
        return "".join([*traceback.format_list(frames[-8:]), _named(error)])[-3000:]
    except Exception:
        return _named(error)


@contextlib.contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Raise _TooLong in the block after `seconds`; without effect outside the main thread."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_number: int, _frame: Any) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
