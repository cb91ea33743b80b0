"""How often one person may ask: GitLab allows 60 requests in any minute."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

BURST: Final = 15
REFILL: Final = 45 / 60
"""Tokens per second. A bucket lets burst + refill through in its worst minute, so the two must stay under 60."""
CEILING: Final = 58
"""Never more than this in any 60 seconds, whatever the bucket holds: room for jitter on the way."""
WINDOW: Final = 60.0
RESERVE: Final = 3
"""Tokens that only a person who asks by hand may use."""


class TokenBucket:
    """Says at once whether a request may go; nobody ever waits for a token."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._clock = clock
        self._tokens = float(BURST)
        self._at = clock()
        self._taken: deque[float] = deque(maxlen=CEILING)
        self._held_until = float("-inf")

    def take(self, *, invoked: bool) -> bool:
        """Take one token if there is one; the last few are for invoked requests."""
        now = self._refill()
        if now < self._held_until or self._tokens < (1 if invoked else 1 + RESERVE):
            return False
        if len(self._taken) == CEILING and now - self._taken[0] <= WINDOW:
            return False
        self._tokens -= 1
        self._taken.append(now)
        return True

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long; afterwards one token is there, not a full bucket."""
        now = self._refill()
        self._held_until = max(self._held_until, now + seconds)
        self._tokens = 1 + RESERVE - max(0.0, self._held_until - now) * REFILL

    @property
    def held_for(self) -> float:
        """Seconds until requests may go again after a hold; 0 when there is none."""
        return max(0.0, self._held_until - self._clock())

    def _refill(self) -> float:
        # a clock that steps back after a suspend must not freeze the bucket, nor fill it
        now = max(self._clock(), self._at)
        self._tokens = min(float(BURST), self._tokens + (now - self._at) * REFILL)
        self._at = now
        return now
