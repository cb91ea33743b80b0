"""The engines: one file or folder each, chosen by name and loaded when first used."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol, cast

import attrs

from duo_lsp import wire, wire_chat
from duo_lsp.errors import UsageError

IndexState = Literal["building", "ready", "none"]
Role = Literal["user", "assistant"]


@attrs.frozen
class Completion:
    """What an engine says: a text for the cursor, or why it is silent in one short plain sentence."""

    text: str = ""
    reason: str = ""


@attrs.frozen
class Turn:
    """What one side said earlier in a conversation."""

    role: Role
    content: str


class Engine(Protocol):
    """Something that completes code, and may chat."""

    name: str

    @property
    def remote(self) -> bool:
        """Whether another machine or program does the work, so that many may be at it at once."""

    @property
    def chats(self) -> bool:
        """Whether it has a model to chat with; without one it only says so."""

    @property
    def index(self) -> IndexState:
        """How far the workspace's index is."""

    async def complete(self, request: wire.SuggestionRequest) -> Completion:
        """The text to insert at the cursor."""

    def chat(self, request: wire_chat.ChatRequest, before: tuple[Turn, ...]) -> AsyncGenerator[str, None]:
        """The answer piece by piece; `before` is what was said earlier. Closing it ends the work."""

    def use_workspaces(self, folders: tuple[Path, ...]) -> None:
        """Learn from these folders, and from no others, from now on."""

    async def close(self) -> None:
        """Let go of everything."""


ENGINES: Mapping[str, str] = MappingProxyType({"builtin": "builtin"})
"""Name to module; each has a function `make()`."""
_TO_TRY: Mapping[str, str] = MappingProxyType({"fixed": "fixed"})
"""No help for a person, but for who tests a client."""


def make(name: str) -> Engine:
    """The engine of that name."""
    module = ENGINES.get(name) or _TO_TRY.get(name)
    if module is None:
        raise UsageError(f"There is no engine {name!r}.", f"Choose one of: {', '.join(sorted(ENGINES))}.")
    return cast("Engine", import_module(f"{__name__}.{module}").make())
