"""What a person has been told lately, so that nobody is told the same thing again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cachetools

PAUSE: Final = 600.0
"""Seconds before one cause may be told again."""
MOST: Final = 50
"""Causes remembered; the oldest go, because a server may think of ever new ones."""


class Told:
    """Remembers causes for ten minutes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._causes: cachetools.TTLCache[str, None] = cachetools.TTLCache(MOST, PAUSE, clock)

    def first_time(self, cause: str) -> bool:
        """Whether a person has not been told of this lately; from now on they have."""
        if cause in self._causes:
            return False
        self._causes[cause] = None
        return True
