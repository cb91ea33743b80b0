"""initialize, initialized, shutdown."""

from __future__ import annotations

from lsprotocol import types as lsp

from duo_lsp.protocol.warm_up import warm_up
from duo_lsp.session import DuoServer


def register(server: DuoServer) -> None:
    """Add the beginning and the end of a session."""

    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        server.introduce(params)

    @server.feature(lsp.INITIALIZED)
    async def initialized(_: lsp.InitializedParams) -> None:
        await server.take_settings()
        await warm_up(server.protocol.converter)

    @server.feature(lsp.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.end()
