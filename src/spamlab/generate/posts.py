"""Posts and comments in public, and messages in chats and applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spamlab.generate.draws import Weighted, below, named, share
from spamlab.generate.handles import handle
from spamlab.generate.making import Making

PLATFORMS = ("microblog", "video", "photos", "groups", "forum")
"""Kinds of social media, not their names."""
APPS = ("messenger", "game", "market", "work", "community")
"""Kinds of applications with a chat in them."""
_PLATFORM, _APP, _REPLY, _LIKES = named("platform"), named("app"), named("reply to"), named("likes")
_THREAD, _PARENT = named("thread"), named("parent")
_PLATFORMS = Weighted([("microblog", 25), ("video", 30), ("photos", 15), ("groups", 20), ("forum", 10)])
_APPS = Weighted([("messenger", 60), ("game", 8), ("market", 10), ("work", 8), ("community", 14)])
# Half of all posts have no like; of the others, each number of likes is as often as all above it.
_NO_LIKES = 0.5


def social(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A post or a comment.

    sender: a handle. platform: of `PLATFORMS`. thread: the discussion that it belongs to. reply_to: the comment that it
    answers, "" for none. likes: how many it had when it was taken down. None of these is drawn with a look at the type.
    """
    key = making.key
    return {"sender": handle(key), "platform": _PLATFORMS.pick(key, _PLATFORM), "thread": f"t{_id(key, _THREAD)}",
            "reply_to": f"c{_id(key, _PARENT)}" if share(key, _REPLY) < 0.35 else "", "likes": _likes(key),
            "text": making.give("text")}, {}


def chat(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A message in a chat or inside an application.

    sender: a handle. app: of `APPS`. conversation: the chat that it belongs to. reply_to: the message that it quotes,
    "" for none. None of these is drawn with a look at the type.
    """
    key = making.key
    return {"sender": handle(key), "app": _APPS.pick(key, _APP), "conversation": f"v{_id(key, _THREAD)}",
            "reply_to": f"m{_id(key, _PARENT)}" if share(key, _REPLY) < 0.12 else "", "text": making.give("text")}, {}


def _id(key: int, name: int) -> str:
    return f"{below(key, name) >> 24:010x}"


def _likes(key: int) -> int:
    drawn = share(key, _LIKES)
    if drawn < _NO_LIKES:
        return 0
    return min(50_000, int((1 - _NO_LIKES) / (1 - drawn)))
