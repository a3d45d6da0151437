"""Synthetic traffic with its ground truth.

Belongs here: what turns a recipe and a seed into records and truth.
Does not belong here: delivery (mailnet), questions about it (labs), words and names that a trainer may edit (datasets).
"""
