"""How fast a person types, from the gaps between their own keys, and whether what they are shown is what they type."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import Final

import attrs

from duo_lsp.suggestions.context import Here

PAUSE: Final = 0.600
"""Seconds; a longer gap is a pause, which says nothing of how fast somebody types."""
KEPT: Final = 12
"""Gaps that are remembered: as fast as somebody types now, not as they did an hour ago."""
SEED: Final = 0.120
"""Seconds; the gap of somebody of whom none was measured yet."""
_PAIRS: Final = ("()", "[]", "{}", "<>", '""', "''", "``")
"""What editors insert for one key."""


def is_key(inserted: str) -> bool:
    """Whether one key typed that: a character, a pair of brackets, a line end with its indentation.

    A paste, a formatter or an accepted suggestion is none. Nor is a key that deletes: held down, it repeats by itself.
    """
    return len(inserted) == 1 or inserted in _PAIRS or (inserted.startswith(("\n", "\r")) and inserted.isspace())


@attrs.frozen
class Spot:
    """Where somebody looks: a line and a character of a document."""

    uri: str
    line: int
    character: int

    @classmethod
    def of(cls, here: Here) -> Spot:
        """That of a cursor."""
        return cls(here.uri, here.line, here.character)


class Rhythm:
    """One person's, over all their documents: a dozen numbers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._clock = clock
        self._gaps = deque((SEED,), maxlen=KEPT)
        self.uri = ""
        """The document in which something happened last."""
        self.at = -math.inf
        """When."""
        self.began = -math.inf
        """When the burst began that it belongs to: since the last pause."""
        self.misses = 0
        """Requests in a row that nobody typed along."""
        self.led = False
        """Whether this burst has had a request."""
        self._was_key = False
        self._looked: Spot | None = None
        self._asked: Spot | None = None

    @property
    def gap(self) -> float:
        """Seconds between two keys, as a rule."""
        return sorted(self._gaps)[len(self._gaps) // 2]

    @property
    def since(self) -> float:
        """Seconds since something happened last."""
        return self._clock() - self.at

    def changed(self, uri: str, inserted: str) -> None:
        """A document has changed just now; `inserted` is what came in, empty where it is not one plain insertion.

        Two keys in a row, in one document and without a pause, tell how fast somebody types.
        """
        by_key, gap = is_key(inserted), self._happens(uri)
        if by_key and self._was_key and gap < PAUSE:
            self._gaps.append(gap)
        self._was_key, self._looked = by_key, None

    def looked(self, spot: Spot) -> None:
        """The editor asks for this place. Where nothing has changed since it asked for another, somebody moved."""
        if (self._looked is not None and spot != self._looked) or spot.uri != self.uri:
            self._happens(spot.uri)
            self._was_key = False
        self._looked = spot

    def asked(self, spot: Spot) -> None:
        """A request goes out for this place."""
        self.misses += 1
        self.led = True
        self._asked = spot

    def served(self, spot: Spot) -> None:
        """What is known fits here; when it was asked for elsewhere, somebody types along."""
        if spot != self._asked:
            self.misses = 0

    def _happens(self, uri: str) -> float:
        now = self._clock()
        gap = now - self.at if uri == self.uri else math.inf
        if gap >= PAUSE:
            self.began, self.led = now, False
        self.uri, self.at = uri, now
        return gap
