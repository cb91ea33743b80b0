"""initialize, initialized, shutdown."""

from __future__ import annotations

from lsprotocol import types as lsp

from duo_lsp.features import completion
from duo_lsp.session import DuoServer


def register(server: DuoServer) -> None:
    """Add the beginning and the end of a session."""

    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        server.introduce(params)
        completion.register(server)

    @server.feature(lsp.INITIALIZED)
    async def initialized(_: lsp.InitializedParams) -> None:
        await server.apply_settings()
        await server.pull_settings()
        await server.apply_settings()

    @server.feature(lsp.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.end()
