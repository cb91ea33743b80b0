"""Clients that are slow, many, never done or never listen, each through a socket of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, closing

import attrs
import h11
import pytest

from duo_lsp import wire_chat
from duo_lsp.gateway import app, connection
from duo_lsp.gateway.engines import Turn
from gateway import rig
from gateway.inprocess import answered, call, serving
from waiting import until

MOMENT = 0.2
"""Seconds this gateway waits for anything."""
HEAD = f"POST {rig.COMPLETIONS} HTTP/1.1\r\nHost: localhost\r\n"
KNOWN = f"{HEAD}PRIVATE-TOKEN: {rig.TOKEN}\r\n"
UNKNOWN = f"{HEAD}PRIVATE-TOKEN: wrong\r\n"
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Hasty(connection.Connection):
    """Waits only for a moment, and for few."""

    most = 8
    seconds = {h11.IDLE: MOMENT, h11.SEND_BODY: MOMENT}  # noqa: RUF012
    patience = MOMENT


class Patient(Hasty):
    """Waits long enough for who listens."""

    patience = 5.0


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """The port of a gateway that does not wait."""
    with serving(app.application(rig.MadeUp(), rig.TOKEN, 0), Hasty) as port:
        yield port


def said(wire: socket.socket) -> tuple[int, object]:
    """The status and the body of an answer."""
    status, _, body = answered(wire)
    return status, json.loads(body)


def drip(wire: socket.socket, begun: bytes) -> float:
    """Send this, and then a byte now and then until the gateway has had enough; how long it took, in seconds."""
    began = time.monotonic()
    wire.sendall(begun)
    wire.settimeout(MOMENT / 10)
    while time.monotonic() - began < 20:
        try:
            wire.sendall(b"x")
            if not wire.recv(65536):
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    return time.monotonic() - began


@pytest.mark.parametrize("sent", [b"", b"GET /health HTTP/1.1\r\nHost: loc", KNOWN.encode()])
def test_who_does_not_finish_the_headers_is_not_waited_for(hasty: int, sent: bytes) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(sent)
        assert said(wire) == (408, {"message": "408 Request Timeout"})
        assert wire.recv(1) == b""


def test_who_does_not_finish_the_body_is_not_waited_for(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(KNOWN.encode() + b"Content-Length: 100\r\n\r\n{")
        assert said(wire) == (408, {"message": "408 Request Timeout"})
        assert wire.recv(1) == b""


@pytest.mark.parametrize("head", [KNOWN, UNKNOWN], ids=["let in", "refused"])
@pytest.mark.parametrize("kind", ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
def test_a_body_that_drips_is_cut_off(hasty: int, head: str, kind: str) -> None:
    begun = b"" if kind.startswith("Content") else b"FFFFFF\r\n"
    with closing(call(hasty)) as wire:
        assert drip(wire, f"{head}{kind}\r\n\r\n".encode() + begun) < 10


def test_headers_that_drip_are_cut_off(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        assert drip(wire, b"GET /health HTTP/1.1\r\nX: ") < 10


def test_a_second_request_has_its_own_time_for_headers(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(HEALTH)
        assert said(wire)[0] == 200
        wire.sendall(b"GET /he")
        wire.sendall(b"alth")
        assert said(wire)[0] == 408


def test_a_second_request_that_came_with_the_first_has_its_own_time_too(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(HEALTH + KNOWN.encode() + b"Content-Length: 100\r\n\r\n")
        heard = b""
        while part := wire.recv(65536):
            heard += part
        assert heard.count(b"HTTP/1.1 ") == 2
        assert b"HTTP/1.1 408 " in heard


def test_who_asks_nothing_more_is_let_go(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(HEALTH)
        assert said(wire)[0] == 200
        assert wire.recv(1) == b""


def test_too_many_connections_are_sent_away_and_told_when_to_come_back(hasty: int) -> None:
    with ExitStack() as stack:
        wires = [stack.enter_context(closing(call(hasty))) for _ in range(Hasty.most + 1)]
        heard = [wire.recv(65536) for wire in wires]
    refused = [each for each in heard if each.startswith(b"HTTP/1.1 503 ")]
    assert len(refused) == 1
    assert b"retry-after: 1\r\n" in refused[0].lower()


@attrs.define
class Talkative(rig.MadeUp):
    """Has much to say to who chats, and counts what it said."""

    said: int = 0
    stopped: bool = False

    async def chat(self, request: wire_chat.ChatRequest, before: tuple[Turn, ...]) -> AsyncGenerator[str, None]:  # noqa: ARG002
        try:
            for self.said in range(1, PIECES + 1):
                await asyncio.sleep(0)  # as anything does that has to be made
                yield "x" * PIECE
        finally:
            self.stopped = self.said < PIECES


PIECE, PIECES = 1 << 16, 1000


def deaf(port: int, sent: bytes) -> socket.socket:
    """A client that asks and does not listen; the system takes little for it."""
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.connect(("127.0.0.1", port))
    wire.sendall(sent)
    return wire


def rest(wire: socket.socket) -> int:
    """How many bytes there still are to read until the connection has ended, however it did."""
    wire.settimeout(20)
    count = 0
    with contextlib.suppress(ConnectionError):
        while part := wire.recv(1 << 20):
            count += len(part)
    return count


CHAT = f"POST {wire_chat.CHAT_PATH} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {rig.TOKEN}\r\n".encode()
QUESTION = CHAT + b'Content-Length: 16\r\n\r\n{"content": "?"}'


def test_who_does_not_listen_is_cut_off_and_ends_the_work_for_them() -> None:
    engine = Talkative()
    with serving(app.application(engine, rig.TOKEN, 0), Hasty) as port:
        with closing(deaf(port, QUESTION)) as wire:
            until(lambda: engine.stopped)
            assert rest(wire) < PIECE * PIECES
        with closing(call(port)) as listening:
            listening.sendall(QUESTION)
            assert len(answered(listening)[2]) == PIECE * PIECES + 2


def test_who_asks_again_and_again_and_does_not_listen_is_cut_off_too(hasty: int) -> None:
    with closing(deaf(hasty, b"")) as wire:
        wire.settimeout(20)
        with pytest.raises(ConnectionError):
            ask_on(wire)


def ask_on(wire: socket.socket) -> None:
    """Until nobody takes it any more."""
    while True:
        wire.sendall(HEALTH.replace(b"health", b"openapi.json") * 10)


def test_who_reads_slowly_but_reads_is_answered() -> None:
    engine = rig.MadeUp(pieces=("x" * PIECE,) * 40)
    with serving(app.application(engine, rig.TOKEN, 0), Patient) as port, closing(deaf(port, QUESTION)) as wire:
        heard = b""
        while not heard.endswith(b"0\r\n\r\n"):
            time.sleep(0.001)
            part = wire.recv(PIECE)
            assert part
            heard += part
    assert heard.count(b"x") >= 40 * PIECE
