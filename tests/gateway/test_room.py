"""How many connections there may be and how much work at once, unless told otherwise: sockets against a process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from typing import Any

import pytest

from gateway import rig
from gateway.inprocess import answered, call
from gateway.rig import Running
from waiting import eventually


def refused(port: int, count: int) -> list[bool]:
    """Whether each of so many connections at once was sent away; the others ask and are answered."""
    with ExitStack() as stack:
        wires = [stack.enter_context(closing(call(port))) for _ in range(count)]
        for wire in wires:
            wire.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return [answered(wire)[0] == 503 for wire in wires]


@pytest.mark.parametrize(("options", "most"), [({}, 64), ({"connections": 3}, 3)])
def test_there_is_room_for_so_many_connections(options: dict[str, Any], most: int) -> None:
    running = rig.start(rig.command(engine="fixed", **options))
    assert refused(running.port, most + 2) == [False] * most + [True] * 2
    assert refused(running.port, 1) == [False]  # they made room again


@contextmanager
def before_a_model(url: str) -> Iterator[Running]:
    """A gateway in front of the model there, without a limit for its one user."""
    argv = ["--engine", "openai", "--url", url, "--model", "m", "--fim-template", "qwen"]
    command = [sys.executable, "-m", "duo_lsp.cli", "gateway", *argv, "--model-timeout", "60", "--limit", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        hello = json.loads(process.stdout.readline())
        yield Running(process, hello["url"], hello["token"])
        process.terminate()


@asynccontextmanager
async def silent_model() -> AsyncIterator[tuple[str, list[asyncio.StreamWriter]]]:
    """One that never answers: its address, and who asked it."""
    asking: list[asyncio.StreamWriter] = []

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asking.append(writer)
        with contextlib.suppress(ConnectionError):
            await reader.read()  # until the gateway gives up
        writer.transport.abort()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asking
    server.close()
    for writer in asking:
        writer.transport.abort()
    await asyncio.sleep(0.05)


async def test_a_model_elsewhere_is_asked_by_64_at_once_over_up_to_512_connections() -> None:
    body = json.dumps(rig.body()).encode()
    async with silent_model() as (url, asking):
        with ExitStack() as stack, before_a_model(url) as running:  # which ends before those who ask
            head = f"POST {rig.COMPLETIONS} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {running.token}\r\n"
            request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
            for _ in range(64 * 5):
                stack.enter_context(closing(call(running.port))).sendall(request)
            await eventually(lambda: len(asking) == 64)
            one_more = stack.enter_context(closing(call(running.port)))
            one_more.sendall(request)
            assert (await asyncio.to_thread(answered, one_more))[0] == 503
            assert len(asking) == 64
            others = 512 - 64 * 5 - 1
            assert await asyncio.to_thread(refused, running.port, others + 2) == [False] * others + [True] * 2
