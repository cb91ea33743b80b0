"""The rate limit of one person at one instance, shared by all their servers."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Any, Final, TypeVar

from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.limits.rate_limit import Counts, TokenBucket

log = logging.getLogger(__name__)

PATIENCE: Final = 0.5
"""Seconds that a request waits for the shared count; then what this server knows has to do."""
FRESH: Final = 2.0
"""Seconds for which it is known what the other servers have done."""
PLENTY: Final = 3
"""Tokens that they may take in so short a time; who knows of more need not wait for the shared count."""
SENT: Final = 0.005
"""Seconds after which a request is on its way, and no answer is there yet: the time for what can wait."""
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
        self._learned = -math.inf
        """When the file was read last."""
        self._beside: asyncio.Task[None] | None = None

    async def take(self, *, invoked: bool) -> bool:
        """Take a token if there is one; where there are plenty, it is counted while the request is on its way."""
        await self.counted()
        if not (self._is_fresh and self.bucket.has(invoked=invoked, spare=PLENTY)):
            return await self._change(lambda bucket: bucket.take(invoked=invoked))
        self._beside = asyncio.ensure_future(self._count_beside())
        return True

    def expect(self) -> None:
        """Somebody may ask soon: learn meanwhile what the other servers have done, unless that is known."""
        if self._file is not None and not self._is_fresh and (self._beside is None or self._beside.done()):
            self._beside = asyncio.ensure_future(self._change(lambda _: None))

    async def hold(self, seconds: float) -> None:
        """Let nothing through for so long."""
        self.bucket.hold(seconds)  # at once: whoever waits here may be cancelled
        await self.counted()
        await self._change(lambda bucket: bucket.hold(seconds))

    async def look(self) -> None:
        """Learn what the other servers have done."""
        await self.counted()
        await self._change(lambda _: None)

    @property
    def _is_fresh(self) -> bool:
        return self._clock() - self._learned <= FRESH

    async def counted(self) -> None:
        """Wait until what is counted beside a request is in the file; not for long, as nothing here does."""
        if self._beside is not None and not self._beside.done():
            await asyncio.wait({self._beside})

    async def _count_beside(self) -> None:
        await asyncio.sleep(SENT)
        await self._change(TokenBucket.count)

    async def _change(self, change: Callable[[TokenBucket], _Result]) -> _Result:
        shared = await self._shared(change)
        if shared is None:
            return change(self.bucket)
        result, counts = shared
        self.bucket.learn(counts)
        self._learned = self._clock()
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
