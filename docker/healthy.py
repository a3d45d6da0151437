"""Whether this container is well: what SPAMLAB_HEALTH_URL names answers, what SPAMLAB_HEALTH_FILE names is there.

Exit status 0 if so, or if neither is named. Only Python's own library, so that it starts at once.
"""

import os
import sys
import urllib.request


def healthy() -> bool:
    """Ask once; anything but an answer within three seconds is no."""
    file = os.environ.get("SPAMLAB_HEALTH_FILE")
    if file and not os.path.exists(file):
        return False
    address = os.environ.get("SPAMLAB_HEALTH_URL")
    if not address:
        return True
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=3) as answer:
            return bool(answer.status < 400)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy() else 1)
