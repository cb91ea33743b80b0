"""The other end of stdin: a parent that says which folders are open, what changes there, and ends us by going away."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeGuard

_log = logging.getLogger(__name__)

LONGEST = 1024 * 1024
"""Bytes of one line; a longer one is not from our parent."""


class Pipe(Protocol):
    """What is needed of an unbuffered stdin."""

    def read(self, size: int, /) -> bytes | None:
        """The next bytes, as soon as there are some; none at the end."""


class Listener(Protocol):
    """Who is told what the parent says."""

    def use_workspaces(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        """Which folders are open, and no others; and which files in them."""

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """Which files in them are not as they were."""


def follow(pipe: Pipe, listener: Listener, gone: Callable[[], None]) -> threading.Thread:
    """Read the parent's lines in a thread of their own until it goes away."""

    def read() -> None:
        try:
            for line in _lines(pipe):
                if not _heeded(line, listener):
                    _log.warning("a line on stdin was not understood")
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


def _heeded(line: bytes, listener: Listener) -> bool:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return False
    match message:
        case {"workspaces": list(folders), "near": list(near)} if _are_texts(folders) and _are_texts(near):
            listener.use_workspaces(_absolute(folders), _absolute(near))
        case {"workspaces": list(folders)} if _are_texts(folders):
            listener.use_workspaces(_absolute(folders))
        case {"changed": list(files)} if _are_texts(files):
            listener.files_changed(_absolute(files))
        case _:
            return False
    return True


def _are_texts(values: list[object]) -> TypeGuard[list[str]]:
    return all(isinstance(value, str) for value in values)


def _absolute(paths: list[str]) -> tuple[Path, ...]:
    return tuple(Path(path) for path in paths if Path(path).is_absolute())
