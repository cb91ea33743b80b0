"""A gateway behind a real socket, in this process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.types import ASGIApp

from duo_lsp.gateway.connection import Connection
from waiting import until


@contextmanager
def serving(app: ASGIApp, connection: type[Connection] = Connection) -> Iterator[int]:
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
    said = b""
    while b"\r\n\r\n" not in said:
        said += wire.recv(65536) or b"\r\n\r\n"
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += wire.recv(65536)
    return int(head.split()[1]), head.lower(), body
