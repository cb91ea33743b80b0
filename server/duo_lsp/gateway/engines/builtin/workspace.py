"""Learns from the open folders in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from duo_lsp.gateway.engines import IndexState
from duo_lsp.gateway.engines.builtin import files, lexer
from duo_lsp.gateway.engines.builtin.changes import Present, Read
from duo_lsp.gateway.engines.builtin.learner import Learner
from duo_lsp.gateway.engines.builtin.news import News


class Workspace:
    """What is known of the open folders at this moment."""

    def __init__(
        self, wait: Callable[[], None], home: Callable[[], Path] = Path.home, read: Read = lexer.read_line
    ) -> None:
        """`wait` returns when it is time to work on, `read` gives the tokens of a line."""
        self.present = Present()
        self.state: IndexState = "none"
        self._wait = wait
        self._home = home
        self._read = read
        self._lock = threading.Lock()
        self._folders: tuple[Path, ...] = ()
        self._news = News()

    def use(self, folders: tuple[Path, ...]) -> None:
        """Forget the old folders at once and start to learn from these; the same ones again are read afresh."""
        try:
            home = self._home()
        except RuntimeError:  # an account without a home folder
            home = Path("/")
        wanted = tuple(folder for folder in dict.fromkeys(folders) if files.may_be_read(folder, home))
        with self._lock:
            self._news.end()
            self._news = told = News()
            if wanted != self._folders or self.state == "none":
                self.present, self.state = Present(), "building" if wanted else "none"
            self._folders = wanted
        if wanted:
            learner = Learner(wanted, home, told, self._wait, self._read, partial(self._know, told))
            threading.Thread(target=learner.work, name="learning", daemon=True).start()

    def changed(self, paths: Sequence[Path]) -> None:
        """Files (absolute paths) that are new, gone or not as they were; those of no folder of ours say nothing."""
        self._news.tell(paths)

    def _know(self, told: News, present: Present) -> None:
        with self._lock:
            if told is self._news:
                self.present = present
                self.state = "ready"
