"""workspace/didChangeWatchedFiles: what changes on the disk without the editor, such as by a checkout."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import uuid4

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer

_ASKS_THE_PERSON: Final = ("emacs",)
"""lsp-mode, which asks whether it may watch as soon as a workspace has some more folders."""
_EVERYTHING: Final = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher("**/*")])


def register(server: DuoServer) -> None:
    """Take in what an editor sees change, and ask it to look once somebody learns from the workspace."""

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: lsp.DidChangeWatchedFilesParams) -> None:
        server.in_force.files_changed([change.uri for change in params.changes])

    server.status.watch(Watching(server).look)


class Watching:
    """Asks the editor once, when the local engine answers for the first time."""

    def __init__(self, server: DuoServer) -> None:
        self._server = server
        self._asking: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Something may have begun."""
        upstream = self._server.upstream
        if self._asking is None and upstream is not None and upstream.local and _can(self._server):
            self._asking = asyncio.ensure_future(self._ask())

    async def _ask(self) -> None:
        wanted = lsp.Registration(str(uuid4()), lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, _EVERYTHING)
        try:
            await self._server.client_register_capability_async(lsp.RegistrationParams([wanted]))
        except Exception:  # noqa: BLE001 - a client that does not want to tells only of what it saves
            return


def _can(server: DuoServer) -> bool:
    workspace = server.client_capabilities.workspace
    watches = workspace.did_change_watched_files if workspace is not None else None
    return bool(watches and watches.dynamic_registration) and server.client_name.lower() not in _ASKS_THE_PERSON
