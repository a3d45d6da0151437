"""Errors that a participant meets in a notebook: one plain sentence, never a trace."""

from __future__ import annotations

from spamlab.errors import ServiceError, SpamlabError


class Plain:
    """Mix-in for exceptions: IPython and Jupyter show the sentence alone, without a trace."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class KitError(Plain, SpamlabError):
    """What was asked for in the notebook can't be: an unknown message or line, a value that can't be kept."""


class AnswerError(KitError):
    """A value that can't be kept as an answer, or an answer file that can't be read."""


class ServiceAway(Plain, ServiceError):  # noqa: N818
    """The judge or the mailbox does not answer, or this notebook was not told where it is."""


class ServiceRefused(Plain, ServiceError):  # noqa: N818
    """The judge or the mailbox answered with a refusal; `status` is the HTTP status, the text its sentence."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class NotChecked(Plain, ServiceError):  # noqa: N818
    """`check` found no judge to ask, so nothing was checked: it fails closed."""
