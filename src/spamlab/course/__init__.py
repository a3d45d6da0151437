"""A lab's folder -> nbgrader's source notebook; the data of a participant.

Belongs here: pure building, same input, same bytes.
Does not belong here: running, judging or serving what was built.
"""
