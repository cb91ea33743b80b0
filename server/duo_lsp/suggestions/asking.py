"""One request's way: may it be asked, is it known, is it under way, wait for the next key, ask."""

from __future__ import annotations

import asyncio
from typing import Final

import attrs

from duo_lsp import status
from duo_lsp.errors import DuoError
from duo_lsp.gitlab.limits.gate import Held
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.settings import Settings
from duo_lsp.status import State
from duo_lsp.suggestions import debounce, occasion, places, supported
from duo_lsp.suggestions.cache import Known, Rest
from duo_lsp.suggestions.composing import Composer
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.fetching import Fetching
from duo_lsp.suggestions.inflight import Inflight
from duo_lsp.suggestions.outcome import SUPERSEDED, Outcome, Suggestion
from duo_lsp.suggestions.parts import Parts
from duo_lsp.suggestions.rhythm import Spot
from duo_lsp.suggestions.warming import Warming

START_PATIENCE: Final = 3.0
"""Seconds that somebody who asks by hand waits for the local engine to start."""
ENGINE_STARTS: Final = "The local engine is starting."
MOST_OFFERED: Final = 8
"""Suggestions for one place."""


@attrs.frozen
class Wish:
    """A request, and what was known for it when it came."""

    here: Here
    invoked: bool
    known: tuple[Rest, ...] = ()
    """For a person who has seen it and wants something else."""

    @property
    def at(self) -> tuple[str, int | None, int, int]:
        """The very cursor."""
        return self.here.uri, self.here.version, self.here.line, self.here.character


