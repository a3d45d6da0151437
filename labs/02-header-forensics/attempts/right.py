"""Everything right, the open way: answers typed, the rule written as code without the lab's helpers."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any


def _reading() -> ModuleType:
    """The parser beside this file, wherever this file is loaded from."""
    name = "spamlab_attempts_02_reading"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("reading.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


reading = _reading()
Raws = dict[str, bytes]

ANSWERS: dict[str, Callable[[Raws], Any]] = {
    "w1": lambda seen: reading.border(seen["P1"]).address,
    "q1": lambda seen: reading.statements(seen["M1"]),
    "q2": lambda seen: [hop.id for hop in reversed(reading.hops(seen["M1"]))],
    "q3": lambda seen: reading.border(seen["M2"]).id,
    "v1": lambda seen: reading.border(seen["M3"]).id,
    "q4": lambda seen: reading.border(seen["M2"]).address,
    "q5": lambda seen: reading.forged(seen["M3"]),
    "q6": lambda seen: {number: reading.claim(seen[f"M{number}"]) for number in ("1", "3", "4")},
    "q8": lambda seen: reading.report(seen["M2"]),
    "x1": lambda seen: reading.border(seen["M4"]).id,
    "x2": lambda seen: f"abuse@{reading.network_domain(reading.border(seen['M3']))}",
}

RULE = '''
import ipaddress
import re
from email.parser import BytesHeaderParser

BORDER = ("mx1.harbornet.example", "mx2.harbornet.example")
OUR = ipaddress.ip_network("192.0.2.224/28")


def without_comments(text):
    kept, depth = "", 0
    for sign in text:
        if sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif not depth:
            kept += sign
    return kept


def seen(text):
    for found in re.finditer(r"[(][^()]*?[[](?:IPv6:)?([0-9A-Fa-f.:]+)[]]", text):
        try:
            return str(ipaddress.ip_address(found[1]))
        except ValueError:
            continue
    return ""


def classify_route(raw):
    header = BytesHeaderParser().parsebytes(raw)
    lines = [" ".join(str(text).split()) for text in header.get_all("Received", [])]
    for number, text in enumerate(lines, 1):
        by = re.search(r"\\\\bby ([^ ;]+)", without_comments(text))
        address = seen(text)
        stranger = address and ipaddress.ip_address(address) not in OUR
        if by and by[1].lower() in BORDER and stranger:
            return {"border_line": number, "handover": address}
    return {"border_line": 0, "handover": ""}
'''.replace("\\\\", "\\")

SOURCES = {"q7-open": RULE}
