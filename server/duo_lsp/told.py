"""What a person is told of the state, and what they are not told again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
import cachetools

from duo_lsp.status import Status

PAUSE: Final = 600.0
"""Seconds before one cause may be told again."""
MOST: Final = 50
"""Causes remembered; the oldest go, because a server may think of ever new ones."""


@attrs.frozen
class News:
    """Something to tell; a warning is about what the person should do something about."""

    sentence: str
    cause: str
    warning: bool = True


class Told:
    """Remembers causes for ten minutes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._causes: cachetools.TTLCache[str, None] = cachetools.TTLCache(MOST, PAUSE, clock)
        self._era = 0
        self._fallen = False

    def first_time(self, cause: str) -> bool:
        """Whether a person has not been told of this lately; from now on they have."""
        if cause in self._causes:
            return False
        self._causes[cause] = None
        return True

    def begin(self) -> None:
        """Somebody else answers from now on; what was told of the one before says nothing about the next."""
        self._era += 1
        self._fallen = False

    def news(self, status: Status, host: str) -> list[News]:
        """What there is to tell of the state: trouble that lasts or pauses suggestions, and who stands in.

        `host` is who answers now. Whether it was told lately, `first_time` says.
        """
        trouble, fallen = status.trouble, status.fallen
        told = []
        if trouble is not None and (trouble.lasting or status.is_held):
            told.append(News(trouble.whole, f"{self._era} {trouble.name}", warning=trouble.lasting))
        if status.caution:
            told.append(News(status.caution, status.caution))
        before, self._fallen = self._fallen, fallen is not None
        if fallen is not None and not before:
            told.append(News(fallen.whole, f"{self._era} {fallen.name}"))
        if fallen is None and before:
            again = f"Suggestions come from {host} again."
            told.append(News(again, again, warning=False))
        return told
