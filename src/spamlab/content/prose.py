"""What a machine can see of good plain prose: words, long sentences, words that are never used."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_IN_SENTENCE = 22
MOST_IN_LAB = 1100
MOST_IN_MESSAGE = 60
FORBIDDEN = ("just", "simply", "easy", "easily", "obvious", "obviously", "of course", "as you know", "trivial")

_WORD = re.compile(r"[^\W_](?:[\w'’.@:/-]*[^\W_])?")
_FORBIDDEN = re.compile(r"(?<![\w-])(?:" + "|".join(FORBIDDEN) + r")(?![\w-])", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?:])[\"'”’)*_]*\s+(?=[\"'“‘(*_]*[^\W_])")
_BLOCK = re.compile(r"^\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\||$)")


@dataclass(frozen=True)
class Smell:
    """One thing to mend in prose: the line on which its paragraph begins (0: no line) and one sentence."""

    line: int
    what: str


def words(text: str) -> int:
    """How many words a text has, its Markdown marks apart; an address or a name is one word."""
    return len(_WORD.findall(_bare(text)))


def smells(markdown: str, first_line: int = 1) -> list[Smell]:
    """Sentences of more than 22 words and words never used; tables and blocks of code are left out."""
    found = []
    for line, block in _blocks(markdown, first_line):
        bare = _bare(block)
        for sentence in _END.split(bare):
            count = len(_WORD.findall(sentence))
            if count > MOST_IN_SENTENCE:
                start = " ".join(sentence.split()[:6])
                found.append(Smell(line, f"a sentence of {count} words, at most {MOST_IN_SENTENCE}: “{start} ...”"))
        found += [Smell(line, f"the word “{match.group().lower()}” is never used")
                  for match in _FORBIDDEN.finditer(bare)]
    return found


def message_smells(message: str) -> list[str]:
    """What is wrong with a message to a participant: more than 60 words, or a smell of prose."""
    found = [smell.what for smell in smells(message)]
    count = words(message)
    if count > MOST_IN_MESSAGE:
        found.insert(0, f"{count} words, at most {MOST_IN_MESSAGE}")
    return found


def _bare(text: str) -> str:
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>@\s][^>]*>", " ", text)
    text = re.sub(r"`[^`]*`", " code ", text)
    return re.sub(r"[*_#|]+", " ", text)


def _blocks(markdown: str, first_line: int) -> list[tuple[int, str]]:
    """Paragraphs, list entries and headings with the line on which each begins; no code, no tables."""
    blocks: list[tuple[int, list[str]]] = []
    fenced = False
    fresh = True
    for number, line in enumerate(markdown.splitlines(), first_line):
        if line.lstrip().startswith(("```", "~~~")):
            fenced, fresh = not fenced, True
            continue
        if fenced or line.lstrip().startswith("|") or not line.strip():
            fresh = True
            continue
        if fresh or _BLOCK.match(line):
            blocks.append((number, []))
        blocks[-1][1].append(re.sub(r"^\s*(?:#{1,6}|[-*+]|\d+[.)]|>)\s+", "", line).strip())
        fresh = bool(re.match(r"\s*#{1,6}\s", line))
    return [(number, " ".join(lines)) for number, lines in blocks]
