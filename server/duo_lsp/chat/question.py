"""A long question in two: what GitLab takes as the question, and the rest, which goes along as context."""

from __future__ import annotations

import re
from typing import Final

_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*")
_BREAKS: Final = ("\n\n", "\n", ". ", "? ", " ")
"""Where to cut, best first."""
_SHORTEST: Final = 0.5
"""Of the room, that a worse place to cut has to be better by."""


def split(text: str, most: int) -> tuple[str, str, str]:
    """(before, question, after): together the whole text, the question at most `most` characters.

    The question is the beginning, unless what ends with a question mark stands at the end, behind what is pasted.
    """
    if len(text) <= most:
        return "", text, ""
    last = max((found.end() for found in _PARAGRAPH.finditer(text.rstrip())), default=0)
    first = _PARAGRAPH.split(text.strip(), maxsplit=1)[0]
    if 0 < len(text) - last <= most and text.rstrip().endswith("?") and not _asks(first):
        return text[:last], text[last:], ""
    at = _cut(text, most)
    return "", text[:at], text[at:]


def _asks(paragraph: str) -> bool:
    return "?" in paragraph or paragraph.startswith("/")


def _cut(text: str, most: int) -> int:
    for mark in _BREAKS:
        at = text.rfind(mark, 0, most + 1 - len(mark))
        if at >= most * _SHORTEST:
            return at + len(mark)
    return most
