"""The small workshop of `room`."""

from grading.room import released, room

__all__ = ["released", "room"]
