"""How tests wait: for a condition, as long as a busy machine may take; how they time: beside what it takes at best."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Final, TypeVar

T = TypeVar("T")

HANG: Final = 20.0
"""Seconds after which nothing will come any more. It only ends a hang, and says nothing about how fast we are."""
_POLL: Final = 0.01


def until(condition: Callable[[], T], seconds: float = HANG) -> T:
    """Look again until it holds; gives what it found."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"it did not become true within {seconds} s"
        time.sleep(_POLL)
    return found


async def eventually(condition: Callable[[], T], seconds: float = HANG) -> T:
    """The same for a test with an event loop, which goes on meanwhile."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"it did not become true within {seconds} s"
        await asyncio.sleep(_POLL)
    return found


@contextlib.asynccontextmanager
async def at_most(seconds: float) -> AsyncIterator[None]:
    """Fails when the block takes twice as long as a sleep of so many seconds that begins with it on the same loop."""
    began = time.monotonic()
    floor = asyncio.ensure_future(_slept(seconds, began))
    try:
        yield
        took = time.monotonic() - began
        assert not floor.done() or took < 2 * floor.result(), f"it took {took:.2f} s; {seconds} s are meant"
    finally:
        floor.cancel()


async def _slept(seconds: float, began: float) -> float:
    await asyncio.sleep(seconds)
    return time.monotonic() - began


def best(work: Callable[[], object], clock: Callable[[], float] = time.thread_time, times: int = 5) -> float:
    """Seconds of the fastest of a few runs, by default of this thread's processor time."""
    taken = []
    for _ in range(times):
        began = clock()
        work()
        taken.append(clock() - began)
    return min(taken)
