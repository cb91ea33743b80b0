"""Requests about signing in: none carries more than the one token it is about."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from duo_lsp import __version__, urls
from duo_lsp.errors import SlowError
from duo_lsp.gitlab import upstream
from duo_lsp.gitlab.http import calls
from duo_lsp.gitlab.http.network import Network
from duo_lsp.privacy.secrets import Secret

if TYPE_CHECKING:
    from duo_lsp.gitlab.http.exchange import Exchange

AGENT: Final = f"duo-lsp/{__version__} (sign in)"
SECONDS: Final = 5.0
"""From connecting to the last byte."""
MAX_ANSWER: Final = 64 << 10
"""Bytes."""
Result = TypeVar("Result")
_DEFAULT: Final = Network()


class Ask(Protocol):
    """Asks one instance; a refusal is an answer, too."""

    def __call__(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Awaitable[tuple[int, object]]:
        """The status, and the JSON or None for what is no JSON. Raises UpstreamError."""


@contextlib.asynccontextmanager
async def asking(
    base_url: str, token: Secret | None = None, network: Network = _DEFAULT, *, seconds: float = SECONDS
) -> AsyncIterator[Ask]:
    """Ask an instance with this token, or with none. Raises OfflineError and SettingError."""
    exchanges: Any = await upstream.loaded(lambda: importlib.import_module("duo_lsp.gitlab.http.exchange"))
    exchange: Exchange = await upstream.loaded(lambda: exchanges.Exchange(base_url, AGENT, network))
    authorization = {"Authorization": f"Bearer {token.reveal()}"} if token else {}

    async def ask(method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, object]:
        call = calls.Call(method, path, form=form, most=MAX_ANSWER)
        try:
            async with asyncio.timeout(seconds), exchange.open(call, authorization) as reply:
                return reply.status, _parsed(await reply.body())
        except TimeoutError as problem:
            raise SlowError(f"{urls.host_of(base_url)} did not answer within {seconds:g} s.") from problem

    try:
        yield ask
    finally:
        await exchange.close()


def now(
    base_url: str, network: Network, question: Callable[[Ask], Awaitable[Result]], token: Secret | None = None
) -> Result:
    """Ask where there is no event loop, and wait for the answer. Raises what `question` raises."""

    async def run() -> Result:
        async with asking(base_url, token, network) as ask:
            return await question(ask)

    return asyncio.run(run())


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
