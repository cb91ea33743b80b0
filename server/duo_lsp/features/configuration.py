"""workspace/didChangeConfiguration."""

from __future__ import annotations

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer


def register(server: DuoServer) -> None:
    """Add changed settings: pushed in the notification, or to be asked for."""

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: lsp.DidChangeConfigurationParams) -> None:
        server.learn("didChangeConfiguration", params.settings)
        await server.take_settings()
