"""A worker: reads a bundle and then jobs from its standard input, writes a result for each as it is done.

It has some jobs in hand at once (`turns.LANES`), so that the next one is ready when the last one's cells have run.

Run as `python -m spamlab.grading.worker LINE`, LINE being the descriptor of its line to the warm process. Trusted:
participants' code runs in the sandbox that the line leads to.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import BinaryIO

from spamlab.grading.bundle import read_bundle
from spamlab.grading.frames import read_frame, write_frame
from spamlab.grading.job import Desk
from spamlab.grading.turns import LANES
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
        reading, writing = threading.Lock(), threading.Lock()
        lanes = [threading.Thread(target=_serve, args=(desk, given, results, reading, writing)) for _ in range(LANES)]
        for one in lanes:
            one.start()
        for one in lanes:
            one.join()
        desk.close()


def _serve(desk: Desk, given: BinaryIO, results: BinaryIO, reading: threading.Lock, writing: threading.Lock) -> None:
    """Do jobs until the input ends; whatever goes wrong here ends the process, so that nobody waits for it."""
    try:
        while True:
            with reading:
                job = read_frame(given)
            if job is None:
                return
            result = desk.done(job)
            with writing:
                write_frame(results, result)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()
