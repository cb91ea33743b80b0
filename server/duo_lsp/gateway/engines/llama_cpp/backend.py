"""Asks llama.cpp's HTTP server (its tools/server/README.md)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Final, Protocol

from duo_lsp.gateway.models import TALK_TEMPERATURE, Said, fim
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.gateway.models.problems import NoGapsError
from duo_lsp.gateway.models.way import TELL_PROGRESS, Way

START: Final = "Start it with `llama-server -m FILE.gguf`."


class Place(Protocol):
    """Where the server is."""

    name: str

    async def way(self) -> Way:
        """The way there, once it can be asked. Raises ModelError."""

    async def close(self) -> None:
        """Give up what was opened or started."""


class LlamaCpp:
    """Fills gaps by `/infill`; a model that was not trained for it goes on from above the cursor."""

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self._place = place
        self._fills = True

    async def fill(self, gap: Gap, tokens: int) -> AsyncGenerator[str, None]:
        """POST /infill."""
        way = await self._place.way()
        sampling: dict[str, Any] = {"n_predict": tokens, "temperature": 0, "cache_prompt": True, **TELL_PROGRESS}
        if self._fills:
            try:
                async with aclosing(way.pieces("infill", {**_between(gap), **sampling})) as pieces:
                    async for piece in pieces:
                        yield piece
            except NoGapsError:
                self._fills = False
            else:
                return
        async with aclosing(way.pieces("completion", {"prompt": _plain(gap.above), **sampling})) as pieces:
            async for piece in pieces:
                yield piece

    async def speak(self, messages: Sequence[Said], tokens: int) -> AsyncGenerator[str, None]:
        """POST /v1/chat/completions."""
        way = await self._place.way()
        said = [{"role": each.role, "content": each.content} for each in messages]
        body = {"messages": said, "max_tokens": tokens, "temperature": TALK_TEMPERATURE, **TELL_PROGRESS}
        async with aclosing(way.pieces("v1/chat/completions", body)) as pieces:
            async for piece in pieces:
                yield piece

    async def close(self) -> None:
        """End what was started."""
        await self._place.close()


def _between(gap: Gap) -> dict[str, Any]:
    """The cursor's line goes last: what stands before it has been read by then, and stays as it is while one types."""
    return {
        "input_prefix": _plain(gap.above[: len(gap.above) - len(gap.line)]),
        "input_suffix": _plain(gap.below),
        "prompt": _plain(gap.line),
        "input_extra": [{"filename": name, "text": _plain(text)} for name, text in gap.files],
    }


def _plain(text: str) -> str:
    """Marks of models in a text would be read as what they are."""
    for mark in fim.MARKS:
        if mark in text:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    return text
