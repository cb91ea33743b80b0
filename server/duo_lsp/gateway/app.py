"""The routes: GitLab's, answered by an engine, and one about our health."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from duo_lsp import __version__, languages, wire, wire_chat
from duo_lsp.gateway import forwarding, guard, reading, refusals, streaming, validation
from duo_lsp.gateway.chat.history import Histories
from duo_lsp.gateway.chat.rest import RestChat
from duo_lsp.gateway.chat.talking import Talk
from duo_lsp.gateway.engines import Completion, Engine
from duo_lsp.gateway.graphql import answering
from duo_lsp.gateway.limit import Window
from duo_lsp.gateway.play import Play
from duo_lsp.gateway.refusals import RefusedError
from duo_lsp.gateway.tokens import Tokens
from duo_lsp.gateway.turnstile import Turnstile

_SCOPES = ("api", "ai_features")

# The gateway's names for languages, where they differ from the editors'; the others it leaves empty.
_LANGS = dict.fromkeys(("c", "cpp", "csharp", "go", "java", "php", "python", "ruby", "rust", "scala", "kotlin"), "")
_LANGS |= {"javascript": "js", "javascriptreact": "js", "typescript": "ts", "typescriptreact": "ts"}


class Gateway:
    """Answers requests in GitLab's order: who asks, what they ask, how often, then the work."""

    def __init__(self, engine: Engine, tokens: Tokens, window: Window, play: Play) -> None:
        self._engine = engine
        self._tokens = tokens
        self._window = window
        self._play = play
        self._turnstile = Turnstile()

    async def health(self, _: Request) -> Response:
        """Whether it runs and what it has read; nothing here is worth a token."""
        return JSONResponse({"status": "ok", "index": self._engine.index})

    async def version(self, request: Request) -> Response:
        """Which GitLab this stands in for."""
        await self._admit(request)
        return JSONResponse({"version": self._play.gitlab, "revision": f"duo-lsp-{__version__}"})

    async def access_token(self, request: Request) -> Response:
        """GET /personal_access_tokens/self: what the token is and may."""
        await self._admit(request)
        return JSONResponse(wire.access_token_body("duo-lsp gateway", _SCOPES))

    async def oauth_token(self, request: Request) -> Response:
        """GET /oauth/token/info: the same for a token of OAuth, in other words."""
        await self._admit(request)
        return JSONResponse(wire.oauth_token_body(_SCOPES, created=int(time.time())))

    async def short_token(self, request: Request) -> Response:
        """POST /code_suggestions/tokens."""
        await self._admit(request)
        return JSONResponse(wire.short_token_body(self._tokens.issue(), created=int(time.time())), 201)

    async def enabled(self, request: Request) -> Response:
        """POST /code_suggestions/enabled: every project but none has suggestions here."""
        self._tokens.admit(request)
        path = validation.project_path(await reading.json_object(request))
        await self._play.strike(request.url.path)
        if not path.strip():
            raise RefusedError(refusals.NO_PROJECT)
        return JSONResponse(None)

    async def suggest(self, request: Request) -> Response:
        """POST /code_suggestions/completions."""
        self._tokens.admit_to_suggestions(request, insist=self._play.wants_short_token)
        asked = validation.request(await reading.json_object(request))
        if not self._window.admits():
            raise RefusedError(refusals.LIMITED)
        await self._play.strike(request.url.path)
        asked = forwarding.forwarded(asked)
        async with self._turnstile.place():
            if await request.is_disconnected():
                raise ClientDisconnect  # it waited in the queue and gave up
            completion = await self._engine.complete(asked)
        if asked.stream and completion.text:
            return self._streamed(completion)
        return _answer(asked, completion, self._engine.name)

    def _streamed(self, completion: Completion) -> Response:
        if self._play.legacy_stream:
            return streaming.raw(completion.text)
        return streaming.events(completion.text, model=self._engine.name, engine="duo-lsp", created=int(time.time()))

    async def _admit(self, request: Request) -> None:
        self._tokens.admit(request)
        await self._play.strike(request.url.path)


def application(
    engine: Engine, token: str, limit: int, clock: Callable[[], float] = time.monotonic, play: Play | None = None
) -> ASGIApp:
    """The whole gateway as an ASGI application."""
    tokens, played = Tokens(token, clock), play or Play()
    gateway = Gateway(engine, tokens, Window(limit, refusals.WINDOW, clock), played)
    talk, histories = Talk(engine), Histories()
    chat = RestChat(talk, histories, tokens, played)
    actions = Window(answering.ACTIONS if limit else 0, answering.WINDOW, clock)
    graphql = answering.GraphQL(talk, histories, tokens, played, actions)
    routes = [
        Route(wire.HEALTH_PATH, gateway.health, methods=["GET"]),
        Route(wire.VERSION_PATH, gateway.version, methods=["GET"]),
        Route(wire.ACCESS_PATH, gateway.access_token, methods=["GET"]),
        Route(wire.OAUTH_PATH, gateway.oauth_token, methods=["GET"]),
        Route(wire.TOKENS_PATH, gateway.short_token, methods=["POST"]),
        Route(wire.ENABLED_PATH, gateway.enabled, methods=["POST"]),
        Route(wire.COMPLETIONS_PATH, gateway.suggest, methods=["POST"]),
        Route(wire_chat.CHAT_PATH, chat.ask, methods=["POST"]),
        Route(wire.GRAPHQL_PATH, graphql.answer, methods=["POST"]),
    ]
    refused: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        HTTPException: _http_error,
        RefusedError: _refused,
        Exception: _broken,
    }
    app = Starlette(routes=routes, exception_handlers=refused)
    app.router.redirect_slashes = False
    return guard.Guard(app)


def _answer(asked: wire.SuggestionRequest, completion: Completion, engine: str) -> JSONResponse:
    body = wire.generation_body if forwarding.intent_of(asked) == "generation" else wire.completion_body
    headers = {}
    if not completion.text:
        headers[wire.REASON_HEADER] = completion.reason.encode("ascii", "replace").decode()[:200]
    answer = body(completion.text, model=engine, engine="duo-lsp", lang=_lang(asked), created=int(time.time()))
    return JSONResponse(answer, headers=headers)


def _lang(asked: wire.SuggestionRequest) -> str:
    file = asked.current_file
    language = languages.of(file.file_name).id or file.language_identifier or ""
    return _LANGS[language] or language if language in _LANGS else ""


async def _refused(_: Request, error: Exception) -> Response:
    return cast("RefusedError", error).refusal.response()


async def _http_error(_: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    if refused.status_code == 405:
        return refusals.wrong_method((refused.headers or {}).get("Allow", "")).response()
    return refusals.NOT_FOUND.response()


async def _broken(_: Request, __: Exception) -> Response:
    return refusals.BROKEN.response()
