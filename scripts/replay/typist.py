"""A text, the person who types a part of it, and when each key comes."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

SPREAD: Final = 0.48
"""Of the gaps between two keys around their median: six minutes for 2,000 keys of 160 ms."""
_KEY: Final = re.compile(r"\n[ \t]*|.")
_ABOVE, _BELOW = 12_000, 4_000
"""Characters around what is typed: all of them are sent, so that the place of a request can be told by its length."""


@dataclass(frozen=True)
class Text:
    """A document in which `typed` is not there yet."""

    before: str
    typed: str
    after: str
    unwritten: str = ""
    """What the person would type next, had they more time."""

    def rest_of_line(self, position: int) -> str:
        """What comes on the line after so many typed characters."""
        return (self.typed[position:] + self.unwritten + self.after).partition("\n")[0]

    def line(self, position: int) -> int:
        """Which of the typed lines that is, from 0."""
        return self.typed.count("\n", 0, position)

    @property
    def length(self) -> int:
        """Of the document before anything is typed."""
        return len(self.before) + len(self.after)


@dataclass(frozen=True)
class Key:
    """One change of the document: a letter, or a line end with the indentation that an editor adds to it."""

    at: float
    """Seconds after the first."""
    text: str
    position: int
    """How many characters are typed after it."""
    until: float
    """When the next one comes."""


def piece_of(source: str, start: int, size: int) -> Text:
    """So many characters of a file that are missing in it."""
    top = source.find("\n", max(0, start - _ABOVE)) + 1
    end = source.find("\n", start + size)
    return Text(source[top:start], source[start:end], source[end : end + _BELOW])


def keys(text: Text, gap: Callable[[], float]) -> Iterator[Key]:
    """Every key, `gap` seconds apart."""
    at = 0.0
    for found in _KEY.finditer(text.typed):
        until = at + gap()
        yield Key(at, found[0], found.end(), until)
        at = until


def lognormal(median: float, seed: str, spread: float = SPREAD) -> Callable[[], float]:
    """Seconds, never the same but always the same ones for a seed."""
    drawn = random.Random(seed)  # noqa: S311 - it has to come out the same every time
    return lambda: drawn.lognormvariate(math.log(median), spread)
