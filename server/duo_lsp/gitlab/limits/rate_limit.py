"""How often one person may ask: GitLab allows 60 requests in any minute."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Final

import attrs

from duo_lsp.gitlab.refusals import LONGEST_HOLD

BURST: Final = 15
REFILL: Final = 45 / 60
"""Tokens per second. A bucket lets burst + refill through in its worst minute, so the two must stay under 60."""
CEILING: Final = 58
"""Never more than this in any window, whatever the bucket holds."""
WINDOW: Final = 61.0
"""Seconds; one more than GitLab's, because requests do not all take equally long to get there."""
RESERVE: Final = 3
"""Tokens that only a person who asks by hand may use."""

_LARGEST: Final = 1e12
"""Seconds; where numbers are larger, single seconds get lost in them."""


@attrs.define
class Counts:
    """What a bucket knows, so that several processes can share it; all times in seconds of one clock."""

    at: float
    """When it was counted last."""
    held_until: float
    tokens: float = float(BURST)
    taken: list[float] = attrs.field(factory=list)
    """When the last requests went, at most `CEILING` of them, oldest first."""

    @classmethod
    def read(cls, value: object) -> Counts:
        """Check what somebody wrote down: nothing in it can hold us longer than a bucket would. Raises ValueError."""
        match value:
            case {"at": at, "held_until": held_until, "tokens": tokens, "taken": list(taken)}:
                numbers = [_number(one) for one in (at, held_until, tokens, *taken)]
            case _:
                raise ValueError("no counts")
        at, held_until, tokens = numbers[:3]
        past = sorted(min(one, at) for one in numbers[3:])
        return cls(at, min(held_until, at + LONGEST_HOLD), min(max(tokens, 0.0), float(BURST)), past[-CEILING:])

    def at_time(self, now: float) -> None:
        """Count on to this time. Where the clock has gone back, everything goes back with it: nothing freezes."""
        if (back := self.at - now) > 0:
            self.held_until -= back
            self.taken = [at - back for at in self.taken]
        filling = now - max(self.at, self.held_until)  # nothing is refilled during a hold
        self.tokens = min(float(BURST), self.tokens + max(0.0, filling) * REFILL)
        self.at = now


class TokenBucket:
    """Says at once whether a request may go; nobody ever waits for a token."""

    def __init__(self, clock: Callable[[], float], counts: Counts | None = None) -> None:
        """`clock` gives seconds, monotonic; `counts` is what is known already, by default a full bucket."""
        self._clock = clock
        now = clock()
        self._counts = Counts(now, now) if counts is None else counts

    @property
    def counts(self) -> Counts:
        """A copy of what it knows now."""
        self._counts.at_time(self._clock())
        return attrs.evolve(self._counts, taken=list(self._counts.taken))

    def take(self, *, invoked: bool) -> bool:
        """Take one token if there is one; the last few are for invoked requests, but the first after a hold is not."""
        if not self.has(invoked=invoked):
            return False
        self.count()
        return True

    def has(self, *, invoked: bool, spare: int = 0) -> bool:
        """Whether there is a token for such a request, and so many more that others may take meanwhile."""
        now, known = self._clock(), self._counts
        known.at_time(now)
        restarting = not known.taken or known.taken[-1] < known.held_until
        least = spare + (1 if invoked or restarting else 1 + RESERVE)
        most = CEILING - spare
        full = len(known.taken) >= most and now - known.taken[-most] <= WINDOW
        return now >= known.held_until and known.tokens >= least and not full

    def count(self) -> None:
        """A request goes, whether or not there is a token for it."""
        now, known = self._clock(), self._counts
        known.at_time(now)
        known.tokens = max(0.0, known.tokens - 1)
        known.taken = [*known.taken, now][-CEILING:]

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long; then one token is there, and the bucket fills as always."""
        now, known = self._clock(), self._counts
        known.at_time(now)
        known.held_until = max(known.held_until, now + max(0.0, seconds))
        known.tokens = 1.0

    def learn(self, other: Counts) -> None:
        """Take over what somebody else has counted: of everything the stricter."""
        now, known = self._clock(), self._counts
        for counts in (known, other):
            counts.at_time(now)
        known.held_until = max(known.held_until, other.held_until)
        known.tokens = 1.0 if known.held_until > now else min(known.tokens, other.tokens)
        both = Counter(known.taken) | Counter(other.taken)  # what is in both is the same requests
        known.taken = sorted(both.elements())[-CEILING:]

    @property
    def held_for(self) -> float:
        """Seconds until requests may go again after a hold; 0 when there is none."""
        now, known = self._clock(), self._counts
        known.at_time(now)
        return max(0.0, known.held_until - now)

    @property
    def left(self) -> int:
        """How many more requests may go in the minute that ends now; none during a hold."""
        known = self.counts
        recent = sum(1 for at in known.taken if known.at - at <= WINDOW)
        return 0 if known.at < known.held_until else CEILING - recent


def _number(value: object) -> float:
    if not isinstance(value, int | float) or abs(value) > _LARGEST or not math.isfinite(value):
        raise ValueError("no number of seconds")
    return float(value)
