"""SPF, DKIM, DMARC, ARC: sign and verify; bytes and a resolver in, results out.

Belongs here: the protocols, free of sockets.
Does not belong here: DNS servers and SMTP (mailnet), reading results in headers (forensics).
Empty in this version: signatures come with the lab's own DNS.
"""