class Asking:
    """Asks one upstream under some settings; holds the calls under way."""

    def __init__(self, upstream: Upstream, settings: Settings, parts: Parts, composer: Composer) -> None:
        self.upstream = upstream
        self.settings = settings
        self.composer = composer
        self.inflight = Inflight()
        self.fetching = Fetching(upstream, parts, composer)
        self.warming = Warming(self.fetching.failed)
        self._parts = parts
        self._status = parts.status
        self._entrance = asyncio.Lock()
        self._offered_at: object = None
        """The cursor where something was offered last."""

    async def gate(self, here: Here, *, invoked: bool = True, once: bool = False) -> State | None:
        """Why nothing may be asked for this cursor; None when it may.

        Who has just wished for one suggestion, `once`, gets it also while they want none otherwise.
        """
        wanted, toggles, local = self.settings.code_completion, self._status.toggles, self.upstream.local
        choice = self._status.choice or (None if wanted.enabled else status.OFF)
        if choice is not None and not once:
            return choice
        off = supported.never(here, wanted, None if once else toggles, local=local)
        if off is None and not invoked:
            off = supported.not_by_itself(here, wanted, toggles, local=local)
        closed, self._status.caution = await self._parts.gate.closed(here, self.settings, self.upstream, off)
        return closed

    async def answer(self, here: Here, *, invoked: bool, once: bool = False) -> Outcome:
        """The way from here to an outcome."""
        closed = await self.gate(here, invoked=invoked, once=once)
        self._status.asked_in(here.uri, closed)
        if closed is not None:
            return Outcome(reason=closed.whole)
        if invoked:
            self._parts.dismissed.asked_by_hand(places.of(here))
        elif places.of(here) in self._parts.dismissed:
            return Outcome(reason=occasion.DISMISSED)
        known, wish = self._known(here), Wish(here, invoked)
        if known and not (invoked and self._is_stale(wish, known)):
            return self._saved(wish, known)
        wish = attrs.evolve(wish, known=tuple(rest for rest in known if rest.text))
        try:
            outcome = await self._wait_and_ask(wish)
        except DuoError as error:
            outcome = Outcome(reason=str(error))
        return outcome if outcome.suggestions or not wish.known else self._offered(wish, wish.known)

    def _is_stale(self, wish: Wish, known: tuple[Rest, ...]) -> bool:
        """Whether a person who asks by hand wants more: it is before their eyes, for another place, or nothing."""
        return not known[0].text or not known[0].exact or self._offered_at == wish.at

    def _known(self, here: Here) -> tuple[Rest, ...]:
        """What is known for this cursor, also of answers that are still coming."""
        for call in self.inflight.of(here.uri):
            self.fetching.look_at(call, here)
        return self.fetching.known(here)

    def _news(self, wish: Wish) -> tuple[Rest, ...]:
        """What is known now, once there is something that was not known before."""
        known, before = self._known(wish.here), {rest.id for rest in wish.known}
        return known if any(rest.id not in before and (rest.text or not wish.invoked) for rest in known) else ()

    async def _wait_and_ask(self, wish: Wish) -> Outcome:
        if self.upstream.admission is not None and not (wish.invoked or self.upstream.local):
            self.upstream.admission.expect()
        due = asyncio.ensure_future(self._pause(self._wait(wish)))
        try:
            return await self._first_come(wish, due)
        finally:
            due.cancel()

    async def _pause(self, seconds: float) -> None:
        await self._parts.sleep(seconds)  # made here: a task that is cancelled before it begins leaves nothing behind

    async def _first_come(self, wish: Wish, due: asyncio.Task[None]) -> Outcome:
        """What a call under way brings, if none fits any more what one of its own brings once that is due."""
        own: asyncio.Task[Known] | None = None
        while True:
            news = self.inflight.news(wish.here.uri)
            call = own or self.inflight.joinable(wish.here)
            if call is None and not wish.invoked and (missing := occasion.missing(wish.here, self.settings)):
                return Outcome(reason=missing)
            if call is None and due.done():
                entered = await self._ask(wish)
                if isinstance(entered, Outcome):
                    return entered
                own = call = entered
            await asyncio.wait({news} if due.done() else {news, due}, return_when=asyncio.FIRST_COMPLETED)
            known = self._news(wish)
            if own is not None and own.done():
                return self._own(wish, own, known)
            if known:
                return self._saved(wish, known)
            if call is not None and call.done() and not call.cancelled():
                call.result()  # raises what the call raised: asking again at once would only fail again

    async def _ask(self, wish: Wish) -> asyncio.Task[Known] | Outcome | None:
        """A call for this wish, or why there is none; None when one has begun that fits, or there is no room."""
        if not await self._is_ready(wish):
            starting = self.upstream.local and self._status.trouble is None
            return Outcome(reason=ENGINE_STARTS if starting else self._status.current.whole)
        entered = await self._enter(wish)
        return Outcome(reason=entered.reason) if isinstance(entered, Held) else entered

    async def _is_ready(self, wish: Wish) -> bool:
        if not self.upstream.ready():
            await asyncio.wait({self.warming.start(self.upstream)}, timeout=START_PATIENCE if wish.invoked else 0)
        return self.upstream.ready()

    def _wait(self, wish: Wish) -> float:
        """Seconds to wait for the next key."""
        admission, local = self.upstream.admission, self.upstream.local
        left = admission.share if admission is not None and not local else None
        return debounce.wait(wish.here, self._parts.rhythm, invoked=wish.invoked, local=local, left=left)

    async def _enter(self, wish: Wish) -> asyncio.Task[Known] | Held | None:
        """A new call, or why there may be none; None when somebody who came at the same time has begun a fitting one.

        One at a time: an editor may ask twice for one place.
        """
        here = wish.here
        async with self._entrance:
            if self.inflight.joinable(here) or not self.inflight.make_room(here):
                return None
            held = await self.upstream.admit(invoked=wish.invoked)
            if held is not None and held.error is not None:
                self._status.failed(held.error, held.pause)  # another of this person's servers may have been told
            if held is not None:
                return held
            self._parts.rhythm.asked(Spot.of(here))
            return self.inflight.start(here, self._parts.cache.new_id(), self.fetching.fetch, invoked=wish.invoked)

    def _own(self, wish: Wish, call: asyncio.Task[Known], known: tuple[Rest, ...]) -> Outcome:
        """What a call of its own has brought, whether or not that is remembered. Raises DuoError."""
        if call.cancelled():
            return SUPERSEDED
        fetched = call.result()
        return self._offered(wish, known or (Rest(fetched.id, fetched.text, fetched.reason),))

    def _saved(self, wish: Wish, known: tuple[Rest, ...]) -> Outcome:
        self._parts.counters.saved()
        if known[0].text:
            self._parts.rhythm.served(Spot.of(wish.here))
        return self._offered(wish, known)

    def _offered(self, wish: Wish, known: tuple[Rest, ...]) -> Outcome:
        """All that is known for this place, the best first."""
        texts = [Suggestion(rest.id, rest.text) for rest in known if rest.text]
        if not texts:
            return Outcome(reason=known[0].reason or "What was suggested is there already.")
        self._offered_at = wish.at
        return Outcome(tuple(texts[:MOST_OFFERED]))
