"""POST /chat/completions: the answer is one JSON string, sent while the engine still speaks."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from duo_lsp import wire_chat
from duo_lsp.gateway import leaving, reading, refusals
from duo_lsp.gateway.chat import asking, talking
from duo_lsp.gateway.chat.history import Histories
from duo_lsp.gateway.chat.talking import EngineFailedError, Talk
from duo_lsp.gateway.play import REST_CHAT, Play
from duo_lsp.gateway.refusals import RefusedError
from duo_lsp.gateway.tokens import Tokens

LEGACY = ""
"""The one conversation a person has over REST."""


class RestChat:
    """Answers one question at a time in GitLab's order: who asks, what they ask, then the work."""

    def __init__(self, talk: Talk, histories: Histories, tokens: Tokens, play: Play) -> None:
        self._talk = talk
        self._histories = histories
        self._tokens = tokens
        self._play = play

    async def ask(self, request: Request) -> Response:
        """POST /chat/completions."""
        user = self._tokens.admit(request)
        if not self._play.has(REST_CHAT):
            raise RefusedError(refusals.NO_CHAT)
        asked = asking.request(await reading.json_object(request))
        if asked.resource_type == "commit" and asked.project_id is None:
            raise RefusedError(refusals.NO_CHAT)
        await self._play.strike(request.url.path)
        history = self._histories.of(user.name, LEGACY)
        pieces = self._talk.answer(asking.forwarded(asked), history, str(uuid.uuid4()))
        return await _spoken(request, pieces, has_model=self._talk.has_model)


async def _spoken(request: Request, pieces: AsyncGenerator[str, None], *, has_model: bool) -> Response:
    """The answer once its first piece is there: until then it may still be refused."""
    try:
        first = await leaving.unless_gone(request, _next(pieces))
    except EngineFailedError as failed:
        return JSONResponse(talking.APOLOGY, 201, refusals.reason(f"{failed}", wire_chat.LONGEST_REASON))
    return _JsonString(first, pieces, refusals.reason("" if has_model else first, wire_chat.LONGEST_REASON))


async def _next(pieces: AsyncGenerator[str, None]) -> str:
    return await anext(pieces, "")


class _JsonString(StreamingResponse):
    """A JSON string in pieces; when the client goes, so does the engine's work."""

    def __init__(self, first: str, pieces: AsyncGenerator[str, None], headers: dict[str, str]) -> None:
        super().__init__(_written(first, pieces), 201, headers, "application/json")
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._pieces):
            await super().__call__(scope, receive, send)


async def _written(first: str, pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    yield '"' + wire_chat.inside_string(first)
    async for piece in pieces:
        yield wire_chat.inside_string(piece)
    yield '"'
