"""The other end of stdin: a parent that says which folders are open and ends us by going away."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

_log = logging.getLogger(__name__)

LONGEST = 1024 * 1024
"""Bytes of one line; a longer one is not from our parent."""


class Pipe(Protocol):
    """What is needed of an unbuffered stdin."""

    def read(self, size: int, /) -> bytes | None:
        """The next bytes, as soon as there are some; none at the end."""


def follow(pipe: Pipe, opened: Callable[[tuple[Path, ...]], None], gone: Callable[[], None]) -> threading.Thread:
    """Read the parent's lines in a thread of their own until it goes away."""

    def read() -> None:
        try:
            for line in _lines(pipe):
                folders = _folders(line)
                if folders is None:
                    _log.warning("a line on stdin was not understood")
                else:
                    opened(folders)
        finally:  # whatever happened: without this thread nobody would notice the parent's end
            gone()

    thread = threading.Thread(target=read, name="parent", daemon=True)
    thread.start()
    return thread


def _lines(pipe: Pipe) -> Iterator[bytes]:
    rest = b""
    while part := _read(pipe):
        *whole, rest = (rest + part).split(b"\n")
        yield from (line for line in whole if line.strip())
        if len(rest) > LONGEST:
            yield b"?"
            rest = b""


def _read(pipe: Pipe) -> bytes:
    try:
        return pipe.read(65536) or b""
    except OSError:
        return b""


def _folders(line: bytes) -> tuple[Path, ...] | None:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match message:
        case {"workspaces": list(folders)} if all(isinstance(folder, str) for folder in folders):
            return tuple(Path(folder) for folder in folders if Path(folder).is_absolute())
    return None
