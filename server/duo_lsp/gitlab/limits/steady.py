"""A clock that never goes back."""

from __future__ import annotations

from collections.abc import Callable


class Steady:
    """Seconds that only grow: where the clock under it jumps back, it goes on from there, so that nothing freezes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen = clock()
        self._offset = 0.0

    def __call__(self) -> float:
        """Now, in seconds."""
        seen = self._clock()
        self._offset += max(0.0, self._seen - seen)
        self._seen = seen
        return seen + self._offset
