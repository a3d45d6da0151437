"""What the notebook of the tiny lab imports."""

import re


def first_address(raw):
    """The first address in brackets."""
    return re.search(rb"\[([0-9.]+)\]", raw).group(1).decode()
