"""A server on a real socket that says what it is told to: for what no real model's server does on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import attrs


@attrs.frozen
class Refusal:
    """An answer with this status."""

    status: int
    body: Any


def sse(*events: Any) -> str:
    """Events as OpenAI's API sends them."""
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"


def lines(*events: Any) -> str:
    """Events as Ollama sends them."""
    return "".join(json.dumps(event) + "\n" for event in events)


Answer = Callable[[str, dict[str, Any]], Any]


@attrs.define
class Server:
    """Keeps what it was asked."""

    answer: Answer
    keeps: bool
    cut: bool
    product: str = "some"
    url: str = ""
    asked: list[tuple[str, dict[str, Any]]] = attrs.field(factory=list)
    keys: list[str] = attrs.field(factory=list)
    writers: list[asyncio.StreamWriter] = attrs.field(factory=list)

    def hang_up(self) -> None:
        """Close every connection."""
        for writer in self.writers:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while await self._one(reader, writer) and self.keeps:
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *rest = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        path, body = first.split()[1], json.loads(raw or b"{}")
        self.asked.append((path, body))
        if key := headers.get("authorization"):
            self.keys.append(key)
        said = self.answer(path, body)
        status = said.status if isinstance(said, Refusal) else 200
        said = said.body if isinstance(said, Refusal) else said
        kind = "text/event-stream" if isinstance(said, str) else "application/json"
        data = (said if isinstance(said, str) else json.dumps(said)).encode()
        more = 1 if self.cut else 0
        keep = "keep-alive" if self.keeps else "close"
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data) + more}\r\n"
            f"Connection: {keep}\r\nServer: {self.product}\r\n\r\n".encode()
            + data
        )
        await writer.drain()
        return True


@asynccontextmanager
async def serving(
    answer: Answer, *, keeps: bool = False, cut: bool = False, product: str = "some"
) -> AsyncIterator[Server]:
    """One that answers so; with `cut` its answers break off, with `keeps` connections stay open."""
    made = Server(answer, keeps, cut, product)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for writer in made.writers:
            writer.transport.abort()  # whatever nobody read is not waited for
        await asyncio.sleep(0.01)
