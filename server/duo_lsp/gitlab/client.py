"""One instance of GitLab's REST API: ours to ask, its answers and failures in our words."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from duo_lsp import wire
from duo_lsp.errors import BadAnswerError, CutShortError, InterceptedError, SlowError, TokenRefusedError, UpstreamError
from duo_lsp.gitlab import refusals
from duo_lsp.gitlab.event_stream import EventStream
from duo_lsp.gitlab.exchange import Call, Exchange, Reply
from duo_lsp.gitlab.token_source import TokenSource
from duo_lsp.privacy.secrets import Secret

if TYPE_CHECKING:
    from duo_lsp.gitlab.exchange import Transport

STREAM_HEADERS: Final = {"X-Supports-Sse-Streaming": "true"}
"""GitLab 17.7 and later send events to who says this, bare text to others."""
T = TypeVar("T")
OnText = Callable[[str], None]


@attrs.frozen
class Deadlines:
    """Seconds, each for a whole exchange from connecting to the last byte."""

    completion: float = 7.0
    generation: float = 30.0
    question: float = 5.0


class GitLabClient:
    """Speaks to one address with one person's token; keeps its connections until `close`."""

    def __init__(
        self,
        base_url: str,
        tokens: TokenSource,
        user_agent: str,
        *,
        deadlines: Deadlines | None = None,
        transport: Transport | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._exchange = Exchange(base_url, user_agent, transport=transport, wall=wall)
        self._tokens = tokens
        self._deadlines = deadlines or Deadlines()
        self._wall = wall
        self.host = self._exchange.host

    async def complete(self, request: wire.SuggestionRequest, on_text: OnText | None = None) -> wire.Answer:
        """Ask for a suggestion; `on_text` is given each new piece of a streamed text as it comes.

        Raises UpstreamError, in one of its kinds: CutShortError when a stream ends early, whatever has come of it.
        """
        generation = request.intent == "generation"
        seconds = self._deadlines.generation if generation else self._deadlines.completion
        headers = STREAM_HEADERS if request.stream else {}
        call = Call("POST", wire.COMPLETIONS_PATH, seconds, request.body(), headers)

        async def read(reply: Reply) -> wire.Answer:
            if reply.kind == "text/event-stream":
                return await _streamed(reply, on_text)
            return await _whole(reply)

        return await self._ask(call, read)

    async def version(self) -> str:
        """Which GitLab it is. Raises UpstreamError."""
        return await self._told(wire.VERSION_PATH, "version", "unknown")

    async def index(self) -> str:
        """How far the local gateway's index is: building, ready or none. Raises UpstreamError."""
        return await self._told(wire.HEALTH_PATH, "index", "none")

    async def close(self) -> None:
        """Give the connections back."""
        await self._exchange.close()

    async def _told(self, path: str, name: str, otherwise: str) -> str:
        body: Any = await self._ask(Call("GET", path, self._deadlines.question), _json)
        return str(body.get(name, otherwise))[:100] if isinstance(body, Mapping) else otherwise

    async def _ask(self, call: Call, read: Callable[[Reply], Awaitable[T]]) -> T:
        """Ask with the token of now; once more with another when this one is not valid any more."""
        try:
            async with asyncio.timeout(call.seconds):
                token = await self._tokens.current()
                try:
                    return await self._asked(call, token, read)
                except TokenRefusedError:
                    other = await self._tokens.renewed(token)
                    if other is None:
                        raise
                    return await self._asked(call, other, read)
        except TimeoutError as problem:
            raise SlowError(f"{self.host} did not answer within {call.seconds:g} s.") from problem

    async def _asked(self, call: Call, token: Secret, read: Callable[[Reply], Awaitable[T]]) -> T:
        async with self._exchange.open(call, {"Authorization": f"Bearer {token.reveal()}"}) as reply:
            if not reply.is_success:
                raise await self._refusal(reply)
            return await read(reply)

    async def _refusal(self, reply: Reply) -> UpstreamError:
        try:
            raw = await reply.body()
        except (BadAnswerError, CutShortError):  # the status says enough
            raw = b""
        page, now = _is_page(reply, raw), datetime.fromtimestamp(self._wall(), UTC)
        return refusals.of(reply.status, _parsed(raw), reply.headers, self.host, page=page, now=now)


async def _streamed(reply: Reply, on_text: OnText | None) -> wire.Answer:
    stream = EventStream(reply.headers.get(wire.STREAM_HEADER, ""))
    try:
        async for chunk in reply.chunks():
            new = stream.feed(chunk)
            if new and on_text is not None:
                on_text(new)
        return stream.end()
    except EOFError as problem:
        raise CutShortError(f"The answer of {reply.host} ended before its end.") from problem
    except ValueError as problem:
        raise BadAnswerError(f"{reply.host} sent a stream we cannot read.") from problem


async def _whole(reply: Reply) -> wire.Answer:
    try:
        answer = wire.read_answer(await _json(reply))
    except ValueError as problem:
        raise BadAnswerError(f"{reply.host} sent an answer we cannot read: {problem}.") from problem
    return attrs.evolve(answer, reason=reply.headers.get(wire.REASON_HEADER, "")[:200])


async def _json(reply: Reply) -> object:
    raw = await reply.body()
    body = _parsed(raw)
    if body is None and _is_page(reply, raw):
        raise InterceptedError(f"{reply.host} answered with a web page instead of a suggestion.")
    if body is None:
        raise BadAnswerError(f"{reply.host} answered with something that is no JSON instead of a suggestion.")
    return body


def _is_page(reply: Reply, raw: bytes) -> bool:
    """Whether this is HTML: by its looks, because what stands in between may call it JSON."""
    return raw.lstrip()[:1] == b"<" or (reply.kind == "text/html" and _parsed(raw) is None)


def _parsed(raw: bytes) -> object:
    """The JSON value; None when it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
