"""A model of Ollama (its documentation, docs/api.md)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

from duo_lsp.gateway.models import TALK_TEMPERATURE, Said, Wish, fim
from duo_lsp.gateway.models.chosen import Chosen
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.gateway.models.problems import NoGapsError
from duo_lsp.gateway.models.way import Way

URL: Final = "http://127.0.0.1:11434"
START: Final = "Start it with `ollama serve`."
GET: Final = "Get one with `ollama pull qwen2.5-coder:1.5b`."
KEEP: Final = "30m"
"""How long it keeps a model in memory that nobody asks."""


def make(wish: Wish) -> Ollama:
    """The model that a person wants."""
    return Ollama(Way(wish.url or URL, "Ollama", START, wish.key), wish)


class Ollama:
    """Fills gaps by `suffix`, where the model's template knows how; that it does not is remembered."""

    def __init__(self, way: Way, wish: Wish) -> None:
        self.name = way.name
        self._way = way
        self._model = Chosen(way, wish.model, GET, "api/tags", names)
        self._template = fim.TEMPLATES.get(wish.template)
        self._takes_suffix = self._template is None

    async def fill(self, gap: Gap, tokens: int) -> AsyncGenerator[str, None]:
        """POST /api/generate."""
        model = await self._model.name()
        if self._takes_suffix:
            try:
                async with aclosing(self._asked({"prompt": gap.above, "suffix": gap.below or "\n"}, tokens)) as pieces:
                    async for piece in pieces:
                        yield piece
            except NoGapsError:
                self._takes_suffix = False
            else:
                return
        template = self._template or fim.guess(model)
        # raw: without it the model's own template would make a conversation of the code
        prompt = {"prompt": template.prompt(gap) if template else gap.above, "raw": True}
        async with aclosing(self._asked(prompt, tokens)) as pieces:
            async for piece in pieces:
                yield piece

    async def speak(self, messages: Sequence[Said], tokens: int) -> AsyncGenerator[str, None]:
        """POST /api/chat."""
        said = [{"role": each.role, "content": each.content} for each in messages]
        body = {"messages": said, "options": {"num_predict": tokens, "temperature": TALK_TEMPERATURE}}
        async with aclosing(self._model.pieces("api/chat", {**body, "keep_alive": KEEP})) as pieces:
            async for piece in pieces:
                yield piece

    async def close(self) -> None:
        """Give the connections back."""
        await self._way.close()

    def _asked(self, prompt: Mapping[str, Any], tokens: int) -> AsyncGenerator[str, None]:
        options = {"num_predict": tokens, "temperature": 0, "stop": list(fim.MARKS)}
        return self._model.pieces("api/generate", {**prompt, "options": options, "keep_alive": KEEP})


def names(body: object) -> list[str]:
    """The models in the answer to GET /api/tags."""
    models = body.get("models") if isinstance(body, dict) else None
    found = [each.get("name") or each.get("model") for each in models or () if isinstance(each, dict)]
    return [name for name in found if isinstance(name, str)]
