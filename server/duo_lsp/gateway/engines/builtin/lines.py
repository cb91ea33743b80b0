"""Remembers what was made of lines: between two requests hardly any line changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")

BOUND = 256 * 1024
"""Characters remembered in each of two generations; their tokens take some thirty times as much memory."""


class Lines(Generic[Made]):
    """Two generations: what is used again lives on, the rest goes when the younger one is full.

    cachetools' LRU keeps an order at every look-up, which costs more than reading the line again.
    """

    def __init__(self, make: Callable[[str], Made], bound: int = BOUND) -> None:
        """`make` makes of a line what is remembered."""
        self._make = make
        self._bound = bound
        self._lock = threading.Lock()
        self._young: dict[str, Made] = {}
        self._old: dict[str, Made] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def read(self, line: str) -> Made:
        """What is made of a line."""
        known = self._young.get(line)
        return known if known is not None else self._keep(line)

    def _keep(self, line: str) -> Made:
        known = self._old.get(line)
        made = self._make(line) if known is None else known
        with self._lock:
            if self._size > self._bound:
                self._old, self._young, self._size = self._young, {}, 0
            self._young[line] = made
            self._size += len(line) + 1
        return made
