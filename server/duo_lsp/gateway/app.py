"""The routes: GitLab's, answered by an engine, and some about ourselves."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from duo_lsp import wire, wire_chat
from duo_lsp.gateway import guard, paths, refusals, turnstile
from duo_lsp.gateway.accounts import Accounts
from duo_lsp.gateway.chat.history import Histories
from duo_lsp.gateway.chat.rest import RestChat
from duo_lsp.gateway.chat.talking import Talk
from duo_lsp.gateway.engines import Engine
from duo_lsp.gateway.graphql import answering
from duo_lsp.gateway.limit import Limits, OwnLimits, Rule
from duo_lsp.gateway.play import Play
from duo_lsp.gateway.refusals import RefusedError
from duo_lsp.gateway.short_tokens import ShortTokens
from duo_lsp.gateway.suggesting import Suggesting
from duo_lsp.gateway.tokens import Tokens
from duo_lsp.gateway.turnstile import Turnstile
from duo_lsp.gateway.users import Users


def application(
    engine: Engine,
    token: str,
    limit: int,
    clock: Callable[[], float] = time.monotonic,
    play: Play | None = None,
    *,
    wall: Callable[[], float] = time.time,
    users: Users | None = None,
    limits: Limits | None = None,
    jobs: int = turnstile.AT_ONCE,
    hosts: Iterable[str] = (),
    metrics: Callable[[], tuple[bytes, str]] | None = None,
) -> ASGIApp:
    """The whole gateway as an ASGI application.

    `clock` gives seconds, monotonic; `wall` those since 1970. `limit` is in requests a minute for one user, 0 for none.
    """
    played = play or Play()
    counted = limits or OwnLimits(clock)
    tokens = Tokens(token, users or Users(None, clock), ShortTokens(token, wall))
    account = Accounts(tokens, counted if limit else None, played, wall)
    suggesting = Suggesting(engine, tokens, counted, Rule("suggestions", limit), Turnstile(jobs), played)
    talk, histories = Talk(engine, Turnstile(jobs)), Histories()
    chat = RestChat(talk, histories, tokens, played)
    actions = Rule("ai_action", answering.ACTIONS if limit else 0, answering.WINDOW)
    graphql = answering.GraphQL(talk, histories, tokens, played, counted, actions)

    async def health(_: Request) -> Response:
        """Whether it runs and what it has read; nothing here is worth a token."""
        return JSONResponse({"status": "ok", "index": engine.index, "learnt": int(100 * engine.learnt)})

    async def description(_: Request) -> Response:
        """What all the others take and answer."""
        from duo_lsp.gateway import described

        return Response(described.document(), media_type="application/json")

    async def figures(request: Request) -> Response:
        tokens.admit(request)
        if metrics is None:
            raise RefusedError(refusals.NOT_FOUND)
        content, kind = metrics()
        return Response(content, headers={"Content-Type": kind})

    routes = [
        Route(wire.COMPLETIONS_PATH, suggesting.suggest, methods=["POST"]),  # first: that is what everyone asks
        Route(paths.OPENAPI, description, methods=["GET"]),
        Route(paths.METRICS, figures, methods=["GET"]),
        Route(wire.HEALTH_PATH, health, methods=["GET"]),
        Route(wire.VERSION_PATH, account.version, methods=["GET"]),
        Route(wire.ACCESS_PATH, account.access_token, methods=["GET"]),
        Route(wire.OAUTH_PATH, account.oauth_token, methods=["GET"]),
        Route(wire.TOKENS_PATH, account.short_token, methods=["POST"]),
        Route(wire.ENABLED_PATH, account.enabled, methods=["POST"]),
        Route(paths.DIRECT_ACCESS, account.direct_access, methods=["POST"]),
        Route(paths.CONNECTION_DETAILS, account.details, methods=["POST"]),
        Route(wire.MODEL_GATEWAY_PATH, suggesting.directly, methods=["POST"]),
        Route(wire_chat.CHAT_PATH, chat.ask, methods=["POST"]),
        Route(wire.GRAPHQL_PATH, graphql.answer, methods=["POST"]),
    ]
    return guard.Guard(_routed(routes), hosts)


def _routed(routes: list[Route]) -> Starlette:
    refused: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        HTTPException: _http_error,
        RefusedError: _refused,
        ClientDisconnect: _gone,
        Exception: _broken,
    }
    app = Starlette(routes=routes, exception_handlers=refused)
    app.router.redirect_slashes = False
    return app


async def _refused(_: Request, error: Exception) -> Response:
    return cast("RefusedError", error).refusal.response()


async def _http_error(_: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    if refused.status_code == 405:
        return refusals.wrong_method((refused.headers or {}).get("Allow", "")).response()
    return refusals.NOT_FOUND.response()


async def _gone(_: Request, __: Exception) -> Response:
    return refusals.GONE.response()


async def _broken(_: Request, __: Exception) -> Response:
    return refusals.BROKEN.response()
