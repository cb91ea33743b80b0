"""Markdown in whole blocks, as it comes: a terminal cannot lay out half a table or half a list."""

from __future__ import annotations

import re
from typing import Final

_FENCE: Final = re.compile(r"[ \t]*(`{3,}|~{3,})")


class Blocks:
    """Takes safe pieces and gives what is complete up to an empty line outside of code."""

    def __init__(self) -> None:
        self._rest = ""
        self._done: list[str] = []
        self._fence = ""

    def feed(self, piece: str) -> str:
        """The blocks that are complete now."""
        *lines, self._rest = (self._rest + piece).split("\n")
        whole = []
        for line in lines:
            self._done.append(f"{line}\n")
            self._look(line)
            if not (line.strip() or self._fence):
                whole += self._done
                self._done = []
        return "".join(whole)

    def finish(self) -> str:
        """The rest."""
        rest = "".join([*self._done, self._rest])
        self._done, self._rest, self._fence = [], "", ""
        return rest

    def _look(self, line: str) -> None:
        found = _FENCE.match(line)
        if found is None:
            return
        if not self._fence:
            self._fence = found[1]
        elif found[1] == self._fence and not line[found.end() :].strip():
            self._fence = ""
