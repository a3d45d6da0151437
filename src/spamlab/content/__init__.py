"""Reads labs/, datasets/ and workshop.toml: one schema, all faults of a file at once.

Belongs here: what a trainer writes, as frozen values. One broken lab never stops the others.
Does not belong here: building notebooks (course), judging (judge).
"""
