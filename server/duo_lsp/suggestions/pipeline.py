"""A suggestion's way through: known, under way, or asked for; the newest request of a document wins."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

from duo_lsp import wire
from duo_lsp.errors import DuoError, LocalEngineError
from duo_lsp.gitlab.limits.gate import Held
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy import redaction
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.settings import Settings
from duo_lsp.status import State, Status
from duo_lsp.suggestions import context, debounce, intent, postprocess
from duo_lsp.suggestions.cache import Cache, Known, Rest
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.inflight import Call, Inflight

log = logging.getLogger(__name__)

START_PATIENCE: Final = 3.0
"""Seconds that somebody who asks by hand waits for the local engine to start."""


@attrs.frozen
class Suggestion:
    """A text to insert at the cursor, and its opaque id."""

    id: str
    text: str


@attrs.frozen
class Outcome:
    """A suggestion, or in a sentence why there is none."""

    suggestion: Suggestion | None = None
    reason: str = ""


SUPERSEDED: Final = Outcome(reason="Something newer came.")
ENGINE_STARTS: Final = "The local engine is starting."
MOST_TEXTS: Final = 8
"""Alternatives of one answer that are looked at."""
FAULT: Final = Outcome(reason="duo-lsp has a fault here; the log says where.")
"""Even our own mistakes never interrupt typing."""


class Pipeline:
    """Answers requests for suggestions; holds the cache, the calls under way and who waits."""

    def __init__(
        self,
        upstream: Upstream,
        settings: Settings,
        *,
        cache: Cache,
        status: Status,
        gate: Gate | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.upstream = upstream
        self.settings = settings
        self.status = status
        self._cache = cache
        self._inflight = Inflight()
        self._redactor = Redactor()
        self.sent: wire.SuggestionRequest | None = None
        """The last request that went out, for a person who wonders what that is."""
        self._gate = gate or Gate()
        self._waiting: dict[str, dict[asyncio.Task[Outcome], Here]] = {}
        self._warming: asyncio.Task[None] | None = None
        self._entrance = asyncio.Lock()
        self._sleep = sleep

    async def suggest(self, here: Here, *, invoked: bool) -> Outcome:
        """A suggestion for this cursor, or the reason why not; never raises DuoError.

        Cancelling this call ends the waiting only: what was asked upstream goes on and is remembered.
        """
        self._supersede_elsewhere(here)
        task = asyncio.ensure_future(self._answer(here, invoked=invoked))
        waiting = self._waiting.setdefault(here.uri, {})
        waiting[task] = here
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            del waiting[task]
            if not waiting:
                self._waiting.pop(here.uri, None)
        if task.cancelled():
            return SUPERSEDED
        fault = task.exception()
        if fault is not None:
            log.error("a suggestion failed", exc_info=fault)
        outcome = task.result() if fault is None else FAULT
        self.status.silence = outcome.reason
        return outcome

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
        self.supersede(uri)
        self._inflight.drop(uri)
        self.status.closed(uri)
        self._cache.forget(uri)
        self._redactor.forget(uri)

    def accepted(self, id_: str) -> None:
        """The person took this suggestion."""
        self._cache.accept(id_)

    async def use(self, upstream: Upstream, settings: Settings) -> None:
        """From now on, at once, somebody else answers, or under other settings; what was known is forgotten."""
        for uri in self._waiting:
            self.supersede(uri)
        ended, self._inflight = self._inflight, Inflight()
        self._cache.clear()
        self.settings = settings
        if upstream is not self.upstream:
            self.upstream = upstream
            await self._end_warming()
        else:
            upstream.reconsider()
        await ended.close()

    def warm_up(self) -> asyncio.Task[None]:
        """Let the upstream get ready in the background; one preparation at a time."""
        if self._warming is None or self._warming.done():
            self._warming = asyncio.ensure_future(self._warm_up())
        return self._warming

    async def close(self) -> None:
        """End everything that runs."""
        for uri in self._waiting:
            self.supersede(uri)
        await self._end_warming()
        await self._inflight.close()

    async def _end_warming(self) -> None:
        warming, self._warming = self._warming, None
        if warming is not None:
            warming.cancel()
            await asyncio.wait({warming})

    async def request(self, here: Here) -> wire.SuggestionRequest:
        """Exactly what would be sent for this cursor."""
        project = self.settings.project_path or await self.upstream.project(here.path)
        sent = here
        if self.settings.code_completion.enable_secret_redaction:
            project, sent = redaction.line(project), context.redacted(here, self._redactor)
        return intent.detect(here, sent.above).applied_to(context.request(sent, project))

    async def gate(self, here: Here) -> State | None:
        """Why nothing may be asked for this cursor; None when it may."""
        if self.status.choice is not None:
            return self.status.choice
        closed, self.status.caution = await self._gate.closed(here, self.settings, self.upstream)
        return closed

    async def _answer(self, here: Here, *, invoked: bool) -> Outcome:
        closed = await self.gate(here)
        self.status.asked_in(here.uri, closed)
        if closed is not None:
            return Outcome(reason=closed.sentence)
        known = self._cache.rest(here)
        if known is not None and (known.text or not invoked):
            return _offered(known)
        try:
            return await self._join(here) or await self._wait_and_ask(here, invoked=invoked)
        except DuoError as error:
            return Outcome(reason=str(error))

    async def _join(self, here: Here) -> Outcome | None:
        """What a call under way has for this cursor; None when there is none or it answers something else."""
        while call := self._inflight.joinable(here):
            await asyncio.wait({call.task})
            known = self._cache.rest(here)
            if known is not None:
                return _offered(known)
            if not call.task.cancelled():
                call.task.result()  # raises what the call raised: asking again at once would only fail again
        return None

    async def _wait_and_ask(self, here: Here, *, invoked: bool) -> Outcome:
        await self._sleep(debounce.delay(invoked=invoked, local=self.upstream.local))
        if not self.upstream.ready():
            await asyncio.wait({self.warm_up()}, timeout=START_PATIENCE if invoked else 0)
        if not self.upstream.ready():
            starting = self.upstream.local and self.status.trouble is None
            return Outcome(reason=ENGINE_STARTS if starting else self.status.current.whole)
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

    async def _enter(self, here: Here, *, invoked: bool) -> Call | Held | None:
        """A new call, or why there may be none; None when somebody who came at the same time has begun a fitting one.

        One at a time: an editor may ask twice for one place.
        """
        async with self._entrance:
            if self._inflight.joinable(here):
                return None
            held = await self.upstream.admit(invoked=invoked)
            if held is not None and held.error is not None:
                self.status.failed(held.error, held.pause)  # another of this person's servers may have been told
            return held or self._inflight.start(here, self._fetch(here))

    async def _warm_up(self) -> None:
        try:
            await asyncio.gather(self.upstream.warm_up(), asyncio.to_thread(redaction.prepare))
        except DuoError as error:
            self._failed(error)
        except Exception as fault:  # nobody awaits this task's result
            log.exception("getting ready failed")
            self._failed(LocalEngineError(f"Getting ready failed ({type(fault).__name__})."))

    async def _fetch(self, here: Here) -> Known:
        self.sent = request = await self.request(here)
        try:
            with self.status.generating() if request.intent == "generation" else contextlib.nullcontext():
                answer = await self.upstream.complete(request)
        except DuoError as error:
            self._failed(error)
            raise
        finally:
            self.status.falls(self.upstream.fallen)
        self.status.succeeded()
        text = next(filter(None, (postprocess.clean(text, here) for text in answer.texts[:MOST_TEXTS])), "")
        reason = "" if text else answer.reason or "There was nothing to suggest here."
        # silence is remembered where asking again costs a request; the local engine may have learnt more by then
        return self._cache.put(here.place, text, reason, keep=bool(text) or not self.upstream.local)

    def _failed(self, error: DuoError) -> None:
        log.info("no suggestion: %s", type(error).__name__)
        admission = self.upstream.admission
        held = admission.held() if admission is not None else None
        self.status.failed(error, held.pause if held is not None and held.error is error else 0.0)


def _offered(rest: Rest) -> Outcome:
    if rest.text:
        return Outcome(Suggestion(rest.id, rest.text))
    return Outcome(reason=rest.reason or "What was suggested is there already.")
