"""GitLab's rate limit: so many requests in a window of fixed length."""

from __future__ import annotations

from collections.abc import Callable


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
