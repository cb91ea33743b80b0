"""The engines: one file or folder each, chosen by name and loaded when first used."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, Protocol, cast, runtime_checkable

import attrs

from duo_lsp import urls, wire, wire_chat
from duo_lsp.errors import UsageError
from duo_lsp.gateway.models import Wish, fim

IndexState = Literal["building", "ready", "none"]
Role = Literal["user", "assistant"]
MOST_PATIENT: Final = 60.0
"""Seconds."""


@attrs.frozen
class Completion:
    """What an engine says: a text for the cursor, or why it is silent in one short plain sentence."""

    text: str = ""
    reason: str = ""
    model: str = ""
    """Who said it, where that is not the engine itself."""


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

    @property
    def learnt(self) -> float:
        """How much of the workspace is, up to 1, while the index is building."""

    async def complete(self, request: wire.SuggestionRequest) -> Completion:
        """The text to insert at the cursor."""

    def chat(self, request: wire_chat.ChatRequest, before: tuple[Turn, ...]) -> AsyncGenerator[str, None]:
        """The answer piece by piece; `before` is what was said earlier. Closing it ends the work."""

    def use_workspaces(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        """Learn from these folders, and from no others, from now on; first from what is near to these files in them."""

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """These files (absolute paths) are new, gone or not as they were."""

    async def close(self) -> None:
        """Let go of everything."""


@runtime_checkable
class Streams(Protocol):
    """An engine that can say a suggestion while it makes it."""

    def stream(self, request: wire.SuggestionRequest) -> AsyncGenerator[Completion, None]:
        """The suggestion piece by piece, all of one model; or one without a text, which says why there is none.

        Closing it ends the work.
        """


BUILTIN: Final = "builtin"
MODELS: Mapping[str, str] = MappingProxyType({"llama.cpp": "llama_cpp", "ollama": "ollama", "openai": "openai"})
"""Engines with a model, name to module; each has a function `make(wish)` that gives a `models.Backend`."""
ENGINES: Mapping[str, str] = MappingProxyType({BUILTIN: "builtin", **MODELS})
"""Name to module; those without a model have a function `make(megabytes)`."""
_TO_TRY: Mapping[str, str] = MappingProxyType({"fixed": "fixed"})
"""No help for a person, but for who tests a client."""


def make(name: str, wish: Wish | None = None, megabytes: int = 5) -> Engine:
    """The engine of that name, with the model that is wanted; it learns so much of a workspace. Raises UsageError."""
    module = ENGINES.get(name) or _TO_TRY.get(name)
    if module is None:
        raise UsageError(f"There is no engine {name!r}.", f"Choose one of: {', '.join(sorted(ENGINES))}.")
    made = import_module(f"{__name__}.{module}")
    if name not in MODELS:
        if wish and (wish.url or wish.model or wish.template):
            raise UsageError(f"The engine {name} has no model.", f"Choose --engine {' or '.join(sorted(MODELS))}.")
        return cast("Engine", made.make(megabytes))
    wanted = _checked(wish or Wish())
    modelled = import_module("duo_lsp.gateway.models.modelled")
    model, relief, apart = (
        made.make(wanted),
        make(BUILTIN, None, megabytes),
        {"alone": wanted.alone, "discreet": wanted.discreet},
    )
    return cast("Engine", modelled.Modelled(name, model, relief, wanted.timeout, **apart))


def _checked(wish: Wish) -> Wish:
    if wish.template and wish.template not in fim.TEMPLATES:
        raise UsageError(f"There is no template {wish.template!r}.", f"Choose one of: {', '.join(fim.TEMPLATES)}.")
    if not 0 < wish.timeout <= MOST_PATIENT:
        raise UsageError("The time for a model is out of bounds.", f"Give up to {MOST_PATIENT:g} seconds.")
    try:
        return attrs.evolve(wish, url=urls.read_model_url(wish.url) if wish.url else "")
    except ValueError:
        raise UsageError(
            "The address of the model's server cannot be used.",
            "Write it like http://127.0.0.1:11434; another machine outside of your network needs https.",
        ) from None
