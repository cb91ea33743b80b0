"""Two work at once (or more), four times as many wait, everyone else comes back later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from duo_lsp.gateway import refusals

AT_ONCE = 2
AT_ONCE_REMOTE = 64
"""Where the work is done elsewhere."""
WAITING = 4
"""For each of them."""


class Turnstile:
    """Keeps a burst of requests from piling up work nobody waits for any more."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._room = at_once * (1 + WAITING)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place to work; raises `RefusedError` at once when the queue is full."""
        if not self._room:
            raise refusals.RefusedError(refusals.BUSY)
        self._room -= 1
        try:
            async with self._places:
                yield
        finally:
            self._room += 1
