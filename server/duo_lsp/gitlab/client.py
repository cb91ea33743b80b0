"""One instance of GitLab's REST API: ours to ask, its answers and failures in our words."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

import attrs
import httpx2 as httpx
import truststore

from duo_lsp import urls, wire
from duo_lsp.errors import BadAnswerError, OfflineError, SlowError
from duo_lsp.gitlab import refusals
from duo_lsp.privacy.secrets import Secret

MAX_ANSWER: Final = 256 << 10
"""Bytes of an answer that are read; more is refused."""


@attrs.frozen
class Deadlines:
    """Seconds, each for a whole exchange from connecting to the last byte."""

    completion: float = 7.0
    generation: float = 30.0
    question: float = 5.0


class GitLabClient:
    """Speaks to one address with one token; keeps its connections until `close`."""

    def __init__(
        self,
        base_url: str,
        token: Secret,
        user_agent: str,
        *,
        deadlines: Deadlines | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.host = urls.host_of(base_url)
        self._base_url = base_url
        self._deadlines = deadlines or Deadlines()
        self._http = httpx.AsyncClient(
            headers={
                "Authorization": f"Bearer {token.reveal()}",
                "User-Agent": user_agent,
                "Accept-Encoding": "identity",  # nothing to unpack, so nothing can swell
            },
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            # code for this machine must not take the way through a company's proxy
            trust_env=not urls.is_loopback(urlsplit(base_url).hostname or ""),
            follow_redirects=False,
            timeout=None,  # every call has a total deadline of its own
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # nobody's cookies are kept
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=60),
            transport=transport,
        )

    async def complete(self, request: wire.SuggestionRequest) -> wire.Answer:
        """Ask for a suggestion. Raises UpstreamError, in one of its kinds."""
        generation = request.intent == "generation"
        seconds = self._deadlines.generation if generation else self._deadlines.completion
        body, headers = await self._exchange("POST", wire.COMPLETIONS_PATH, seconds, request.body())
        try:
            answer = wire.read_answer(body)
        except ValueError as problem:
            raise BadAnswerError(f"{self.host} sent an answer we cannot read: {problem}.") from problem
        return attrs.evolve(answer, reason=headers.get(wire.REASON_HEADER, "")[:200])

    async def version(self) -> str:
        """Which GitLab it is. Raises UpstreamError."""
        body, _ = await self._exchange("GET", wire.VERSION_PATH, self._deadlines.question)
        return str(body.get("version", "unknown")) if isinstance(body, Mapping) else "unknown"

    async def index(self) -> str:
        """How far the local gateway's index is: building, ready or none. Raises UpstreamError."""
        body, _ = await self._exchange("GET", wire.HEALTH_PATH, self._deadlines.question)
        return str(body.get("index", "none")) if isinstance(body, Mapping) else "none"

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def _exchange(
        self, method: str, path: str, seconds: float, body: Mapping[str, Any] | None = None
    ) -> tuple[object, Mapping[str, str]]:
        """The one boundary: whatever httpx raises leaves here as one of our errors."""
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.stream(method, self._base_url + path, json=body) as response,
            ):
                return await self._read(response), response.headers
        except TimeoutError as problem:
            raise SlowError(f"{self.host} did not answer within {seconds:g} s.") from problem
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as problem:
            raise OfflineError(f"{self.host} cannot be reached ({_cause(problem)}).") from problem

    async def _read(self, response: httpx.Response) -> object:
        if response.is_redirect:
            raise BadAnswerError(f"{self.host} sends us elsewhere, which we do not follow: the token stays here.")
        raw = await self._body(response)
        body = _parsed(raw)
        if not response.is_success:
            raise refusals.of(response.status_code, body, response.headers, self.host)
        if body is None:
            kind = "a page" if raw.lstrip()[:1] == b"<" else "something that is no JSON"
            raise BadAnswerError(f"{self.host} answered with {kind} instead of a suggestion.")
        return body

    async def _body(self, response: httpx.Response) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise BadAnswerError(f"{self.host} sent a packed answer although we asked for a plain one.")
        raw = bytearray()
        async for chunk in response.aiter_raw():
            raw += chunk
            if len(raw) > MAX_ANSWER:
                raise BadAnswerError(f"{self.host} sent more than {MAX_ANSWER >> 10} KiB.")
        return bytes(raw)


def _parsed(raw: bytes) -> object:
    """The JSON value, the text of a short plain answer is kept for error messages; None when it is neither."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _cause(problem: BaseException) -> str:
    """The kind of failure in words; an exception's own text may hold an address with a password."""
    text = f"{problem}".lower()
    if "certificate" in text:
        return "its certificate is not trusted"
    if "name or service" in text or "nodename" in text or "getaddrinfo" in text or "name resolution" in text:
        return "no such host"
    if "refused" in text or isinstance(problem, httpx.ConnectError):
        return "connection refused"
    return "the connection broke"
