"""The one way in which participants' code runs: limits, files, no network.

Stands alone: it imports no other room. Every way to end has a name.
Does not belong here: what is run, and what its answers are worth.
"""

from spamlab.sandbox.limits import SERVER, Ending, Level, Limits, Outcome
from spamlab.sandbox.process import Process, available_level, run, start

__all__ = ["SERVER", "Ending", "Level", "Limits", "Outcome", "Process", "available_level", "run", "start"]
