"""The one place that speaks HTTP to the outside: limits, and every failure in our words."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import getproxies

import attrs
import httpx2 as httpx

from duo_lsp import urls
from duo_lsp.errors import (
    BadAnswerError,
    CutShortError,
    InterceptedError,
    OfflineError,
    ProxyError,
    UntrustedError,
    UpstreamError,
)
from duo_lsp.gitlab import proxies, tls
from duo_lsp.gitlab.connecting import Transport
from duo_lsp.gitlab.network import Network
from duo_lsp.gitlab.unpacking import Unpacker

MAX_ANSWER: Final = 2 << 20
"""Bytes of an answer that are read, counted after unpacking; more is refused."""
MAX_CHAT_ANSWER: Final = 8 << 20
LONG_IDLE: Final = 15.0
"""Seconds after which a connection may have died unnoticed: the machine slept, the network is another one."""
_DEFAULT: Final = Network()
PATIENCE: Final = 0.8
"""Seconds that a connection out of a long idle has to answer before the request goes over a fresh one."""


@attrs.frozen
class Call:
    """One request."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    most: int = MAX_ANSWER
    """Bytes of its answer."""
    form: Mapping[str, str] | None = None
    """Sent instead of a body in JSON, as OAuth wants it (RFC 6749, appendix B)."""

    @property
    def content(self) -> tuple[bytes | None, Mapping[str, str]]:
        """What is sent, and the header that says of which type it is."""
        if self.form is not None:
            return urlencode(self.form).encode(), _FORM
        return (None, {}) if self.body is None else (_encoded(self.body), _JSON)


class Reply:
    """An answer whose head is there; its body comes."""

    def __init__(self, response: httpx.Response, host: str, most: int) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.is_success = response.is_success
        self.host = host
        self._response = response
        self._most = most

    @property
    def kind(self) -> str:
        """The content type, without what is after the semicolon."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises BadAnswerError, CutShortError."""
        try:
            unpacker = Unpacker(self.headers.get("Content-Encoding", ""), self._most)
            async for chunk in self._response.aiter_raw():
                yield unpacker.feed(chunk)
            unpacker.end()
        except ValueError as problem:
            raise BadAnswerError(f"{self.host} {problem}.") from problem
        except (httpx.HTTPError, OSError, EOFError) as problem:
            raise CutShortError(f"The answer of {self.host} broke off.") from problem

    async def body(self) -> bytes:
        """The whole body. Raises BadAnswerError, CutShortError."""
        return b"".join([chunk async for chunk in self.chunks()])


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
        self._base_url = base_url
        self._user_agent = user_agent
        self._context = tls.context(network) if base_url.startswith("https:") else tls.empty()
        self._proxy = proxy_to(base_url, network)
        self._clocks = (clock, wall)
        self._used = (clock(), wall())
        self._http, self._transport = self._made()
        self._users: Counter[httpx.AsyncClient] = Counter()

    @asynccontextmanager
    async def open(self, call: Call, authorization: Mapping[str, str]) -> AsyncIterator[Reply]:
        """Send a request; what goes wrong until the block ends leaves it as one of our errors. Raises UpstreamError."""
        try:
            async with AsyncExitStack() as stack:
                response = await self._answered(call, authorization, stack)
                if response.is_redirect:
                    raise InterceptedError(f"{self.host} sends us elsewhere, where our token does not go.")
                yield Reply(response, self.host, call.most)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as problem:
            raise self._failure(problem) from problem

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
        await asyncio.sleep(0)  # their sockets are closed by the event loop

    async def _answered(self, call: Call, authorization: Mapping[str, str], stack: AsyncExitStack) -> httpx.Response:
        """The head of the answer, over a fresh connection where a kept one turned out to be dead."""
        patience = self._patience()
        trace = _Trace()
        try:
            return await self._sent(call, authorization, stack, trace, patience)
        except (httpx.NetworkError, httpx.RemoteProtocolError, _UnheardError) as problem:
            if trace.fresh or not _said_nothing(problem):
                raise
        self._renew()
        return await self._sent(call, authorization, stack, _Trace(), None)

    async def _sent(
        self,
        call: Call,
        authorization: Mapping[str, str],
        stack: AsyncExitStack,
        trace: _Trace,
        patience: float | None,
    ) -> httpx.Response:
        http = await stack.enter_async_context(self._borrowed())
        content, type_ = call.content
        request = http.build_request(
            call.method,
            self._base_url + call.path,
            content=content,
            headers={**call.headers, **authorization, **type_},
            extensions={"trace": trace},
        )
        response = await _soon(http.send(request, stream=True), trace, patience)
        stack.push_async_callback(response.aclose)
        return response

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[httpx.AsyncClient]:
        """The connections in use now; those that were replaced meanwhile are closed by the last who needs them."""
        http = self._http
        self._users[http] += 1
        try:
            yield http
        finally:
            self._used = self._clocks[0](), self._clocks[1]()
            self._users[http] -= 1
            if not self._users[http]:
                del self._users[http]
                if http is self._http and self._transport.is_clogged:
                    self._renew()
                if http is not self._http:
                    await http.aclose()

    def _patience(self) -> float | None:
        """How long to wait for a kept connection: no limit while they are in use.

        The monotonic clock may stand still while the machine sleeps, the other one does not.
        """
        idle = max(clock() - used for clock, used in zip(self._clocks, self._used, strict=True))
        return PATIENCE if idle >= LONG_IDLE and not self._users else None

    def _renew(self) -> None:
        """Trust none of the kept connections any more."""
        self._http, self._transport = self._made()

    def _made(self) -> tuple[httpx.AsyncClient, Transport]:
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=60)
        transport = Transport(verify=self._context, proxy=self._proxy or None, limits=limits, trust_env=False)
        http = httpx.AsyncClient(
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "identity"},
            trust_env=False,  # which would send code for this machine through a company's proxy
            follow_redirects=False,
            timeout=None,  # every call has a total deadline of its own
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # nobody's cookies are kept
            transport=transport,
        )
        return http, transport

    def _failure(self, problem: Exception) -> UpstreamError:
        """The kind of failure in words; an exception's own text may hold an address with a password."""
        text = f"{problem}".lower()
        if isinstance(problem, httpx.ProxyError):
            wants_name = " It wants a name and a password (status 407)." if text.startswith("407") else ""
            return ProxyError(f"The proxy does not let us through to {self.host}.{wants_name}")
        if "certificate" in text:
            return UntrustedError(f"{self.host} cannot be reached (its certificate is not trusted).")
        if self._proxy and isinstance(problem, httpx.ConnectError):
            return ProxyError(f"The proxy {urls.host_of(self._proxy)} cannot be reached ({_cause(problem, text)}).")
        if isinstance(problem, httpx.RemoteProtocolError) and _HUNG_UP not in text:
            return BadAnswerError(f"{self.host} answered with something that is no HTTP.")
        return OfflineError(f"{self.host} cannot be reached ({_cause(problem, text)}).")


