"""Reads the route of a message: what the lab's rule form builds on, with the standard library alone.

The border of our network is named at the top. Where you work, put your own hosts there.
"""

from __future__ import annotations

import ipaddress
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

__all__ = [
    "BORDER_HOSTS", "Line", "build_rule", "chain_break", "claim_protects", "is_ours", "letter", "received_lines",
    "take_home",
]

BORDER_HOSTS = ("mx1.harbornet.example", "mx2.harbornet.example")
OUR_ADDRESSES = "192.0.2.224/28"
OUR_RESULTS = "mx.harbornet.example"

CHOICES = ("rows", "border", "handover", "versions", "nothing")
"""The five fields of the rule form."""

Route = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One Received line: its number from the top, who wrote it (`by`), the name given (`from`), the address seen."""

    number: int
    by: str
    name: str
    address: str


def rows_joined(raw: bytes) -> list[tuple[str, str]]:
    """All header fields as (name, text), rows that belong together joined into one."""
    header = BytesHeaderParser().parsebytes(raw)
    return [(name.lower(), " ".join(str(text).split())) for name, text in header.items()]


def rows_alone(raw: bytes) -> list[tuple[str, str]]:
    """The same, but only the first row of each field: what a rule sees that forgets folded lines."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("latin-1")
    rows = [row.partition(":") for row in head.split("\n") if row[:1] not in (" ", "\t", "")]
    return [(name.strip().lower(), " ".join(text.split())) for name, _, text in rows]


def without_comments(text: str) -> str:
    """`text` without what stands in round brackets; a comment may hold any word, also "by"."""
    kept, depth = [], 0
    for sign in text:
        depth += sign == "("
        if not depth:
            kept.append(sign)
        depth -= sign == ")" and depth > 0
    return "".join(kept)


def received_lines(raw: bytes, *, joined: bool = True, ipv6: bool = True) -> list[Line]:
    """The Received lines from the top, numbered from 1. A line that a mailbox added at the end is left out."""
    fields = rows_joined(raw) if joined else rows_alone(raw)
    texts = [text for name, text in fields if name == "received"]
    if texts and re.search(r"\bby \S+ \((Mailpit|spamlab)\)", texts[0]):
        texts = texts[1:]
    return [_line(number, text, ipv6) for number, text in enumerate(texts, 1)]


def _line(number: int, text: str, ipv6: bool) -> Line:
    bare = without_comments(text)
    by = re.search(r"\bby\s+([^\s;]+)", bare)
    name = re.match(r"from\s+(\S+)", bare)
    return Line(number, by[1].lower() if by else "", name[1] if name else "", _address_seen(text, ipv6) if name else "")


def _address_seen(text: str, ipv6: bool) -> str:
    """The first address in square brackets inside round ones: what the server itself saw."""
    for found in re.finditer(r"\([^()]*?\[(?:IPv6:)?([0-9A-Fa-f.:]+)\]", text):
        try:
            address = ipaddress.ip_address(found[1])
        except ValueError:
            continue
        if ipv6 or address.version == 4:
            return str(address)
    return ""


def is_ours(address: str) -> bool:
    """Whether an address belongs to our own servers. A name would not do: a stranger may greet with ours."""
    return bool(address) and ipaddress.ip_address(address) in ipaddress.ip_network(OUR_ADDRESSES)


def border_of(lines: list[Line], place: str = "first-from-outside") -> Line | None:
    """The line that our border wrote, found as `place` says; None where there is none."""
    if place == "line-2":
        return lines[1] if len(lines) > 1 else None
    if place == "bottom":
        return lines[-1] if lines else None
    if place == "lowest-by-us":
        return next((line for line in reversed(lines) if line.by in BORDER_HOSTS), None)
    # From the top, the first line that a border host wrote about a peer that is not one of our own hosts.
    return next((line for line in lines if line.by in BORDER_HOSTS and not is_ours(line.address)), None)


def claim_protects(raw: bytes) -> bool:
    """Whether a check of our own passed for the domain that the reader sees in From, or for a part of it."""
    fields = rows_joined(raw)
    seen = next((re.findall(r"@([\w.-]+)", text)[-1:] for name, text in fields if name == "from"), [])
    results = [text for name, text in fields if name == "authentication-results"]
    ours = next((text for text in results if text.startswith(OUR_RESULTS)), "")
    passed = re.findall(r"spf=pass[^;]*smtp\.mailfrom=(?:[^\s;@]*@)?([\w.-]+)", ours)
    passed += re.findall(r"dkim=pass[^;]*header\.d=([\w.-]+)", ours)
    return any(_last_two(domain) == _last_two(seen[0]) for domain in passed if seen)


def _last_two(domain: str) -> str:
    return ".".join(domain.lower().rstrip(".").split(".")[-2:])


def chain_break(lines: list[Line], border: Line | None) -> int:
    """The first line below the border whose `by` does not meet the name in the line above it; 0 for none."""
    if border is None:
        return 0
    for above, below in zip(lines[border.number - 1 :], lines[border.number :], strict=False):
        if below.by and above.name[:1] not in ("", "[") and below.by != above.name.lower():
            return below.number
    return 0


