"""Serves the gateway until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import math
import os
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Generator
from types import FrameType

import attrs
import uvicorn

from duo_lsp.errors import UsageError
from duo_lsp.gateway import composing, connection, engines, guard, idling, options, parent
from duo_lsp.gateway.idling import Idling
from duo_lsp.gateway.options import Options

GRACE = 1.0
"""Seconds an orderly end may take; after that whatever still runs is left behind."""


def serve(chosen: Options, announce: Callable[[str, str], None]) -> None:
    """Serve until a signal or the parent's end; `announce(url, token)` once it listens. Raises UsageError."""
    chosen.check()
    engine = engines.make(chosen.engine, attrs.evolve(chosen.wish, discreet=chosen.is_public), chosen.index_megabytes)
    app = composing.application(chosen, engine)
    with _listening(chosen) as listener:
        url = chosen.url(listener.getsockname()[1])
        idle = Idling(idling.SECONDS if chosen.child else math.inf, time.monotonic)
        server = _Server(_config(app, chosen, engine), lambda: announce(url, chosen.token), idle)
        engine.use_workspaces(chosen.workspaces)
        if chosen.child:
            stdin = io.FileIO(sys.stdin.fileno(), closefd=False)  # a buffered one holds a lock at exit
            parent.follow(stdin, engine, server.end)
        try:
            asyncio.run(_run(server, listener, engine))
        finally:
            server.deadline.cancel()


async def _run(server: uvicorn.Server, listener: socket.socket, engine: engines.Engine) -> None:
    try:
        await server.serve([listener])
    finally:
        await engine.close()


def _config(app: composing.ASGIApp, chosen: Options, engine: engines.Engine) -> uvicorn.Config:
    most = chosen.connections or (connection.MOST_REMOTE if engine.remote else connection.MOST)
    return uvicorn.Config(
        app,
        http=_protocol(connection.limited(most, chosen.only_from), chosen),
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=bool(chosen.proxies),
        forwarded_allow_ips=list(chosen.proxies),
        server_header=False,
        date_header=False,
        h11_max_incomplete_event_size=guard.HEADER_BYTES,
        timeout_keep_alive=connection.IDLE,
        timeout_graceful_shutdown=GRACE / 2,  # type: ignore[arg-type]
    )


def _protocol(inside: type[connection.Connection], chosen: Options) -> type[asyncio.Protocol]:
    """What is spoken on every connection, over TLS where there is a certificate. Raises UsageError."""
    if chosen.tls_cert is None or chosen.tls_key is None:
        return inside
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(chosen.tls_cert, chosen.tls_key, password="")
    except OSError as problem:  # which ssl.SSLError is
        raise UsageError(
            f"{chosen.tls_cert} and {chosen.tls_key} cannot be used.",
            "Both are PEM files, the key is that of the certificate and has no password.",
        ) from problem
    from duo_lsp.gateway import handshake

    return handshake.over_tls(inside, context)


@contextlib.contextmanager
def _listening(chosen: Options) -> Generator[socket.socket, None, None]:
    address, port = chosen.place
    # With the protocol named asyncio turns Nagle's algorithm off; it would cost 40 ms an answer.
    with socket.socket(options.family(address), socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":  # elsewhere the option would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((str(address), port))
            listener.listen()
        except (OSError, OverflowError):
            where = f"at {address}" if chosen.listen else "on this machine"
            raise UsageError(
                f"Port {port} {where} cannot be used.",
                f"Choose another with {'--listen' if chosen.listen else '--port'}, or 0 to get a free one.",
            ) from None
        yield listener


class _Server(uvicorn.Server):
    """uvicorn, ending in time and with exit code 0, and telling when it listens."""

    def __init__(self, config: uvicorn.Config, listens: Callable[[], None], idle: Idling) -> None:
        super().__init__(config)
        self._listens = listens
        self._idle = idle
        self.deadline = threading.Timer(GRACE, os._exit, (0,))
        self.deadline.daemon = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()  # what is there now stays: to look through it every so often would hold up whoever asks just then
        self._listens()

    async def on_tick(self, counter: int) -> bool:
        if self._idle.is_over(self.server_state.total_requests, len(self.server_state.tasks)):
            self.end()
        return await super().on_tick(counter)

    def end(self) -> None:
        """End in good order, or without it when a thread does not let go."""
        if not self.should_exit:
            self.should_exit = True
            self.deadline.start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        # uvicorn's own would note the signal, raise it once more at the end and so die of it.
        self.end()
