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
        self._seen = clock()
        self._offset = 0.0
        self._tokens = float(BURST)
        self._filled_at = self._seen
        """When the tokens were counted; after a hold begins, when it ends: nothing is refilled before."""
        self._taken: deque[float] = deque(maxlen=CEILING)

    def take(self, *, invoked: bool) -> bool:
        """Take one token if there is one; the last few are for invoked requests."""
        now = self._now()
        if now < self._filled_at:
            return False
        self._tokens = min(float(BURST), self._tokens + (now - self._filled_at) * REFILL)
        self._filled_at = now
        if self._tokens < (1 if invoked else 1 + RESERVE):
            return False
        if len(self._taken) == CEILING and now - self._taken[0] <= WINDOW:
            return False
        self._tokens -= 1
        self._taken.append(now)
        return True

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long; then one token is there, and the bucket fills as always."""
        self._filled_at = max(self._filled_at, self._now() + max(0.0, seconds))
        self._tokens = 1.0

    def release(self) -> None:
        """End a hold: it was about another instance or another token."""
        self._filled_at = min(self._filled_at, self._now())

    @property
    def held_for(self) -> float:
        """Seconds until requests may go again after a hold; 0 when there is none."""
        return max(0.0, self._filled_at - self._now())

    def _now(self) -> float:
        """A time that never goes back; where the clock does, it goes on from there, so that nothing freezes."""
        seen = self._clock()
        if seen < self._seen:
            self._offset += self._seen - seen
        self._seen = seen
        return seen + self._offset
