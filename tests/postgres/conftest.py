"""The server, and the small workshop of grading's tests."""

from grading.room import released, room
from workshop.conftest import free_port

from .server import postgres

__all__ = ["free_port", "postgres", "released", "room"]
