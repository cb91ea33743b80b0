"""The one place that speaks HTTP to the outside: what goes over which connection, and never too much."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import httpcore2

from duo_lsp import connecting, proxies, urls
from duo_lsp.errors import InterceptedError
from duo_lsp.gitlab.http import tls, unreachable
from duo_lsp.gitlab.http.calls import Call
from duo_lsp.gitlab.http.kept import PATIENCE, Idle, Trace, UnheardError, soon
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.http.replies import Reply

_DEFAULT: Final = Network()


class Exchange:
    """Connections to one address, kept until `close`; making one reads files, so not on the event loop.

    Raises SettingError, and ValueError or ImportError for a proxy of a kind that cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        user_agent: str,
        network: Network = _DEFAULT,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.host = urls.host_of(base_url)
        self._url = httpcore2.URL(base_url)
        self._headers = {
            "Host": urlsplit(base_url).netloc,
            "User-Agent": user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        }
        self._context = tls.context(network) if base_url.startswith("https:") else tls.empty()
        self._proxy = proxy_to(base_url, network)
        self._idle = Idle(clock, wall)
        self._pool = self._made()
        self._users: Counter[httpcore2.AsyncConnectionPool] = Counter()

    @asynccontextmanager
    async def open(self, call: Call, authorization: Mapping[str, str]) -> AsyncIterator[Reply]:
        """Send a request; what goes wrong until the block ends leaves it as one of our errors. Raises UpstreamError."""
        try:
            async with AsyncExitStack() as stack:
                response = await self._answered(call, authorization, stack)
                reply = Reply(response, self.host, call)
                if reply.is_redirect:
                    there = unreachable.elsewhere(reply.headers.get("Location", ""))
                    raise InterceptedError(f"{self.host} sends us to {there}, where our token does not go.")
                yield reply
        except unreachable.FAILURES as problem:
            raise unreachable.in_words(problem, self.host, self._proxy) from problem

    async def close(self) -> None:
        """Give the connections back."""
        await self._pool.aclose()
        await asyncio.sleep(0)  # their sockets are closed by the event loop

    async def _answered(
        self, call: Call, authorization: Mapping[str, str], stack: AsyncExitStack
    ) -> httpcore2.Response:
        """The head of the answer, over a fresh connection where a kept one turned out to be dead."""
        await self._wake_up()
        doubtful = self._idle.is_long and not self._users and not call.slow
        trace = Trace()
        try:
            return await self._sent(call, authorization, stack, trace, PATIENCE if doubtful else None)
        except (httpcore2.NetworkError, httpcore2.RemoteProtocolError, UnheardError) as problem:
            if trace.fresh or not unreachable.says_nothing(problem):
                raise
        self._renew()
        return await self._sent(call, authorization, stack, Trace(), None)

    async def _sent(
        self,
        call: Call,
        authorization: Mapping[str, str],
        stack: AsyncExitStack,
        trace: Trace,
        patience: float | None,
    ) -> httpcore2.Response:
        pool = await stack.enter_async_context(self._borrowed())
        response = await soon(pool.handle_async_request(self._request(call, authorization, trace)), trace, patience)
        stack.push_async_callback(response.aclose)
        return response

    def _request(self, call: Call, authorization: Mapping[str, str], trace: Trace) -> httpcore2.Request:
        content, type_ = call.content
        headers = {**self._headers, **call.headers, **authorization, **type_}
        if content is not None or call.method != "GET":
            headers["Content-Length"] = str(len(content or b""))
        return httpcore2.Request(
            call.method,
            self._target(call.path),
            headers=[(name.encode(), value.encode()) for name, value in headers.items()],
            content=content,
            extensions={"trace": trace},
        )

    def _target(self, path: str) -> httpcore2.URL:
        url = self._url
        return httpcore2.URL(
            scheme=url.scheme, host=url.host, port=url.port, target=url.target.rstrip(b"/") + path.encode()
        )

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[httpcore2.AsyncConnectionPool]:
        """The connections in use now; those that were replaced meanwhile are closed by the last who needs them."""
        pool = self._pool
        self._users[pool] += 1
        try:
            yield pool
        finally:
            self._idle.end()
            self._users[pool] -= 1
            if not self._users[pool]:
                del self._users[pool]
                if pool is self._pool and connecting.is_clogged(pool):
                    self._renew()
                if pool is not self._pool:
                    await pool.aclose()

    async def _wake_up(self) -> None:
        """After sleep no kept connection is worth a try."""
        if self._idle.was_sleep and not self._users:
            kept = self._pool
            self._renew()
            await kept.aclose()

    def _renew(self) -> None:
        """Trust none of the kept connections any more."""
        self._pool = self._made()

    def _made(self) -> httpcore2.AsyncConnectionPool:
        return connecting.pool(self._context, self._proxy)


def proxy_to(base_url: str, network: Network) -> str:
    """The proxy's address: the one that is set, else the environment's; never one to this machine."""
    given = network.proxy.reveal()
    return proxies.choose(base_url, {"https": given, "http": given} if given else proxies.of_environment())
