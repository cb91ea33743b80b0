"""What suggestions have done in this session; kept in memory, told to the person, and nothing of it goes anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import attrs
from cachetools import LRUCache

from duo_lsp.suggestions.latency import Latency
from duo_lsp.suggestions.outcome import SUPERSEDED, Outcome, Suggestion

LOOKED_AT: Final = 0.75
"""Seconds after which a suggestion counts as shown: what is gone sooner, nobody has read. Cody counts so, too."""
REMEMBERED: Final = 200
"""Suggestions that may still be accepted."""


@attrs.define(eq=False)
class _Offered:
    """One suggestion and what became of it."""

    length: int = 0
    shown: bool = False
    accepted: bool = False


@attrs.define
class _Visible:
    """What stands on the screen."""

    offered: _Offered
    since: float
    changed: float | None = None
    """When the text changed under it; whether it went along, the next answer tells."""


class Counters:
    """Told what happens by the pipeline."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._clock = clock
        self._offered: LRUCache[str, _Offered] = LRUCache(REMEMBERED)
        self._visible: _Visible | None = None
        self._shown = self._accepted = self._characters = 0
        self._requests = self._saved = self._thrown_away = 0
        self._upstream, self._waiting = Latency(), Latency()

    @contextmanager
    def request(self) -> Iterator[None]:
        """While one request to the upstream is under way; when it is ended before its answer, it was for nothing."""
        self._requests += 1
        began = self._clock()
        try:
            yield
        except Exception:
            raise  # it was answered, with an error
        except BaseException:
            self._thrown_away += 1
            raise
        self._upstream.add(self._clock() - began)

    def saved(self) -> None:
        """A question was answered with what was known, or under way, already."""
        self._saved += 1

    def changed(self) -> None:
        """The text is another one; what stood on the screen may have gone along with it or not."""
        if self._visible is not None and self._visible.changed is None:
            self._visible.changed = self._clock()

    def answered(self, outcome: Outcome, seconds: float) -> None:
        """A question has its outcome, so long after it came; one that was superseded says nothing."""
        if outcome.suggestion is not None:
            self._waiting.add(seconds)
            for other in outcome.suggestions[1:]:  # nobody sees them before they ask for them
                self._offered.setdefault(other.id, _Offered()).length = len(other.text)
            self._offer(outcome.suggestion)
        elif outcome is not SUPERSEDED:
            self._look()
            self._visible = None

    def accepted(self, id_: str) -> None:
        """The person took this suggestion, or what was left of it; an id that nobody knows is nothing."""
        offered = self._offered.get(id_)
        if offered is None:
            return
        self._count_shown(offered)
        self._accepted += not offered.accepted
        offered.accepted = True
        self._characters += offered.length

    def report(self) -> dict[str, Any]:
        """All counts in JSON; latencies in milliseconds, null while nothing was answered.

        `upstream` is how long requests take, `suggestion` how long the person waits, most often not at all.
        """
        self._look()
        return {
            "shown": self._shown,
            "accepted": self._accepted,
            "acceptedCharacters": self._characters,
            "requests": self._requests,
            "saved": self._saved,
            "thrownAway": self._thrown_away,
            "latency": {"upstream": self._upstream.milliseconds, "suggestion": self._waiting.milliseconds},
        }

    @property
    def sentence(self) -> str:
        """The same for a person."""
        self._look()
        took = self._upstream.milliseconds
        latency = f"; half of the answers came within {took['p50']} ms, 90 % within {took['p90']} ms" if took else ""
        return (
            f"suggestions shown: {self._shown}, accepted: {self._accepted} ({self._characters} characters); "
            f"requests sent: {self._requests}, saved: {self._saved}, thrown away: {self._thrown_away}{latency}"
        )

    def _offer(self, suggestion: Suggestion) -> None:
        offered = self._offered.setdefault(suggestion.id, _Offered())
        offered.length = len(suggestion.text)
        if self._visible is None or self._visible.offered is not offered:
            self._look()
            self._visible = _Visible(offered, self._clock())
        self._visible.changed = None

    def _look(self) -> None:
        """Count what stands on the screen, once it has stood there long enough to be read."""
        visible = self._visible
        if visible is not None:
            end = self._clock() if visible.changed is None else visible.changed
            if end - visible.since >= LOOKED_AT:
                self._count_shown(visible.offered)

    def _count_shown(self, offered: _Offered) -> None:
        self._shown += not offered.shown
        offered.shown = True
