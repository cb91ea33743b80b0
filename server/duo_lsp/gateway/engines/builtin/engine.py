"""Answers requests in threads of their own, from whatever was learnt so far."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from importlib import import_module
from pathlib import Path

from duo_lsp import wire, wire_chat
from duo_lsp.gateway.engines import Completion, IndexState, Turn
from duo_lsp.gateway.engines.builtin import lexer, suggestion
from duo_lsp.gateway.engines.builtin.lines import Lines
from duo_lsp.gateway.engines.builtin.workspace import Workspace


class Builtin:
    """The engine that is always there."""

    name = "builtin"
    chats = False
    remote = False

    def __init__(self, megabytes: int = 5) -> None:
        """`megabytes` of text are learnt at most."""
        self._lines = Lines(lexer.read_line)
        self._workspace = Workspace(read=self._lines.read, room=megabytes * 1024 * 1024)

    @property
    def index(self) -> IndexState:
        """How far the workspace's index is."""
        return self._workspace.state

    @property
    def learnt(self) -> float:
        """How much of the workspace is, up to 1."""
        return self._workspace.learnt if self.index == "building" else 1.0

    async def complete(self, request: wire.SuggestionRequest) -> Completion:
        """The text to insert at the cursor; the same whatever the intent."""
        return await asyncio.to_thread(self._complete, request)

    async def chat(
        self,
        request: wire_chat.ChatRequest,  # noqa: ARG002 - the protocol's shape
        before: tuple[Turn, ...],  # noqa: ARG002
    ) -> AsyncGenerator[str, None]:
        """That nobody is there to answer, and how to change that."""
        # loaded only now, and not on the loop: it needs the HTTP library
        nearby = await asyncio.to_thread(import_module, "duo_lsp.gateway.models.nearby")
        yield f"{wire_chat.NO_MODEL} {await nearby.advice()}"

    def use_workspaces(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        """Learn from these folders, in the background."""
        self._workspace.use(folders, near)

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """Learn from these files as they are now, in the background."""
        self._workspace.changed(paths)

    async def close(self) -> None:
        """Stop learning."""
        self._workspace.use(())

    def _complete(self, request: wire.SuggestionRequest) -> Completion:
        self._workspace.asked()
        return suggestion.suggest(request, self._workspace.present, self._lines.read)
