"""The small workshop of `room`."""

from .room import released, room

__all__ = ["released", "room"]
