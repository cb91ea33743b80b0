"""Learns in a process of its own, which may be let wait: who answers meanwhile shares no interpreter with it."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

import attrs

from duo_lsp.gateway.engines.builtin import corpus, files
from duo_lsp.gateway.engines.builtin.corpus import Corpus

COMMAND: Final = (sys.executable, "-P", "-m", f"{__package__}.apart")
"""-P: the current folder is no place to import from."""
EARLY: Final = 512 * 1024
"""Characters of what is nearest, which are known before the rest is."""
_PRIVATE: Final = "DUO_LSP_"
_READING: Final = 0.5
"""Of the work; the rest is sorting."""
_STEP: Final = 0.01
"""Progress that is worth a word."""
_FLAGS: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


@attrs.frozen
class Wish:
    """What is to be learnt."""

    folders: tuple[Path, ...]
    home: Path
    room: int = files.TOTAL
    """Bytes of text at most."""
    near: tuple[str, ...] = ()
    """Paths of files; what is near to them comes first."""


@contextmanager
def learning(wish: Wish, command: Sequence[str] = COMMAND) -> Generator[Learning, None, None]:
    """Start to learn; it ends with the block. Raises OSError."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_PRIVATE)}
    process = subprocess.Popen(  # noqa: S603 - no word of it comes from outside
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what it might say of a text is nobody's business
        env=environment,
        creationflags=_FLAGS,
    )
    try:
        asked, told = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
        with asked, told:
            asked.write(json.dumps([list(map(str, wish.folders)), str(wish.home), wish.room, wish.near]).encode())
            asked.close()
            yield _Process(process, told)
    finally:
        process.kill()
        process.wait()


@attrs.frozen
class Learnt:
    """What is learnt; first only a part."""

    corpus: Corpus
    is_all: bool = True


Result = float | Learnt
"""That, or how much is learnt already, up to 1."""


class Learning(Protocol):
    """One who learns."""

    def kill(self) -> None:
        """End it; from any thread, and at any time."""

    def results(self) -> Iterator[Result]:
        """What comes, as it comes. Raises OSError, EOFError and UnpicklingError when it ends before all is learnt."""


@attrs.frozen
class _Process:
    """A process that learns."""

    _process: subprocess.Popen[bytes]
    _pipe: BinaryIO

    def kill(self) -> None:
        self._process.kill()

    def results(self) -> Iterator[Result]:
        result: Result = 0.0
        while not isinstance(result, Learnt) or not result.is_all:
            # our own process wrote it; what it reads in folders are texts and nothing else
            result = pickle.load(self._pipe)  # noqa: S301
            yield result


class _Progress:
    """Tells how far the work is, but not too often."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._told = 0.0
        self.all = 0
        """Bytes to read."""
        self.read = 0

    def found(self, size: int) -> None:
        """There is so much more to read."""
        self.all += size

    def at(self, part: float) -> None:
        """So much of everything is done."""
        if part - self._told >= _STEP:
            self._told = part
            self._tell(part)

    def reading(self, text: str) -> None:
        """One more text has been read."""
        self.read += len(text)
        self.at(_READING * min(1.0, self.read / max(1, self.all)))

    def sorting(self, part: float) -> None:
        """So much of the second half."""
        self.at(_READING + (1 - _READING) * part)


def _texts(wish: Wish, progress: _Progress) -> Iterator[tuple[str, str]]:
    room = wish.room
    for folder in wish.folders:
        for name, text in files.texts(folder, wish.home, room, wish.near, progress.found):
            room -= len(text)
            progress.reading(text)
            yield name, text


def _first(texts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What is nearest."""
    size = 0
    while size < EARLY and (one := next(texts, None)):
        size += len(one[1])
        yield one


def learn(wish: Wish, say: Callable[[Result], None]) -> None:
    """Say how far it is and what is learnt."""
    progress, reader = _Progress(say), corpus.Reader()
    texts = _texts(wish, progress)
    reader.read(_first(texts))
    more = next(texts, None)
    if more is not None:
        say(Learnt(reader.corpus(), is_all=False))
        reader.read(chain([more], texts))
    say(Learnt(reader.corpus(progress.sorting)))
