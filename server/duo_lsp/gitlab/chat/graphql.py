"""The chat over GraphQL: a question is handed in, then it is asked whether the answer is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import cachetools

from duo_lsp import wire
from duo_lsp.chat_errors import UnreadableError
from duo_lsp.errors import (
    BadAnswerError,
    BrokenError,
    DuoError,
    LimitedError,
    NoAccessError,
    OfflineError,
    UpstreamError,
)
from duo_lsp.gitlab import answers
from duo_lsp.gitlab.chat import apologies, documents, said_no
from duo_lsp.gitlab.chat.actions import Actions
from duo_lsp.gitlab.chat.documents import CONVERSATION, DISPENSABLE, THREAD, Message, SaidNoError, Started
from duo_lsp.gitlab.chat.rest import Asker
from duo_lsp.gitlab.chat.said import Deadlines, OnText, Said, Watch
from duo_lsp.gitlab.chat.words import CHAT, for_chat, no_model
from duo_lsp.gitlab.http.calls import MAX_CHAT_ANSWER, Call
from duo_lsp.wire_chat import NO_MODEL, ChatRequest

LOOKS_GROW: Final = 1.5
TRIES: Final = 3
"""Looks in a row that may fail before the question is given up."""
THREADS: Final = 64
"""Conversations whose place at the instance is remembered."""
PATIENCE: Final = 5.0
"""Seconds for what only explains a refusal."""
_GONE: Final = "hread not found"
T = TypeVar("T")


class GraphQLChat:
    """`aiAction`, then `aiMessages`; what an instance does not know is left out from then on."""

    def __init__(
        self,
        asker: Asker,
        deadlines: Deadlines | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`clock` gives seconds, monotonic; `sleep` waits between two looks."""
        self.host = asker.host
        self.actions = Actions(clock)
        self._asker = asker
        self._deadlines = deadlines or Deadlines()
        self._sleep = sleep
        self._unknown: frozenset[str] = frozenset()
        self._threads: cachetools.LRUCache[str, str] = cachetools.LRUCache(THREADS)
        self._anew: cachetools.LRUCache[str, bool] = cachetools.LRUCache(THREADS)
        """Conversations that are to begin anew with their next question."""

    async def ask(self, request: ChatRequest, on_text: OnText) -> str:
        """The whole answer, which comes at once. Raises DuoError."""
        if request.forgets and request.conversation and self._has_threads:
            self._threads.pop(request.conversation, None)
            self._anew[request.conversation] = True
            return ""  # nothing to send: the next question begins a conversation of its own
        said = Said(on_text)
        watch = Watch(self._deadlines, self.host, said)
        try:
            async with watch.watching():
                started = await self._start(request, watch)
                if not request.forgets:
                    message = await self._answer(started, request, watch)
                    if message.errors:
                        raise apologies.unnamed(message.errors[0], self.host)
                    if message.content.startswith(NO_MODEL):  # our own gateway, which plays a GitLab without REST
                        raise no_model(message.content)
                    said.add(message.content)
                return said.whole(self.host, may_be_empty=request.forgets)
        except SaidNoError as no:
            raise for_chat(await self._meant(no, request)) from None
        except DuoError as error:
            raise for_chat(error) from error.__cause__

    @property
    def _has_threads(self) -> bool:
        """Whether the instance keeps conversations apart, as far as is known."""
        return not self._unknown & {CONVERSATION, THREAD}

    async def _start(self, request: ChatRequest, watch: Watch) -> Started:
        """Hand the question in, in its conversation or in one of its own where there are such."""
        clean = bool(request.with_clean_history)
        thread = "" if clean else self._threads.get(request.conversation, "")
        fresh = not thread and (clean or bool(request.conversation)) and not request.forgets
        if (clean or request.conversation in self._anew) and not self._has_threads:
            await self._act(ChatRequest("/reset"), "", watch, fresh=False)
        try:
            started = await self._act(request, thread, watch, fresh=fresh)
        except SaidNoError as no:
            if not thread or not any(_GONE in message for message in no.messages):
                raise
            del self._threads[request.conversation]
            return await self._start(request, watch)
        self._anew.pop(request.conversation, None)
        if request.conversation and fresh and not clean:
            self._threads[request.conversation] = started.thread
        return started

    async def _act(self, request: ChatRequest, thread: str, watch: Watch, *, fresh: bool) -> Started:
        """Once more without what the instance does not know; what it does not know it has not carried out."""
        self.actions.take(self.host)
        body = documents.action(request, self._unknown, thread, fresh=fresh)
        try:
            return self._read(documents.read_action, await self._post(body, watch, request))
        except DuoError:
            self.actions.give_back()
            raise
        except SaidNoError as no:
            if no.unknown:
                self.actions.give_back()
            news = no.unknown - self._unknown
            if not news or not news <= DISPENSABLE or (documents.PROJECT in news and request.resource_type == "commit"):
                raise
            self._unknown |= news
            again = self._act(request, thread, watch, fresh=fresh) if self._has_threads else self._start(request, watch)
            return await again

    async def _answer(self, started: Started, request: ChatRequest, watch: Watch) -> Message:
        """Look again and again, each time a little later, until it is there."""
        pause, failures = self._deadlines.first_look, 0
        while True:
            await self._sleep(pause)
            pause = min(pause * LOOKS_GROW, self._deadlines.longest_look)
            try:
                message = await self._look(started, request, watch)
            except (BrokenError, OfflineError, LimitedError) as problem:
                failures += 1
                if failures >= TRIES:
                    raise
                pause = max(pause, problem.rest if isinstance(problem, LimitedError) else 0.0)
                continue
            failures = 0
            if message is not None:
                return message

    async def _look(self, started: Started, request: ChatRequest, watch: Watch) -> Message | None:
        body = await self._post(documents.messages(started.request_id, started.thread), watch, request)
        return self._read(lambda value: documents.read_messages(value, started.request_id), body)

    async def _post(self, body: Mapping[str, Any], watch: Watch, request: ChatRequest) -> object:
        headers = {"Referer": request.referer_url} if request.referer_url else {}
        call = Call("POST", wire.GRAPHQL_PATH, body, headers, most=MAX_CHAT_ANSWER, slow=True, feature=CHAT)
        value = await self._asker.ask(call, answers.value)
        watch.alive()
        return value

    def _read(self, read: Callable[[object], T], value: object) -> T:
        try:
            return read(value)
        except ValueError as problem:
            raise BadAnswerError(f"{self.host} sent an answer we cannot read: {problem}.") from problem

    async def _meant(self, no: SaidNoError, request: ChatRequest) -> UpstreamError:
        """The error; where GitLab leaves open whether it is about the person or about the resource, it is asked."""
        error = said_no.meant(no, request, self.host)
        if not isinstance(error, NoAccessError | UnreadableError):
            return error
        try:
            async with asyncio.timeout(PATIENCE):
                call = Call("POST", wire.GRAPHQL_PATH, {"query": documents.AVAILABLE}, feature=CHAT)
                available = documents.read_available(await self._asker.ask(call, answers.value))
        except (DuoError, TimeoutError):
            return error
        return said_no.explained(error, self.host, available=available)
