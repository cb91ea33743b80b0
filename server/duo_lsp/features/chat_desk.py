"""Where questions of one editor come in, and answers go out."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from uuid import uuid4

import attrs
from lsprotocol import types as lsp

from duo_lsp.chat import page, wish
from duo_lsp.chat.actions import Action
from duo_lsp.chat.asked import Asked
from duo_lsp.chat.conversation import INTERRUPTED, OK, STOPPED, Exchange
from duo_lsp.chat.pages import Written
from duo_lsp.chat.wish import Wish
from duo_lsp.chatting import EditorChat
from duo_lsp.errors import DuoError, UsageError
from duo_lsp.features import aloud
from duo_lsp.features.chat_telling import Cancelling, Telling
from duo_lsp.session import DuoServer

NO_SHOW: Final = "none"
_NEVER_READS_AGAIN: Final = ("helix",)
"""It shows a file that it has open as it was then."""


class Desk:
    """Answers commands; loaded with all of chat when the first one comes."""

    def __init__(self, server: DuoServer) -> None:
        self._server = server
        self.editor_chat = EditorChat(server)
        self.cancelling = Cancelling()

    def begin(self) -> None:
        """A new conversation."""
        self.editor_chat.chat.begin()
        aloud.say(self._server, "The next question begins a new conversation.")

    async def answer(self, arguments: tuple[object, ...], action: Action | None) -> dict[str, Any]:
        """The result of a command; what goes wrong stands in it."""
        try:
            wished = wish.read(arguments)
            if action is None and wished.is_to_look:
                return await self._look()
            asked = self.editor_chat.asked(wished, action)
        except DuoError as error:
            return self._refused(error)
        if wished.new_conversation:
            self.editor_chat.chat.begin()
        return await self._answer(asked, wished)

    async def answer_again(self, arguments: tuple[object, ...]) -> dict[str, Any]:
        """The same for what was asked last."""
        try:
            wished, asked = wish.read(arguments), self.editor_chat.chat.again()
        except DuoError as error:
            return self._refused(error)
        return await self._answer(asked, wished)

    def _refused(self, error: DuoError) -> dict[str, Any]:
        aloud.say(self._server, str(error), lsp.MessageType.Warning)
        return {"answer": str(error), "interrupted": False, "state": error.state}

    async def _look(self) -> dict[str, Any]:
        """Show what was said so far. Raises UsageError where nobody has asked anything."""
        written = await asyncio.to_thread(self._server.pages.latest, self._server.folders)
        if written is None:
            raise UsageError("Nobody has asked anything in this folder yet.", "Ask about the code first.")
        return {"answer": "", "interrupted": False, "state": OK, "uri": self._shown(written)}

    async def _answer(self, asked: Asked, wished: Wish) -> dict[str, Any]:
        id_ = wished.id or uuid4().hex
        asked = attrs.evolve(asked, kept=self._is_shown(wished))
        telling = Telling(self._server, id_)
        if asked.kept:
            telling.heading(page.heading(asked, self.editor_chat.now()))
        task = asyncio.ensure_future(self.editor_chat.chat.ask(asked, telling.piece, id_=id_))
        self.cancelling.watch(telling.token, task)
        beginning = asyncio.ensure_future(telling.begin())
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            telling.end()
            self._server.later(_done(beginning))
        if task.cancelled():
            return {"answer": STOPPED, "interrupted": True, "state": INTERRUPTED}
        return await self._result(task.result())

    async def _result(self, exchange: Exchange) -> dict[str, Any]:
        result = {"answer": exchange.shown, "interrupted": exchange.interrupted, "state": exchange.state}
        for warning in exchange.warnings:
            self._server.tell(warning)
        if not exchange.asked.kept:
            return result
        written = await self.editor_chat.written()
        if written is None:
            return result
        return {**result, "uri": self._shown(written)}

    def _shown(self, written: Written) -> str:
        """Show it beside what goes on; its URI."""
        self._server.later(self._show(written))
        return written.path.as_uri()

    def _is_shown(self, wished: Wish) -> bool:
        """Whether there is a file to look at: as the client wants it, by default where it can show one."""
        return wished.show != NO_SHOW and (bool(wished.show) or self._can_show)

    @property
    def _can_show(self) -> bool:
        window = self._server.client_capabilities.window
        return window is not None and window.show_document is not None and bool(window.show_document.support)

    async def _show(self, written: Written) -> None:
        """Beside the code, which keeps the cursor; whatever the client answers, the answer is in the result, too."""
        if not self._can_show:
            return
        if self._server.client_name.lower() in _NEVER_READS_AGAIN:
            written = await asyncio.to_thread(self._server.pages.copied, written)
        here = lsp.Position(written.line, 0)
        params = lsp.ShowDocumentParams(
            written.path.as_uri(), external=False, take_focus=False, selection=lsp.Range(here, here)
        )
        await asyncio.wait({asyncio.ensure_future(_asked(self._server, params))})


async def _asked(server: DuoServer, params: lsp.ShowDocumentParams) -> None:
    try:
        await server.window_show_document_async(params)
    except Exception as problem:  # noqa: BLE001 - a client that cannot after all
        server.tell(f"The answer stands in {params.uri}; the editor did not show it ({type(problem).__name__}).")


async def _done(task: asyncio.Task[None]) -> None:
    await asyncio.wait({task})
