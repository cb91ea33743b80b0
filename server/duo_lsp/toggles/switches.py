"""What the person has turned off and on by hand in this session: everything, a document, a language; for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

import attrs
from cachetools import LRUCache

from duo_lsp.toggles.wish import ToggleWish

ONCE: Final = timedelta(minutes=1)
"""Who wants the next suggestion and then does not type has forgotten about it."""
_MOST: Final = 100
What = Literal["everything", "language", "document"]


@attrs.frozen
class Switch:
    """On or off, for good or until a time of day on this machine's clock."""

    what: What
    name: str
    """The URI of a document, or a language; empty for everything."""
    on: bool
    until: datetime | None = None


class Toggles:
    """Every switch that is not as the settings have it; each is back by itself when its time is over."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """`clock` gives the time of day where the person is."""
        self._clock = clock
        self._switches: LRUCache[tuple[What, str], Switch] = LRUCache(_MOST)
        self._once_until: datetime | None = None

    @property
    def once(self) -> bool:
        """Whether the next request is answered as if somebody had asked by hand."""
        return self._once_until is not None and self._clock() < self._once_until

    @property
    def everything(self) -> Switch | None:
        """Whether all suggestions are paused; None when they are not."""
        return self._valid("everything", "")

    def of(self, uri: str, language: str) -> Switch | None:
        """What was said of this document, else of its language; None when nothing was."""
        return self._valid("document", uri) or self._valid("language", language)

    def __iter__(self) -> Iterator[Switch]:
        """Every switch."""
        valid = (self._valid(what, name) for what, name in list(self._switches))
        return (switch for switch in valid if switch is not None)

    def toggle(self, wish: ToggleWish, uri: str, language: str, *, on: bool) -> None:
        """Do what is wished for; `on` says what the settings want where no switch stands."""
        if wish.what == "once":
            self._once_until = None if self.once else self._clock() + ONCE
        elif wish.what == "everything":
            self._turn("everything", "", wish.minutes, default=True)
        elif wish.what == "language":
            self._turn("language", language, wish.minutes, default=on)
        else:
            of_language = self._valid("language", language)
            self._turn("document", uri, wish.minutes, default=of_language.on if of_language is not None else on)

    def used(self) -> None:
        """The one request that was wished for has its answer."""
        self._once_until = None

    def closed(self, uri: str) -> None:
        """The document is gone, and what was said of it."""
        self._switches.pop(("document", uri), None)

    def _turn(self, what: What, name: str, minutes: float | None, *, default: bool) -> None:
        """Turn it round; for some minutes, what is turned already stays so for that long from now."""
        known = self._valid(what, name)
        if minutes is not None:
            turned = known is not None and known.on is not default
            on = known.on if known is not None and turned else not default
            self._switches[what, name] = Switch(what, name, on, self._clock() + timedelta(minutes=minutes))
            return
        on = not (default if known is None else known.on)
        if on is default:
            self._switches.pop((what, name), None)
        else:
            self._switches[what, name] = Switch(what, name, on)

    def _valid(self, what: What, name: str) -> Switch | None:
        switch = self._switches.get((what, name))
        if switch is not None and switch.until is not None and switch.until <= self._clock():
            del self._switches[what, name]
            return None
        return switch
