"""Who may ask: this machine's own programs that know the token, never a web page."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from duo_lsp.gateway import refusals
from duo_lsp.gateway.refusals import Refusal

_log = logging.getLogger(__name__)

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Guard:
    """Stands before the application: turns web pages away and keeps tracebacks out of the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        if not _is_local(Request(scope)):
            await refusals.FORBIDDEN.response()(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            _log.debug("the client went away")
        except Exception as error:  # noqa: BLE001 - it was answered; its text may hold code, so only its kind is told
            _log.error("a request failed: %s", type(error).__name__)


def _is_local(request: Request) -> bool:
    """No Origin and one loopback Host: browsers send the first, DNS rebinding shows in the second."""
    if "origin" in request.headers:
        return False
    hosts = request.headers.getlist("host")
    return len(hosts) == 1 and _without_port(hosts[0]).lower() in HOSTS


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def refuse_stranger(given: str, tokens: Iterable[str]) -> Refusal | None:
    """Why who shows this may not be served; compares with every token in constant time."""
    if not given:
        return refusals.UNAUTHORIZED
    known = False
    for token in tokens:
        known |= hmac.compare_digest(given.encode("latin-1"), token.encode())
    return None if known else refusals.BAD_TOKEN


def token_of(request: Request) -> str:
    """The token in either header GitLab takes it from; empty when there is none."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    return request.headers.get("private-token", "").strip()
