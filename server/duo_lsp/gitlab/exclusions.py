"""The files that projects exclude from GitLab Duo, asked once for each project."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import cachetools

from duo_lsp.errors import DuoError, NotThereError

log = logging.getLogger(__name__)

REMEMBERED: Final = 600.0
"""Seconds until they are asked for anew, beside what goes on."""
RETRIED: Final = 60.0
"""Seconds until they are asked for again when that failed."""
PATIENCE: Final = 6.0
"""Seconds that the first request of a project waits for them at most."""
_MOST: Final = 64


class Exclusions:
    """Remembers the rules of every project; what was known stays so while it cannot be asked for."""

    def __init__(self, ask: Callable[[str], Awaitable[tuple[str, ...]]], clock: Callable[[], float]) -> None:
        """`ask` gives a project's rules (raises DuoError); `clock` gives seconds, monotonic."""
        self._ask = ask
        self._rules: cachetools.LRUCache[str, tuple[str, ...]] = cachetools.LRUCache(_MOST)
        self._fresh: cachetools.TTLCache[str, bool] = cachetools.TTLCache(_MOST, REMEMBERED, clock)
        self._failed: cachetools.TTLCache[str, bool] = cachetools.TTLCache(_MOST, RETRIED, clock)
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def of(self, project: str) -> tuple[str, ...] | None:
        """A project's rules in their order; None when they could never be fetched."""
        if not (project in self._fresh or project in self._failed or project in self._asking):
            self._asking[project] = asyncio.ensure_future(self._look(project))
        if project not in self._rules and project in self._asking:
            await asyncio.wait({self._asking[project]}, timeout=PATIENCE)
        return self._rules.get(project)

    async def close(self) -> None:
        """End what runs."""
        asking = set(self._asking.values())
        for task in asking:
            task.cancel()
        if asking:
            await asyncio.wait(asking)

    async def _look(self, project: str) -> None:
        try:
            rules = await self._ask(project)
            await asyncio.to_thread(_read, rules)
            self._rules[project], self._fresh[project] = rules, True
        except NotThereError:  # no GraphQL: no GitLab, or one long before there were such rules
            self._rules[project], self._fresh[project] = (), True
        except DuoError as error:
            log.info("a project's exclusion rules are not known: %s", type(error).__name__)
            self._failed[project] = True
        finally:
            del self._asking[project]


def _read(rules: tuple[str, ...]) -> None:
    """Hundreds of them take longer than a frame to read, so not on the event loop."""
    from duo_lsp.privacy import project_rules

    project_rules.excluding("some/file", rules)
