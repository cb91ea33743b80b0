"""What typing gets and costs: every goal beside what the server does and what a naive pygls forwarder does.

Forty keys on a line, against a GitLab-shaped server that takes exactly so long and is right or never; both servers are
real processes. The 2,000 characters of a real file are typed by a person of 160 ms a key, on a clock that does not
wait: the server's own pipeline, and what asking at every key would cost. Takes three minutes; memory and processor time
are read from /proc, on Linux.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from scripts.replay import live_rows, sessions


@dataclass(frozen=True)
class Row:
    """One figure; `goal` is what the name says it is, at most or at least."""

    name: str
    goal: float
    ours: float
    naive: float

    @property
    def times_naive(self) -> float:
        """How many times the naive one's."""
        return self.ours / self.naive if self.naive else float("nan")


def rows() -> list[Row]:
    """All figures, measured now."""
    return [Row(*figure) for figure in (*asyncio.run(live_rows.measured()), *sessions.measured())]
