"""The one place that speaks HTTP to the outside: what goes over which connection, and never too much."""

from __future__ import annotations

import asyncio
import functools
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import httpx2 as httpx

from duo_lsp import proxies, urls
from duo_lsp.connecting import Transport
from duo_lsp.errors import InterceptedError
from duo_lsp.gitlab.http import tls, unreachable
from duo_lsp.gitlab.http.calls import Call
from duo_lsp.gitlab.http.kept import PATIENCE, Idle, Trace, UnheardError, soon
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.http.replies import Reply

_DEFAULT: Final = Network()
_LIMITS: Final = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=60)


class Exchange:
    """Connections to one address, kept until `close`; making one reads files, so not on the event loop.

    httpx's client would put cookies, redirects and proxies of its own around its transport: we want none of them.
    Nothing here waits for a set time: every call has a total deadline of its own.
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
        self._base_url = base_url
        self._headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": user_agent}
        self._context = tls.context(network) if base_url.startswith("https:") else tls.empty()
        self._proxy = proxy_to(base_url, network)
        self._idle = Idle(clock, wall)
        self._http = self._made()
        self._users: Counter[Transport] = Counter()

    @asynccontextmanager
    async def open(self, call: Call, authorization: Mapping[str, str]) -> AsyncIterator[Reply]:
        """Send a request; what goes wrong until the block ends leaves it as one of our errors. Raises UpstreamError."""
        try:
            async with AsyncExitStack() as stack:
                response = await self._answered(call, authorization, stack)
                if response.is_redirect:
                    there = unreachable.elsewhere(response.headers.get("Location", ""))
                    raise InterceptedError(f"{self.host} sends us to {there}, where our token does not go.")
                yield Reply(response, self.host, call)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as problem:
            raise unreachable.in_words(problem, self.host, self._proxy) from problem

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
        await asyncio.sleep(0)  # their sockets are closed by the event loop

    async def _answered(self, call: Call, authorization: Mapping[str, str], stack: AsyncExitStack) -> httpx.Response:
        """The head of the answer, over a fresh connection where a kept one turned out to be dead."""
        await self._wake_up()
        doubtful = self._idle.is_long and not self._users and not call.slow
        trace = Trace()
        try:
            return await self._sent(call, authorization, stack, trace, PATIENCE if doubtful else None)
        except (httpx.NetworkError, httpx.RemoteProtocolError, UnheardError) as problem:
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
    ) -> httpx.Response:
        http = await stack.enter_async_context(self._borrowed())
        content, type_ = call.content
        request = httpx.Request(
            call.method,
            _url(self._base_url + call.path),
            content=content,
            headers={**self._headers, **call.headers, **authorization, **type_},
            extensions={"trace": trace},
        )
        response = await soon(http.handle_async_request(request), trace, patience)
        stack.push_async_callback(response.aclose)
        return response

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[Transport]:
        """The connections in use now; those that were replaced meanwhile are closed by the last who needs them."""
        http = self._http
        self._users[http] += 1
        try:
            yield http
        finally:
            self._idle.end()
            self._users[http] -= 1
            if not self._users[http]:
                del self._users[http]
                if http is self._http and http.is_clogged:
                    self._renew()
                if http is not self._http:
                    await http.aclose()

    async def _wake_up(self) -> None:
        """After sleep no kept connection is worth a try."""
        if self._idle.was_sleep and not self._users:
            kept = self._http
            self._renew()
            await kept.aclose()

    def _renew(self) -> None:
        """Trust none of the kept connections any more."""
        self._http = self._made()

    def _made(self) -> Transport:
        return Transport(verify=self._context, proxy=self._proxy or None, limits=_LIMITS, trust_env=False)


@functools.lru_cache(maxsize=16)  # there are not many paths, and to read an address anew takes a while
def _url(address: str) -> httpx.URL:
    return httpx.URL(address)


def proxy_to(base_url: str, network: Network) -> str:
    """The proxy's address: the one that is set, else the environment's; never one to this machine."""
    given = network.proxy.reveal()
    found = {"https": given, "http": given} if given else proxies.of_environment()
    return proxies.choose(base_url, found)
