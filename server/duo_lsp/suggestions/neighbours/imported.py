"""Imported files as pieces: looked for and read in a thread, one at a time, and remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

from cachetools import LRUCache, TTLCache

from duo_lsp.suggestions.neighbours.piece import Piece
from duo_lsp.suggestions.neighbours.shelf import Found, Importer, Shelf

FRESH: Final = 2.0
"""Seconds until it is looked again which files are there."""
PATIENCE: Final = 1.0
"""Seconds that are waited for the disk."""
REMEMBERED_BYTES: Final = 1 << 20
_MOST_LOOKS: Final = 16
Done = TypeVar("Done")


class Imported:
    """Pieces of files on the disk, bounded in bytes; while the disk does not answer there are none."""

    def __init__(self, clock: Callable[[], float], shelf: Shelf) -> None:
        """`clock` gives seconds, monotonic."""
        self._shelf = shelf
        self._seen: TTLCache[Importer, tuple[Found, ...]] = TTLCache(_MOST_LOOKS, FRESH, clock)
        self._known: LRUCache[tuple[Found, bool], Piece | None] = LRUCache(REMEMBERED_BYTES, getsizeof=_size)
        self._under_way: asyncio.Future[Any] | None = None

    async def found(self, importer: Importer) -> tuple[Found, ...]:
        """The files that it imports from its folder, in the order of the imports."""
        if importer not in self._seen:
            for seen in await self._aside(lambda: self._shelf.look(importer)):
                self._seen[importer] = seen
        return self._seen.get(importer, ())

    async def piece(self, found: Found, *, redacts: bool) -> Piece | None:
        """What of a file may go along; None when nothing does."""
        key = found, redacts
        if key not in self._known:
            for piece in await self._aside(lambda: self._shelf.read(found, redacts=redacts)):
                self._known[key] = piece
        return self._known.get(key)

    async def _aside(self, work: Callable[[], Done]) -> tuple[Done, ...]:
        """What the work gives, on another thread; nothing when that takes too long, or the last one still does."""
        if self._under_way is not None and not self._under_way.done():
            return ()
        task = asyncio.ensure_future(asyncio.to_thread(work))
        task.add_done_callback(_look_at)
        self._under_way = task
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        return (task.result(),) if done else ()


def _look_at(task: asyncio.Future[Any]) -> None:
    """Whatever comes too late is nobody's, also a fault."""
    if not task.cancelled():
        task.exception()


def _size(piece: Piece | None) -> int:
    return 500 if piece is None else piece.memory
