"""The engine on this machine as somebody who answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from duo_lsp import wire
from duo_lsp.errors import DuoError, OfflineError, SlowError
from duo_lsp.gitlab.chat.asking import Chat
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.local import PATIENCE, LocalEngine
from duo_lsp.gitlab.local_changes import Near, nobody
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.gitlab.unlimited import Unlimited
from duo_lsp.gitlab.upstream import Connect, OnText, connect
from duo_lsp.privacy.secrets import Secret
from duo_lsp.wire_chat import ChatTransport

if TYPE_CHECKING:
    from duo_lsp.gitlab.client import GitLabClient

SILENCES: Final = 2
"""Requests in a row without an answer after which another engine is started."""


MOMENT: Final = 1.0
"""Seconds to say how far it is with learning."""


class LocalUpstream(Unlimited):
    """The engine on this machine, started on the first request and again if it died."""

    local = True
    host = "this machine"

    def __init__(
        self, engine: LocalEngine, user_agent: str, connect: Connect = connect, *, patience: float = PATIENCE
    ) -> None:
        self._engine = engine
        self._patience = patience
        self._user_agent = user_agent
        self._connect = connect
        self._client: GitLabClient | None = None
        self._door: tuple[str, Secret] | None = None
        self._lock = asyncio.Lock()
        self._chat = Chat(self.client)
        self._silences = 0
        self._ending: asyncio.Future[None] | None = None

    async def client(self) -> GitLabClient:
        """A client for the engine that runs now. Raises LocalEngineError."""
        async with self._lock:
            address, token = await self._engine.start()
            if self._client is None or (address, token) != self._door:  # another engine may get the same port
                await self._drop()
                self._client = await self._connect(address, FixedToken(token), self._user_agent, Network())
                self._door = address, token
            return self._client

    async def warm_up(self) -> None:
        """Start the engine. Raises LocalEngineError."""
        await self.client()

    def ready(self) -> bool:
        """Whether the engine listens."""
        return self._client is not None and self._engine.running

    def use_workspaces(self, folders: Sequence[str], near: Near = nobody) -> None:
        """Let the engine learn from these folders."""
        self._engine.use_workspaces(folders, near)

    def files_changed(self, paths: Sequence[str]) -> None:
        """Let the engine learn from these files as they are now."""
        self._engine.files_changed(paths)

    async def learnt(self) -> float | None:
        """What the engine that runs has of its folders."""
        if self._client is None or not self.ready():
            return None
        try:
            async with asyncio.timeout(MOMENT):
                return await self._client.learnt()
        except (DuoError, TimeoutError):
            return None

    async def complete(self, request: wire.SuggestionRequest, on_text: OnText | None = None) -> wire.Answer:
        """Ask the engine; one that keeps silent is replaced, one that has just ended too. Raises DuoError."""
        try:
            return await self._ask(request, on_text)
        except OfflineError:
            if not await self._engine.is_gone():
                raise
            return await self._ask(request, on_text)

    async def _ask(self, request: wire.SuggestionRequest, on_text: OnText | None) -> wire.Answer:
        client = await self.client()
        try:
            async with asyncio.timeout(self._patience):
                answer = await client.complete(request, on_text)
        except TimeoutError as problem:
            self._silent()
            raise SlowError(f"The local engine did not answer within {self._patience:g} s.") from problem
        self._silences = 0
        return answer

    def chat(self) -> ChatTransport:
        """The engine's model, where it has one."""
        return self._chat

    async def close(self) -> None:
        """End the engine, for good."""
        await self._engine.close()
        if self._ending is not None:
            await self._ending
        async with self._lock:  # who is connecting now finds nobody, and is done soon
            await self._drop()

    def _silent(self) -> None:
        """Once may be a busy machine. Twice in a row, the process is stopped or stuck: the next request starts one."""
        self._silences += 1
        if self._silences >= SILENCES and (self._ending is None or self._ending.done()):
            self._silences = 0
            self._ending = asyncio.ensure_future(self._engine.stop())

    async def _drop(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None
