"""Connections to a model's server: the one used last is used again, and nobody looks at the others."""

from __future__ import annotations

import contextlib
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

import httpcore2

from duo_lsp import connecting, proxies
from duo_lsp.errors import UsageError

CONNECT: Final = 3.0
"""Seconds for a connection."""
KEPT: Final = 4.0
"""Seconds one stays open for the next question: vLLM closes it after five."""
_STALE: Final = (httpcore2.RemoteProtocolError, httpcore2.ReadError, httpcore2.WriteError)
"""How one that was kept turns out to be closed."""


class Connections:
    """To one address, by way of a proxy where there is one; httpcore's own pool looks at all of them every time."""

    def __init__(self, url: str, headers: Mapping[str, str], given: Mapping[str, str]) -> None:
        """`headers` go with every question; `given` are the proxies, as `proxies.choose` takes them.

        Raises UsageError.
        """
        parts = urlsplit(url)
        self._url = httpcore2.URL(url)
        self._path = parts.path.rstrip("/")
        every = {"Host": parts.netloc, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        self._headers = [(name.encode(), value.encode()) for name, value in every.items()]
        self._tls = httpcore2.default_ssl_context() if parts.scheme == "https" else None
        self._proxy = _to_proxy(proxies.choose(url, given), self._tls)
        self._idle: deque[httpcore2.AsyncHTTPConnection] = deque()
        """The one that was used last at the end."""
        self._closed = False

    @asynccontextmanager
    async def answer(self, method: str, path: str, content: bytes | None) -> AsyncIterator[httpcore2.Response]:
        """The answer's head, and its body as it comes; whoever leaves before its end ends the connection.

        Raises httpcore2's exceptions, and OSError.
        """
        request = self._request(method, path, content)
        if self._proxy is not None:
            async with aclosing(await self._proxy.handle_async_request(request)) as response:
                yield response
            return
        connection, response = await self._asked(request)
        try:
            async with aclosing(response):
                yield response
        finally:
            await self._keep(connection)

    async def close(self) -> None:
        """Give them back; those at work end with their work."""
        self._closed = True
        while self._idle:
            await self._idle.pop().aclose()
        if self._proxy is not None:
            await self._proxy.aclose()

    def _request(self, method: str, path: str, content: bytes | None) -> httpcore2.Request:
        url, headers = self._url, self._headers
        if content is not None:
            headers = [
                *headers,
                (b"Content-Type", b"application/json"),
                (b"Content-Length", str(len(content)).encode()),
            ]
        target = httpcore2.URL(scheme=url.scheme, host=url.host, port=url.port, target=f"{self._path}/{path}")
        extensions = {"timeout": {"connect": CONNECT}}  # for all the rest whoever asks has a deadline
        return httpcore2.Request(method, target, headers=headers, content=content, extensions=extensions)

    async def _asked(self, request: httpcore2.Request) -> tuple[httpcore2.AsyncHTTPConnection, httpcore2.Response]:
        """The head of the answer, over another connection where a kept one turned out to be closed."""
        while self._idle:
            kept = self._idle.pop()
            if kept.has_expired():
                await kept.aclose()
                continue
            with contextlib.suppress(*_STALE):
                return kept, await kept.handle_async_request(request)
        new = httpcore2.AsyncHTTPConnection(
            self._url.origin, self._tls, keepalive_expiry=KEPT, network_backend=connecting.Backend()
        )
        return new, await new.handle_async_request(request)

    async def _keep(self, connection: httpcore2.AsyncHTTPConnection) -> None:
        if self._closed or not connection.is_idle():
            await connection.aclose()
            return
        self._idle.append(connection)
        while self._idle and self._idle[0].has_expired():
            await self._idle.popleft().aclose()


def _to_proxy(address: str, context: ssl.SSLContext | None) -> httpcore2.AsyncHTTPProxy | None:
    """The proxy at an address, if any; over it every question has a connection of its own. Raises UsageError."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("The proxy to the model's server is of a kind that cannot be used.", "Name an http proxy.")
    return httpcore2.AsyncHTTPProxy(
        urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", "")),
        proxy_auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
        ssl_context=context,
        max_connections=None,
        max_keepalive_connections=0,
        network_backend=connecting.Backend(),
    )
