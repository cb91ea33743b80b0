"""Looks whether files have changed that nobody told of: not every editor watches the disk, and a shell never does."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from duo_lsp.gateway.engines.builtin import files

MARGIN: Final = 2.0
"""Seconds by which a disk may count otherwise than we do."""


class Looking:
    """Knows what was there when it looked last."""

    def __init__(self, folders: Iterable[Path], clock: Callable[[], float]) -> None:
        """`clock` gives seconds since 1970, as files have them."""
        self._clock = clock
        self._since = clock()
        self._names = {folder: files.listed(folder) for folder in folders}

    def changed(self, known: Collection[str]) -> list[Path]:
        """The files that are new, and those of the `known` ones that were written or erased since the last time."""
        since, self._since = self._since - MARGIN, self._clock()
        return [*self._new(), *(Path(file) for file in known if _is_otherwise(file, since))]

    def _new(self) -> Iterator[Path]:
        for folder, before in self._names.items():
            now = self._names[folder] = files.listed(folder)
            yield from (folder / name for name in sorted(now - before))


def _is_otherwise(file: str, since: float) -> bool:
    try:
        return os.stat(file).st_mtime > since  # noqa: PTH116 - thousands of names
    except OSError:
        return True
