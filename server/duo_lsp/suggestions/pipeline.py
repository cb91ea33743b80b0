"""A suggestion's way through, from outside: who waits, newest wins, other settings at once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from duo_lsp import wire
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.settings import Settings
from duo_lsp.status import State, Status
from duo_lsp.suggestions import places
from duo_lsp.suggestions.asking import Asking
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.composing import Composer
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.counters import Counters
from duo_lsp.suggestions.dismissed import Dismissed
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.neighbours.gathering import Neighbours
from duo_lsp.suggestions.outcome import FAULT, SUPERSEDED, Outcome
from duo_lsp.suggestions.parts import Parts
from duo_lsp.suggestions.rhythm import Rhythm, Spot

log = logging.getLogger(__name__)


class Pipeline:
    """Answers requests for suggestions; holds who waits for one."""

    def __init__(
        self,
        upstream: Upstream,
        settings: Settings,
        *,
        cache: Cache,
        status: Status,
        gate: Gate | None = None,
        desk: Desk | None = None,
        counters: Counters | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`desk` is what lies open; `clock` gives seconds, monotonic."""
        self.status = status
        self.counters = counters or Counters(clock)
        self._clock = clock
        self._redactor = Redactor()
        gate = gate or Gate()
        self._neighbours = Neighbours(desk or Desk(), gate, self._redactor, status.toggles, clock)
        self._parts = Parts(cache, status, gate, Rhythm(clock), Dismissed(clock), self.counters, sleep)
        self._asking = self._asked(upstream, settings)
        self._waiting: dict[str, dict[asyncio.Task[Outcome], Here]] = {}

    @property
    def upstream(self) -> Upstream:
        """Who is asked."""
        return self._asking.upstream

    @property
    def settings(self) -> Settings:
        """Those in force."""
        return self._asking.settings

    @property
    def worked_in(self) -> str:
        """The URI of the document in which somebody typed or looked last; empty before that."""
        return self._parts.rhythm.uri

    @property
    def sent(self) -> wire.SuggestionRequest | None:
        """The last request that went out, for a person who wonders what that is."""
        return self._asking.fetching.sent

    async def suggest(self, here: Here, *, invoked: bool) -> Outcome:
        """A suggestion for this cursor, or the reason why not; never raises DuoError.

        Cancelling this call ends the waiting only: what was asked upstream goes on and is remembered.
        """
        self._supersede_elsewhere(here)
        self._parts.rhythm.looked(Spot.of(here))
        began, once = self._clock(), self.status.toggles.once
        task = asyncio.ensure_future(self._asking.answer(here, invoked=invoked or once, once=once))
        waiting = self._waiting.setdefault(here.uri, {})
        waiting[task] = here
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            del waiting[task]
            if not waiting:
                self._waiting.pop(here.uri, None)
        outcome = _outcome(task)
        self.counters.answered(outcome, self._clock() - began)
        if outcome is not SUPERSEDED:
            self.status.silence = outcome.reason
            if once:
                self.status.once_used()
        for suggestion in reversed(outcome.suggestions):
            self._parts.dismissed.offered(suggestion.id, places.of(here))
        return outcome

    def changed(self, uri: str, inserted: str = "") -> None:
        """A document has changed; `inserted` is what came in, empty where it is not one plain insertion."""
        self._parts.rhythm.changed(uri, inserted)
        self.counters.changed()
        self._neighbours.forget(uri)
        self.supersede(uri)

    def supersede(self, uri: str) -> None:
        """Something newer came for this document: whoever waits for the older gets nothing, at once."""
        for task in self._waiting.get(uri, ()):
            task.cancel()

    def _supersede_elsewhere(self, here: Here) -> None:
        """The same, but an editor may ask twice for one place: once for its menu, once for ghost text."""
        for task, older in self._waiting.get(here.uri, {}).items():
            if (older.version, older.line, older.character) != (here.version, here.line, here.character):
                task.cancel()

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self.counters.changed()
        self.supersede(uri)
        self._asking.inflight.drop(uri)
        self.status.closed(uri)
        self._parts.cache.forget(uri)
        self._redactor.forget(uri)
        self._neighbours.forget(uri)

    def accepted(self, id_: str) -> None:
        """The person took this suggestion."""
        self._parts.cache.accept(id_)
        self._parts.dismissed.accepted(id_)
        self.counters.accepted(id_)

    def dismissed(self, id_: str = "") -> None:
        """The person turned this suggestion down, by default the last one."""
        self._parts.dismissed.turned_down(id_)

    async def use(self, upstream: Upstream, settings: Settings) -> None:
        """From now on, at once, somebody else answers, or under other settings; what was known is forgotten."""
        for uri in self._waiting:
            self.supersede(uri)
        ended = self._asking
        self._asking = self._asked(upstream, settings)
        self._asking.fetching.sent = ended.fetching.sent
        self._parts.cache.clear()
        if upstream is not ended.upstream:
            await ended.warming.end()
        else:
            self._asking.warming = ended.warming
            upstream.reconsider()
        await ended.inflight.close()

    def warm_up(self) -> asyncio.Task[None]:
        """Let the upstream get ready in the background; one preparation at a time."""
        return self._asking.warming.start(self.upstream)

    async def close(self) -> None:
        """End everything that runs."""
        for uri in self._waiting:
            self.supersede(uri)
        await self._asking.warming.end()
        await self._asking.inflight.close()
        await self._neighbours.close()

    async def request(self, here: Here) -> wire.SuggestionRequest:
        """Exactly what would be sent for this cursor."""
        return await self._asking.composer.request(here)

    async def gate(self, here: Here) -> State | None:
        """Why nothing may be asked for this cursor; None when it may."""
        return await self._asking.gate(here)

    def _asked(self, upstream: Upstream, settings: Settings) -> Asking:
        return Asking(upstream, settings, self._parts, Composer(upstream, settings, self._redactor, self._neighbours))


def _outcome(task: asyncio.Task[Outcome]) -> Outcome:
    """What became of it; a fault of our own is one, too."""
    if task.cancelled():
        return SUPERSEDED
    fault = task.exception()
    if fault is None:
        return task.result()
    log.error("a suggestion failed", exc_info=fault)
    return FAULT
