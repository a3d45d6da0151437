"""nbgrader's autograding on judge and sandbox.

Belongs here: the preprocessors that nbgrader loads, and its steps as functions.
Does not belong here: what is right (judge), how code is confined (sandbox).
"""
