"""Whether an instance may be asked: when it refuses or fails it is left alone, then one request at a time probes it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import attrs

from duo_lsp.errors import (
    BadAnswerError,
    BrokenError,
    CutShortError,
    DuoError,
    LimitedError,
    OfflineError,
    RefusedError,
    SlowError,
)
from duo_lsp.gitlab.limits.steady import Steady

TRIES: Final = 4
"""Failures in a row after which the instance is left alone."""
FIRST_PAUSE: Final = 10.0
LONGEST_PAUSE: Final = 300.0
"""Seconds; every probe that fails doubles the pause."""
LONGEST_PROBE: Final = 60.0
"""Seconds, more than any deadline: a probe nobody heard of again does not keep the gate shut for ever."""
REQUEST_TIMEOUT: Final = 408
"""The one status below 500 that says that the instance is in trouble, not the request."""


@attrs.frozen
class Held:
    """Why nothing may be asked now, in a sentence, and for how many more seconds."""

    reason: str
    seconds: float
    error: DuoError | None = None
    """What the instance said; None where we hold ourselves back."""
    probed: bool = False
    """Whether a request is finding out just now; the seconds are then those it may take at most."""

    @property
    def pause(self) -> float:
        """Seconds in which nobody asks."""
        return 0.0 if self.probed else self.seconds


class Gate:
    """Open; or shut for a while after a refusal that lasts or after `TRIES` failures in a row; then half open.

    Half open, one request at a time goes through as a probe. Any success opens the gate, a probe that fails shuts it
    again. Requests that are cancelled say nothing about the instance and never count.
    """

    def __init__(self, clock: Callable[[], float], concerns: Callable[[DuoError], bool] = lambda _: True) -> None:
        """`clock` gives seconds, monotonic; errors that are none of its concern change nothing."""
        self._clock = Steady(clock)
        self._concerns = concerns
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._why: DuoError | None = None
        self._until = -math.inf
        self._probed_until = -math.inf

    @property
    def refusal(self) -> RefusedError | None:
        """What the instance refused with until somebody changes something; None once a request went well."""
        return self._why if isinstance(self._why, RefusedError) and self._why.lasting else None

    def held(self) -> Held | None:
        """Why a request would not be let through; None when it would."""
        seconds = max(self._until, self._probed_until) - self._clock()
        if self._why is None or seconds <= 0:
            return None
        return Held(str(self._why), seconds, self._why, probed=self._probed_until > self._until)

    def enter(self) -> bool:
        """Let a request through that is not held; whether it is a probe, to be said with its outcome."""
        if self._why is None:
            return False
        self._probed_until = self._clock() + LONGEST_PROBE
        return True

    def succeeded(self) -> None:
        """The instance answers: whatever was, is over. Also when the settings have changed."""
        self._why = None
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._until = self._probed_until = -math.inf

    def left(self, *, probe: bool) -> None:
        """A request ended without an outcome."""
        if probe:
            self._probed_until = -math.inf

    def failed(self, error: DuoError, *, probe: bool) -> None:
        """A request failed. One that was let through before the gate was shut is no news."""
        if not self._concerns(error) or isinstance(error, LimitedError):
            self.left(probe=probe)
        elif isinstance(error, RefusedError) and error.lasting:
            self._shut(error, error.rest)
        elif not _is_trouble(error):
            self._answered(error, probe=probe)
        elif probe:
            self._probe_failed(error)
        elif self._why is None:
            self._count(error)

    def postpone(self) -> None:
        """Probe a refusal later: something else holds requests up just now."""
        if self.refusal is not None:
            self._shut(self.refusal, self.refusal.rest)

    def _answered(self, error: DuoError, *, probe: bool) -> None:
        """The instance understood us and said no to this one request, or it was never asked."""
        if isinstance(error, RefusedError):
            self.succeeded()
        else:
            self.left(probe=probe)

    def _probe_failed(self, error: DuoError) -> None:
        """A refusal stands for as long as nobody can ask whether it still does."""
        refusal = self.refusal
        if refusal is not None:
            self._shut(refusal, refusal.rest)
        else:
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._shut(error, self._pause)

    def _count(self, error: DuoError) -> None:
        self._failures += 1
        if self._failures >= TRIES:
            self._shut(error, self._pause)

    def _shut(self, error: DuoError, seconds: float) -> None:
        self._why = error
        self._until = self._clock() + seconds
        self._probed_until = -math.inf


def _is_trouble(error: DuoError) -> bool:
    """Whether the instance or the way to it is in trouble, rather than this request or this account."""
    if isinstance(error, RefusedError):
        return isinstance(error, BrokenError) or error.status == REQUEST_TIMEOUT
    return isinstance(error, OfflineError | SlowError | BadAnswerError | CutShortError)
