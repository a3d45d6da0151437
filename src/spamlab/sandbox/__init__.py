"""The one way in which participants' code runs: limits, files, no network.

Stands alone: it imports no other room. Every way to end has a name.
Does not belong here: what is run, and what its answers are worth.
"""
