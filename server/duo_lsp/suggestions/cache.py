"""What was answered lately, so that typing along a suggestion asks nobody."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from typing import Final

import attrs
from cachetools import LRUCache

from duo_lsp.suggestions.context import Here, Place

MAX_BYTES: Final = 1 << 20
MAX_AGE: Final = 300.0
"""Seconds."""
_PER_DOCUMENT: Final = 12
_OBJECTS: Final = 600
"""Bytes that an answer takes beside its texts."""


@attrs.define
class Known:
    """One answer, cleaned, and where it belongs; an empty text is an answer too."""

    id: str
    place: Place
    text: str
    until: float
    reason: str = ""
    accepted: bool = False

    @property
    def size(self) -> int:
        """About how many bytes it takes; a text takes up to four for each character."""
        texts = (self.id, self.place.uri, self.place.anchor, self.place.below, self.text, self.reason)
        return sum(map(sys.getsizeof, texts)) + _OBJECTS

    def rest(self, here: Here) -> str | None:
        """What is left of it at this cursor; None when it does not fit, or was typed to its end by hand.

        Closers that the editor put right of the cursor meanwhile are part of the answer, so it has to end with them.
        """
        typed = here.typed_since(self.place)
        if typed is None or not self.text.startswith(typed):
            return None
        if typed and typed == self.text and not self.accepted:
            return None  # what comes next is a new question
        rest, paired = self.text[len(typed) :], here.paired_since(self.place) or ""
        return rest.removesuffix(paired) if rest.endswith(paired) else None


@attrs.frozen
class Rest:
    """What is left of a known answer at the cursor; nothing is left when it was typed or accepted to its end."""

    id: str
    text: str
    reason: str = ""


class Cache:
    """Bounded in bytes and in age; forgets the documents that were not asked about for longest."""

    def __init__(self, clock: Callable[[], float], max_bytes: int = MAX_BYTES, max_age: float = MAX_AGE) -> None:
        """`clock` gives seconds, monotonic."""
        self._clock = clock
        self._max_age = max_age
        self._ids: Iterator[int] = itertools.count(1)
        self._by_uri: LRUCache[str, tuple[Known, ...]] = LRUCache(max_bytes, getsizeof=_size)

    @property
    def bytes(self) -> int:
        """What it takes now, as far as texts go."""
        return int(self._by_uri.currsize)

    def put(self, place: Place, text: str, reason: str = "", *, keep: bool = True) -> Known:
        """Remember an answer, newest first; one not to keep only gets its id."""
        known = Known(str(next(self._ids)), place, text, self._clock() + self._max_age, reason)
        older = [other for other in self._by_uri.get(place.uri, ()) if other.place != place]
        kept = (known, *older[: _PER_DOCUMENT - 1])
        if keep and _size(kept) <= self._by_uri.maxsize:
            self._by_uri[place.uri] = kept
        return known

    def rest(self, here: Here) -> Rest | None:
        """What a known answer has for this cursor; None when nobody knows and somebody has to be asked."""
        now = self._clock()
        for known in self._by_uri.get(here.uri, ()):
            if known.until < now:
                continue
            text = known.rest(here)
            if text is not None:
                return Rest(known.id, text, known.reason)
        return None

    def accept(self, id_: str) -> None:
        """The person took this answer; the request that follows at its end needs no new one."""
        for kept in self._by_uri.values():
            for known in kept:
                if known.id == id_:
                    known.accepted = True

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._by_uri.pop(uri, None)

    def clear(self) -> None:
        """Somebody else answers from now on."""
        self._by_uri.clear()


def _size(kept: tuple[Known, ...]) -> int:
    return sum(known.size for known in kept)
