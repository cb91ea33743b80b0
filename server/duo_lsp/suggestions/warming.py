"""Getting ready in the background what the first request would wait for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from duo_lsp.errors import DuoError, LocalEngineError
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy import redaction

log = logging.getLogger(__name__)


class Warming:
    """One preparation at a time."""

    def __init__(self, failed: Callable[[DuoError], None]) -> None:
        """`failed` is told what went wrong."""
        self._failed = failed
        self._task: asyncio.Task[None] | None = None

    def start(self, upstream: Upstream) -> asyncio.Task[None]:
        """Let this upstream get ready, unless that is under way."""
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._warm_up(upstream))
        return self._task

    async def end(self) -> None:
        """Stop it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _warm_up(self, upstream: Upstream) -> None:
        try:
            await asyncio.gather(upstream.warm_up(), asyncio.to_thread(redaction.prepare))
        except DuoError as error:
            self._failed(error)
        except Exception as fault:  # nobody awaits this task's result
            log.exception("getting ready failed")
            self._failed(LocalEngineError(f"Getting ready failed ({type(fault).__name__})."))
