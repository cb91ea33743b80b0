"""The one place of the gateway that speaks HTTP to others: to the server of a model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

import httpcore2 as httpcore
import orjson

from duo_lsp import proxies, urls
from duo_lsp.errors import ModelError
from duo_lsp.gateway.models import events, problems
from duo_lsp.gateway.models.connections import Connections
from duo_lsp.privacy.secrets import Secret

LOOK: Final = 5.0
"""Seconds for the answer to a question without work, such as which models there are."""
LLAMA: Final = "llama.cpp"
"""What its server calls itself, whichever API it is asked by."""
TELL_PROGRESS: Final[Mapping[str, Any]] = {"return_progress": True}
"""It notices that nobody listens when it writes, so that it has to write while it still reads a prompt."""
_REFUSAL: Final = 64 << 10


class Way:
    """Connections to one server, kept until `close`."""

    def __init__(self, url: str, product: str, start: str, key: Secret) -> None:
        """`product` is what runs there, `start` the sentence that says how to start it."""
        self.name = f"{product} at {urls.host_of(url)}"
        self._more: Mapping[str, Any] = {}
        """What the server has to be told beside every question, once we know what it is."""
        self._start = start
        headers = {"User-Agent": "duo-lsp-gateway"}
        if key:
            headers["Authorization"] = f"Bearer {key.reveal()}"
        self._connections = Connections(url, headers, proxies.of_environment())

    async def look(self, path: str, body: Mapping[str, Any] | None = None, seconds: float = LOOK) -> object:
        """A whole answer in JSON, to a POST where there is a body. Raises ModelError."""
        try:
            async with asyncio.timeout(seconds), self._open("GET" if body is None else "POST", path, body) as response:
                return events.parsed(await _read(response, events.LONGEST))
        except TimeoutError as problem:
            raise problems.LateError(f"{self.name} did not answer within {seconds:g} s.") from problem
        except ValueError as problem:
            raise self._nonsense(problem) from problem

    async def pieces(self, path: str, body: Mapping[str, Any]) -> AsyncGenerator[str, None]:
        """The text of a streamed answer as it comes. Closing it closes the connection, which ends the model's work.

        Raises ModelError.
        """
        asked = {**body, **self._more, "stream": True}
        async with self._open("POST", path, asked) as response, aclosing(_objects(response)) as all_:
            try:
                async for each in all_:
                    if told := events.message(each):
                        raise problems.refused(response.status, told, self.name, self._start)
                    if text := events.piece(each):
                        yield text
            except ValueError as problem:
                raise self._nonsense(problem) from problem

    async def close(self) -> None:
        """Give the connections back."""
        await self._connections.close()

    @asynccontextmanager
    async def _open(self, method: str, path: str, body: Mapping[str, Any] | None) -> AsyncIterator[httpcore.Response]:
        content = None if body is None else orjson.dumps(body)
        try:
            async with self._connections.answer(method, path, content) as response:
                self._more = TELL_PROGRESS if _header(response, b"server") == LLAMA else {}
                if not 200 <= response.status < 300:
                    raise await self._refusal(response)
                yield response
        except httpcore.ConnectError as problem:
            raise problems.AwayError(f"Nothing answers as {self.name}.", f"Is it running? {self._start}") from problem
        except httpcore.ConnectTimeout as problem:
            raise problems.AwayError(f"{self.name} cannot be reached.", f"Is it running? {self._start}") from problem
        except (httpcore.ProxyError, httpcore.ProtocolError, httpcore.NetworkError, OSError) as problem:
            raise ModelError(f"The answer of {self.name} broke off.") from problem

    async def _refusal(self, response: httpcore.Response) -> ModelError:
        try:
            body = events.parsed(await _read(response, _REFUSAL))
        except ValueError:
            body = None
        return problems.refused(response.status, events.message(body), self.name, self._start)

    def _nonsense(self, problem: ValueError) -> ModelError:
        # the text of what cannot be read may be code: only our own sentences are told
        told = f"{problem}" if f"{problem}".startswith("sent ") else "sent something that cannot be read"
        return ModelError(f"{self.name} {told}.", f"Is that its address? {self._start}")


def _header(response: httpcore.Response, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in response.headers if name.lower() == wanted), "")


async def _read(response: httpcore.Response, most: int) -> bytes:
    """The whole body. Raises ValueError when there is more."""
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > most:
            raise ValueError("sent too much")
    return bytes(body)


async def _objects(response: httpcore.Response) -> AsyncGenerator[object, None]:
    if _header(response, b"content-type").partition(";")[0].strip() == "application/json":
        yield events.parsed(await _read(response, events.MOST))  # a server that does not stream
        return
    stream = events.Events()
    async for chunk in response.aiter_stream():
        for each in stream.feed(chunk):
            yield each
    for each in stream.end():
        yield each
