"""How long to wait for the next key before asking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from duo_lsp.suggestions.context import Here

UPSTREAM: Final = 0.150
LOCAL: Final = 0.020
"""Seconds. The local engine costs nothing but a little of this machine."""


class Rhythm:
    """How fast this person types."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self.clock = clock

    def changed(self, uri: str, inserted: str) -> None:
        """A document has changed just now; `inserted` is what came in, empty where it is not one plain insertion."""


def delay(here: Here, rhythm: Rhythm, *, invoked: bool, local: bool, left: int | None) -> float:  # noqa: ARG001
    """Seconds to wait; a person who asks by hand never waits.

    `left` is how many requests may still go this minute; None where nobody counts.
    """
    if invoked:
        return 0.0
    return LOCAL if local else UPSTREAM
