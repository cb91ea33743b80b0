"""Answers that no server should give, and connections that break; what stands between us and GitLab does all of it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

import attrs
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from duo_lsp import wire
from duo_lsp.gateway import streaming

TRANSPORT = "duo_lsp.transport"
"""Where the connection stands among the scope's extensions."""
ELSEWHERE = "https://elsewhere.invalid/sign-in"
HUGE = 32 * 1024 * 1024
"""Bytes, far more than any client should read."""
PAUSE = 0.2
"""Seconds between the bytes of an answer that drips."""

_PAGE = "<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>Welcome</body></html>"
_WHOLE = b'{"choices":[{"text":"never shown as whole","index":0,"finish_reason":"length"}]}'
Misdeed = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Bad(Response):
    """A response that does what it was told instead of answering."""

    def __init__(self, misdeed: Misdeed) -> None:
        super().__init__()
        self._misdeed = misdeed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._misdeed(scope, receive, send)


@attrs.frozen
class Trick:
    """One of them, by what makes the response."""

    make: Callable[[], Response]

    def response(self) -> Response:
        """As the web framework wants it."""
        return self.make()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _hang(_: Scope, receive: Receive, __: Send) -> None:
    await _gone(receive)


async def _reset(scope: Scope, receive: Receive, _: Send) -> None:
    transport = _transport(scope)
    linger = struct.pack("ii", 1, 0)  # closing throws away what is unsent and says so: RST instead of FIN
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await _gone(receive)


async def _closed(scope: Scope, receive: Receive, _: Send) -> None:
    _transport(scope).close()
    await _gone(receive)


async def _truncated(scope: Scope, receive: Receive, send: Send) -> None:
    await _begin(send, len(_WHOLE))
    await send({"type": "http.response.body", "body": _WHOLE[:20], "more_body": True})
    await _closed(scope, receive, send)


async def _cut_stream(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"content-type", streaming.MEDIA_TYPE.encode()), (wire.STREAM_HEADER.lower().encode(), b"sse"),
    ]})  # fmt: skip
    begun = wire.stream_start(model="none", engine="none", created=0) + wire.content_chunk("def half")
    await send({"type": "http.response.body", "body": begun.encode()})


async def _drip(_: Scope, __: Receive, send: Send) -> None:
    await _begin(send, len(_WHOLE))
    for place in range(len(_WHOLE)):
        await asyncio.sleep(PAUSE)
        await send({"type": "http.response.body", "body": _WHOLE[place : place + 1], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _huge(_scope: Scope, _receive: Receive, send: Send) -> None:
    await _begin(send, HUGE)
    for _ in range(HUGE // 65536):
        await send({"type": "http.response.body", "body": b" " * 65536, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _begin(send: Send, length: int) -> None:
    headers: list[Any] = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def _transport(scope: Scope) -> asyncio.Transport:
    return cast("asyncio.Transport", scope["extensions"][TRANSPORT])


def _bad(misdeed: Misdeed) -> Trick:
    return Trick(lambda: _Bad(misdeed))


KINDS: Mapping[str, Trick] = MappingProxyType(
    {
        "hang": _bad(_hang),
        "reset": _bad(_reset),
        "closed": _bad(_closed),
        "truncated": _bad(_truncated),
        "cut-stream": _bad(_cut_stream),
        "drip": _bad(_drip),
        "huge": _bad(_huge),
        "html": Trick(lambda: HTMLResponse(_PAGE)),
        "redirect": Trick(lambda: RedirectResponse(ELSEWHERE, 302)),
        "garbage": Trick(lambda: Response(b'{"choices": [\xff', media_type="application/json")),
        "empty": Trick(lambda: PlainTextResponse("")),
    }
)
