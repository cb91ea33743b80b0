"""How connections are made, so that one that is given up at any moment leaves nothing behind.

httpcore2 2.16 over anyio does not close a socket whose TLS handshake is cancelled, nor one whose connecting is
cancelled just when it is done; the event loop keeps them for ever. asyncio's own streams close both.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import socket
import ssl
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any, Final

import httpcore2
import httpx2 as httpx

with contextlib.suppress(ImportError):
    # httpcore loads it with its first request, on the event loop: longer than a frame
    importlib.import_module("anyio._backends._asyncio")

NEXT_ADDRESS: Final = 1.0
"""Seconds after which the next address of a host is tried: one of the two internets may be broken here."""


class Transport(httpx.AsyncHTTPTransport):
    """httpx's transport over such connections."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._pool._network_backend = Backend()  # noqa: SLF001 - httpcore's pool takes one, httpx does not pass it on

    @property
    def is_clogged(self) -> bool:
        """Whether there is a connection that is neither waiting for a request nor closed.

        While nobody asks that is one whose request was cancelled before it was sent: nobody can use it any more.
        """
        return not all(one.is_idle() or one.is_closed() for one in self._pool.connections)


class Backend(httpcore2.AsyncNetworkBackend):
    """Makes them. Time-outs but that for connecting are not looked at: whoever asks has a deadline."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore2.AsyncNetworkStream:
        """Connect, within `timeout` seconds. Raises httpcore2's ConnectError."""
        with _translated(httpcore2.ConnectError):
            async with asyncio.timeout(timeout):
                return await self._reached(host, port)

    async def _reached(self, host: str, port: int) -> _Stream:
        *firsts, last = await _addresses(host, port)
        for address in firsts:
            with contextlib.suppress(OSError):
                async with asyncio.timeout(NEXT_ADDRESS):
                    return await _connected(address, port)
        return await _connected(last, port)


class _Reader(asyncio.StreamReader):
    @property
    def is_readable(self) -> bool:
        """Whether something came that nobody has read: data, the end, or an error."""
        return bool(self._buffer) or self.at_eof() or self.exception() is not None  # type: ignore[attr-defined]


class _Stream(httpcore2.AsyncNetworkStream):
    def __init__(self, reader: _Reader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        with _translated(httpcore2.ReadError):
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        with _translated(httpcore2.WriteError):
            self._writer.write(buffer)
            await self._writer.drain()

    async def aclose(self) -> None:
        """At once: nothing is left to say, and who waited here could be cancelled before the next one is closed."""
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        try:
            with _translated(httpcore2.ConnectError):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            await self.aclose()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # a kept connection has nothing to say but that it ends
            return self._reader.is_readable or self._writer.is_closing()
        return self._writer.get_extra_info(info)


async def _connected(address: str, port: int) -> _Stream:
    loop = asyncio.get_running_loop()
    reader = _Reader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.create_connection(lambda: protocol, address, port)
    return _Stream(reader, asyncio.StreamWriter(transport, protocol, reader, loop))


async def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, the two kinds in turns, in the system's order. Raises OSError.

    asyncio would try them side by side, but forgets a socket that is connected just when it is given up.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    same = [one for one in addresses if (":" in one) == (":" in addresses[0])]
    other = [one for one in addresses if one not in same]
    return [one for pair in zip_longest(same, other) for one in pair if one is not None]


@contextlib.contextmanager
def _translated(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except OSError as problem:  # ssl.SSLError is one
        raise kind(str(problem)) from problem