def build_rule(choices: Mapping[str, str] | None) -> Callable[[bytes], Route] | None:
    """The function that the rule form's five choices make; None while one of them is open.

    rows: "joined" or "alone". border: "first-from-outside", "line-2", "bottom" or "lowest-by-us".
    handover: "address" or "greeting". versions: "both" or "ipv4". nothing: "say-none", "bottom" or "stop".
    The function takes a whole message and gives {"border_line", "handover", "chain_break", "protects"}:
    the number of the border line (0: none), the address that handed the message over ("": none), and, beyond
    what is judged, the first line where the chain breaks (0: none) and whether a check protects the reader.
    """
    if not isinstance(choices, Mapping) or not all(choices.get(key) for key in CHOICES):
        print("No rule is saved yet. Fill in the form above, save it, then run this cell again.")
        return None
    rule = {key: str(choices[key]) for key in CHOICES}

    def classify_route(raw: bytes) -> Route:
        lines = received_lines(raw, joined=rule["rows"] == "joined", ipv6=rule["versions"] == "both")
        border = border_of(lines, rule["border"])
        if border is None and rule["nothing"] == "stop":
            raise LookupError("this message has no border line")
        if border is None and rule["nothing"] == "bottom" and lines:
            border = lines[-1]
        if border is None:
            return {"border_line": 0, "handover": "", "chain_break": 0, "protects": claim_protects(raw)}
        return {
            "border_line": border.number,
            "handover": border.name if rule["handover"] == "greeting" else border.address,
            "chain_break": chain_break(lines, border),
            "protects": claim_protects(raw),
        }

    classify_route.made_from = dict(choices)  # type: ignore[attr-defined]
    return classify_route


# -- take home ----------------------------------------------------------------------------------------------------

LAWFUL = (
    "Use real headers lawfully: your own mail, or complaints that your office may read.\n"
    "Remove names and addresses of persons before you pass a header on. Ask your data protection officer first."
)

CHECKLIST = """# Checklist: who handed this message over?

1. Border. From the top: the first line with `by` one of our border hosts and an address that is not ours.
2. Handover. In that line: the address in round brackets. Not the name after `from`.
3. Chain. Below it: does `by` of each line meet `from` of the line above? Do weekday and date fit?
   A far time zone, a private address or IPv6 proves nothing.
4. Claim. Only results that our side wrote. For which domain did a check pass? Is it the domain in From?
5. Tell. abuse@ the network of the handover address; look it up in DNS or at the regional address registry.
   Address, time in UTC, whole border line. Nothing about the person. One clear, civil request.

{lawful}
"""

CARD = """When ______________________________, I will ______________________________,
with ______________________________; what may stop me is ______________________________.

Look at this card again in 30 days. What happened?
"""

MAIN = '''

# Run it: python3 print_route.py message.eml
# Put your own border hosts, addresses and results name at the top first.
# {lawful}

if __name__ == "__main__":
    import sys

    if len(sys.argv) < 2:
        sys.exit("Usage: python3 print_route.py message.eml (one or more files, each a whole message)")
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            raw = file.read()
        lines = received_lines(raw)
        border = border_of(lines)
        print(path)
        for line in lines:
            mark = " <- border" if border is not None and line.number == border.number else ""
            print(f"  line {line.number}: from {line.name or '-'} [{line.address or '-'}] by {line.by or '-'}{mark}")
        print("  handed over by", border.address if border is not None else "nobody outside")
        print("  chain breaks at line", chain_break(lines, border) or "-")
        print("  a check protects the reader:", "yes" if claim_protects(raw) else "no")
'''


WIDTH = 90
"""Signs in a row of the letter."""


def letter(answer: Mapping[str, str] | None) -> str:
    """The report of question 8 as one text, the letter in rows of WIDTH signs, the evidence as it was copied.

    Says so where nothing is written yet.
    """
    if not answer:
        return "The report is not written yet."
    parts = {key: str(answer.get(key) or "...") for key in ("to", "address", "time", "lines", "text")}
    parts["text"] = "\n".join(textwrap.fill(row, WIDTH, break_long_words=False, break_on_hyphens=False)
                              for row in parts["text"].splitlines())
    return "To: {to}\nHandover: {address}\nTime: {time}\n\n{text}\n\nEvidence:\n{lines}\n".format(**parts)


def take_home(report: Mapping[str, str] | None, save: Callable[[str, str], None]) -> None:
    """Write the files to take home with `save(name, text)`: checklist, report, card and program."""
    own = Path(__file__).read_text(encoding="utf-8")
    program = own.partition("\n# -- take home")[0].replace(' "letter",', "").replace('    "take_home",\n', "")
    program = program.replace("import textwrap\n", "").replace("from pathlib import Path\n", "")
    commented = LAWFUL.replace("\n", "\n# ")
    save("checklist.md", CHECKLIST.replace("{lawful}", LAWFUL))
    save("report.txt", letter(report))
    save("card.txt", CARD)
    save("print_route.py", program.rstrip() + MAIN.replace("{lawful}", commented))
