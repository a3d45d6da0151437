"""Checks answers outside the participant's process; the ledger of what was tried and earned.

Belongs here: questions, known mistakes, verdicts, the judge's service, the ledger.
Does not belong here: running participants' code (sandbox), nbgrader (grading).
"""
