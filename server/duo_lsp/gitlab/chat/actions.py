"""Counts questions, so that who asks too often hears it from us first, and when to go on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from duo_lsp.errors import LimitedError
from duo_lsp.gitlab.chat.said_no import limited
from duo_lsp.gitlab.chat.words import ACTIONS, WINDOW
from duo_lsp.gitlab.limits.steady import Steady


class Actions:
    """At most `ACTIONS` in any `WINDOW`; GitLab's own window is fixed, so that it may begin anew earlier."""

    def __init__(self, clock: Callable[[], float], most: int = ACTIONS, seconds: float = WINDOW) -> None:
        """`clock` gives seconds, monotonic."""
        self._clock = Steady(clock)
        self._seconds = seconds
        self._most = most
        self._taken: deque[float] = deque()

    @property
    def left(self) -> int:
        """How many may be asked now."""
        self._forget()
        return self._most - len(self._taken)

    def take(self, host: str) -> None:
        """One more is asked. Raises LimitedError when it is too many; it is not to be asked then."""
        if self.left <= 0:
            raise self._too_many(host)
        self._taken.append(self._clock())

    def give_back(self) -> None:
        """The last one was not carried out."""
        self._taken.pop()

    def _too_many(self, host: str) -> LimitedError:
        wait = self._taken[0] + self._seconds - self._clock()
        hours = f"{self._seconds / 3600:g} hours"
        return limited(f"You asked {self._most} questions in {hours}, as many as {host} takes.", wait)

    def _forget(self) -> None:
        while self._taken and self._taken[0] <= self._clock() - self._seconds:
            self._taken.popleft()
