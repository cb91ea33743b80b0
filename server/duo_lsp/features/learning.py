"""`$/progress` while the local engine learns a folder, where that takes long, for editors that show it."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import uuid4

from lsprotocol import types as lsp

from duo_lsp.features.progress import can_show
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.session import DuoServer

PATIENCE: Final = 2.0
"""Seconds before it is worth a word."""
PAUSE: Final = 0.5
"""Seconds between two words."""
_TRIES: Final = 20
TITLE: Final = "Learning this folder"


def register(server: DuoServer) -> None:
    """Watch who answers from now on."""
    server.status.watch(Learning(server).look)


class Learning:
    """One progress at most for each engine and set of folders."""

    def __init__(self, server: DuoServer) -> None:
        self._server = server
        self._seen: tuple[Upstream | None, tuple[str, ...]] = (None, ())
        self._task: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Another engine may have begun, or other folders."""
        upstream = self._server.upstream
        here = upstream, self._server.folders
        if upstream is None or not upstream.local or here == self._seen or not can_show(self._server):
            return
        if self._task is not None:
            self._task.cancel()
        self._seen, self._task = here, asyncio.ensure_future(self._show(upstream))

    async def _show(self, upstream: Upstream) -> None:
        for _ in range(_TRIES):  # somebody else starts the engine
            if upstream.ready():
                break
            await asyncio.sleep(PAUSE)
        await asyncio.sleep(PATIENCE)
        learnt = await upstream.learnt()
        if learnt is None or learnt >= 1:
            return
        token = str(uuid4())
        try:
            await self._server.window_work_done_progress_create_async(lsp.WorkDoneProgressCreateParams(token))
        except Exception:  # noqa: BLE001 - a client that does not answer well goes without
            return
        self._tell(token, lsp.WorkDoneProgressBegin(TITLE, cancellable=False, percentage=int(100 * learnt)))
        try:
            while learnt is not None and learnt < 1:
                self._tell(token, lsp.WorkDoneProgressReport(percentage=int(100 * learnt)))
                await asyncio.sleep(PAUSE)
                learnt = await upstream.learnt()
        finally:
            self._tell(token, lsp.WorkDoneProgressEnd())

    def _tell(
        self, token: str, value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressReport | lsp.WorkDoneProgressEnd
    ) -> None:
        self._server.progress(lsp.ProgressParams(token, value))
