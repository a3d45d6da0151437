"""Reads an Authentication-Results field (RFC 8601 section 2.2), also that of ARC and what large services write.

>>> read = read_results("mx.a.example; spf=pass smtp.mailfrom=x@b.example; dkim=none")
>>> read.authserv_id, [(one.method, one.value, one.domain) for one in read.results]
('mx.a.example', [('spf', 'pass', 'b.example'), ('dkim', 'none', '')])
"""

from __future__ import annotations

from dataclasses import dataclass

from spamlab.forensics.tokens import Token, tokens

WORDS = {
    "spf": frozenset(("none", "pass", "fail", "softfail", "policy", "neutral", "temperror", "permerror")),
    "dkim": frozenset(("none", "pass", "fail", "policy", "neutral", "temperror", "permerror")),
    "dmarc": frozenset(("none", "pass", "fail", "temperror", "permerror")),
    "arc": frozenset(("none", "pass", "fail")),
}
"""The words that a method may use (RFC 8601 section 2.7; RFC 9989 for dmarc; RFC 8617 for arc)."""

_DOMAIN_OF = {
    "spf": ("smtp.mailfrom", "smtp.helo", "smtp.mail"),
    "dkim": ("header.d", "header.i", "header.from"),
    "dmarc": ("header.from", "from"),
}
MOST_RESULTS = 200


@dataclass(frozen=True)
class Result:
    """One method's result. properties: (ptype.property, value) in order, such as ("smtp.mailfrom", "x@b.example")."""

    method: str
    value: str
    reason: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        """The domain that the result is about, in lower case; "" if it names none."""
        known = dict(reversed(self.properties))
        for name in _DOMAIN_OF.get(self.method, ()):
            if name in known:
                return known[name].rpartition("@")[2].strip("<>").rstrip(".").lower()
        return ""


@dataclass(frozen=True)
class Results:
    """One field. authserv_id: who says so, "" if the field does not tell. instance: the i= of ARC, 0 elsewhere.

    faults: "no-authserv-id", "unreadable" (a part that is no result), "word" (a result's word that its method has not).
    """

    text: str
    authserv_id: str = ""
    version: str = ""
    instance: int = 0
    results: tuple[Result, ...] = ()
    faults: tuple[str, ...] = ()

    def of(self, method: str) -> tuple[Result, ...]:
        """All results of `method`."""
        return tuple(result for result in self.results if result.method == method)


def read_results(value: str) -> Results:
    """What the field with this value claims. Never raises."""
    text = " ".join(value[:20_000].split())
    parts: list[list[Token]] = [[]]
    for token in tokens(text, ";="):
        if token.kind == "sign" and token.text == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    faults: list[str] = []
    instance, place = 0, 0
    if _assignments(parts[0]) and _assignments(parts[0])[0][0] == "i" and _bare(parts[0])[:1] == ["i"]:
        number = _assignments(parts[0])[0][1]
        instance = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        place = 1
    authserv_id = version = ""
    if place < len(parts):
        bare = _bare(parts[place])
        if bare and "=" not in bare[:2]:
            authserv_id, version = bare[0][:300], bare[1] if len(bare) > 1 and bare[1].isdigit() else ""
            place += 1
        else:
            faults.append("no-authserv-id")
    results: list[Result] = []
    for part in parts[place : place + MOST_RESULTS]:
        bare = _bare(part)
        if not bare or bare == ["none"]:
            continue
        made = _result(part)
        if made is None:
            faults.append("unreadable")
            continue
        if made.method in WORDS and made.value not in WORDS[made.method]:
            faults.append("word")
        results.append(made)
    return Results(text, authserv_id, version, instance, tuple(results), tuple(dict.fromkeys(faults)))


def _bare(part: list[Token]) -> list[str]:
    return [token.text for token in part if token.kind != "comment"]


def _assignments(part: list[Token]) -> list[tuple[str, str]]:
    """(name, value) for each name = value in `part`; comments may stand anywhere between."""
    bare = _bare(part)
    found = []
    for place in range(1, len(bare) - 1):
        if bare[place] == "=" and bare[place - 1] != "=" and bare[place + 1] != "=":
            found.append((bare[place - 1].lower(), bare[place + 1]))
    return found


def _result(part: list[Token]) -> Result | None:
    pairs = _assignments(part)
    if not pairs or _bare(part)[0].lower() != pairs[0][0]:
        return None
    method = pairs[0][0].partition("/")[0]
    reason = next((value for name, value in pairs[1:] if name == "reason"), "")
    properties = tuple((name, value[:500]) for name, value in pairs[1:] if name != "reason")
    comments = tuple(token.text for token in part if token.kind == "comment")
    return Result(method[:50], pairs[0][1].lower()[:50], reason[:500], properties, comments)
