"""Whether GitLab Duo is off for a project, asked once for each, beside its first suggestion."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import cachetools

from duo_lsp.errors import DuoError, ProjectOffError

log = logging.getLogger(__name__)

REMEMBERED: Final = 600.0
"""Seconds; a maintainer may turn it on meanwhile."""
_MOST: Final = 64


class ProjectSwitches:
    """Remembers which projects are off; whatever else is answered changes nothing."""

    def __init__(self, ask: Callable[[str], Awaitable[bool]], host: str, clock: Callable[[], float]) -> None:
        """`ask` says whether it is on for a project; `clock` gives seconds, monotonic."""
        self._ask = ask
        self._host = host
        self._on: cachetools.TTLCache[str, bool] = cachetools.TTLCache(_MOST, REMEMBERED, clock)
        self._asking: set[asyncio.Task[None]] = set()

    def check(self, project: str) -> None:
        """Raises ProjectOffError when it is known to be off."""
        if not self._on.get(project, True):
            raise ProjectOffError(403, f"GitLab Duo is turned off for {project} on {self._host}.")

    def look(self, project: str) -> None:
        """Find out in the background, once."""
        if project and project not in self._on:
            self._on[project] = True
            task = asyncio.ensure_future(self._look(project))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def close(self) -> None:
        """End what runs."""
        for task in self._asking:
            task.cancel()
        if self._asking:
            await asyncio.wait(self._asking)

    async def _look(self, project: str) -> None:
        try:
            self._on[project] = await self._ask(project)
        except DuoError as error:
            log.info("whether the project is on is not known: %s", type(error).__name__)
