"""The person's logins as a session sees them: noticed when they change, forgotten when asked to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from duo_lsp import urls
from duo_lsp.gitlab.sign_in import place

if TYPE_CHECKING:
    from duo_lsp.gitlab.sign_in.logins import Logins

PAUSE: Final = 2.0
"""Seconds between two looks at the file."""


class Account:
    """A home folder may be on another machine: what looks there does so off the event loop."""

    def __init__(self, file: Path, logins: Callable[[], Logins], clock: Callable[[], float]) -> None:
        """`logins` is called when one is to be forgotten; `clock` gives seconds, monotonic."""
        self._file = file
        self._logins = logins
        self._clock = clock
        self._next = float("-inf")
        self._seen: tuple[int, ...] | None = None
        self._looking: asyncio.Future[bool] | None = None

    @property
    def due(self) -> bool:
        """Whether it is time for another look; not while one goes on, each takes a thread."""
        return self._clock() >= self._next and (self._looking is None or self._looking.done())

    def look(self) -> bool:
        """Whether a login was made, renewed or forgotten since the last look, by any process. Blocks."""
        self._next = self._clock() + PAUSE
        before, self._seen = self._seen, place.stamp(self._file)
        return self._seen != before

    async def changed(self) -> bool:
        """The same off the event loop."""
        self._next = self._clock() + PAUSE
        self._looking = asyncio.ensure_future(asyncio.to_thread(self.look))
        return await asyncio.shield(self._looking)

    async def forget(self, base_url: str) -> bool:
        """Forget the login for an address's origin; whether there was one. Raises LoginError."""
        return await asyncio.to_thread(lambda: self._logins().forget(urls.origin(base_url)))
