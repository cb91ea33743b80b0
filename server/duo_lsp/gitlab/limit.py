"""The rate limit of one person at one instance."""

from __future__ import annotations

from collections.abc import Callable

from duo_lsp.gitlab.rate_limit import TokenBucket


class Limit:
    """A bucket for this process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self.bucket = TokenBucket(clock)

    async def take(self, *, invoked: bool) -> bool:
        """Take a token if there is one."""
        return self.bucket.take(invoked=invoked)

    async def hold(self, seconds: float) -> None:
        """Let nothing through for so long."""
        self.bucket.hold(seconds)
