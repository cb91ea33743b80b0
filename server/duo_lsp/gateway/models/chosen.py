"""Which of a server's models is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from duo_lsp.gateway.models import problems
from duo_lsp.gateway.models.problems import NoSuchModelError
from duo_lsp.gateway.models.way import Way


class Chosen:
    """The one that is named; without a name the only one there is, which is looked up once."""

    def __init__(self, way: Way, wanted: str, get: str, path: str, names: Callable[[object], list[str]]) -> None:
        """`get` says how to get a model; GET `path` lists them, and `names` reads that list."""
        self._way = way
        self._wanted = wanted
        self._get = get
        self._path = path
        self._names = names
        self._found = wanted

    async def name(self) -> str:
        """Its name. Raises ModelError when there is none or a choice."""
        if not self._found:
            there = await self._there()
            if len(there) != 1:
                raise problems.which(self._way.name, "", there, self._get)
            self._found = there[0]
        return self._found

    async def pieces(self, path: str, body: Mapping[str, Any]) -> AsyncGenerator[str, None]:
        """What it says to that, as it comes. Raises ModelError."""
        model = await self.name()
        try:
            async with aclosing(self._way.pieces(path, {"model": model, **body})) as pieces:
                async for piece in pieces:
                    yield piece
        except NoSuchModelError as problem:
            self._found = self._wanted
            raise problems.which(self._way.name, model, await self._there(), self._get) from problem

    async def look(self, path: str, body: Mapping[str, Any], seconds: float) -> object:
        """Its whole answer in JSON. Raises ModelError."""
        return await self._way.look(path, {"model": await self.name(), **body}, seconds)

    async def _there(self) -> list[str]:
        return self._names(await self._way.look(self._path))
