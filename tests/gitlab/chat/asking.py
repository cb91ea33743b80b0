"""Who asks an instance, one way or the other, and what was shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from duo_lsp.gitlab.client import GitLabClient
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from duo_lsp.wire_chat import ChatRequest

TOKEN: Final = "glpat-secret-token-1234"
QUESTION: Final = ChatRequest("Why is this slow?")


class Chat:
    """A chat with an instance; `way` makes its transport."""

    def __init__(self, url: str, way: Callable[[GitLabClient], Any], token: str = TOKEN) -> None:
        self.client = GitLabClient(url, FixedToken(Secret(token)), "duo-lsp/0.1 (Neovim/0.12)")
        self.way: Any = way(self.client)
        self.pieces: list[str] = []

    async def ask(self, request: ChatRequest = QUESTION) -> str:
        """Its answer."""
        return str(await self.way.ask(request, self.pieces.append))

    async def close(self) -> None:
        """Give the connections back."""
        await self.client.close()
