"""What is told of changed files, until somebody has time for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

MOST: Final = 500
"""Files that are looked at one by one; where more have changed at once everything is read again."""


class EndedError(Exception):
    """Nobody wants to know any more."""


class News:
    """Paths that were told and not taken yet, each once."""

    def __init__(self) -> None:
        self._paths: dict[Path, None] = {}
        self._ended = False
        self._is_old = False
        self._at_end: Callable[[], None] = lambda: None
        self._changed = threading.Condition()

    def tell(self, paths: Iterable[Path]) -> None:
        """Somebody may want to know of these; beyond `MOST` it is enough that they are many."""
        with self._changed:
            for path in paths:
                if len(self._paths) <= MOST:
                    self._paths[path] = None
            self._changed.notify_all()

    def grow_old(self) -> None:
        """Nobody has looked for long whether there is more than is told."""
        with self._changed:
            self._is_old = True
            self._changed.notify_all()

    def was_old(self) -> bool:
        """Whether it is time to look; not so any more after this."""
        with self._changed:
            was_old, self._is_old = self._is_old, False
            return was_old

    def end(self) -> None:
        """Whoever takes any from now on gets EndedError."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
            end = self._at_end
        end()

    def when_ended(self, end: Callable[[], None]) -> None:
        """Call this at the end, and nothing that was named before; at once if it has come."""
        with self._changed:
            self._at_end, is_late = end, self._ended
        if is_late:
            end()

    def take(self) -> list[Path]:
        """All there are, which may be none. Raises EndedError."""
        with self._changed:
            if self._ended:
                raise EndedError
            taken, self._paths = list(self._paths), {}
            return taken

    def wait(self) -> list[Path]:
        """All there are, as soon as there are some; or none, when it is time to look. Raises EndedError."""
        with self._changed:
            self._changed.wait_for(lambda: self._paths or self._is_old or self._ended)
        return self.take()
