"""The lab's own mail network: the mailbox server with Mailpit's REST API, and delivery to it.

Belongs here: sockets for mail. Nothing here listens beyond loopback unless asked, nothing relays.
Does not belong here: making messages (generate), reading their headers (forensics).
"""
