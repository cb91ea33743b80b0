"""The chat of one editor: a command's arguments in, a question with its code out, and the file it is written to."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from duo_lsp.chat import selecting
from duo_lsp.chat.actions import Action
from duo_lsp.chat.asked import Asked, Selection
from duo_lsp.chat.conversation import Exchange
from duo_lsp.chat.pages import Written
from duo_lsp.chat.service import Chat
from duo_lsp.chat.wish import Wish
from duo_lsp.errors import DuoError, UsageError
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.session import DuoServer
from duo_lsp.suggestions.gate import Gate
from duo_lsp.wire_chat import ChatTransport

log = logging.getLogger(__name__)


class EditorChat:
    """What a conversation stands in, in an editor."""

    def __init__(self, server: DuoServer) -> None:
        self._server = server
        self._gate = Gate()
        self._writing: asyncio.Task[Written | None] | None = None
        self.chat = Chat(self)

    # a question

    def asked(self, wish: Wish, action: Action | None = None) -> Asked:
        """The question and the code it is about. Raises UsageError."""
        selection = self._selection(wish, function=action is not None)
        notes = wish.notes if action is None or action.mends else ()
        if action is None:
            return _asked(wish, wish.question, selection, notes)
        if selection is None:
            raise UsageError("Nothing is selected, and there is no function here.", "Select the code first.")
        question = f"{action.title}: {wish.question}" if wish.question.strip() else action.title
        return _asked(wish, question, selection, notes, action.instruction(wish.question, notes))

    def _selection(self, wish: Wish, *, function: bool) -> Selection | None:
        if not wish.uri or self._server.pages.holds(wish.uri):
            if wish.selection and not wish.uri:
                return selecting.of_text(wish, self._server.folders)
            return None
        document = self._server.workspace.open_at(wish.uri)
        if document is None:
            if wish.selection is None:
                raise UsageError("The editor has not opened this document here.", "Open it, or send its selection.")
            return selecting.of_text(wish, self._server.folders)
        return selecting.of_document(document, wish, self._server.folders, function=function)

    # what the chat wants to know

    async def transport(self) -> ChatTransport:
        """The way to whoever answers now."""
        return (await self._who_answers()).chat()

    async def kept_at_home(self, uri: str, path: str) -> str:
        """What every rule says."""
        upstream = await self._who_answers()
        if self._server.pages.is_one(path):
            return "it is the conversation itself."
        settings = self._server.resolved.settings
        return await self._gate.kept_at_home(uri, path, self._server.folders, settings, upstream.in_chat)

    async def _who_answers(self) -> Upstream:
        upstream = await self._server.who_answers()
        if upstream is None:
            raise UsageError("The settings are not in force yet.", "Ask again in a moment.")
        return upstream

    def path_of(self, name: str) -> str:
        """A file in the first folder of the workspace."""
        if name.startswith("/") or not self._server.folders:
            return name
        return f"{self._server.folders[0]}/{name}"

    @property
    def redacts(self) -> bool:
        """What the settings say."""
        return self._server.resolved.settings.code_completion.enable_secret_redaction

    def now(self) -> datetime:
        """On this machine."""
        return self._server.status.clock()

    # the file

    def ended(self, exchange: Exchange) -> None:
        """Write it beside what goes on, one after the other; not what the client wanted to have returned only."""
        if not exchange.asked.kept:
            return
        self._writing = asyncio.ensure_future(self._write(exchange, self._writing))
        self._server.later(_awaited(self._writing))

    async def written(self) -> Written | None:
        """The file, and where in it the newest question stands; None when it could not be written."""
        writing = self._writing  # another question may put its own there meanwhile
        if writing is None:
            return None
        await asyncio.wait({writing})
        return writing.result()

    async def _write(self, exchange: Exchange, before: asyncio.Task[Written | None] | None) -> Written | None:
        if before is not None:
            await asyncio.wait({before})
        try:
            return await asyncio.to_thread(self._server.pages.append, self._server.folders, exchange)
        except DuoError as error:
            self._server.tell(str(error))
            return None


def _asked(
    wish: Wish, question: str, selection: Selection | None, notes: tuple[str, ...], instruction: str = ""
) -> Asked:
    return Asked(
        question,
        selection,
        wish.items,
        wish.resource,
        wish.referer_url,
        wish.client_subscription_id,
        wish.with_clean_history,
        instruction,
        notes=notes,
    )


async def _awaited(task: asyncio.Task[Written | None]) -> None:
    await asyncio.wait({task})
