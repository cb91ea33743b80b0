"""Clients that begin TLS and do not go on, through raw sockets."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from duo_lsp.gateway import app, connection, handshake
from gateway import rig, team
from gateway.inprocess import answered, call, serving
from waiting import until

MOST = 4
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Few(connection.Connection):
    """Room for a few."""

    most = MOST


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return team.certificate(tmp_path_factory.mktemp("keys"))


@contextlib.contextmanager
def over_tls(keys: tuple[Path, Path], seconds: float) -> Iterator[int]:
    """The port of a gateway whose clients have so many seconds for a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*keys)
    protocol = handshake.over_tls(Few, context)
    protocol.seconds = seconds
    with serving(app.application(rig.MadeUp(), rig.TOKEN, 0), protocol) as port:
        yield port


def shaken(port: int, keys: tuple[Path, Path]) -> ssl.SSLSocket:
    """A connection of somebody who means it."""
    return ssl.create_default_context(cafile=keys[0]).wrap_socket(call(port), server_hostname="localhost")


def status(port: int, keys: tuple[Path, Path]) -> int:
    with closing(shaken(port, keys)) as wire:
        wire.sendall(HEALTH)
        return answered(wire)[0]


def until_cut(wire: socket.socket) -> None:
    """Wait until the other side ends the connection, maybe with an alert that this is no TLS."""
    try:
        while wire.recv(1000):
            pass
    except ConnectionError:
        pass


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n"])
def test_who_begins_tls_and_does_not_go_on_is_not_waited_for(keys: tuple[Path, Path], sent: bytes) -> None:
    with over_tls(keys, 0.2) as port, closing(call(port)) as wire:
        wire.sendall(sent)
        until_cut(wire)
        assert status(port, keys) == 200


def test_a_handshake_counts_as_a_connection(keys: tuple[Path, Path]) -> None:
    with over_tls(keys, 20) as port, ExitStack() as stack:
        silent = [stack.enter_context(closing(call(port))) for _ in range(MOST)]
        until(lambda: status(port, keys) == 503)
        silent.pop().close()
        until(lambda: status(port, keys) == 200)


def test_who_would_be_far_too_many_is_not_even_begun_with(keys: tuple[Path, Path]) -> None:
    with over_tls(keys, 20) as port, ExitStack() as stack:
        silent = [stack.enter_context(closing(call(port))) for _ in range(MOST * handshake.CROWD + 1)]
        until_cut(silent[-1])
        for wire in silent[:-1]:
            wire.setblocking(False)
            with pytest.raises(BlockingIOError):
                wire.recv(1)


def test_a_gateway_ends_though_somebody_still_shakes_hands(keys: tuple[Path, Path]) -> None:
    with ExitStack() as stack:
        with over_tls(keys, 20) as port:
            silent = stack.enter_context(closing(call(port)))
            assert status(port, keys) == 200
        until_cut(silent)


def test_who_asks_with_the_last_word_of_the_handshake_is_heard(keys: tuple[Path, Path]) -> None:
    with over_tls(keys, 20) as port, closing(call(port)) as wire:
        heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = ssl.create_default_context(cafile=keys[0]).wrap_bio(heard, said, server_hostname="localhost")
        while True:
            try:
                client.do_handshake()
            except ssl.SSLWantReadError:
                wire.sendall(said.read())
                heard.write(wire.recv(1 << 16))
            else:
                break
        client.write(HEALTH)
        wire.sendall(said.read())
        answer = b""
        while not answer.endswith(b"}"):
            with contextlib.suppress(ssl.SSLWantReadError):
                answer += client.read(1 << 16)
                continue
            heard.write(wire.recv(1 << 16))
    assert answer.startswith(b"HTTP/1.1 200")
