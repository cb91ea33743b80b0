"""Cuts what the text right of the cursor already says."""

from __future__ import annotations

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = frozenset(_PAIRS.values())


def without(text: str, below: str) -> str:
    """The text without what follows the cursor anyway: the next words, or closers an editor put there."""
    rest, _, under = below.partition("\n")
    rest, following = rest.strip(), under.strip().partition("\n")[0].strip()
    text = _before_line(text, following) if following and not rest else text
    return _before_closer(text, rest[0]) if rest[:1] in _CLOSERS else _before_overlap(text, rest)


def _before_line(text: str, following: str) -> str:
    """Up to the line that comes next anyway."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip() == following:
            return "\n".join(lines[:number])
    return text


def _before_closer(text: str, closer: str) -> str:
    """Up to the closer that stands right of the cursor."""
    opened: list[str] = []
    for place, character in enumerate(text):
        if character in _PAIRS:
            opened.append(_PAIRS[character])
        elif opened and character == opened[-1]:
            opened.pop()
        elif not opened and character == closer:
            return text[:place]
    return text


def _before_overlap(text: str, rest: str) -> str:
    """Without an end that is the beginning of the rest of the line."""
    for size in range(min(len(rest), len(text)), 0, -1):
        if text.endswith(rest[:size]):
            return text[:-size]
    return text
