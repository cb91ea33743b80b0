"""Asks, one question of a conversation at a time, and keeps what became of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import uuid4

import attrs

from duo_lsp.chat import request
from duo_lsp.chat.asked import Asked, Item, Selection
from duo_lsp.chat.conversation import Conversation, Exchange
from duo_lsp.chat.saying import Saying
from duo_lsp.chat_errors import InterruptedAnswerError
from duo_lsp.errors import DuoError, UsageError
from duo_lsp.privacy import hidden
from duo_lsp.wire_chat import ChatRequest, ChatTransport

log = logging.getLogger(__name__)

_BEGIN: Final = "/reset"
"""GitLab leaves out what was said before; every version knows it (GitLab documentation, slash commands)."""
OnText = Callable[[str], None]


class Surroundings(Protocol):
    """What a conversation stands in."""

    async def transport(self) -> ChatTransport:
        """Who is asked now, the same object for as long as it is the same. Raises DuoError when there is nobody."""

    async def kept_at_home(self, uri: str, path: str) -> str:
        """Why a file may not go along to whoever is asked now, in a sentence; empty when it may. Raises DuoError."""

    def path_of(self, name: str) -> str:
        """Where a file of the workspace is that a person names."""

    @property
    def redacts(self) -> bool:
        """Whether secrets become stars."""

    def now(self) -> datetime:
        """Where the person is."""

    def ended(self, exchange: Exchange) -> None:
        """Something has become of a question."""


class ExcludedError(UsageError):
    """A file that never leaves this machine."""

    state = "excluded"
    remedy = "Ask without it, or change the rule if it is your own."


@attrs.define
class _Line:
    """A conversation and who waits in it."""

    conversation: Conversation
    turn: asyncio.Lock = attrs.field(factory=asyncio.Lock)


class Chat:
    """Questions of one conversation wait for one another, those of two do not."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._line = _Line(Conversation(_name(), begun=True))
        self.last: Asked | None = None
        """What was asked last, whatever became of it."""

    def begin(self) -> None:
        """From now on it is a new conversation; what is being answered goes on."""
        self._line = _Line(Conversation(_name()))

    def again(self) -> Asked:
        """What was asked last. Raises UsageError."""
        if self.last is None:
            raise UsageError("Nothing was asked yet.", "Ask a question first.")
        return self.last

    def ask(self, asked: Asked, on_text: OnText, *, id_: str = "") -> Coroutine[Any, Any, Exchange]:
        """What becomes of a question; never raises DuoError. Cancelling it stops the asking at once.

        It belongs to the conversation of now, whenever it is awaited.
        """
        self.last = asked
        return self._ask(self._line, asked, on_text, id_ or _name())

    async def _ask(self, line: _Line, asked: Asked, on_text: OnText, id_: str) -> Exchange:
        saying = Saying(on_text)
        exchange = Exchange(id_, asked, self._around.now(), warnings=_warnings(asked))
        try:
            async with line.turn:
                answer = await self._answer(line.conversation, asked, saying)
            exchange = exchange.answered(saying.whole(answer))
        except DuoError as error:
            log.info("no answer in the chat: %s", type(error).__name__)
            exchange = exchange.failed(
                saying.partly(error.partial if isinstance(error, InterruptedAnswerError) else ""), error
            )
        except asyncio.CancelledError:
            self._around.ended(exchange.stopped(saying.end()))
            raise
        self._around.ended(exchange)
        return exchange

    async def _answer(self, conversation: Conversation, asked: Asked, saying: Saying) -> str:
        transport, made = await self._made(asked, conversation)
        if not (conversation.begun or made.forgets or made.with_clean_history):
            await transport.ask(ChatRequest(_BEGIN, conversation=conversation.name), lambda _: None)
        answer = await transport.ask(made, saying.take)
        conversation.begun = True
        return answer

    async def _made(self, asked: Asked, conversation: Conversation) -> tuple[ChatTransport, ChatRequest]:
        """Who is asked and what goes there: made anew when somebody else is to be asked meanwhile, by other rules."""
        while True:
            transport = await self._around.transport()
            await self._may_go(asked)
            redacts = self._around.redacts
            made = await asyncio.to_thread(request.request, asked, conversation.name, redact=redacts)
            if await self._around.transport() is transport:
                return transport, made

    async def _may_go(self, asked: Asked) -> None:
        files = [(asked.selection.uri, asked.selection.path)] if asked.selection else []
        files += [("", self._around.path_of(item.id)) for item in asked.items if item.category == "file"]
        for uri, path in files:
            if reason := await self._around.kept_at_home(uri, path):
                raise ExcludedError(f"This file is never sent: {reason}")


def _warnings(asked: Asked) -> tuple[str, ...]:
    """What nobody sees of the files that go along."""
    parts: list[Selection | Item] = [*([asked.selection] if asked.selection else []), *asked.items]
    told = []
    for part in parts:
        text, name = (part.text, part.name) if isinstance(part, Selection) else (part.content, part.id)
        if found := hidden.named(text):
            told.append(f"{name!r} has characters that nobody sees: {found}.")
    return tuple(told)


def _name() -> str:
    return uuid4().hex
