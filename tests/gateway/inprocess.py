"""A gateway behind a real socket, in this process."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.types import ASGIApp

from duo_lsp.gateway.connection import Connection
from waiting import until


@contextmanager
def serving(app: ASGIApp, connection: type[asyncio.Protocol] = Connection) -> Iterator[int]:
    """Its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        config = uvicorn.Config(app, http=connection, ws="none", lifespan="off", log_config=None, timeout_keep_alive=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        until(lambda: server.started)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


def call(port: int) -> socket.socket:
    """A connection."""
    return socket.create_connection(("127.0.0.1", port), 20)


def answered(wire: socket.socket) -> tuple[int, bytes, bytes]:
    """Status, head and body of an answer."""
    answer = http.client.HTTPResponse(wire)
    answer.begin()
    return answer.status, str(answer.headers).lower().encode(), answer.read()
