"""Who may ask: programs that call us by a name of ours, never a web page, and not more than there is room for."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duo_lsp.gateway import refusals
from duo_lsp.gateway.refusals import Refusal, RefusedError

_log = logging.getLogger(__name__)

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADER_BYTES = 16 * 1024
"""Bytes of a request's line and headers."""
ROOM: Final = 64 * 1024 * 1024
"""Bytes of the bodies of all requests at work: six of the largest, or a thousand of the usual."""


class Guard:
    """Stands before the application: turns web pages away and keeps tracebacks out of the log."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = (), room: int = ROOM) -> None:
        """`hosts` are names that are welcome beside those of this machine, without a port."""
        self._app = app
        self._hosts = HOSTS | {host.lower() for host in hosts}
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        if refusal := self._refusal(scope):
            await refusal.response()(scope, receive, send)
            return
        taken = 0

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            taken += size
            self._room -= size
            if self._room < 0:
                raise RefusedError(refusals.BUSY)
            return message

        try:
            await self._app(scope, receiving, send)
        except ClientDisconnect:
            _log.debug("the client went away")
        except Exception as error:  # noqa: BLE001 - it was answered; its text may hold code, so only its kind is told
            _log.error("a request failed: %s", type(error).__name__)
        finally:
            self._room += taken

    def _refusal(self, scope: Scope) -> Refusal | None:
        if _bytes_of_head(scope) > HEADER_BYTES or _is_read_in_two_ways(scope):
            return refusals.NO_HTTP_ANY_MORE
        return None if self._is_welcome(scope) else refusals.FORBIDDEN

    def _is_welcome(self, scope: Scope) -> bool:
        """One Host of ours, and nothing that only browsers send for a page: DNS rebinding shows in the first."""
        hosts = []
        for name, value in scope["headers"]:
            if name == b"origin" or (name == b"sec-fetch-site" and value != b"none"):
                return False
            if name == b"host":
                hosts.append(value.decode("latin-1"))
        return len(hosts) == 1 and _without_port(hosts[0]).lower() in self._hosts


def _is_read_in_two_ways(scope: Scope) -> bool:
    """Whether a proxy before us may have seen its end elsewhere, and another request behind it (RFC 9112, 6.1)."""
    names = {name for name, _ in scope["headers"]}
    chunked = b"transfer-encoding" in names
    return chunked and (b"content-length" in names or scope["http_version"] != "1.1")


def _bytes_of_head(scope: Scope) -> int:
    """About what the request's line and headers took; h11 counts only what has not yet come to its end."""
    line = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
    return line + sum(len(name) + len(value) + 4 for name, value in scope["headers"])


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
