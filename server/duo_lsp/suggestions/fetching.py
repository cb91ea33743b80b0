"""One request to the upstream: made, sent, its answer cleaned and remembered, as a whole and line by line."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

import attrs

from duo_lsp import wire
from duo_lsp.errors import DuoError
from duo_lsp.gitlab.limits.limit import SENT
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.suggestions import fitting, postprocess
from duo_lsp.suggestions.cache import Known, Rest
from duo_lsp.suggestions.composing import Composer
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.inflight import Call
from duo_lsp.suggestions.parts import Parts

log = logging.getLogger(__name__)

MOST_TEXTS: Final = 8
"""Alternatives of one answer that are looked at."""


class Fetching:
    """Asks one upstream."""

    def __init__(self, upstream: Upstream, parts: Parts, composer: Composer) -> None:
        self.sent: wire.SuggestionRequest | None = None
        """The last request that went out, for a person who wonders what that is."""
        self._upstream = upstream
        self._composer = composer
        self._parts = parts
        self._status = parts.status

    async def fetch(self, call: Call) -> Known:
        """The answer to a call, remembered. Raises DuoError."""
        self.sent = request = await self._composer.request(call.here)
        if self._upstream.local:
            silence = "eager" if call.invoked else self._composer.settings.suggestions.silence
            request = attrs.evolve(request, silence=wire.read_silence(silence))
        # what is done with an answer begins with reading the place: that is done while it is waited for
        asyncio.get_running_loop().call_later(SENT, postprocess.prepare, call.here)
        try:
            with self._parts.counters.request(), self._generating(request):
                answer = await self._upstream.complete(request, call.more)
        except DuoError as error:
            self.failed(error)
            raise
        finally:
            self._status.falls(self._upstream.fallen)
        self._status.succeeded()
        texts = await _cleaned_in_turn(answer.texts[:MOST_TEXTS], call.here)
        reason = "" if texts else answer.reason or "There was nothing to suggest here."
        # silence is remembered where asking again costs a request; the local engine may have learnt more by then
        keep = bool(texts) or not self._upstream.local
        return self._parts.cache.put(call.place, texts, reason, id_=call.id, keep=keep)

    def _generating(self, request: wire.SuggestionRequest) -> AbstractContextManager[None]:
        return self._status.generating() if request.intent == "generation" else contextlib.nullcontext()

    def look_at(self, call: Call, here: Here) -> None:
        """Remember the complete lines of an answer that is still coming, once somebody has typed into them."""
        lines = call.lines
        begun = fitting.fit(lines, call.place, here) if len(lines) > call.looked_at else None
        if begun is None or len(begun.rest) >= len(lines):
            return
        call.looked_at = len(lines)
        texts: dict[str, str] = {}
        _add(texts, lines, call.here)
        if texts:
            self._parts.cache.put(call.place, texts, id_=call.id, begun=True)

    def known(self, here: Here) -> tuple[Rest, ...]:
        """What is known for this cursor; what follows a suggestion is looked at like one."""
        return tuple(
            attrs.evolve(rest, text=postprocess.clean(rest.text, here)) if rest.goes_on else rest
            for rest in self._parts.cache.rests(here)
        )

    def failed(self, error: DuoError) -> None:
        """Something went wrong on the way to the upstream."""
        log.info("no suggestion: %s", type(error).__name__)
        admission = self._upstream.admission
        held = admission.held() if admission is not None else None
        self._status.failed(error, held.pause if held is not None and held.error is error else 0.0)


async def _cleaned_in_turn(texts: Sequence[str], here: Here) -> dict[str, str]:
    """What may be shown of these texts; others have their turn between two of them, which may be long."""
    found: dict[str, str] = {}
    for text in texts:
        _add(found, text, here)
        await asyncio.sleep(0)
    return found


def _add(found: dict[str, str], text: str, here: Here) -> None:
    """What may be shown of this text, unless it is known, and the whole that it is the beginning of."""
    shown = postprocess.clean(text, here)
    whole = postprocess.whole(text, here) if shown and len(shown) < len(text) else ""
    if shown:
        found.setdefault(shown, whole if whole.startswith(shown) and len(whole) > len(shown) else "")
