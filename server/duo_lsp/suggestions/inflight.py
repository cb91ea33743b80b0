"""Requests under way: they live on while the person types, and serve whoever still fits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Final

import attrs

from duo_lsp.suggestions import fitting, places
from duo_lsp.suggestions.cache import Known
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.places import Place

PER_DOCUMENT: Final = 2


@attrs.define(eq=False)
class Call:
    """One request to the upstream, the cursor it was made for, and what has come of its answer."""

    id: str
    """Of the suggestion it will be."""
    here: Here
    place: Place
    news: Callable[[], None]
    """Tells who waits that more of it is known."""
    text: str = ""
    """What has come so far."""
    looked_at: int = 0
    """How much of that somebody has made use of already."""
    invoked: bool = False
    """Whether somebody asked for it by hand."""

    @property
    def lines(self) -> str:
        """The complete lines that have come."""
        return self.text[: self.text.rfind("\n") + 1]

    def more(self, piece: str) -> None:
        """Some more of the answer has come."""
        self.text += piece
        if "\n" in piece:
            self.news()


Work = Callable[[Call], Coroutine[object, object, Known]]


class Inflight:
    """At most two calls per document."""

    def __init__(self) -> None:
        self._calls: dict[str, dict[Call, asyncio.Task[Known]]] = {}
        self._news: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[Known]] = set()

    def start(self, here: Here, id_: str, work: Work, *, invoked: bool = False) -> asyncio.Task[Known]:
        """Begin a call that nobody's cancellation ends; there has to be room for it."""
        call = Call(id_, here, places.of(here), lambda: self._tell(here.uri), invoked=invoked)
        task = asyncio.ensure_future(work(call))
        self._calls.setdefault(here.uri, {})[call] = task
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._done(call, task))
        return task

    def of(self, uri: str) -> tuple[Call, ...]:
        """The calls for a document, the newest first."""
        return tuple(reversed(self._calls.get(uri, ())))

    def joinable(self, here: Here) -> asyncio.Task[Known] | None:
        """The newest call whose answer may still continue what stands at this cursor."""
        calls = self._calls.get(here.uri, {})
        fitting_ = (call for call in reversed(calls) if fitting.may_fit(call.lines, call.place, here))
        return next((calls[call] for call in fitting_), None)

    def make_room(self, here: Here) -> bool:
        """Whether one more may be under way for this document; one that can no longer match is ended for it."""
        calls = self._calls.get(here.uri, {})
        lost = next((call for call in calls if fitting.is_lost(call.lines, call.place, here)), None)
        if len(calls) >= PER_DOCUMENT and lost is not None:
            calls.pop(lost).cancel()
        return len(calls) < PER_DOCUMENT

    def news(self, uri: str) -> asyncio.Future[None]:
        """Done when more is known of a call for this document, or one has ended."""
        waited_for = self._news.get(uri)
        if waited_for is None:
            waited_for = self._news[uri] = asyncio.get_running_loop().create_future()
        return waited_for

    def drop(self, uri: str) -> None:
        """End the calls of a document that was closed."""
        for task in self._calls.get(uri, {}).values():
            task.cancel()
        self._tell(uri)

    async def close(self) -> None:
        """End all calls."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell(self, uri: str) -> None:
        waited_for = self._news.pop(uri, None)
        if waited_for is not None:
            waited_for.set_result(None)

    def _done(self, call: Call, task: asyncio.Task[Known]) -> None:
        self._tasks.discard(task)
        uri = call.here.uri
        calls = self._calls.get(uri, {})
        calls.pop(call, None)
        if not calls:
            self._calls.pop(uri, None)
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not report it as lost
        self._tell(uri)
