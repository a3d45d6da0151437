"""Reading headers, routes and authentication results of real mail without ever raising.

Belongs here: parsers and findings, each with the section of its standard.
Does not belong here: truth about synthetic messages, scores.
"""
