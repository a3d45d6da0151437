"""What every room passes on: small frozen values, checked when they are made.

Belongs here: message, call, post, and in a module of its own, truth.
Does not belong here: reading, writing, sending or judging any of them.
"""
