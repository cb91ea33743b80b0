"""Somebody types, and the real pipeline answers, all on a clock of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from duo_lsp.protocol.documents import LineDocument
from duo_lsp.settings import Settings
from duo_lsp.status import READY, Status
from duo_lsp.suggestions import context
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.disk import Disk
from duo_lsp.suggestions.disk import Seen as OnDisk
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.pipeline import Pipeline
from duo_lsp.told import Told
from scripts.replay import virtual_time
from scripts.replay.figures import Seen
from scripts.replay.models import Model
from scripts.replay.typist import Key
from scripts.replay.upstream import HOST, Upstream

URI: Final = "file:///home/person/project/typed.py"
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


def replay(model: Model, keys: Sequence[Key], *, retry_after: float = 0.0) -> Seen:
    """Type these keys; with `retry_after`, the first request is answered with 429 and so many seconds."""
    return virtual_time.run(_typed(model, keys, retry_after))


async def _typed(model: Model, keys: Sequence[Key], retry_after: float) -> Seen:
    clock = asyncio.get_running_loop().time
    seen = Seen(keys)
    upstream = Upstream(model, seen, retry_after)
    status = Status(lambda: _EPOCH + timedelta(seconds=clock()), READY)
    pipeline = Pipeline(upstream, Settings(), cache=Cache(clock), status=status, gate=Gate(_NoDisk()), clock=clock)
    editor = _Editor(model, pipeline, seen, Told(clock), status)
    begin, asking = clock(), list[asyncio.Task[None]]()
    for key in keys:
        await asyncio.sleep(begin + key.at - clock())
        asking.append(editor.press(key))
        if len(asking) > 1:
            asking[-2].cancel()  # as editors do
    await asyncio.sleep(begin + keys[-1].until - clock())
    asking[-1].cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    thrown_away = seen.thrown_away
    await pipeline.close()
    seen.thrown_away = thrown_away
    return seen


class _Editor:
    """One document and the cursor in it."""

    def __init__(self, model: Model, pipeline: Pipeline, seen: Seen, told: Told, status: Status) -> None:
        text = model.text
        self._document = LineDocument(URI, text.before + text.after, 0, "python")
        self._line = text.before.count("\n")
        self._character = len(text.before.rpartition("\n")[2])
        self._pipeline, self._seen, self._told, self._status = pipeline, seen, told, status
        self._now = asyncio.get_running_loop().time

    def press(self, key: Key) -> asyncio.Task[None]:
        """Change the document, and ask."""
        place = (self._line, self._character)
        version = (self._document.version or 0) + 1
        self._document.apply(version, [((*place, *place), key.text)])
        self._pipeline.changed(URI, key.text)
        first, *more = key.text.split("\n")
        self._line += len(more)
        self._character = len(more[-1]) if more else self._character + len(first)
        here = context.at(self._document, self._line, self._character, ())
        return asyncio.ensure_future(self._ask(here, key))

    async def _ask(self, here: context.Here, key: Key) -> None:
        outcome = await self._pipeline.suggest(here, invoked=False)
        self._seen.messages += sum(self._told.first_time(news.cause) for news in self._told.news(self._status, HOST))
        if outcome.suggestion is not None and self._document.version == here.version:
            self._seen.shown[key.position] = (self._now(), outcome.suggestion.text)


class _NoDisk(Disk):
    """There are no ignore files, and that is known at once."""

    async def see(self, path: str, folders: tuple[str, ...]) -> OnDisk:
        """The file, in no project."""
        del folders
        return OnDisk(in_project=path)
