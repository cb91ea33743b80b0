"""How long the last answers took."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Final

MOST: Final = 500
"""Answers remembered, the newest."""
_SHARES: Final = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


class Latency:
    """Percentiles over the newest answers; the exact ones, by nearest rank."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=MOST)

    def add(self, seconds: float) -> None:
        """One answer took so long."""
        self._seconds.append(seconds)

    @property
    def milliseconds(self) -> Mapping[str, int] | None:
        """Whole ones at the median, and for 90 and 99 of a hundred; None while there was no answer."""
        ordered = sorted(self._seconds)
        if not ordered:
            return None
        return {name: round(ordered[math.ceil(share * len(ordered)) - 1] * 1000) for name, share in _SHARES.items()}
