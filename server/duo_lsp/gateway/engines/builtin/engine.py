"""Answers requests in threads of their own, from whatever was learnt so far."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from duo_lsp import wire, wire_chat
from duo_lsp.gateway.engines import Completion, IndexState, Turn
from duo_lsp.gateway.engines.builtin import suggestion
from duo_lsp.gateway.engines.builtin.lines import Lines
from duo_lsp.gateway.engines.builtin.workspace import Workspace

PATIENCE = 0.05
"""Seconds to wait for whoever answers; requests without end must not keep the workspace from being read."""


class Builtin:
    """The engine that is always there."""

    name = "builtin"
    chats = False
    remote = False

    def __init__(self) -> None:
        self._busy = Busy()
        self._lines = Lines()
        self._workspace = Workspace(self._busy.wait, read=self._lines.read)

    @property
    def index(self) -> IndexState:
        """How far the workspace's index is."""
        return self._workspace.state

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

    def use_workspaces(self, folders: tuple[Path, ...]) -> None:
        """Learn from these folders, in the background."""
        self._workspace.use(folders)

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """Learn from these files as they are now, in the background."""
        self._workspace.changed(paths)

    async def close(self) -> None:
        """Stop learning."""
        self._workspace.use(())

    def _complete(self, request: wire.SuggestionRequest) -> Completion:
        with self._busy.working():
            return suggestion.suggest(request, self._workspace.present, self._lines.read)


class Busy:
    """Lets the one who learns wait while someone answers, but never for long."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._count = 0
        self._idle = threading.Event()
        self._idle.set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """While someone answers."""
        self._add(1)
        try:
            yield
        finally:
            self._add(-1)

    def wait(self) -> None:
        """Return when nobody answers, or after a while."""
        self._idle.wait(self._patience)

    def _add(self, change: int) -> None:
        with self._lock:
            self._count += change
            if self._count:
                self._idle.clear()
            else:
                self._idle.set()
