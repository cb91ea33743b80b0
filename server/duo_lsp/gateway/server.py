"""Serves the gateway on loopback until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from types import FrameType

import attrs
import uvicorn

from duo_lsp.errors import UsageError
from duo_lsp.gateway import app, connection, engines, guard, parent, play

LOOPBACK = "127.0.0.1"
GRACE = 1.0
"""Seconds an orderly end may take; after that whatever still runs is left behind."""


def _random_token() -> str:
    return secrets.token_urlsafe(32)


@attrs.frozen
class Options:
    """What the command line chooses."""

    port: int = 0
    """0 lets the system choose."""
    workspaces: tuple[Path, ...] = ()
    limit: int = 60
    """Requests in a minute; 0 is no limit."""
    engine: str = "builtin"
    child: bool = False
    """Whether stdin says which folders are open, and ends the process when it ends."""
    token: str = attrs.field(factory=_random_token, repr=False)
    gitlab: str = play.GITLAB
    """The version of GitLab that is played."""
    delay: int = 0
    """Milliseconds before every answer."""
    faults: tuple[str, ...] = ()
    """What goes wrong on purpose, as `[PATH=]KIND`."""
    legacy_stream: bool = False
    """Streams are raw text, as GitLab's were before 17.7."""
    off: tuple[str, ...] = ()
    """Features that are turned off, in GitLab's names."""


def serve(options: Options, announce: Callable[[str, str], None]) -> None:
    """Serve until a signal or the parent's end; `announce(url, token)` once it listens."""
    played = play.read(
        options.gitlab, options.delay, options.faults, legacy_stream=options.legacy_stream, off=options.off
    )
    engine = engines.make(options.engine)
    with _listening(options.port) as listener:
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        server = _Server(_config(engine, options, played), lambda: announce(url, options.token))
        engine.use_workspaces(options.workspaces)
        if options.child:
            stdin = io.FileIO(sys.stdin.fileno(), closefd=False)  # a buffered one holds a lock at exit
            parent.follow(stdin, engine.use_workspaces, server.end)
        try:
            asyncio.run(_run(server, listener, engine))
        finally:
            server.deadline.cancel()


async def _run(server: uvicorn.Server, listener: socket.socket, engine: engines.Engine) -> None:
    try:
        await server.serve([listener])
    finally:
        await engine.close()


def _config(engine: engines.Engine, options: Options, played: play.Play) -> uvicorn.Config:
    return uvicorn.Config(
        app.application(engine, options.token, options.limit, play=played),
        http=connection.Connection,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        h11_max_incomplete_event_size=guard.HEADER_BYTES,
        timeout_keep_alive=connection.IDLE,
        timeout_graceful_shutdown=GRACE / 2,  # type: ignore[arg-type]
    )


@contextlib.contextmanager
def _listening(port: int) -> Generator[socket.socket, None, None]:
    # With the protocol named asyncio turns Nagle's algorithm off; it would cost 40 ms an answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":  # elsewhere the option would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
            listener.listen()
        except (OSError, OverflowError):
            raise UsageError(
                f"Port {port} on this machine cannot be used.",
                "Choose another with --port, or leave it out to get a free one.",
            ) from None
        yield listener


class _Server(uvicorn.Server):
    """uvicorn, ending in time and with exit code 0, and telling when it listens."""

    def __init__(self, config: uvicorn.Config, listens: Callable[[], None]) -> None:
        super().__init__(config)
        self._listens = listens
        self.deadline = threading.Timer(GRACE, os._exit, (0,))
        self.deadline.daemon = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listens()

    def end(self) -> None:
        """End in good order, or without it when a thread does not let go."""
        if not self.should_exit:
            self.should_exit = True
            self.deadline.start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        # uvicorn's own would note the signal, raise it once more at the end and so die of it.
        self.end()
