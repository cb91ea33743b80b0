"""workspace/didChangeWorkspaceFolders."""

from __future__ import annotations

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer


def register(server: DuoServer) -> None:
    """Add folders that come and go while the editor runs; pygls has noted them already."""

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(_: lsp.DidChangeWorkspaceFoldersParams) -> None:
        server.in_force.folders_changed()
