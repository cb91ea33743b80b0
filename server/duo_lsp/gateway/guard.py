"""Who may ask: programs that call us by a name of ours, never a web page."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from duo_lsp.gateway import refusals
from duo_lsp.gateway.refusals import Refusal

_log = logging.getLogger(__name__)

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADER_BYTES = 16 * 1024
"""Bytes of a request's line and headers."""


class Guard:
    """Stands before the application: turns web pages away and keeps tracebacks out of the log."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        """`hosts` are names that are welcome beside those of this machine, without a port."""
        self._app = app
        self._hosts = HOSTS | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        if refusal := self._refusal(scope):
            await refusal.response()(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            _log.debug("the client went away")
        except Exception as error:  # noqa: BLE001 - it was answered; its text may hold code, so only its kind is told
            _log.error("a request failed: %s", type(error).__name__)

    def _refusal(self, scope: Scope) -> Refusal | None:
        if _bytes_of_head(scope) > HEADER_BYTES:
            return refusals.NO_HTTP
        return None if self._is_welcome(Request(scope)) else refusals.FORBIDDEN

    def _is_welcome(self, request: Request) -> bool:
        """No Origin and one Host of ours: browsers send the first, DNS rebinding shows in the second."""
        if "origin" in request.headers:
            return False
        hosts = request.headers.getlist("host")
        return len(hosts) == 1 and _without_port(hosts[0]).lower() in self._hosts


def _bytes_of_head(scope: Scope) -> int:
    """About what the request's line and headers took; h11 counts only what has not yet come to its end."""
    line = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
    return line + sum(len(name) + len(value) + 4 for name, value in scope["headers"])


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
