"""Figures of a notebook: read from the lab's folder, put into the cell, refused without alt text."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

MOST_ALT = 150
MOST_BYTES = 500_000
_MARKDOWN = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HTML = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*([\"'])(.*?)\1", re.IGNORECASE | re.DOTALL)
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def embed(source: str, folder: Path) -> tuple[str, dict[str, Any], list[str]]:
    """The Markdown with each figure as an attachment: new source, the cell's attachments, what is wrong."""
    attachments: dict[str, Any] = {}
    faults: list[str] = []
    bare = re.sub(r"```.*?```|`[^`]*`", "", source, flags=re.DOTALL)
    for tag in _HTML.findall(bare):
        found = _ALT.search(tag)
        faults += _alt_faults(found.group(2) if found else "", "an <img> tag")
        faults.append("write a figure as ![alt text](figures/name.svg), so that it travels with the notebook")
    shown = [match.group() for match in _MARKDOWN.finditer(bare)]

    def put(match: re.Match[str]) -> str:
        alt, path = match.group("alt"), match.group("path")
        if match.group() not in shown:
            return match.group()
        faults.extend(_alt_faults(alt, path))
        place = (folder / path).resolve()
        if "://" in path or not place.is_relative_to(folder.resolve()):
            faults.append(f"the figure {path} lies outside the lab's folder")
        elif not place.is_file():
            faults.append(f"the figure {path} is missing")
        elif place.suffix.lower() not in _TYPES:
            faults.append(f"the figure {path} is no SVG, PNG or JPEG")
        else:
            data = place.read_bytes()
            attachments[place.name] = {_TYPES[place.suffix.lower()]: base64.b64encode(data).decode("ascii")}
            return f"![{alt}](attachment:{place.name})"
        return match.group()

    return _MARKDOWN.sub(put, source), attachments, faults


def _alt_faults(alt: str, path: str) -> list[str]:
    if not alt.strip():
        return [f"{path} has no alt text"]
    return [f"the alt text of {path} has {len(alt)} characters, at most {MOST_ALT}"] if len(alt) > MOST_ALT else []
