"""What was answered lately, so that what fits it asks nobody."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs
from cachetools import LRUCache

from duo_lsp.suggestions import fitting
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.places import Place

MAX_BYTES: Final = 1 << 20
MAX_AGE: Final = 300.0
"""Seconds."""
_PER_DOCUMENT: Final = 24
_OBJECTS: Final = 600
"""Bytes that an answer takes beside its texts."""


@attrs.define
class Known:
    """One text of an answer, cleaned, and where it belongs; an empty text is an answer too."""

    id: str
    place: Place
    text: str
    """What is shown of it."""
    whole: str = ""
    """That and what follows it, for who has come to its end."""
    until: float = 0.0
    reason: str = ""
    begun: bool = False
    """More of it may come: these lines are for who has typed into them already, nobody is shown them as a whole."""
    accepted: bool = False

    @property
    def size(self) -> int:
        """About how many bytes it takes; a text takes up to four for each character."""
        place = self.place
        texts = (self.id, place.uri, place.head, place.start, place.below, self.text, self.whole, self.reason)
        return sum(map(sys.getsizeof, texts)) + _OBJECTS

    def rest(self, here: Here) -> Rest | None:
        """What is left of it at this cursor; None when it does not fit, or was typed to its end by hand."""
        found = fitting.fit(self.text, self.place, here)
        goes_on = found is None or not found.is_something
        if goes_on and self.whole:
            found = fitting.fit(self.whole, self.place, here)
        if found is None or (self.text and not found.is_something and not self.accepted):
            return None  # what comes next is a new question
        left = found.rest if found.rest.strip() else ""  # nobody sees blanks, but Tab would take them
        if self.begun and not (left and len(left) < len(self.text)):
            return None
        return Rest(self.id, left, self.reason, exact=found.exact, goes_on=goes_on and bool(self.text))


@attrs.frozen
class Rest:
    """What is left of a known answer at the cursor; nothing is left when it was typed or accepted to its end."""

    id: str
    text: str
    reason: str = ""
    exact: bool = True
    """It is for this very place, or was typed along to it."""
    goes_on: bool = False
    """It follows what was shown, so nobody has looked yet how much of it may be."""


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

    def new_id(self) -> str:
        """One that no other suggestion of this session has."""
        return str(next(self._ids))

    def put(
        self,
        place: Place,
        texts: Mapping[str, str],
        reason: str = "",
        *,
        id_: str = "",
        begun: bool = False,
        keep: bool = True,
    ) -> Known:
        """Remember the texts of an answer, the best first, before all that is known; gives the best.

        With each goes the whole that it is the beginning of. The best gets the id, where there is one, and takes the
        place of what had it. Without `keep` nothing is remembered.
        """
        before, until = self._by_uri.get(place.uri, ()), self._clock() + self._max_age
        accepted = any(known.accepted for known in before if known.id == id_)
        best, *others = (texts or {"": ""}).items()
        known = Known(id_ or self.new_id(), place, *best, until, reason, begun=begun, accepted=accepted)
        if keep:
            self._keep(known, *(Known(self.new_id(), place, *other, until) for other in others))
        return known

    def _keep(self, *new: Known) -> None:
        place, ids, texts = new[0].place, {known.id for known in new}, {"", *(known.text for known in new)}
        before = self._by_uri.get(place.uri, ())
        older = [old for old in before if old.id not in ids and (old.place != place or old.text not in texts)]
        kept = (*new, *older)[:_PER_DOCUMENT]
        if _size(kept) <= self._by_uri.maxsize:
            self._by_uri[place.uri] = kept

    def rest(self, here: Here) -> Rest | None:
        """The best that a known answer has for this cursor; None when nobody knows and somebody has to be asked."""
        found = self.rests(here)
        return found[0] if found else None

    def rests(self, here: Here) -> tuple[Rest, ...]:
        """All different texts that known answers have for this cursor: typed along to it before gone back, then newest.

        Only when there is none, the one that says that there is nothing to offer; nothing when nobody knows.
        """
        now = self._clock()
        known = [one for one in self._by_uri.get(here.uri, ()) if one.until >= now]
        found = [rest for one in known if (rest := one.rest(here)) is not None]
        different: dict[str, Rest] = {}
        for rest in sorted(found, key=lambda rest: not rest.exact):
            if rest.text:
                different.setdefault(rest.text, rest)
        return tuple(different.values()) or tuple(found[:1])

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
