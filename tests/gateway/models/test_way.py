"""What goes wrong on the way to a model's server."""

from __future__ import annotations

import asyncio

import pytest

from duo_lsp.errors import ModelError, UsageError
from duo_lsp.gateway import models
from duo_lsp.gateway.engines import openai
from duo_lsp.gateway.models import events, problems
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.gateway.models.way import Way
from duo_lsp.privacy.secrets import Secret
from gateway.engines import asked
from gateway.engines.said import Refusal, serving


def way(url: str) -> Way:
    return Way(url, "It", "Start it.", Secret())


async def test_a_look_that_takes_too_long_ends() -> None:
    left = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.transport.abort()
        left.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    there = way(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with pytest.raises(problems.LateError, match=r"did not answer within 0\.05 s"):
        await there.look("x", seconds=0.05)
    await asyncio.wait_for(left.wait(), 10)  # the connection was closed: who works there knows that nobody waits
    await there.close()
    server.close()
    await asyncio.sleep(0)


async def test_what_is_no_json_or_too_much_of_it_is_told() -> None:
    async with serving(lambda *_: "hello") as server:
        there = way(server.url)
        with pytest.raises(ModelError, match=r"sent something that cannot be read\. Is that its address\? Start it\."):
            await there.look("x")
        await there.close()
    async with serving(lambda *_: "x" * (events.LONGEST + 1)) as server:
        there = way(server.url)
        with pytest.raises(ModelError, match="sent too much"):
            await there.look("x")
        await there.close()


async def test_a_machine_that_cannot_be_reached_is_told_in_time() -> None:
    there = way("http://192.0.2.1:9")  # an address for documentation: nobody has it (RFC 5737)
    with pytest.raises(ModelError):
        await there.look("x", seconds=0.2)
    await there.close()


async def test_an_answer_that_is_no_http_is_told() -> None:
    async def rude(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(rude, "127.0.0.1", 0)
    there = way(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with pytest.raises(ModelError, match="broke off"):
        await there.look("x")
    await there.close()
    server.close()


async def test_the_key_is_in_no_error_and_no_writing_of_the_wish() -> None:
    wish = models.Wish("http://127.0.0.1:1", "m", key=Secret("the-secret-key"))
    assert "the-secret-key" not in repr(wish)
    async with serving(lambda *_: Refusal(401, {"error": {"message": "bad key"}})) as server:
        model = openai.make(models.Wish(server.url, "m", key=wish.key))
        with pytest.raises(ModelError) as caught:
            await asked.all_of(model.fill(Gap("a.py", "x"), 8))
        assert "the-secret-key" not in str(caught.value)
        await model.close()


def test_a_key_comes_from_the_environment_and_must_be_one() -> None:
    assert models.key({}) == Secret()
    assert models.key({"DUO_LSP_MODEL_KEY": " abc "}).reveal() == "abc"
    with pytest.raises(UsageError, match="DUO_LSP_MODEL_KEY") as caught:
        models.key({"DUO_LSP_MODEL_KEY": "two words"})
    assert "two words" not in str(caught.value)
