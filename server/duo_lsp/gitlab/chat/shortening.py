"""A long question in two: what GitLab takes as the question, and the rest, which goes along as context."""

from __future__ import annotations

import re
from typing import Final

import attrs

from duo_lsp.wire_chat import MAX_QUESTION, AdditionalContext, ChatRequest

REST: Final = "the rest of the question"
_BEHIND: Final = f" (It begins in the context item {REST!r}.)"
_GOES_ON: Final = f" (It goes on in the context item {REST!r}.)"
_ROOM: Final = MAX_QUESTION - max(len(_BEHIND), len(_GOES_ON))
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*")
_BREAKS: Final = ("\n\n", "\n", ". ", "? ", " ")
"""Where to cut, best first."""
_SHORTEST: Final = 0.5
"""Of the room, that a worse place to cut has to be better by."""


def shortened(request: ChatRequest) -> ChatRequest:
    """The same for a way that takes `MAX_QUESTION` characters as the question, which says where the rest of it is."""
    if len(request.content) <= MAX_QUESTION:
        return request
    before, content, after = split(request.content, _ROOM)
    rest = AdditionalContext("snippet", REST, before or after, {"source": "written by the person"})
    return attrs.evolve(
        request,
        content=content.rstrip() + (_BEHIND if before else _GOES_ON),
        additional_context=(*request.additional_context, rest),
    )


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
