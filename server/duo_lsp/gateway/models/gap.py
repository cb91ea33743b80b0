"""What a model is to fill: the text around the cursor and other files, no more of it than there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from duo_lsp import wire

MOST: Final = 12_000
"""Characters of everything, some 4,000 tokens: what a model reads at once by default."""
LEAST: Final = 1_000
"""Characters with which it still makes sense to ask."""
_STEPS: Final = 8
_BELOW, _FILES = 0.2, 0.3


@attrs.frozen
class Gap:
    """A place in a file."""

    file_name: str
    above: str
    below: str = ""
    files: tuple[tuple[str, str], ...] = ()
    """Names and texts of others."""

    @property
    def line(self) -> str:
        """The cursor's line up to the cursor."""
        return self.above[self.above.rfind("\n") + 1 :]


def of(request: wire.SuggestionRequest, room: int = MOST) -> Gap:
    """What a request leaves open, in so many characters; what is nearest to the cursor stays."""
    file = request.current_file
    files = tuple(_files(request.context, int(room * _FILES)))
    below = _head(file.content_below_cursor, int(room * _BELOW))
    used = len(below) + sum(len(text) for _, text in files)
    return Gap(file.file_name, _tail(file.content_above_cursor, room - used), below, files)


def _files(items: tuple[wire.ContextItem, ...], room: int) -> Iterator[tuple[str, str]]:
    for item in items:
        text = _head(item.content, room)
        if not text.strip():
            return
        room -= len(text)
        yield item.name, text


def _head(text: str, room: int) -> str:
    """Whole lines from the beginning, or part of the first."""
    if len(text) <= room:
        return text
    return text[: text.rfind("\n", 0, room) + 1 or room]


def _tail(text: str, room: int) -> str:
    """Whole lines up to the end, or the end of the last.

    Where it begins moves in steps only: a model that has read the beginning need not read it again for every letter.
    """
    if len(text) <= room:
        return text
    step = max(1, room // _STEPS)
    start = -(-(len(text) - room) // step) * step
    line = text.find("\n", start) + 1
    return text[line or start :]


class Room:
    """How much a model is asked to read: less when it is late, more when it has time."""

    def __init__(self, most: int = MOST, least: int = LEAST) -> None:
        self.characters = most
        self._most = most
        self._least = least

    def late(self) -> None:
        """It missed its deadline, or said that this is too much."""
        self.characters = max(self._least, self.characters // 2)

    def done(self, share: float) -> None:
        """It answered in this share of its time."""
        if share < 1 / 3:
            self.characters = min(self._most, self.characters * 2)
