"""The same limits in Redis, where several gateways count together: whichever of them ends, nothing is forgotten."""

from __future__ import annotations

import asyncio
import importlib
import logging
from typing import TYPE_CHECKING, Final

from duo_lsp.errors import UsageError
from duo_lsp.gateway import refusals
from duo_lsp.gateway.limit import Rule
from duo_lsp.gateway.refusals import RefusedError

if TYPE_CHECKING:
    from limits.aio.storage import RedisStorage

PATIENCE: Final = 2.0
"""Seconds the store has for an answer."""
SCHEMES: Final = ("redis://", "rediss://")
_PREFIX: Final = "duo-lsp"

_log = logging.getLogger(__name__)


class SharedLimits:
    """Counts with the `limits` library: one atomic script in Redis opens a window and counts in it, as GitLab does."""

    def __init__(self, storage: RedisStorage) -> None:
        from limits.aio.strategies import FixedWindowRateLimiter

        self._storage = storage
        self._strategy = FixedWindowRateLimiter(storage)

    async def admits(self, rule: Rule, user: str) -> bool:
        """Take one request. Raises RefusedError while the store does not answer: a limit nobody counts is none."""
        if not rule.most:
            return True
        from limits import RateLimitItemPerSecond

        item = RateLimitItemPerSecond(rule.most, rule.seconds, _PREFIX)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._strategy.hit(item, rule.name, user)
        except Exception as problem:
            _log.error("the rate store does not answer: %s", type(problem).__name__)
            raise RefusedError(refusals.BUSY) from problem

    async def close(self) -> None:
        """Let go of the connections; the end of a process does it too."""
        await self._storage.bridge.get_connection().aclose()  # type: ignore[attr-defined]  # the name redis-py gives it


def connect(address: str) -> SharedLimits:
    """Those in this store; it is not asked yet. Raises UsageError."""
    if not address.startswith(SCHEMES):
        raise UsageError("That is no address of a rate store.", "Write redis://HOST:PORT/0.")  # it may hold a password
    try:
        importlib.import_module("redis")
        from limits.aio.storage import RedisStorage
        from limits.errors import ConfigurationError
    except ImportError as problem:
        raise UsageError(
            "What is needed for a rate store is not installed.", "Install it: pip install 'duo-lsp[team]'"
        ) from problem
    try:
        return SharedLimits(RedisStorage(address, implementation="redispy", socket_timeout=PATIENCE))
    except ConfigurationError as problem:
        raise UsageError("The address of the rate store makes no sense.", "Write redis://HOST:PORT/0.") from problem
