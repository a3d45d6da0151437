"""A worker: reads a bundle and then jobs from its standard input, writes a result for each, one after another.

Run as `python -m spamlab.grading.worker LINE`, LINE being the descriptor of its line to the warm process. Trusted:
participants' code runs in the sandbox that the line leads to.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

from spamlab.grading.bundle import read_bundle
from spamlab.grading.frames import read_frame, write_frame
from spamlab.grading.job import Desk
from spamlab.sandbox.warm import Line


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the engine, which then ends us
    line = Line(socket.socket(fileno=int(sys.argv[1])))
    with os.fdopen(os.dup(1), "wb") as results, tempfile.TemporaryDirectory(prefix="spamlab-desk-") as folder:
        os.dup2(2, 1)  # nothing that a library prints may stand between two frames
        given = sys.stdin.buffer
        plain = read_frame(given)
        if plain is None:
            return
        desk = Desk(read_bundle(plain), Path(folder), line)
        while (job := read_frame(given)) is not None:
            write_frame(results, desk.done(job))
        desk.close()


if __name__ == "__main__":
    main()
