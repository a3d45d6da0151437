"""The dress rehearsal: simulated participants play the whole workshop through nbgrader."""
