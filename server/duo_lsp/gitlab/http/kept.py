"""Whether a kept connection may still be alive, and how long to give it the chance to show that it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, TypeVar

LONG_IDLE: Final = 15.0
"""Seconds after which a kept connection may have died unnoticed, because the network is another one."""
PATIENCE: Final = 0.8
"""Seconds that a connection out of a long idle has to answer before the request goes over a fresh one."""
SLEPT: Final = 5.0
"""Seconds that only one clock has counted: the machine slept meanwhile, and no connection outlives that."""
_Answer = TypeVar("_Answer")


class Idle:
    """How long nobody asked, by two clocks: the monotonic one stands still while the machine sleeps."""

    def __init__(self, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        """Both give seconds."""
        self._clock = clock
        self._wall = wall
        self.end()

    def end(self) -> None:
        """Somebody asks now."""
        self._at, self._moment = self._clock(), self._wall()

    @property
    def is_long(self) -> bool:
        """Whether a connection may be dead."""
        return self._clock() - self._at >= LONG_IDLE

    @property
    def was_sleep(self) -> bool:
        """Whether every connection is dead."""
        return (self._wall() - self._moment) - (self._clock() - self._at) >= SLEPT


class UnheardError(Exception):
    """A kept connection says nothing."""


class Trace:
    """Watches one request for httpcore: whether a connection was made for it."""

    def __init__(self) -> None:
        self.fresh = False

    async def __call__(self, event: str, _: Mapping[str, Any]) -> None:
        """Something happens."""
        if event == "connection.connect_tcp.started":
            self.fresh = True


async def soon(sending: Coroutine[None, None, _Answer], trace: Trace, patience: float | None) -> _Answer:
    """What is sent for; over a kept connection only with so many seconds of patience. Raises UnheardError."""
    if patience is None:
        return await sending
    task = asyncio.ensure_future(sending)
    try:
        await asyncio.wait({task}, timeout=patience)
        if not task.done() and not trace.fresh:
            raise UnheardError
        return await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
