"""A language server on a pair of pipes, and the one way its process ends."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
import time
from typing import Any, Final, NoReturn

from duo_lsp.errors import FrameError
from duo_lsp.protocol import watchdog
from duo_lsp.protocol.ends import Server
from duo_lsp.protocol.greeting import SIGNALS, Greeting
from duo_lsp.protocol.pipes import Pipes
from duo_lsp.protocol.transport import Backlog, Reader, Writer

log = logging.getLogger(__name__)

FAREWELL: Final = 0.5
"""Seconds for answers under way, and for a client to read the last of them."""
BLOCKED: Final = 1.5
"""Seconds the event loop has to notice that the client is gone."""


def serve(server: Server, pipes: Pipes, greeting: Greeting = Greeting()) -> NoReturn:  # noqa: B008 - nothing can change it
    """Serve until the client is gone or says exit, then end the process."""
    asyncio.run(Connection(server, pipes, greeting).serve())
    raise AssertionError("the loop ended and the process did not")


class Connection:
    """A client on a pair of pipes."""

    def __init__(self, server: Server, pipes: Pipes, greeting: Greeting) -> None:
        self._server = server
        self._greeted = greeting.answered
        self._backlog = Backlog()
        self._reader = Reader(pipes.incoming, self._take, self._ended, greeting.read)
        self._writer = Writer(pipes.outgoing, self._broken)
        self._loop: asyncio.AbstractEventLoop
        self._leaving: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Start, and never return: `end` is the only way out."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_report)
        for name in SIGNALS:
            self._heed(getattr(signal, name, None))
        self._writer.start()
        self._server.attach(self)
        if self._greeted:
            self._server.greeted()
        gc.freeze()  # what is loaded stays: a full collection would take 20 ms, at any moment
        self._reader.start()
        await self._loop.create_future()

    def write(self, body: bytes) -> None:
        """Send one body to the client; never waits."""
        self._writer.write(body)

    def watch(self, process_id: int | None) -> None:
        """End when this process does: it is the editor's."""
        watchdog.watch(process_id or 0, lambda: self.end(1, "the editor's process is gone"))

    def leave(self, problem: FrameError | None = None) -> None:
        """End when what is under way is answered, or soon."""
        if self._leaving is None:
            self._leaving = self._loop.create_task(self._leave(problem))

    def end(self, code: int, why: str) -> NoReturn:
        """End the process, from any thread, whatever other threads do."""
        last_resort = threading.Timer(2 * FAREWELL, os._exit, (code,))  # who does not read stderr blocks the next line
        last_resort.daemon = True
        last_resort.start()
        log.log(logging.WARNING if code else logging.INFO, "ending: %s", why)
        self._writer.flush(FAREWELL)
        for handler in logging.getLogger().handlers:
            handler.flush()
        os._exit(code)

    async def _leave(self, problem: FrameError | None) -> None:
        await self._server.settled(FAREWELL)
        if problem is None:
            self.end(self._server.exit_code(), "the editor is gone or said exit")
        log.error("%s", problem)
        self.end(1, "the editor cannot be understood")

    # from the reader's and the writer's threads

    def _take(self, bodies: list[bytes]) -> None:
        size = sum(map(len, bodies))
        self._backlog.add(size)
        self._loop.call_soon_threadsafe(self._handle, bodies, size)

    def _ended(self, problem: FrameError | None) -> None:
        self._loop.call_soon_threadsafe(self.leave, problem)
        time.sleep(BLOCKED)
        self.end(1, "the editor is gone, and something blocks the server")

    def _broken(self) -> None:
        self.end(1, "the editor reads no more")

    # in the loop

    def _handle(self, bodies: list[bytes], size: int) -> None:
        try:
            for body in bodies:
                self._server.receive(body)
        finally:
            self._backlog.remove(size)

    def _heed(self, number: signal.Signals | None) -> None:
        if number is None:
            return
        if sys.platform == "win32":
            signal.signal(number, lambda *_: self.end(0, "asked to by a signal"))
        else:
            self._loop.add_signal_handler(number, self.end, 0, "asked to by a signal")


def _report(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The loop's own words would quote the exception, which may quote code."""
    error = context.get("exception")
    log.error("something failed on its own: %s", type(error).__name__, exc_info=error)
