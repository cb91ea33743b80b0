"""Tells of every request who asked what and how it went, and never what was in it."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Sequence
from typing import Final

import attrs
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duo_lsp import wire, wire_chat
from duo_lsp.gateway import paths, tokens

OTHER: Final = "-"
PATHS: Final = frozenset(
    {
        *(wire.HEALTH_PATH, wire.VERSION_PATH, wire.ACCESS_PATH, wire.OAUTH_PATH, wire.TOKENS_PATH, wire.ENABLED_PATH),
        *(wire.COMPLETIONS_PATH, wire.MODEL_GATEWAY_PATH, wire.GRAPHQL_PATH, wire_chat.CHAT_PATH),
        *(paths.DIRECT_ACCESS, paths.CONNECTION_DETAILS, paths.OPENAPI, paths.METRICS),
    }
)
"""Only these are told: in any other there may be a token, or code."""
METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


@attrs.frozen
class Seen:
    """One request that is over."""

    path: str
    method: str
    status: int
    """0 when nothing was answered."""
    seconds: float
    user: str
    client: str
    """The address it came from."""


Observer = Callable[[Seen], None]


class Observing:
    """Stands before everything else."""

    def __init__(
        self, app: ASGIApp, observers: Sequence[Observer], clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._app = app
        self._observers = observers
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        began, status = self._clock(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            seen = _seen(scope, status, self._clock() - began)
            for observe in self._observers:
                observe(seen)


def _seen(scope: Scope, status: int, seconds: float) -> Seen:
    path = scope["path"] if scope["path"] in PATHS else OTHER
    method = scope["method"] if scope["method"] in METHODS else OTHER
    return Seen(path, method, status, seconds, tokens.name_of(scope), _address((scope.get("client") or (OTHER,))[0]))


def _address(client: object) -> str:
    """Where it came from; what a proxy passes on may be anything, and a line of the log is no place for that."""
    try:
        return str(ipaddress.ip_address(str(client)))
    except ValueError:
        return OTHER
