"""Names that begin as typed, for when no context says more."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

MOST = 12
"""Names offered, the most frequent ones."""


class Names:
    """All names of a text with how often they occur, ready to be asked by their beginning."""

    def __init__(self, lexemes: Mapping[str, int]) -> None:
        self._counts = {lexeme: count for lexeme, count in lexemes.items() if lexeme.isidentifier()}
        self._ordered = sorted(self._counts)

    def counted(self, typed: str) -> Counter[str]:
        """All names that begin so, and how often they occur."""
        first = bisect_left(self._ordered, typed)
        last = bisect_left(self._ordered, typed + chr(0x10FFFF), first)
        return Counter({name: self._counts[name] for name in self._ordered[first:last]})


def recent(lexemes: Iterable[str], typed: str) -> dict[str, float]:
    """The same for a text read once, whatever it holds."""
    return parts(Counter(lexeme for lexeme in lexemes if lexeme.startswith(typed) and lexeme.isidentifier()))


def parts(counts: Mapping[str, int]) -> dict[str, float]:
    """The most frequent of these as parts of the whole."""
    whole = sum(counts.values())
    return {name: count / whole for name, count in Counter(counts).most_common(MOST)}
