"""Puts a question to the engine and remembers what was said."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from duo_lsp import wire_chat
from duo_lsp.errors import ModelError
from duo_lsp.gateway.chat.history import History
from duo_lsp.gateway.engines import Engine, Turn
from duo_lsp.gateway.turnstile import Turnstile

_log = logging.getLogger(__name__)

APOLOGY: Final = "I'm sorry, I can't generate a response. Please try again."
"""What GitLab says, with a status of success, where its model failed (documentation, "Troubleshooting Duo Chat")."""
CODE: Final = "Error code: A1001"
"""Which GraphQL adds."""


class EngineFailedError(Exception):
    """The engine broke off; nothing of why leaves the gateway but what a model's engine says in our words."""


class Talk:
    """One question after another, some at once; completions do not wait behind them."""

    def __init__(self, engine: Engine, turnstile: Turnstile) -> None:
        self._engine = engine
        self._turnstile = turnstile

    @property
    def has_model(self) -> bool:
        """Whether there is somebody to talk to."""
        return self._engine.chats

    async def answer(
        self, asked: wire_chat.ChatRequest, history: History, request_id: str
    ) -> AsyncGenerator[str, None]:
        """The answer as it comes; none to who only wants to begin anew.

        Raises EngineFailedError, RefusedError when too many wait. Closing it ends the engine's work.
        """
        if asked.forgets:
            _begin_anew(asked.content.strip(), history)
            return
        if asked.with_clean_history:
            history.reset()
        before = history.turns
        history.add("user", asked.content, request_id)
        said: list[str] = []
        async with self._turnstile.place(), aclosing(self._pieces(asked, before)) as pieces:
            async for piece in pieces:
                said.append(piece)
                yield piece
        history.add("assistant", "".join(said), request_id)
        if asked.with_clean_history:
            history.reset()

    async def _pieces(self, asked: wire_chat.ChatRequest, before: tuple[Turn, ...]) -> AsyncGenerator[str, None]:
        try:
            async with aclosing(self._engine.chat(asked, before)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as problem:
            told = str(problem) if isinstance(problem, ModelError) else ""
            _log.error("the engine broke off: %s", told or type(problem).__name__)
            raise EngineFailedError(told) from problem


def _begin_anew(command: str, history: History) -> None:
    if command == "/reset":
        history.reset()
    else:
        history.clear()
