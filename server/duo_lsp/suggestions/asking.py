"""One request's way: may it be asked, is it known, is it under way, wait for the next key, ask."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Final

import attrs

from duo_lsp import wire
from duo_lsp.errors import DuoError
from duo_lsp.gitlab.limits.gate import Held
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.settings import Settings
from duo_lsp.status import State, Status
from duo_lsp.suggestions import debounce, occasion, postprocess
from duo_lsp.suggestions.cache import Cache, Known, Rest
from duo_lsp.suggestions.composing import Composer
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.counters import Counters
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.inflight import Call, Inflight
from duo_lsp.suggestions.outcome import SUPERSEDED, Outcome, Suggestion
from duo_lsp.suggestions.rhythm import Rhythm, Spot
from duo_lsp.suggestions.warming import Warming

log = logging.getLogger(__name__)

START_PATIENCE: Final = 3.0
"""Seconds that somebody who asks by hand waits for the local engine to start."""
ENGINE_STARTS: Final = "The local engine is starting."
MOST_TEXTS: Final = 8
"""Alternatives of one answer that are looked at."""


@attrs.frozen
class Parts:
    """What outlives a change of upstream or settings."""

    cache: Cache
    status: Status
    gate: Gate
    rhythm: Rhythm
    counters: Counters
    sleep: Callable[[float], Awaitable[None]]


class Asking:
    """Asks one upstream under some settings; holds the calls under way."""

    def __init__(self, upstream: Upstream, settings: Settings, parts: Parts, composer: Composer) -> None:
        self.upstream = upstream
        self.settings = settings
        self.composer = composer
        self.inflight = Inflight()
        self.warming = Warming(self._failed)
        self.sent: wire.SuggestionRequest | None = None
        """The last request that went out, for a person who wonders what that is."""
        self._parts = parts
        self._cache = parts.cache
        self._status = parts.status
        self._entrance = asyncio.Lock()

    async def gate(self, here: Here) -> State | None:
        """Why nothing may be asked for this cursor; None when it may."""
        if self._status.choice is not None:
            return self._status.choice
        closed, self._status.caution = await self._parts.gate.closed(here, self.settings, self.upstream)
        return closed

    async def answer(self, here: Here, *, invoked: bool) -> Outcome:
        """The way from here to an outcome."""
        closed = await self.gate(here)
        self._status.asked_in(here.uri, closed)
        if closed is not None:
            return Outcome(reason=closed.sentence)
        known = self._cache.rest(here)
        if known is not None and (known.text or not invoked):
            return self._saved(known, here)
        try:
            return await self._join(here) or await self._wait_and_ask(here, invoked=invoked)
        except DuoError as error:
            return Outcome(reason=str(error))

    async def _join(self, here: Here) -> Outcome | None:
        """What a call under way has for this cursor; None when there is none or it answers something else."""
        while call := self.inflight.joinable(here):
            await asyncio.wait({call.task})
            known = self._cache.rest(here)
            if known is not None:
                return self._saved(known, here)
            if not call.task.cancelled():
                call.task.result()  # raises what the call raised: asking again at once would only fail again
        return None

    async def _wait_and_ask(self, here: Here, *, invoked: bool) -> Outcome:
        missing = "" if invoked else occasion.missing(here, self.settings)
        if missing:
            return Outcome(reason=missing)
        await self._parts.sleep(self._wait(here, invoked=invoked))
        if not self.upstream.ready():
            await asyncio.wait({self.warming.start(self.upstream)}, timeout=START_PATIENCE if invoked else 0)
        if not self.upstream.ready():
            starting = self.upstream.local and self._status.trouble is None
            return Outcome(reason=ENGINE_STARTS if starting else self._status.current.whole)
        call = None
        while call is None:
            joined = await self._join(here)
            if joined is not None:
                return joined
            call = await self._enter(here, invoked=invoked)
        if isinstance(call, Held):
            return Outcome(reason=call.reason)
        await asyncio.wait({call.task})
        if call.task.cancelled():
            return SUPERSEDED
        fetched = call.task.result()
        return _offered(Rest(fetched.id, fetched.text, fetched.reason))

    def _wait(self, here: Here, *, invoked: bool) -> float:
        """Seconds to wait for the next key."""
        admission, local = self.upstream.admission, self.upstream.local
        left = admission.share if admission is not None and not local else None
        return debounce.wait(here, self._parts.rhythm, invoked=invoked, local=local, left=left)

    async def _enter(self, here: Here, *, invoked: bool) -> Call | Held | None:
        """A new call, or why there may be none; None when somebody who came at the same time has begun a fitting one.

        One at a time: an editor may ask twice for one place.
        """
        async with self._entrance:
            if self.inflight.joinable(here):
                return None
            held = await self.upstream.admit(invoked=invoked)
            if held is not None and held.error is not None:
                self._status.failed(held.error, held.pause)  # another of this person's servers may have been told
            if held is not None:
                return held
            self._parts.rhythm.asked(Spot.of(here))
            return self.inflight.start(here, self._fetch(here))

    async def _fetch(self, here: Here) -> Known:
        self.sent = request = await self.composer.request(here)
        try:
            with self._parts.counters.request(), self._generating(request):
                answer = await self.upstream.complete(request)
        except DuoError as error:
            self._failed(error)
            raise
        finally:
            self._status.falls(self.upstream.fallen)
        self._status.succeeded()
        text = next(filter(None, (postprocess.clean(text, here) for text in answer.texts[:MOST_TEXTS])), "")
        reason = "" if text else answer.reason or "There was nothing to suggest here."
        # silence is remembered where asking again costs a request; the local engine may have learnt more by then
        return self._cache.put(here.place, text, reason, keep=bool(text) or not self.upstream.local)

    def _generating(self, request: wire.SuggestionRequest) -> AbstractContextManager[None]:
        return self._status.generating() if request.intent == "generation" else contextlib.nullcontext()

    def _failed(self, error: DuoError) -> None:
        log.info("no suggestion: %s", type(error).__name__)
        admission = self.upstream.admission
        held = admission.held() if admission is not None else None
        self._status.failed(error, held.pause if held is not None and held.error is error else 0.0)

    def _saved(self, known: Rest, here: Here) -> Outcome:
        self._parts.counters.saved()
        if known.text:
            self._parts.rhythm.served(Spot.of(here))
        return _offered(known)


def _offered(rest: Rest) -> Outcome:
    if rest.text:
        return Outcome(Suggestion(rest.id, rest.text))
    return Outcome(reason=rest.reason or "What was suggested is there already.")
