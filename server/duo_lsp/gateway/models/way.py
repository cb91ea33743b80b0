"""The one place of the gateway that speaks HTTP to others: to the server of a model."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

import httpx2 as httpx

from duo_lsp import connecting, urls
from duo_lsp.errors import ModelError
from duo_lsp.gateway.models import events, problems
from duo_lsp.privacy.secrets import Secret

CONNECT: Final = 3.0
"""Seconds for a connection."""
LOOK: Final = 5.0
"""Seconds for the answer to a question without work, such as which models there are."""
KEPT: Final = 4.0
"""Seconds a connection stays open for the next question: vLLM closes it after five."""
LLAMA: Final = "llama.cpp"
"""What its server calls itself, whichever API it is asked by."""
TELL_PROGRESS: Final[Mapping[str, Any]] = {"return_progress": True}
"""It notices that nobody listens when it writes, so that it has to write while it still reads a prompt."""
_TRIES: Final = 3
"""A kept connection may turn out to be closed; so may the one after it."""
_REFUSAL: Final = 64 << 10


class Way:
    """Connections to one server, kept until `close`."""

    def __init__(self, url: str, product: str, start: str, key: Secret) -> None:
        """`product` is what runs there, `start` the sentence that says how to start it."""
        self.name = f"{product} at {urls.host_of(url)}"
        self._more: Mapping[str, Any] = {}
        """What the server has to be told beside every question, once we know what it is."""
        self._start = start
        headers = {"Accept-Encoding": "identity", "User-Agent": "duo-lsp-gateway"}
        if key:
            headers["Authorization"] = f"Bearer {key.reveal()}"
        self._http = connecting.carefully(
            httpx.AsyncClient(
                base_url=url + "/",
                headers=headers,
                # reading the system's authorities takes long, and nobody here needs them
                verify=True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                trust_env=not urls.is_loopback(httpx.URL(url).host),  # there is no proxy to this machine
                follow_redirects=False,
                timeout=httpx.Timeout(None, connect=CONNECT),  # whoever asks has a deadline
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEPT),
            )
        )

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
                        raise problems.refused(response.status_code, told, self.name, self._start)
                    if text := events.piece(each):
                        yield text
            except ValueError as problem:
                raise self._nonsense(problem) from problem

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    @asynccontextmanager
    async def _open(self, method: str, path: str, body: Mapping[str, Any] | None) -> AsyncIterator[httpx.Response]:
        try:
            response = await self._sent(method, path, body)
            self._more = TELL_PROGRESS if response.headers.get("Server") == LLAMA else {}
            try:
                if not response.is_success:
                    raise await self._refusal(response)
                yield response
            finally:
                await response.aclose()
        except httpx.ConnectError as problem:
            raise problems.AwayError(f"Nothing answers as {self.name}.", f"Is it running? {self._start}") from problem
        except httpx.TimeoutException as problem:
            raise problems.AwayError(f"{self.name} cannot be reached.", f"Is it running? {self._start}") from problem
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
            raise ModelError(f"The answer of {self.name} broke off.") from problem

    async def _sent(self, method: str, path: str, body: Mapping[str, Any] | None) -> httpx.Response:
        """The head of the answer, over another connection where a kept one turned out to be closed."""
        for left in reversed(range(_TRIES)):
            made: list[str] = []

            async def watch(event: str, _: Mapping[str, Any], made: list[str] = made) -> None:
                if event == "connection.connect_tcp.started":
                    made.append(event)

            request = self._http.build_request(method, path, json=body, extensions={"trace": watch})
            try:
                return await self._http.send(request, stream=True)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if made or not left:
                    raise
        raise AssertionError  # the last try returns or raises

    async def _refusal(self, response: httpx.Response) -> ModelError:
        try:
            body = events.parsed(await _read(response, _REFUSAL))
        except ValueError:
            body = None
        return problems.refused(response.status_code, events.message(body), self.name, self._start)

    def _nonsense(self, problem: ValueError) -> ModelError:
        # the text of what cannot be read may be code: only our own sentences are told
        told = f"{problem}" if f"{problem}".startswith("sent ") else "sent something that cannot be read"
        return ModelError(f"{self.name} {told}.", f"Is that its address? {self._start}")


async def _read(response: httpx.Response, most: int) -> bytes:
    """The whole body. Raises ValueError when there is more."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > most:
            raise ValueError("sent too much")
    return bytes(body)


async def _objects(response: httpx.Response) -> AsyncGenerator[object, None]:
    if response.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json":
        yield events.parsed(await _read(response, events.MOST))  # a server that does not stream
        return
    stream = events.Events()
    async for chunk in response.aiter_raw():
        for each in stream.feed(chunk):
            yield each
    for each in stream.end():
        yield each
