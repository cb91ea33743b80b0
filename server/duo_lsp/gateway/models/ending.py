"""Where an answer ends: a model rarely knows."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.gateway.models import fim

COMPLETION_TOKENS: Final = 64
"""What GitLab's own models may say at most (its documentation, Code Suggestions)."""
GENERATION_TOKENS: Final = 512
MOST: Final = 16_000
"""Characters of one suggestion."""
_BLANK_LINE: Final = re.compile(r"\n[ \t\r]*\n")
_LONGEST_MARK: Final = max(map(len, fim.MARKS))
_UNREADABLE: Final = "\ufffd"


class Ending:
    """Takes an answer piece by piece and gives what may be shown of it."""

    def __init__(self, *, at_blank_line: bool) -> None:
        """A completion ends at the first blank line, a generation does not."""
        self._at_blank_line = at_blank_line
        self._all = ""
        self._given = 0
        self.over = False
        """Whether nothing that comes now belongs to it."""

    @property
    def lines(self) -> str:
        """The whole lines so far: what is left when there is no time for the rest."""
        return self._all[: max(0, self._all.rfind("\n"))].rstrip()

    @property
    def text(self) -> str:
        """All of it so far, without blanks at the end; what half a character became is left out."""
        return self._all.rstrip().rstrip(_UNREADABLE)

    def feed(self, piece: str) -> str:
        """Take the next piece; gives what can be shown now: blanks, or half a mark, may still be cut."""
        if self.over:
            return ""
        start = len(self._all)
        self._all += piece
        self._cut(start)
        ready = self.text
        if not self.over:
            ready = ready[: len(ready) - _begun(ready)].rstrip()
        new = ready[self._given :]
        self._given += len(new)
        return new

    def end(self) -> str:
        """What is left to be shown, now that nothing comes any more."""
        self.over = True
        new = self.text[self._given :]
        self._given += len(new)
        return new

    def _cut(self, start: int) -> None:
        """End it where something ends it that was not whole before this place."""
        early = max(0, start - _LONGEST_MARK)
        ends = [place for mark in fim.MARKS if (place := self._all.find(mark, early)) >= 0]
        written = len(self._all[:start].rstrip())
        blank = _BLANK_LINE.search(self._all, written or len(self._all) - len(self._all.lstrip()))
        if self._at_blank_line and blank:
            ends.append(blank.start())
        if len(self._all) > MOST:
            ends.append(MOST)
        if ends:
            self._all = self._all[: min(ends)]
            self.over = True


def _begun(text: str) -> int:
    """How many characters at the end may be the beginning of a mark."""
    tail = text[-_LONGEST_MARK:]
    return next((len(tail) - at for at in range(len(tail)) if any(mark.startswith(tail[at:]) for mark in fim.MARKS)), 0)
