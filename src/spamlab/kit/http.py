"""The judge as a client sees it: JSON over HTTP, bounded in time and size, no proxy, no redirect."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import quote

from spamlab.kit.errors import ServiceAway, ServiceRefused
from spamlab.kit.session import Session
from spamlab.kit.words import say

SECONDS = 10.0
_MOST_BYTES = 16 * 1024 * 1024


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: the token is for the judge alone."""

    def redirect_request(self, *_args: Any, **_rest: Any) -> None:
        return None


class Judge:
    """The judge of this session. Every call raises ServiceAway (no answer) or ServiceRefused (its sentence)."""

    def __init__(self, url: str, token: str, seconds: float = SECONDS) -> None:
        self.url = url
        self._token = token
        self._seconds = seconds
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())

    def health(self) -> bool:
        """Whether the judge answers and is well."""
        try:
            return bool(self._ask("/health").get("ok"))
        except (ServiceAway, ServiceRefused):
            return False

    def lab(self, lab: str) -> dict[str, Any]:
        """{"lab", "title", "participant", "questions": [...], "items": [{"name", "message_id", "set"}]}"""
        return self._ask(f"/api/v1/labs/{quote(lab, safe='')}")

    def question(self, lab: str, question: str) -> dict[str, Any]:
        """{"practice": form | None, "twin": form | None, "hints": [...], "attempts", "go_on"}"""
        return self._ask(f"/api/v1/labs/{quote(lab, safe='')}/questions/{quote(question, safe='')}")

    def answer(self, lab: str, question: str, answer: Any) -> dict[str, Any]:
        """{"state", "share", "message", "hints", "go_on"}: the judge's word on an answer."""
        return self._ask(f"/api/v1/labs/{quote(lab, safe='')}/answers", {"question": question, "answer": answer})

    def hint(self, lab: str, question: str, step: int) -> dict[str, Any]:
        """{"title", "text"}; ServiceRefused with status 409 says why it is still closed."""
        return self._ask(f"/api/v1/labs/{quote(lab, safe='')}/hints", {"question": question, "step": step})

    def challenges(self, lab: str, question: str) -> dict[str, Any]:
        """{"function", "inputs": [{"name", "input"}]}: the practice inputs of a function question."""
        return self._ask(f"/api/v1/labs/{quote(lab, safe='')}/challenges/{quote(question, safe='')}")

    def records(self, lab: str, name: str) -> dict[str, Any]:
        """{"name", "records": [...]}: one of the participant's sets of records."""
        return self._ask(f"/api/v1/labs/{quote(lab, safe='')}/sets/{quote(name, safe='')}")

    def _ask(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        if not self.url:
            raise ServiceAway(say("judge-unset"))
        try:
            request = urllib.request.Request(
                self.url + path,
                data=None if body is None else json.dumps(body).encode("ascii"),
                headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json",
                         "Content-Type": "application/json"},
            )
            with self._opener.open(request, timeout=self._seconds) as response:
                read = response.read(_MOST_BYTES + 1)
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise ServiceRefused(_sentence(refusal), refusal.code) from None
        except (OSError, HTTPException, ValueError):
            raise ServiceAway(say("judge-away")) from None
        try:
            answered = json.loads(read) if len(read) <= _MOST_BYTES else None
        except (ValueError, RecursionError):
            answered = None
        if not isinstance(answered, dict):
            raise ServiceAway(say("judge-odd"))
        return answered


def judge(now: Session) -> Judge:
    """The judge of session `now`. In a graded run there is none, and every call raises ServiceAway."""
    return Judge(now.judge_url, now.token)


def _sentence(refusal: urllib.error.HTTPError) -> str:
    try:
        sentence = json.loads(refusal.read(65536))["error"]["sentence"]
    except (OSError, HTTPException, ValueError, KeyError, TypeError, RecursionError):
        return say("judge-refused")
    return str(sentence)[:500] or say("judge-refused")
