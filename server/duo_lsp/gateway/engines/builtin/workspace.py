"""Learns from the open folders in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from duo_lsp.gateway.engines import IndexState
from duo_lsp.gateway.engines.builtin import corpus, files
from duo_lsp.gateway.engines.builtin.corpus import Corpus

_log = logging.getLogger(__name__)


class _StoppedError(Exception):
    """Other folders are wanted by now."""


class Workspace:
    """What is known of the open folders at this moment."""

    def __init__(self, wait: Callable[[], None], home: Callable[[], Path] = Path.home) -> None:
        self.corpus = Corpus()
        self.state: IndexState = "none"
        self._wait = wait
        self._home = home
        self._lock = threading.Lock()
        self._turn = 0
        self._folders: tuple[Path, ...] = ()

    def use(self, folders: tuple[Path, ...]) -> None:
        """Forget the old folders at once and start to learn from these; the same ones again are read afresh."""
        try:
            home = self._home()
        except RuntimeError:  # an account without a home folder
            home = Path("/")
        wanted = tuple(folder for folder in dict.fromkeys(folders) if files.may_be_read(folder, home))
        with self._lock:
            self._turn += 1
            turn = self._turn
            if wanted != self._folders or self.state == "none":
                self.corpus, self.state = Corpus(), "building" if wanted else "none"
            self._folders = wanted
        if wanted:
            threading.Thread(target=self._learn, args=(wanted, home, turn), name="learning", daemon=True).start()

    def _learn(self, folders: tuple[Path, ...], home: Path, turn: int) -> None:
        def breathe() -> None:
            self._wait()
            if turn != self._turn:
                raise _StoppedError

        try:
            learnt = corpus.learn(_texts(folders, home), breathe)
        except _StoppedError:
            return
        except Exception as error:  # noqa: BLE001 - whatever a folder holds, completions go on without it
            _log.error("the workspace could not be read: %s", type(error).__name__)
            learnt = Corpus()
        with self._lock:
            if turn == self._turn:
                self.corpus, self.state = learnt, "ready"


def _texts(folders: tuple[Path, ...], home: Path) -> Iterator[tuple[str, str]]:
    room = files.TOTAL
    for folder in folders:
        for name, text in files.texts(folder, home, room):
            room -= len(text)
            yield name, text
