"""The tree of errors: each message is one sentence that a user can act on.

The command line prints the sentence and exits with `exit_status`; a traceback never reaches a user
for a mistake of the user's.
"""


class SpamlabError(Exception):
    """Root of the tree; catch it to turn any expected trouble into a sentence."""

    exit_status = 1


class UsageError(SpamlabError):
    """The user asked for something that can't be: a wrong argument, a missing or unreadable file."""

    exit_status = 2


class ContentError(SpamlabError):
    """A lab, recipe or workshop file has faults; the message lists them all, one a line."""


class MachineError(SpamlabError):
    """The machine lacks something: a port, disk space, a program, a Python version."""


class ServiceError(SpamlabError):
    """A service of the workshop (judge, mailbox) can't be reached or refused the request."""


class SandboxError(SpamlabError):
    """The sandbox itself failed or can't give the level asked for; never the participant's fault."""


class GradingError(SpamlabError):
    """A step of nbgrader's failed; nothing was written to the gradebook for the submissions named."""
