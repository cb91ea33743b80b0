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
SENTENCES: Final = {
    "I'm sorry, I can't generate a response. Please try again.": "apology",
    "I'm sorry, I can\u2019t generate a response. Please try again. Error code: M4000": "apology",
    "I'm sorry, I can't generate a response. You do not have access to GitLab Duo Chat.": "noSeat",
    "I'm sorry, you don't have the GitLab Duo subscription required to use Duo Chat. Ask.": "noSeat",
    "I'm sorry, but answering this question requires a different Duo subscription.": "noSeat",
    "I'm sorry, this question is not supported in your Duo Pro subscription.": "noSeat",
    "I'm sorry, I can't generate a response. You might want to try again. You could also be getting this error because "
    "the items you're asking about either don't exist, you don't have access to them, or your session has "
    "expired.": "unreadable",
    "I am sorry, I cannot access the information you are asking about. A group or project owner has turned off Duo "
    "features in this group or project.": "projectOff",
    "I'm sorry, you have not selected a default GitLab Duo namespace.": "noNamespace",
    "I'm sorry, I couldn't respond in time. Please try again. Error code: A1000": "slow",
    "I'm sorry, you've entered too many prompts. Please run /clear or /reset.": "apology",
    "There was an error processing your request. Please try again or contact support.": "apology",
}
"""What GitLab says with a status of success instead of an answer, and the state it is."""


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
