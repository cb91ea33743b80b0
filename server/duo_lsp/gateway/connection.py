"""uvicorn's HTTP connection with what it lacks: timers for what comes in and goes out, errors in GitLab's shape."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Any

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from duo_lsp.gateway import refusals
from duo_lsp.gateway.faults.connections import TRANSPORT
from duo_lsp.gateway.options import Network

MOST = 64
"""Connections at once."""
MOST_REMOTE = 512
"""The same where the work is done elsewhere."""
HEADERS = 5.0
"""Seconds for a request's headers; uvicorn would wait for them for ever."""
BODY = 10.0
"""Seconds for its body, whether anyone reads it or it was refused long ago."""
READING = 10.0
"""Seconds a client may take over what was sent to it; without a limit, one that reads nothing stays for ever."""
IDLE = 15
"""Seconds between two requests."""


class Connection(H11Protocol):
    """One client."""

    most = MOST
    only_from: tuple[Network, ...] = ()
    """Who may connect; empty where everyone may."""
    seconds = {h11.IDLE: HEADERS, h11.SEND_BODY: BODY}  # noqa: RUF012 - a subclass has its own, nobody changes it
    """How long a client may take over what it is at, in h11's words for that."""
    patience = READING
    """Seconds until what was sent has to be on its way."""
    _timer: asyncio.TimerHandle | None = None
    _timed: Any = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer: a client that connects has something to ask."""
        super().connection_made(transport)
        self.app = _with_transport(self.app, transport)
        # told of all that the system does not take at once, and waiting then: a slow reader costs one piece of memory
        transport.set_write_buffer_limits(high=1, low=0)
        if refusal := self._unwelcome():
            self._say(refusal)
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        """More of a request: the timer runs for its headers, then anew for its body, and not for each byte."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The next request may have come already, without its body."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._watch()

    def pause_writing(self) -> None:
        """The client does not read what it asked for; one that goes on so is cut off."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.patience, self.transport.abort)

    def resume_writing(self) -> None:
        """It has read everything."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._stop()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)

    def send_400_response(self, _: str) -> None:
        """Answer what is no HTTP, or has more headers than anyone needs."""
        self._say(refusals.NO_HTTP)

    def _unwelcome(self) -> refusals.Refusal | None:
        if len(self.connections) > self.most:
            return refusals.BUSY
        if not self.only_from:
            return None
        address = ipaddress.ip_address(self.client[0]) if self.client else None
        known = address is not None and any(address in network for network in self.only_from)
        return None if known else refusals.FORBIDDEN

    def _watch(self) -> None:
        state = self.conn.their_state
        if state is self._timed or self.transport.is_closing():
            return
        self._stop()
        if state in self.seconds:
            self._timed = state
            self._timer = self.loop.call_later(self.seconds[state], self._say, refusals.SLOW)

    def _stop(self) -> None:
        self._timed = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _say(self, refusal: refusals.Refusal) -> None:
        self._stop()
        if self.transport.is_closing():
            return
        response = refusal.response()
        head: list[Any] = [*response.raw_headers, (b"connection", b"close")]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            for event in (
                h11.Response(status_code=refusal.status, headers=head),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def limited(most: int, only_from: tuple[Network, ...]) -> type[Connection]:
    """For so many clients, and only from these networks unless there are none."""
    return type("Limited", (Connection,), {"most": most, "only_from": only_from})


def _with_transport(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    """The application, told by the scope which connection it may break on purpose."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "extensions": {TRANSPORT: transport}}, receive, send)

    return told
