"""What a notebook imports, and all that it imports.

Talks to the judge and the mailbox over HTTP. It can reach no truth, seed or check; a contract keeps it so.
"""
