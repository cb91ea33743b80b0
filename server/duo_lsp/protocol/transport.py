"""Two threads at the pipes, so that neither a slow client nor a silent one ever holds up the event loop."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Final

from duo_lsp.errors import FrameError
from duo_lsp.protocol.frames import Frames, frame

CHUNK: Final = 1 << 16
"""Bytes of one read: what a pipe holds, so that a message of usual size is one read."""
BACKLOG: Final = 8 << 20
"""Bytes that may wait for the event loop before reading pauses."""
AT_ONCE: Final[int] = getattr(select, "PIPE_BUF", 0)
"""Bytes that a pipe that is ready takes without waiting (POSIX, write()); none where nobody can ask whether it is."""
UNREAD: Final = 50_000
"""Messages that may wait for a client that does not read; one that goes on asking and never reads is lost."""


class Backlog:
    """Counts the bytes that were read and not yet handled."""

    def __init__(self, limit: int = BACKLOG) -> None:
        self._limit = limit
        self._bytes = 0
        self._changed = threading.Condition()

    def add(self, size: int) -> None:
        """Wait for room, but let a single message through whatever its size."""
        with self._changed:
            self._changed.wait_for(lambda: not self._bytes or self._bytes + size <= self._limit)
            self._bytes += size

    def remove(self, size: int) -> None:
        """So many were handled."""
        with self._changed:
            self._bytes -= size
            self._changed.notify()


class Reader(threading.Thread):
    """Reads messages until the client closes the pipe or sends what is none."""

    def __init__(
        self,
        fd: int,
        take: Callable[[list[bytes]], None],
        ended: Callable[[FrameError | None], None],
        first: bytes = b"",
    ) -> None:
        """Read from `fd`, after `first`, which was read from it before."""
        super().__init__(name="reader", daemon=True)
        self._fd = fd
        self._first = first
        self._take = take
        self._ended = ended

    def run(self) -> None:
        """Hand over the bodies, those of one read together; at the end, what was wrong, or None."""
        frames = Frames()
        try:
            while data := self._first or self._read():
                self._first = b""
                self._hand_over(frames.feed(data))
        except FrameError as problem:
            self._ended(problem)
        else:
            self._ended(None)

    def _hand_over(self, bodies: Iterator[bytes]) -> None:
        """All of one read at once, so that a request and its cancel behind it are seen together."""
        whole: list[bytes] = []
        try:
            whole.extend(bodies)  # keeps those before a broken one
        finally:
            if whole:
                self._take(whole)

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, CHUNK)
        except OSError:
            return b""


class Writer(threading.Thread):
    """Writes messages in the order they are given; giving one never waits.

    What the pipe takes at once, as it nearly always does, is written there and then: to wake a thread takes longer.
    """

    def __init__(self, fd: int, broken: Callable[[], None], unread: int = UNREAD) -> None:
        super().__init__(name="writer", daemon=True)
        self._fd = fd
        self._broken = broken
        self._unread = unread
        self._queue: SimpleQueue[bytes | threading.Event] = SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        """Messages that the thread has yet to write."""

    def write(self, body: bytes) -> None:
        """Send one body."""
        data = frame(body)
        with self._lock:
            if not self._waiting and len(data) <= AT_ONCE:
                data = self._rest(data)
            if not data:
                return
            self._waiting += 1
        self._queue.put(data)
        if self._queue.qsize() > self._unread:
            self._broken()

    def flush(self, seconds: float) -> None:
        """Wait until all that was given is written, but no longer than this."""
        written = threading.Event()
        self._queue.put(written)
        written.wait(seconds)

    def run(self) -> None:
        """Write until the client closes the pipe."""
        try:
            while True:
                item = self._queue.get()
                if isinstance(item, threading.Event):
                    item.set()
                else:
                    self._write(item)
                    with self._lock:
                        self._waiting -= 1
        except OSError:
            self._broken()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def _rest(self, data: bytes) -> bytes:
        """What is left when so much is written as goes without waiting."""
        ready = select.poll()
        ready.register(self._fd, select.POLLOUT)
        try:
            return data[os.write(self._fd, data) :] if ready.poll(0) == [(self._fd, select.POLLOUT)] else data
        except OSError:
            return data  # the thread will see it, too
