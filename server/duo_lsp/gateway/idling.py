"""Whether nobody has wanted anything for so long that a child may go; whoever wants something starts another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

SECONDS: Final = 600.0
"""Without a request; memory somebody else can use until they come back."""


class Idling:
    """Notices when the requests stop coming."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._since = 0.0
        self._answered = -1
        """None counted yet: the time begins when it is asked for first."""

    def is_over(self, answered: int, at_work: int) -> bool:
        """Whether it is time to go; `answered` counts the requests so far, `at_work` those that wait for an answer."""
        now = self._clock()
        if at_work or answered != self._answered:
            self._since, self._answered = now, answered
        return now - self._since >= self._seconds
