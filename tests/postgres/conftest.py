"""The server, and the small workshop of grading's tests."""

from grading.room import released, room

from .server import postgres

__all__ = ["postgres", "released", "room"]
