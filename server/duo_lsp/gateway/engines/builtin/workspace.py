"""Learns from the open folders in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Final

from duo_lsp.gateway.engines import IndexState
from duo_lsp.gateway.engines.builtin import files, learning, lexer
from duo_lsp.gateway.engines.builtin.changes import Present
from duo_lsp.gateway.engines.builtin.learner import Learner
from duo_lsp.gateway.engines.builtin.learning import Learning, Wish
from duo_lsp.gateway.engines.builtin.lexer import Read
from duo_lsp.gateway.engines.builtin.news import News

FRESH: Final = 10.0
"""Seconds in which a folder is not looked at again."""


class Workspace:
    """What is known of the open folders at this moment."""

    def __init__(
        self,
        home: Callable[[], Path] = Path.home,
        read: Read = lexer.read_line,
        room: int = files.TOTAL,
        start: Callable[[Wish], AbstractContextManager[Learning]] = learning.learning,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`read` gives the tokens of a line, `room` is in bytes of text, `clock` is monotonic."""
        self.present = Present()
        self.state: IndexState = "none"
        self.learnt = 0.0
        """How much of it is, up to 1."""
        self._home = home
        self._read = read
        self._room = room
        self._start = start
        self._clock = clock
        self._fresh_until = clock() + FRESH
        self._lock = threading.Lock()
        self._folders: tuple[Path, ...] = ()
        self._news = News()

    def use(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        """Forget the old folders at once and start to learn from these; the same ones again are read afresh.

        What is near to the files in `near` comes first.
        """
        try:
            home = self._home()
        except RuntimeError:  # an account without a home folder
            home = Path("/")
        wanted = tuple(folder for folder in dict.fromkeys(folders) if files.may_be_read(folder, home))
        with self._lock:
            self._news.end()
            self._news = told = News()
            if wanted != self._folders or self.state == "none":
                self.present, self.state, self.learnt = Present(), "building" if wanted else "none", 0.0
            self._folders = wanted
        if wanted:
            learner = Learner(
                Wish(wanted, home, self._room, tuple(map(str, near))),
                told,
                self._read,
                partial(self._know, told),
                partial(self._progress, told),
                self._start,
            )
            threading.Thread(target=learner.work, name="learning", daemon=True).start()

    def asked(self) -> None:
        """Somebody uses what is known: from time to time it is looked whether it is still so."""
        now = self._clock()
        if now >= self._fresh_until:
            self._fresh_until = now + FRESH
            self._news.grow_old()

    def changed(self, paths: Sequence[Path]) -> None:
        """Files (absolute paths) that are new, gone or not as they were; those of no folder of ours say nothing."""
        self._news.tell(paths)

    def _know(self, told: News, present: Present, state: IndexState) -> None:
        with self._lock:
            if told is self._news and (state == "ready" or self.state == "building"):  # no part in place of everything
                self.present, self.state = present, state

    def _progress(self, told: News, part: float) -> None:
        with self._lock:
            if told is self._news and self.state == "building":
                self.learnt = part
