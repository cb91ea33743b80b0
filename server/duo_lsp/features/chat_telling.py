"""How a person follows an answer as it comes: progress that they can cancel, and pieces for clients that want them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final
from uuid import uuid4

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer

CHUNK: Final = "duo/chat/chunk"
CAPABILITY: Final = "duoChat"
"""What a client sets to true among its experimental capabilities to get the pieces."""
TITLE: Final = "GitLab Duo Chat"
THINKING: Final = "thinking"
WRITING: Final = "writing"


class Telling:
    """Tells of one answer."""

    def __init__(self, server: DuoServer, id_: str) -> None:
        self._server = server
        self._id = id_
        self._token = str(uuid4())
        self._writes = False
        self._shown = False
        self._over = False

    @property
    def token(self) -> str:
        """Of the progress; by it the client cancels."""
        return self._token

    def heading(self, text: str) -> None:
        """What the file will have above the answer: an editor that shows the pieces puts them below it."""
        self._chunk("", heading=text)

    def piece(self, text: str) -> None:
        """More of the answer has come."""
        self._chunk(text)
        if self._shown and not self._writes:
            self._writes = True
            self._progress(lsp.WorkDoneProgressReport(message=WRITING, cancellable=True))

    async def begin(self) -> None:
        """Show progress, if the client can; nothing waits for it."""
        window = self._server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        with contextlib.suppress(Exception):  # whatever a client answers, the question goes on without it
            await self._server.window_work_done_progress_create_async(lsp.WorkDoneProgressCreateParams(self._token))
            if not self._over:
                self._shown = True
                self._progress(lsp.WorkDoneProgressBegin(TITLE, message=THINKING, cancellable=True))

    def end(self) -> None:
        """There is no more."""
        self._over = True
        self._chunk("", done=True)
        if self._shown:
            self._progress(lsp.WorkDoneProgressEnd())

    def _chunk(self, text: str, *, done: bool = False, **more: str) -> None:
        wanted = self._server.client_capabilities.experimental
        if isinstance(wanted, dict) and wanted.get(CAPABILITY) is True:
            self._server.protocol.notify(CHUNK, {"id": self._id, "text": text, "done": done, **more})

    def _progress(
        self, value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressReport | lsp.WorkDoneProgressEnd
    ) -> None:
        self._server.progress(lsp.ProgressParams(self._token, value))


class Cancelling:
    """Which answer a progress belongs to; bounded by the answers under way."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[object]] = {}

    def watch(self, token: str, task: asyncio.Task[object]) -> None:
        """Cancelling this progress cancels that task."""
        self._tasks[token] = task
        task.add_done_callback(lambda _: self._tasks.pop(token, None))

    def cancel(self, token: object) -> None:
        """The person wants no more of it."""
        task = self._tasks.get(token) if isinstance(token, str) else None
        if task is not None:
            task.cancel()
