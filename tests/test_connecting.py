"""How connections are made."""

import asyncio
import socket
import ssl

import httpcore2
import pytest

from duo_lsp import connecting
from waiting import HANG


def resolved(*addresses):
    return [
        (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 1)) for one in addresses
    ]


@pytest.fixture
def resolve(monkeypatch):
    """Says which addresses every host has."""

    def now(*addresses):
        async def getaddrinfo(*_, **__):
            return resolved(*addresses)

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    return now


@pytest.mark.parametrize(
    ("found", "tried"),
    [
        (["10.0.0.1"], ["10.0.0.1"]),
        (["10.0.0.1", "10.0.0.1"], ["10.0.0.1"]),
        (["::1", "::2", "::3", "10.0.0.1"], ["::1", "10.0.0.1", "::2", "::3"]),
        (["10.0.0.1", "10.0.0.2", "::1"], ["10.0.0.1", "::1", "10.0.0.2"]),
    ],
)
async def test_both_kinds_of_addresses_take_turns(resolve, found, tried):
    resolve(*found)
    assert await connecting._addresses("gitlab.example.com", 443) == tried


@pytest.mark.parametrize("first", ["127.0.0.2", "192.0.2.1"], ids=["refused", "silent"])
async def test_where_one_address_does_not_answer_the_next_one_does(monkeypatch, first):
    connected, asked = connecting._connected, []

    async def connect(host, port):
        asked.append(host)
        if host == "192.0.2.1":  # nothing answers there, on any network
            await asyncio.sleep(60)
        return await connected(host, port)

    async def addresses(*_):
        return [first, "127.0.0.1"]

    monkeypatch.setattr(connecting, "_connected", connect)
    monkeypatch.setattr(connecting, "_addresses", addresses)
    monkeypatch.setattr(connecting, "NEXT_ADDRESS", 0.05)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        stream = await connecting.Backend().connect_tcp("gitlab.example.com", server.sockets[0].getsockname()[1])
        assert asked == [first, "127.0.0.1"]
        await stream.aclose()
        await asyncio.sleep(0)


async def test_when_none_answers_that_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(httpcore2.ConnectError):
        await connecting.Backend().connect_tcp("127.0.0.1", port)


async def test_a_handshake_that_is_given_up_closes_its_socket():
    ended = asyncio.Event()

    async def silent(reader, writer):
        while await reader.read(1000):  # never a word of TLS
            pass
        ended.set()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        stream = await connecting.Backend().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1])
        handshake = asyncio.ensure_future(stream.start_tls(ssl.create_default_context(), "localhost"))
        await asyncio.sleep(0.05)
        handshake.cancel()
        async with asyncio.timeout(HANG):
            await ended.wait()
        assert handshake.cancelled()
