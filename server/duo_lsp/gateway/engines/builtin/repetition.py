"""Cuts what the text right of the cursor already says."""

from __future__ import annotations

_PAIRS = {"(": ")", "[": "]", "{": "}"}


def without(text: str, below: str) -> str:
    """The text without what follows the cursor anyway: the next words, or closers an editor put there."""
    following = below.lstrip().partition("\n")[0].strip()
    if following and text.strip() == following:
        return ""
    return _before_overlap(_before_closer(text, rest := below.partition("\n")[0].strip()), rest)


def _before_closer(text: str, rest: str) -> str:
    """Up to the closer that stands right of the cursor."""
    if rest[:1] not in _PAIRS.values():
        return text
    opened: list[str] = []
    for place, character in enumerate(text):
        if character in _PAIRS:
            opened.append(_PAIRS[character])
        elif opened and character == opened[-1]:
            opened.pop()
        elif not opened and character == rest[0]:
            return text[:place]
    return text


def _before_overlap(text: str, rest: str) -> str:
    """Without an end that is the beginning of the rest of the line."""
    for size in range(min(len(rest), len(text)), 0, -1):
        if text.endswith(rest[:size]):
            return text[:-size]
    return text
