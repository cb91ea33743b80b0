"""Sees to it that folders are learnt, and then what changes in them."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import attrs

from duo_lsp import machine_made
from duo_lsp.gateway.engines import IndexState
from duo_lsp.gateway.engines.builtin import files, learning, news
from duo_lsp.gateway.engines.builtin.changes import Present
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.learning import Learning, Learnt, Result, Wish
from duo_lsp.gateway.engines.builtin.lexer import Read
from duo_lsp.gateway.engines.builtin.looking import Looking
from duo_lsp.gateway.engines.builtin.marking import Marking
from duo_lsp.gateway.engines.builtin.news import EndedError, News

PAUSE: Final = 0.0005
"""Seconds in which who waits for an answer goes first."""
_log = logging.getLogger(__name__)


@attrs.define
class Learner:
    """One who sees to it that folders are learnt, in a thread of its own, until there is other work."""

    wish: Wish
    told: News
    """Which files have changed, and whether anybody still wants to know."""
    read: Read
    """Gives the tokens of a line."""
    know: Callable[[Present, IndexState], None]
    """Is given what is known from now on, and how far that is."""
    progress: Callable[[float], None] = lambda _: None
    """Is told how much is learnt, up to 1."""
    start: Callable[[Wish], AbstractContextManager[Learning]] = learning.learning
    clock: Callable[[], float] = time.time
    """Gives seconds since 1970."""
    present: Present = attrs.field(factory=Present)
    _has_learnt: bool = False

    def work(self) -> None:
        """Learn everything, then what changes; everything again when that has become much."""
        try:
            while True:
                looking = Looking(self.wish.folders, self.clock)
                paths = self._learn()
                while not concerns_all(self.wish.folders, paths):
                    self.take_in(paths)
                    if self.present.is_worn:
                        break
                    paths = self.told.wait()
                    if self.told.was_old():
                        paths += looking.changed(self.present.files)
        except EndedError:
            return

    def _learn(self) -> list[Path]:
        """Everything; gives what has changed meanwhile. Raises EndedError."""
        meanwhile, learnt = dict[Path, None](), Corpus()
        try:
            with self.start(self.wish) as work:
                self.told.when_ended(work.kill)
                for result in work.results():
                    meanwhile |= dict.fromkeys(self._heard())
                    learnt = self._came(result) or learnt
        except EndedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a folder holds, completions go on without it
            meanwhile |= dict.fromkeys(self.told.take())
            _log.error("the workspace could not be read: %s", type(error).__name__)
        self._know(Present(learnt, read=Marking(learnt.words, self.read, _pause).marks))
        self._has_learnt = True
        return list(meanwhile)

    def _came(self, result: Result) -> Corpus | None:
        if not isinstance(result, Learnt):
            self.progress(result)
            return None
        if not result.is_all and not self._has_learnt:
            self.know(Present(result.corpus), "building")
        return result.corpus

    def _heard(self) -> list[Path]:
        """What has changed while it is learnt; what was known before knows it at once."""
        paths = self.told.take()
        if paths and self._has_learnt and not concerns_all(self.wish.folders, paths):
            self.take_in(paths)
        return paths

    def take_in(self, paths: Collection[Path]) -> None:
        """Know these files as they are now."""
        known, texts = self.present.files, dict[str, str | None]()
        try:
            for folder in self.wish.folders:
                if names := dict.fromkeys(inside(folder, paths, known)):
                    texts |= files.again(folder, names, known.__contains__)
        except Exception as error:  # noqa: BLE001 - the same
            _log.error("changed files could not be read: %s", type(error).__name__)
        if texts:
            self._know(self.present.with_texts(texts))

    def _know(self, present: Present) -> None:
        self.present = present
        self.know(present, "ready")


def _pause() -> None:
    time.sleep(PAUSE)


def concerns_all(folders: Iterable[Path], paths: Collection[Path]) -> bool:
    """Whether it is not enough to look at these files: many, a whole folder, or what others are ignored by."""
    return len(paths) > news.MOST or any(_is_much(folder, path) for folder in folders for path in paths)


def _is_much(folder: Path, path: Path) -> bool:
    name = _name(folder, path)
    if name is None or machine_made.is_elsewhere(name):
        return False
    is_folder = os.path.isdir(path) and not machine_made.is_skipped_folder(path.name)  # noqa: PTH112 - it never raises
    return path == folder or is_folder or path.name in files.IGNORE_FILES


def inside(folder: Path, paths: Iterable[Path], known: Collection[str]) -> Iterator[str]:
    """The names of those in this folder, relative to it; for a folder that is gone, of all that is `known` of it."""
    for path in paths:
        if name := _name(folder, path):
            below = f"{folder / name}{os.sep}"
            yield name
            yield from (Path(file).relative_to(folder).as_posix() for file in known if file.startswith(below))


def _name(folder: Path, path: Path) -> str | None:
    """A path relative to a folder, also when links lead there; None when it is not in it."""
    if not path.is_relative_to(folder):
        folder, path = folder.resolve(), Path(os.path.realpath(path.parent)) / path.name
    if not path.is_relative_to(folder):
        return None
    return "" if path == folder else path.relative_to(folder).as_posix()
