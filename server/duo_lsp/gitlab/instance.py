"""One instance, asked with one person's token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from duo_lsp.errors import SlowError, TokenRefusedError
from duo_lsp.gitlab import answers
from duo_lsp.gitlab.http.calls import Call
from duo_lsp.gitlab.http.exchange import Exchange
from duo_lsp.gitlab.http.replies import Reply
from duo_lsp.gitlab.token_source import TokenSource
from duo_lsp.privacy.secrets import Secret

T = TypeVar("T")


class Instance:
    """Asks over one exchange; a refusal is one of our errors."""

    def __init__(self, exchange: Exchange, tokens: TokenSource, wall: Callable[[], float]) -> None:
        """`wall` gives the seconds since 1970."""
        self.host = exchange.host
        self._exchange = exchange
        self._tokens = tokens
        self._wall = wall

    async def ask(self, call: Call, read: Callable[[Reply], Awaitable[T]]) -> T:
        """Ask with the token of now; once more with another when this one is not valid any more.

        Raises UpstreamError, and what `read` raises.
        """
        token = await self._tokens.current()
        try:
            return await self.ask_with(bearer(token), call, read)
        except TokenRefusedError:
            other = await self._tokens.renewed(token)
            if other is None:
                raise
            return await self.ask_with(bearer(other), call, read)

    async def ask_privately(self, call: Call, read: Callable[[Reply], Awaitable[T]]) -> T:
        """The same as the oldest parts of the API want it: in a header of its own, which only knows personal tokens."""
        token = await self._tokens.current()
        return await self.ask_with({"PRIVATE-TOKEN": token.reveal()}, call, read)

    async def ask_with(self, authorization: Mapping[str, str], call: Call, read: Callable[[Reply], Awaitable[T]]) -> T:
        """Ask with these headers instead of the person's token. Raises UpstreamError, and what `read` raises."""
        async with self._exchange.open(call, authorization) as reply:
            if not reply.is_success:
                raise await answers.refusal(reply, datetime.fromtimestamp(self._wall(), UTC))
            return await read(reply)

    async def tell(self, path: str, name: str, otherwise: str) -> str:
        """One field of what it says at a path. Raises UpstreamError."""
        body: Any = await self.ask(Call("GET", path), answers.value)
        return str(body.get(name, otherwise))[:100] if isinstance(body, Mapping) else otherwise

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """All that one question takes: tokens, tries and answers. Raises SlowError."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as problem:
            raise SlowError(f"{self.host} did not answer within {seconds:g} s.") from problem

    async def close(self) -> None:
        """Give the connections back."""
        await self._tokens.close()
        await self._exchange.close()


def bearer(token: Secret) -> Mapping[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token.reveal()}"}
