"""The first thing that runs inside: sets the limits, says that it is there, becomes the program.

Run as `python -I -S -c SOURCE LIMITS STATUS-FD PROGRAM ARGUMENTS...`: it stands alone, imports little, and is
never imported. LIMITS is a JSON record of resource name to number. STATUS-FD gets "R" before the program begins
and "F" with the reason if it can't begin, so that the sandbox's own failure is never taken for the program's.
"""

import json
import os
import resource
import sys


def main() -> None:
    """Set limits and become the program; never returns."""
    limits, status, program = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    try:
        for name, (soft, hard) in limits.items():
            kind = getattr(resource, name)
            _, most = resource.getrlimit(kind)
            hard = hard if most == resource.RLIM_INFINITY else min(hard, most)
            resource.setrlimit(kind, (min(soft, hard), hard))
        os.set_inheritable(status, False)
        os.umask(0o022)
        os.write(status, b"R")
        os.execv(program[0], program)
    except BaseException as error:
        os.write(status, f"F{type(error).__name__}: {error}".encode()[:500])
        os._exit(127)


main()
