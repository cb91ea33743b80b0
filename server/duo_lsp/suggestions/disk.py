"""What the disk says about a file, off the event loop and with a deadline."""

from __future__ import annotations

import asyncio
import functools
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import attrs
import cachetools

from duo_lsp.privacy import excluded

if TYPE_CHECKING:
    from duo_lsp.privacy.ignore_files import IgnoreFiles

REMEMBERED: Final = 1.0
"""Seconds until ignore files are looked at again."""
PATIENCE: Final = 2.0
"""Seconds that are waited for the disk; the first look also loads what reads patterns, maybe slowly."""
MOST_LOOKING: Final = 4
"""Looks at a disk that does not answer, at once."""
_MOST: Final = 256
Key = tuple[str, tuple[str, ...]]


@attrs.frozen
class Seen:
    """What ignore files say about a file, and where it is."""

    rule: str = ""
    """The rule for assistants that excludes it, as `secrets/ in .aiexclude`; empty when none does."""
    rule_for_context: str = ""
    """The same with `.gitignore`."""
    in_project: str = ""
    """Its path in its checkout, else in its workspace folder, else its name."""
    is_inside: bool = False
    """It lies in a workspace folder, also when links are followed."""
    is_sealed: bool = False
    """Links lead to a file that usually holds secrets."""


@functools.cache
def _files() -> IgnoreFiles:
    from duo_lsp.privacy.ignore_files import IgnoreFiles  # what reads patterns is loaded here, off the event loop

    return IgnoreFiles()


def look(path: str, folders: tuple[str, ...]) -> Seen:
    """What it says now; takes as long as the disk does."""
    files = _files()
    from duo_lsp.privacy import ignore_files

    rule = files.rule(path, folders)
    return Seen(
        rule=rule,
        rule_for_context=files.rule(path, folders, (ignore_files.GIT,)) or rule,
        in_project=ignore_files.in_project(path, folders),
        is_inside=ignore_files.is_in_one_of(path, folders),
        is_sealed=excluded.excluded_by(os.path.realpath(path)) is not None,
    )


class Disk:
    """Looks at most once a second at what concerns one file."""

    def __init__(
        self, look: Callable[[str, tuple[str, ...]], Seen] = look, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`look` is run in a thread; `clock` gives seconds."""
        self._look = look
        self._seen: cachetools.TTLCache[Key, Seen] = cachetools.TTLCache(_MOST, REMEMBERED, clock)
        self._looking: dict[Key, asyncio.Task[Seen]] = {}

    async def see(self, path: str, folders: tuple[str, ...]) -> Seen | None:
        """What the disk says about a file (absolute path); None when it does not answer in time."""
        if not path:
            return Seen()
        key = (path, folders)
        seen = self._seen.get(key)
        if seen is not None:
            return seen
        if key not in self._looking:
            if len(self._looking) >= MOST_LOOKING:
                return None
            self._start(key)
        await asyncio.wait({self._looking[key]}, timeout=PATIENCE)
        return self._seen.get(key)

    def _start(self, key: Key) -> None:
        task = self._looking[key] = asyncio.ensure_future(asyncio.to_thread(self._look, *key))
        task.add_done_callback(functools.partial(self._done, key))

    def _done(self, key: Key, task: asyncio.Task[Seen]) -> None:
        del self._looking[key]
        if not task.cancelled() and task.exception() is None:
            self._seen[key] = task.result()
