"""The chat with one instance, connected to on the first question."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from duo_lsp.chat_errors import SignedOutError
from duo_lsp.errors import DuoError
from duo_lsp.wire_chat import ChatRequest, ChatTransport

if TYPE_CHECKING:
    from duo_lsp.gitlab.client import GitLabClient
    from duo_lsp.gitlab.limits.gate import Gate

OnText = Callable[[str], None]


class Chat:
    """Asks the client of now; a token that was refused holds questions as it holds suggestions, nothing else does."""

    def __init__(self, client: Callable[[], Awaitable[GitLabClient]], sign_in: Gate | None = None) -> None:
        """`sign_in` knows whether the token was refused; None where there is nothing to refuse."""
        self._client = client
        self._sign_in = sign_in
        self._asked: GitLabClient | None = None
        self._transport: ChatTransport | None = None

    async def ask(self, request: ChatRequest, on_text: OnText) -> str:
        """The whole answer; `on_text` is given each new piece. Raises DuoError."""
        if self._sign_in is None:
            return await (await self._connected()).ask(request, on_text)
        held = self._sign_in.held()
        if held is not None and held.error is not None:
            raise held.error
        return await self._watched(self._sign_in, request, on_text)

    async def _watched(self, sign_in: Gate, request: ChatRequest, on_text: OnText) -> str:
        probe = sign_in.enter()
        try:
            answer = await (await self._connected()).ask(request, on_text)
        except DuoError as error:
            sign_in.failed(error, probe=probe)
            raise
        except BaseException:
            sign_in.left(probe=probe)
            raise
        sign_in.succeeded()
        return answer

    async def _connected(self) -> ChatTransport:
        client = await self._client()
        if self._transport is None or client is not self._asked:
            # loaded only now: it needs the HTTP library, which the client has just loaded off the event loop
            choosing = importlib.import_module("duo_lsp.gitlab.chat.choosing")
            transport: ChatTransport = choosing.of(client)
            self._asked, self._transport = client, transport
        return self._transport


class NobodyToAsk:
    """GitLab is wanted, but nobody is signed in."""

    async def ask(self, request: ChatRequest, on_text: OnText) -> str:  # noqa: ARG002 - the protocol's shape
        """Raises SignedOutError."""
        raise SignedOutError(401, "You are not signed in to GitLab.")
