"""The rate limit of one person at one instance, shared by all their servers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final, TypeVar

from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.limits.rate_limit import Counts, TokenBucket

log = logging.getLogger(__name__)

PATIENCE: Final = 0.5
"""Seconds that a request waits for the shared count; then what this server knows has to do."""
_Result = TypeVar("_Result")


class Limit:
    """A bucket in a file that all servers share; where it cannot be used, a bucket of our own, which goes on from it.

    The file is never touched on the event loop: a home folder may be on a network that is gone.
    """

    def __init__(
        self, clock: Callable[[], float], file: CountsFile | None = None, *, patience: float = PATIENCE
    ) -> None:
        """`clock` gives seconds, monotonic, the same in all processes; without a file nothing is shared."""
        self.bucket = TokenBucket(clock)
        self._clock = clock
        self._file = file
        self._patience = patience
        self._looking: asyncio.Future[Any] | None = None

    async def take(self, *, invoked: bool) -> bool:
        """Take a token if there is one."""
        return await self._change(lambda bucket: bucket.take(invoked=invoked))

    async def hold(self, seconds: float) -> None:
        """Let nothing through for so long."""
        self.bucket.hold(seconds)  # at once: whoever waits here may be cancelled
        await self._change(lambda bucket: bucket.hold(seconds))

    async def look(self) -> None:
        """Learn what the other servers have done."""
        await self._change(lambda _: None)

    async def _change(self, change: Callable[[TokenBucket], _Result]) -> _Result:
        shared = await self._shared(change)
        if shared is None:
            return change(self.bucket)
        result, counts = shared
        self.bucket.learn(counts)
        return result

    async def _shared(self, change: Callable[[TokenBucket], _Result]) -> tuple[_Result, Counts] | None:
        """The same in the file, and what it says then; None when it cannot be used or does not come in time."""
        file, own = self._file, self.bucket.counts
        if file is None or (self._looking is not None and not self._looking.done()):
            return None  # one thread that hangs is enough
        looking = asyncio.ensure_future(
            asyncio.to_thread(file.update, self._clock, own, lambda bucket: (change(bucket), bucket.counts))
        )
        self._looking = looking
        looking.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait({looking}, timeout=self._patience)
        if looking.done() and looking.exception() is None:
            return looking.result()
        log.info("the shared count cannot be used: %s", looking.exception() if looking.done() else "it takes too long")
        return None
