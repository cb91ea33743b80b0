"""GitLab's rate limits: for each user so many requests in a window of fixed length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import attrs
import cachetools

USERS: Final = 10_000
"""Windows at once; the one that was used longest ago makes room."""


@attrs.frozen
class Rule:
    """One limit."""

    name: str
    most: int
    """Requests; 0 is no limit."""
    seconds: int = 60


class Limits(Protocol):
    """Counts the requests of every user."""

    async def admits(self, rule: Rule, user: str) -> bool:
        """Take one request. Raises RefusedError when nobody can tell."""


class Window:
    """Counts requests; the first one after a window has passed opens the next."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._opened = float("-inf")
        self._count = 0

    def admits(self) -> bool:
        """Take one request; with a limit of 0 all are admitted."""
        if not self._most:
            return True
        now = self._clock()
        if now - self._opened >= self._seconds:
            self._opened, self._count = now, 0
        self._count += 1
        return self._count <= self._most


class OwnLimits:
    """Those of one gateway that has nobody to share them with."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._clock = clock
        self._windows: cachetools.LRUCache[tuple[Rule, str], Window] = cachetools.LRUCache(USERS)

    async def admits(self, rule: Rule, user: str) -> bool:
        """Take one request."""
        window = self._windows.get((rule, user))
        if window is None:
            window = self._windows[rule, user] = Window(rule.most, rule.seconds, self._clock)
        return window.admits()
