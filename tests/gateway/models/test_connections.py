"""Connections to a model's server, and what is left of them."""

from __future__ import annotations

import asyncio
import base64
from contextlib import AsyncExitStack

import httpcore2
import pytest

from duo_lsp.errors import UsageError
from duo_lsp.gateway.models import connections
from duo_lsp.gateway.models.connections import Connections
from gateway.engines.said import serving
from waiting import HANG, eventually


async def asked(made: Connections) -> bytes:
    async with made.answer("GET", "v1/models", None) as response:
        return await response.aread()


async def test_one_connection_is_enough_for_one_question_after_another() -> None:
    async with serving(lambda *_: {"data": []}, keeps=True) as server:
        made = Connections(server.url, {}, {})
        for _ in range(5):
            assert await asked(made) == b'{"data": []}'
        assert len(server.writers) == 1
        await made.close()
        await eventually(server.writers[0].is_closing)


async def test_several_at_once_have_one_each_and_the_last_is_used_again() -> None:
    async with serving(lambda *_: {"data": []}, keeps=True) as server:
        made = Connections(server.url, {}, {})
        await asyncio.gather(*(asked(made) for _ in range(4)))
        assert len(server.writers) == 4
        await asyncio.gather(*(asked(made) for _ in range(4)))
        assert len(server.writers) == 4
        await made.close()


async def test_who_leaves_in_the_middle_leaves_no_connection_behind() -> None:
    async with serving(lambda *_: {"data": ["x" * 5_000_000]}, keeps=True) as server:
        made = Connections(server.url, {}, {})
        async with made.answer("GET", "v1/models", None) as response:
            await anext(aiter(response.stream))  # type: ignore[arg-type]
        await eventually(server.writers[0].is_closing)
        await made.close()


async def test_what_nobody_used_for_long_is_closed_when_somebody_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT", 0.2)
    async with serving(lambda *_: {"data": []}, keeps=True) as server:
        made = Connections(server.url, {}, {})
        await asyncio.gather(*(asked(made) for _ in range(3)))
        await asyncio.sleep(0.25)
        await asked(made)
        assert len(server.writers) == 4
        await eventually(lambda: [one.is_closing() for one in server.writers] == [True, True, True, False])
        await made.close()


async def test_what_is_not_needed_any_more_is_closed_while_another_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT", 0.5)
    async with serving(lambda *_: {"data": []}, keeps=True) as server:
        made = Connections(server.url, {}, {})
        await asyncio.gather(*(asked(made) for _ in range(3)))
        async with asyncio.timeout(HANG):
            while sum(one.is_closing() for one in server.writers[:3]) < 2:
                await asked(made)
                await asyncio.sleep(0.05)
        await made.close()


async def test_who_is_at_work_while_all_are_given_back_gives_its_own_back_at_the_end() -> None:
    async with serving(lambda *_: {"data": []}, keeps=True) as server, AsyncExitStack() as stack:
        made = Connections(server.url, {}, {})
        response = await stack.enter_async_context(made.answer("GET", "v1/models", None))
        await made.close()
        assert await response.aread() == b'{"data": []}'
        await stack.aclose()
        await eventually(server.writers[0].is_closing)


async def test_a_handshake_that_is_given_up_leaves_nothing_behind() -> None:
    ended = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass
        ended.set()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        made = Connections(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", {}, {})
        asking = asyncio.ensure_future(asked(made))
        await asyncio.sleep(0.1)
        asking.cancel()
        async with asyncio.timeout(HANG):
            await ended.wait()
        assert (await asyncio.wait({asking}))[0].pop().cancelled()
        await made.close()


async def test_where_the_environment_names_a_proxy_it_is_asked_and_told_who_asks() -> None:
    heads: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        made = Connections("http://10.1.2.3:8000/v1", {}, {"http": f"http://ann:p%40ss@127.0.0.1:{port}"})
        for _ in range(2):
            assert await asked(made) == b"{}"
        await made.close()
    assert [head.split("\r\n")[0] for head in heads] == ["GET http://10.1.2.3:8000/v1/v1/models HTTP/1.1"] * 2
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'ann:p@ss').decode()}" in heads[0]


def test_a_proxy_of_another_kind_is_an_error_with_a_remedy() -> None:
    with pytest.raises(UsageError, match="http proxy"):
        Connections("https://api.example.com/v1", {}, {"https": "socks5://127.0.0.1:1"})


async def test_an_address_of_the_other_internet_is_named_as_http_wants_it() -> None:
    made = Connections("http://[::1]:9/v1", {}, {})
    request = made._request("POST", "x", b"{}")
    assert (b"Host", b"[::1]:9") in request.headers
    assert (b"Content-Length", b"2") in request.headers
    with pytest.raises(httpcore2.ConnectError):
        await asked(made)
    await made.close()
