"""Formats for sharing: ARF, DMARC reports, blocklists, indicators; each written and read side by side.

Does not belong here: sending them.
Empty in this version.
"""
