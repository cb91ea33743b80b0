"""Clients that are slow, many or never done, each through a socket of its own."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import h11
import pytest
import uvicorn

from duo_lsp.gateway import app, connection
from gateway import rig
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


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """The port of a gateway in this process that does not wait."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        config = uvicorn.Config(
            app.application(rig.MadeUp(), rig.TOKEN, 0),
            http=Hasty,
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_keep_alive=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        until(lambda: server.started)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def call(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 10)


def answered(wire: socket.socket) -> tuple[int, object]:
    """The status and the body of an answer."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += wire.recv(65536) or b"\r\n\r\n"
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += wire.recv(65536)
    return int(head.split()[1]), json.loads(body)


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
        assert answered(wire) == (408, {"message": "408 Request Timeout"})
        assert wire.recv(1) == b""


def test_who_does_not_finish_the_body_is_not_waited_for(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(KNOWN.encode() + b"Content-Length: 100\r\n\r\n{")
        assert answered(wire) == (408, {"message": "408 Request Timeout"})
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
        assert answered(wire)[0] == 200
        wire.sendall(b"GET /he")
        wire.sendall(b"alth")
        assert answered(wire)[0] == 408


def test_a_second_request_that_came_with_the_first_has_its_own_time_too(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(HEALTH + KNOWN.encode() + b"Content-Length: 100\r\n\r\n")
        said = b""
        while part := wire.recv(65536):
            said += part
        assert said.count(b"HTTP/1.1 ") == 2
        assert b"HTTP/1.1 408 " in said


def test_who_asks_nothing_more_is_let_go(hasty: int) -> None:
    with closing(call(hasty)) as wire:
        wire.sendall(HEALTH)
        assert answered(wire)[0] == 200
        assert wire.recv(1) == b""


def test_too_many_connections_are_sent_away_and_told_when_to_come_back(hasty: int) -> None:
    with ExitStack() as stack:
        wires = [stack.enter_context(closing(call(hasty))) for _ in range(Hasty.most + 1)]
        said = [wire.recv(65536) for wire in wires]
    refused = [each for each in said if each.startswith(b"HTTP/1.1 503 ")]
    assert len(refused) == 1
    assert b"retry-after: 1\r\n" in refused[0].lower()
