"""The engines: one file or folder each, chosen by name and loaded when first used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol, cast

import attrs

from duo_lsp import wire
from duo_lsp.errors import UsageError

IndexState = Literal["building", "ready", "none"]


@attrs.frozen
class Completion:
    """What an engine says: a text for the cursor, or why it is silent in one short plain sentence."""

    text: str = ""
    reason: str = ""


class Engine(Protocol):
    """Something that completes code."""

    name: str

    @property
    def index(self) -> IndexState:
        """How far the workspace's index is."""

    async def complete(self, request: wire.SuggestionRequest) -> Completion:
        """The text to insert at the cursor."""

    def use_workspaces(self, folders: tuple[Path, ...]) -> None:
        """Learn from these folders, and from no others, from now on."""

    async def close(self) -> None:
        """Let go of everything."""


ENGINES: Mapping[str, str] = MappingProxyType({"builtin": "builtin"})
"""Name to module; each has a function `make()`."""


def make(name: str) -> Engine:
    """The engine of that name."""
    if name not in ENGINES:
        raise UsageError(f"There is no engine {name!r}.", f"Choose one of: {', '.join(sorted(ENGINES))}.")
    return cast("Engine", import_module(f"{__name__}.{ENGINES[name]}").make())
