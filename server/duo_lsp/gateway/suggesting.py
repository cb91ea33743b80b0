"""The routes that suggest: GitLab's, and the AI gateway's own for who has its token."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from duo_lsp import languages, wire
from duo_lsp.gateway import forwarding, intent, leaving, play, reading, refusals, streaming, validation
from duo_lsp.gateway.engines import Completion, Engine, Streams
from duo_lsp.gateway.limit import Limits, Rule
from duo_lsp.gateway.play import Play
from duo_lsp.gateway.refusals import RefusedError
from duo_lsp.gateway.tokens import Tokens
from duo_lsp.gateway.turnstile import Turnstile
from duo_lsp.gateway.users import User

REASON = 200
"""Characters."""
# The gateway's names for languages, where they differ from the editors'; the others it leaves empty.
_LANGS = dict.fromkeys(("c", "cpp", "csharp", "go", "java", "php", "python", "ruby", "rust", "scala", "kotlin"), "")
_LANGS |= {"javascript": "js", "javascriptreact": "js", "typescript": "ts", "typescriptreact": "ts"}


class Suggesting:
    """Answers in GitLab's order: who asks, what they ask, how often, then the work."""

    def __init__(
        self, engine: Engine, tokens: Tokens, limits: Limits, rule: Rule, turnstile: Turnstile, played: Play
    ) -> None:
        self._engine = engine
        self._tokens = tokens
        self._limits = limits
        self._rule = rule
        self._turnstile = turnstile
        self._play = played

    async def suggest(self, request: Request) -> Response:
        """POST /code_suggestions/completions."""
        user = self._tokens.admit_to_suggestions(request, insist=self._play.wants_short_token)
        if not self._play.has(play.SUGGESTIONS):
            raise RefusedError(refusals.SWITCHED_OFF)
        asked = await self._admitted(request, user)
        if asked.stream and isinstance(self._engine, Streams):
            return await self._flowing(request, asked, self._engine)
        completion = await self._work(request, asked)
        if asked.stream and completion.text:
            return self._streamed(completion)
        return _answer(asked, completion, completion.model or self._engine.name)

    async def directly(self, request: Request) -> Response:
        """POST /v2/completions, on the AI gateway: a completion, always."""
        asked = await self._admitted(request, self._tokens.admit_directly(request))
        completion = await self._work(request, asked)
        return _completed(asked, completion, completion.model or self._engine.name)

    async def _admitted(self, request: Request, user: User) -> wire.SuggestionRequest:
        asked = validation.request(await reading.json_object(request))
        if not await self._limits.admits(self._rule, user.name):
            raise RefusedError(refusals.LIMITED)
        await self._play.strike(request.url.path)
        silence = wire.read_silence(request.headers.get(wire.SILENCE_HEADER))
        return forwarding.forwarded(attrs.evolve(asked, silence=silence))

    async def _work(self, request: Request, asked: wire.SuggestionRequest) -> Completion:
        async with self._turnstile.place():
            return await leaving.unless_gone(request, self._engine.complete(asked))

    async def _flowing(self, request: Request, asked: wire.SuggestionRequest, engine: Streams) -> Response:
        """The suggestion while it is made, once its first piece is there."""
        pieces = self._pieces(asked, engine)
        first = await leaving.unless_gone(request, _next(pieces))
        who = first.model or self._engine.name
        if not first.text:
            await pieces.aclose()
            return _answer(asked, first, who)
        texts = (piece.text async for piece in pieces)
        if self._play.legacy_stream:
            return streaming.Flow(first.text, texts, pieces)
        return streaming.Flow(
            first.text, texts, pieces, start=wire.stream_start(model=who, engine="duo-lsp", created=_now())
        )

    async def _pieces(self, asked: wire.SuggestionRequest, engine: Streams) -> AsyncGenerator[Completion, None]:
        async with self._turnstile.place(), aclosing(engine.stream(asked)) as pieces:
            async for piece in pieces:
                yield piece

    def _streamed(self, completion: Completion) -> Response:
        if self._play.legacy_stream:
            return streaming.raw(completion.text)
        return streaming.events(
            completion.text, model=completion.model or self._engine.name, engine="duo-lsp", created=int(time.time())
        )


async def _next(pieces: AsyncGenerator[Completion, None]) -> Completion:
    return await anext(pieces, Completion())


def _answer(asked: wire.SuggestionRequest, completion: Completion, engine: str) -> JSONResponse:
    if intent.of(asked) == "completion":
        return _completed(asked, completion, engine)
    body = wire.generation_body(completion.text, model=engine, engine="duo-lsp", lang=_lang(asked), created=_now())
    return JSONResponse(body, headers=_reason(completion))


def _completed(asked: wire.SuggestionRequest, completion: Completion, engine: str) -> JSONResponse:
    body = wire.completion_body(completion.text, model=engine, engine="duo-lsp", lang=_lang(asked), created=_now())
    return JSONResponse(body, headers=_reason(completion))


def _reason(completion: Completion) -> dict[str, str]:
    """Why there is nothing, where there is nothing."""
    return {} if completion.text else refusals.reason(completion.reason, REASON)


def _now() -> int:
    return int(time.time())


def _lang(asked: wire.SuggestionRequest) -> str:
    file = asked.current_file
    language = languages.of(file.file_name).id or file.language_identifier or ""
    return _LANGS[language] or language if language in _LANGS else ""
