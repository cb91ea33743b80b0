"""The second token that GitLab 16.1 and 16.2 want beside the person's own; it lives for an hour."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from duo_lsp import wire
from duo_lsp.privacy.secrets import Secret

USED: Final = 0.8
"""The part of its life after which another is fetched."""


class ShortTokens:
    """Keeps one and fetches the next in time; whoever asks meanwhile waits for the same."""

    def __init__(self, fetch: Callable[[], Awaitable[wire.ShortToken]], clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._fetch = fetch
        self._clock = clock
        self._token = Secret()
        self._until = float("-inf")
        self._lock = asyncio.Lock()

    async def current(self) -> Secret:
        """One that is still good. Raises what fetching raises."""
        async with self._lock:
            if self._clock() >= self._until:
                asked = self._clock()
                fetched = await self._fetch()
                self._token, self._until = fetched.token, asked + fetched.seconds * USED
            return self._token

    def forget(self) -> None:
        """The instance does not take it."""
        self._until = float("-inf")