def proxy_to(base_url: str, network: Network) -> str:
    """The proxy's address: the one that is set, else the environment's; never one to this machine."""
    given = network.proxy.reveal()
    found = {"https": given, "http": given} if given else getproxies()
    return proxies.choose(base_url, found)


class _UnheardError(Exception):
    """A kept connection says nothing."""


def _said_nothing(problem: Exception) -> bool:
    """Whether no byte of an answer came."""
    return not isinstance(problem, httpx.RemoteProtocolError) or _HUNG_UP in f"{problem}".lower()


class _Trace:
    """Watches one request: whether a connection was made for it."""

    def __init__(self) -> None:
        self.fresh = False

    async def __call__(self, event: str, _: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            self.fresh = True


async def _soon(
    sending: Coroutine[None, None, httpx.Response], trace: _Trace, patience: float | None
) -> httpx.Response:
    """What is sent for; over a kept connection only with patience. Raises _UnheardError."""
    if patience is None:
        return await sending
    task = asyncio.ensure_future(sending)
    try:
        await asyncio.wait({task}, timeout=patience)
        if not task.done() and not trace.fresh:
            raise _UnheardError
        return await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


_HUNG_UP: Final = "disconnected"
_JSON: Final = {"Content-Type": "application/json"}
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def _encoded(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8; half a character, which has no UTF-8 form, becomes a question mark."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _cause(problem: Exception, text: str) -> str:
    if any(sign in text for sign in ("name or service", "nodename", "getaddrinfo", "name resolution")):
        return "no such host"
    if "refused" in text or isinstance(problem, httpx.ConnectError):
        return "connection refused"
    return "the connection broke"
