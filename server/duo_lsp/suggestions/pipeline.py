"""A suggestion's way through: known, under way, or asked for; the newest request of a document wins."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

from duo_lsp import wire
from duo_lsp.errors import DuoError, LimitedError
from duo_lsp.gitlab.rate_limit import TokenBucket
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy import excluded
from duo_lsp.settings import Settings
from duo_lsp.status import Status
from duo_lsp.suggestions import context, debounce, intent, postprocess
from duo_lsp.suggestions.cache import Cache, Known, Rest
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.inflight import Inflight

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
FAULT: Final = Outcome(reason="duo-lsp has a fault here; the log says where.")
"""Even our own mistakes never interrupt typing."""


class Pipeline:
    """Answers requests for suggestions; holds the cache, the calls under way and who waits."""

    def __init__(
        self,
        upstream: Upstream,
        settings: Settings,
        *,
        bucket: TokenBucket,
        cache: Cache,
        status: Status,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.upstream = upstream
        self.settings = settings
        self.status = status
        self._bucket = bucket
        self._cache = cache
        self._inflight = Inflight()
        self._waiting: dict[str, asyncio.Task[Outcome]] = {}
        self._warming: asyncio.Task[None] | None = None
        self._sleep = sleep

    async def suggest(self, here: Here, *, invoked: bool) -> Outcome:
        """A suggestion for this cursor, or the reason why not; never raises DuoError.

        Cancelling this call ends the waiting only: what was asked upstream goes on and is remembered.
        """
        self.supersede(here.uri)
        task = asyncio.ensure_future(self._answer(here, invoked=invoked))
        self._waiting[here.uri] = task
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            if self._waiting.get(here.uri) is task:
                del self._waiting[here.uri]
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
        waiting = self._waiting.get(uri)
        if waiting is not None:
            waiting.cancel()

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self.supersede(uri)
        self._cache.forget(uri)

    def accepted(self, id_: str) -> None:
        """The person took this suggestion."""
        self._cache.accept(id_)

    async def use(self, upstream: Upstream, settings: Settings) -> None:
        """From now on somebody else answers, or under other settings; what was known is forgotten."""
        await self.close()
        self.upstream, self.settings = upstream, settings
        self._cache.clear()

    def warm_up(self) -> asyncio.Task[None]:
        """Let the upstream get ready in the background; one preparation at a time."""
        if self._warming is None or self._warming.done():
            self._warming = asyncio.ensure_future(self._warm_up())
        return self._warming

    async def close(self) -> None:
        """End everything that runs."""
        for task in self._waiting.values():
            task.cancel()
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.wait({self._warming})
        await self._inflight.close()

    def request(self, here: Here) -> wire.SuggestionRequest:
        """Exactly what would be sent for this cursor."""
        return intent.detect(here).applied_to(context.request(here, self.settings.project_path))

    def gate(self, here: Here) -> str:
        """Why nothing may be asked for this cursor; empty when it may."""
        if not self.settings.code_completion.enabled:
            return "Suggestions are turned off."
        pattern = excluded.excluded_by(here.path)
        if pattern:
            return f"This file is never sent: it is named like {pattern}."
        return ""

    async def _answer(self, here: Here, *, invoked: bool) -> Outcome:
        reason = self.gate(here)
        if reason:
            return Outcome(reason=reason)
        known = self._cache.rest(here)
        if known is not None and (known.text or not invoked):
            return _offered(known)
        await self._sleep(debounce.delay(invoked=invoked, local=self.upstream.local))
        try:
            return await self._ask(here, invoked=invoked)
        except DuoError as error:
            return Outcome(reason=str(error))

    async def _ask(self, here: Here, *, invoked: bool) -> Outcome:
        if not self.upstream.ready():
            await asyncio.wait({self.warm_up()}, timeout=START_PATIENCE if invoked else 0)
        if not self.upstream.ready():
            return Outcome(reason=f"{self.status.current.sentence} {self.status.current.remedy}".strip())
        while call := self._inflight.joinable(here):
            await asyncio.wait({call.task})
            known = self._cache.rest(here)
            if known is not None:
                return _offered(known)
        if not self.upstream.local and not self._bucket.take(invoked=invoked):
            return Outcome(reason="Too many requests in the last minute; suggestions come back by themselves.")
        call = self._inflight.start(here, self._fetch(here))
        await asyncio.wait({call.task})
        if call.task.cancelled():
            return SUPERSEDED
        fetched = call.task.result()
        return _offered(Rest(fetched.id, fetched.text, fetched.reason))

    async def _warm_up(self) -> None:
        try:
            await self.upstream.warm_up()
        except DuoError as error:
            self._failed(error)

    async def _fetch(self, here: Here) -> Known:
        try:
            answer = await self.upstream.complete(self.request(here))
        except DuoError as error:
            self._failed(error)
            raise
        self.status.succeeded()
        text = next(filter(None, (postprocess.clean(text, here) for text in answer.texts)), "")
        reason = "" if text else answer.reason or "There was nothing to suggest here."
        # silence is remembered where asking again costs a request; the local engine may have learnt more by then
        return self._cache.put(here.place, text, reason, keep=bool(text) or not self.upstream.local)

    def _failed(self, error: DuoError) -> None:
        log.info("no suggestion: %s", type(error).__name__)
        self.status.failed(error)
        if isinstance(error, LimitedError):
            self._bucket.hold(error.retry_after)


def _offered(rest: Rest) -> Outcome:
    if rest.text:
        return Outcome(Suggestion(rest.id, rest.text))
    return Outcome(reason=rest.reason or "What was suggested is there already.")
