"""What a notebook imports, and all that it imports.

Talks to the judge and the mailbox over HTTP. It can reach no truth, seed or check; a contract keeps it so.

>>> from spamlab.kit import *
>>> start("02-header-forensics")
"""

from spamlab.kit.check import answer, answered, check
from spamlab.kit.dataset import dataset
from spamlab.kit.display import lines, show_route, show_text
from spamlab.kit.files import save_file
from spamlab.kit.forms import question
from spamlab.kit.hint import hint
from spamlab.kit.inbox import inbox
from spamlab.kit.start import start

__all__ = ["answer", "answered", "check", "dataset", "hint", "inbox", "lines", "question", "save_file", "show_route",
           "show_text", "start"]
