"""Places where the person has just turned a suggestion down: they are left alone there until they type or ask by hand.

Two things say so for sure. The command `duo.dismissed`, for editors that know when ghost text is sent away; and the
cursor back where an accepted suggestion began, with the text as it was: it was undone. An editor that asks twice for
one place says nothing, because editors do so on their own; nor does typing something else and deleting that again,
which is how a slip of the finger is mended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cachetools import LRUCache, TTLCache

from duo_lsp.suggestions.places import Place

JUST: Final = 60.0
"""Seconds."""
_OFFERS: Final = 32
_PLACES: Final = 16


class Dismissed:
    """A few places, for a while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._offers: LRUCache[str, tuple[Place, Place]] = LRUCache(_OFFERS)
        """By id: where it was offered first and, typed along since, last."""
        self._last = ""
        self._places: TTLCache[Place, None] = TTLCache(_PLACES, ttl=JUST, timer=clock)

    def offered(self, id_: str, place: Place) -> None:
        """A suggestion goes to the editor for this place."""
        first, _ = self._offers.get(id_, (place, place))
        self._offers[id_] = first, place
        self._last = id_

    def turned_down(self, id_: str = "") -> None:
        """The person does not want this suggestion, by default the last one, where it is shown."""
        if (places := self._offers.get(id_ or self._last)) is not None:
            self._places[places[1]] = None

    def accepted(self, id_: str) -> None:
        """The person took it; should they be where it began once more, they have undone that."""
        for place in self._offers.get(id_, ()):
            self._places[place] = None

    def asked_by_hand(self, place: Place) -> None:
        """Now they do want something here."""
        self._places.pop(place, None)

    def __contains__(self, place: Place) -> bool:
        """Whether to leave them alone here."""
        return place in self._places
