"""A model behind OpenAI's API: vLLM, llama.cpp, LM Studio, DeepSeek and many more (OpenAI's API reference)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final
from urllib.parse import urlsplit

from duo_lsp.errors import UsageError
from duo_lsp.gateway.models import TALK_TEMPERATURE, Said, Wish, fim
from duo_lsp.gateway.models.chosen import Chosen
from duo_lsp.gateway.models.fim import Template
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.gateway.models.problems import NoGapsError
from duo_lsp.gateway.models.way import Way

START: Final = "Start it, or check --url."
GET: Final = "Load one there."
PROBE: Final = 20.0
"""Seconds for finding out whether it takes a suffix: a model may have to be loaded first."""
STOPS: Final = 4
"""As many as OpenAI's own API takes."""
_SUFFIX: Final = "\n".join(f"print(add({number}, {number}))" for number in range(8))


def make(wish: Wish) -> OpenAI:
    """The model that a person wants. Raises UsageError without an address."""
    if not wish.url:
        raise UsageError("The engine openai needs the address of a server.", "Give it with --url.")
    url = wish.url if urlsplit(wish.url).path.strip("/") else f"{wish.url}/v1"
    return OpenAI(Way(url, "The model's server", START, wish.key), wish)


class OpenAI:
    """Fills gaps by `suffix` where that works, else by the marks the model was trained with, else from above only."""

    def __init__(self, way: Way, wish: Wish) -> None:
        self.name = way.name
        self._way = way
        self._model = Chosen(way, wish.model, GET, "models", names)
        self._template = fim.TEMPLATES.get(wish.template)
        self._takes_suffix: bool | None = False if self._template else None
        """None until it was tried."""
        self._trying = asyncio.Lock()

    async def fill(self, gap: Gap, tokens: int) -> AsyncGenerator[str, None]:
        """POST /completions."""
        if await self._has_suffix() and gap.below.strip():
            body: dict[str, Any] = {"prompt": gap.above, "suffix": gap.below}
        else:
            template = await self._marks()
            stop = {"stop": list(template.marks[-STOPS:])} if template else {}
            body = {"prompt": template.prompt(gap) if template else gap.above, **stop}
        async with aclosing(
            self._model.pieces("completions", {**body, "max_tokens": tokens, "temperature": 0})
        ) as all_:
            async for piece in all_:
                yield piece

    async def speak(self, messages: Sequence[Said], tokens: int) -> AsyncGenerator[str, None]:
        """POST /chat/completions."""
        said = [{"role": each.role, "content": each.content} for each in messages]
        body = {"messages": said, "max_tokens": tokens, "temperature": TALK_TEMPERATURE}
        async with aclosing(self._model.pieces("chat/completions", body)) as pieces:
            async for piece in pieces:
                yield piece

    async def close(self) -> None:
        """Give the connections back."""
        await self._way.close()

    async def _marks(self) -> Template | None:
        return self._template or fim.guess(await self._model.name())

    async def _has_suffix(self) -> bool:
        """Whether text after the cursor is looked at: some servers refuse it, and some only seem to take it."""
        async with self._trying:
            if self._takes_suffix is None:
                self._takes_suffix = await self._try_suffix()
            return self._takes_suffix

    async def _try_suffix(self) -> bool:
        """Ask the same with and without it. Raises ModelError when nobody answers."""
        body: Mapping[str, Any] = {"prompt": "def add(a, b):\n    return", "max_tokens": 1, "temperature": 0}
        try:
            with_it = await self._model.look("completions", {**body, "suffix": _SUFFIX}, PROBE)
        except NoGapsError:
            return False
        return _read(with_it) > _read(await self._model.look("completions", body, PROBE))


def names(body: object) -> list[str]:
    """The models in the answer to GET /models."""
    models = body.get("data") if isinstance(body, dict) else None
    found = [each.get("id") for each in models or () if isinstance(each, dict)]
    return [name for name in found if isinstance(name, str)]


def _read(body: object) -> int:
    """How many tokens of the prompt were read; a server that does not tell is not trusted with a suffix."""
    match body:
        case {"usage": {"prompt_tokens": int(tokens)}}:
            return tokens
    return 0
