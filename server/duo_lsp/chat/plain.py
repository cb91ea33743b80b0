"""Text as it comes, without what speaks to a terminal or hides: line ends, tabs and visible characters are left."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.privacy import hidden

_LONGEST: Final = 1000
"""Characters of a terminal's sequence; a longer one is cut there."""
_SEQUENCE: Final = re.compile(
    r"\r\n?"
    rf"|(?:\x1b\[|\x9b)[0-?]{{0,{_LONGEST}}}[ -/]{{0,9}}[@-~]?"
    rf"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\r\n]{{0,{_LONGEST}}}(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]{0,9}[0-Z\\`-~]?"
)
"""A line end, or after ECMA-48 a control sequence, a control string, a short sequence."""


class Plain:
    """Takes pieces and gives what is left of them; a sequence that is not over yet is held back."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """What of the text so far is new and certain."""
        text = self._held + piece
        self._held = ""
        found = _unfinished(text)
        if found is not None:
            text, self._held = text[:found], text[found:]
        return _cleaned(text)

    def finish(self) -> str:
        """The rest."""
        rest, self._held = self._held, ""
        return _cleaned(rest)


def _unfinished(text: str) -> int | None:
    """Where something begins that the next piece may continue."""
    last = None
    for last in _SEQUENCE.finditer(text):  # noqa: B007 - only the last one matters
        pass
    return last.start() if last is not None and last.end() == len(text) else None


def _cleaned(text: str) -> str:
    return hidden.without(_SEQUENCE.sub(lambda found: "\n" if found[0][0] == "\r" else "", text))
