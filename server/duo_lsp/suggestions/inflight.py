"""Requests under way: they live on while the person types, and serve whoever still fits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Final

import attrs

from duo_lsp.suggestions.cache import Known
from duo_lsp.suggestions.context import Here, Place

PER_DOCUMENT: Final = 2
_LINE_END: Final = re.compile(r"[\r\n]")


@attrs.frozen(eq=False)
class Call:
    """One request to the upstream and the place it was made for."""

    place: Place
    task: asyncio.Task[Known]


class Inflight:
    """At most two calls per document; a third ends the older one, which has been typed past."""

    def __init__(self) -> None:
        self._calls: dict[str, list[Call]] = {}

    def start(self, here: Here, work: Coroutine[object, object, Known]) -> Call:
        """Begin a call that nobody's cancellation ends."""
        calls = self._calls.setdefault(here.uri, [])
        while len(calls) >= PER_DOCUMENT:
            calls.pop(0).task.cancel()
        call = Call(here.place, asyncio.ensure_future(work))
        calls.append(call)
        call.task.add_done_callback(lambda _: self._done(here.uri, call))
        return call

    def joinable(self, here: Here) -> Call | None:
        """The newest call whose answer may still continue what stands at this cursor.

        It was made on the same line: who is on the next one already should not wait for a slow answer.
        """
        for call in reversed(self._calls.get(here.uri, ())):
            typed = None if call.task.done() else here.typed_since(call.place)
            if typed is not None and not _LINE_END.search(typed):
                return call
        return None

    def drop(self, uri: str) -> None:
        """End the calls of a document that was closed."""
        for call in self._calls.get(uri, ()):
            call.task.cancel()

    async def close(self) -> None:
        """End all calls."""
        tasks = [call.task for calls in self._calls.values() for call in calls]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, uri: str, call: Call) -> None:
        calls = self._calls.get(uri, [])
        if call in calls:
            calls.remove(call)
        if not calls:
            self._calls.pop(uri, None)
        if not call.task.cancelled():
            call.task.exception()  # looked at, so that asyncio does not report it as lost
