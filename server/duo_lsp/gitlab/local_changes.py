"""Which files have changed, gathered for a moment: an editor that saves all tells of each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from duo_lsp import machine_made, urls

MOMENT: Final = 0.02
"""Seconds between the first change and word of it."""
MOST: Final = 500
"""Files that are named; where more have changed at once, only the folders are."""


Near = Callable[[], Sequence[str]]
"""Gives the paths of the files that are open."""


def nobody() -> Sequence[str]:
    """None."""
    return ()


class LocalChanges:
    """Changes in the workspace's own files, told together."""

    def __init__(self, tell: Callable[[Sequence[str]], None], moment: float = MOMENT) -> None:
        """`tell` is given absolute paths; that of a folder is for anything in it."""
        self._tell = tell
        self._moment = moment
        self._folders: tuple[str, ...] = ()
        self._paths: dict[str, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def use(self, folders: tuple[str, ...]) -> None:
        """The workspace's folders from now on; absolute, with forward slashes."""
        self._folders, self._paths = folders, {}

    def add(self, paths: Sequence[str]) -> None:
        """These files (absolute, with forward slashes) are not as they were."""
        for path in paths:
            if len(self._paths) <= MOST and self._is_ours(path):
                self._paths[path] = None
        if self._paths and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._moment, self._flush)

    def _is_ours(self, path: str) -> bool:
        name = urls.relative_to(path, self._folders)
        return name is not None and not machine_made.is_elsewhere(name)

    def _flush(self) -> None:
        paths, self._paths, self._timer = self._paths, {}, None
        if paths:
            self._tell(list(self._folders if len(paths) > MOST else paths))
