"""The beginning of a connection over TLS: it counts and is timed before there is anything to talk about."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from duo_lsp.gateway import connection
from duo_lsp.gateway.connection import Connection

CROWD = 2
"""For each connection that may be; of those above the limit some are let in to be told so, and no more than this."""


class Handshake(asyncio.Protocol):
    """One client that is not yet known to speak TLS; asyncio's own servers tell nobody of it."""

    context: ssl.SSLContext
    inside: type[Connection] = Connection
    seconds = connection.HEADERS
    """How long it may take."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._loop = _loop or asyncio.get_running_loop()
        self._inside = self.inside(config, server_state, app_state, self._loop)
        self._connections = cast("set[Any]", server_state.connections)
        self._shaking: asyncio.Task[None] | None = None
        self._early = bytearray()
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are far too many already."""
        self._transport: asyncio.Transport = cast("asyncio.Transport", transport)
        if len(self._connections) >= CROWD * self.inside.most:
            self._transport.abort()
            return
        self._connections.add(self)
        self._shaking = self._loop.create_task(self._shake(self._transport))

    def data_received(self, data: bytes) -> None:
        """A client may ask with its last word of the handshake, before we know that it has come to its end."""
        self._early += data

    def connection_lost(self, _: Exception | None) -> None:
        """It has gone just then."""
        self._lost = True

    def shutdown(self) -> None:
        """Give it up: the server ends."""
        self._transport.abort()

    async def _shake(self, transport: asyncio.Transport) -> None:
        try:
            inner = await self._loop.start_tls(
                transport,
                self,
                self.context,
                server_side=True,
                ssl_handshake_timeout=self.seconds,
                ssl_shutdown_timeout=self.seconds,
            )
        except OSError:  # no TLS, not in time, or gone
            transport.abort()
            return
        finally:
            self._connections.discard(self)
        if inner is not None and not self._lost:
            self._inside.connection_made(inner)
            inner.set_protocol(self._inside)
            if self._early:
                self._inside.data_received(bytes(self._early))


def over_tls(inside: type[Connection], context: ssl.SSLContext) -> type[Handshake]:
    """Connections of this kind, over TLS."""
    return type("OverTls", (Handshake,), {"inside": inside, "context": context})
