"""`$/progress` while a generation takes long, for editors that show it."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import uuid4

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer

PATIENCE: Final = 1.0
"""Seconds before it is worth a word."""
TITLE: Final = "GitLab Duo is writing"


def register(server: DuoServer) -> None:
    """Watch the generations from now on."""
    server.status.watch(Progress(server).look)


class Progress:
    """At most one at a time: from one second after a generation began until none is under way."""

    def __init__(self, server: DuoServer) -> None:
        self._server = server
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._refused = False

    def look(self) -> None:
        """Something may have begun or ended."""
        if not self._server.status.writing:
            self._over.set()
        elif (self._task is None or self._task.done()) and can_show(self._server) and not self._refused:
            self._over = asyncio.Event()
            self._task = asyncio.ensure_future(self._show(self._over))
            self._task.add_done_callback(lambda _: self.look())  # the next one may have begun meanwhile

    async def _show(self, over: asyncio.Event) -> None:
        if await _within(over, PATIENCE):
            return
        token = str(uuid4())
        try:
            await self._server.window_work_done_progress_create_async(lsp.WorkDoneProgressCreateParams(token))
        except Exception:  # noqa: BLE001 - a client that does not answer well once is not asked again
            self._refused = True
            return
        self._tell(token, lsp.WorkDoneProgressBegin(TITLE, cancellable=False))
        await over.wait()
        self._tell(token, lsp.WorkDoneProgressEnd())

    def _tell(self, token: str, value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressEnd) -> None:
        self._server.progress(lsp.ProgressParams(token, value))


async def _within(over: asyncio.Event, seconds: float) -> bool:
    """Whether it is over in this time."""
    waiting = asyncio.ensure_future(over.wait())
    done, _ = await asyncio.wait({waiting}, timeout=seconds)
    waiting.cancel()
    return bool(done)


def can_show(server: DuoServer) -> bool:
    """Whether the editor shows progress that we begin."""
    window = server.client_capabilities.window
    return window is not None and bool(window.work_done_progress)
