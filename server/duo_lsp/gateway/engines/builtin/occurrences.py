"""Finds every place where the last tokens occurred before, and what followed there."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

DEPTH = 20
"""Tokens a place is sorted by; longer agreement is not told apart."""
SLICE = 2048
"""Places sorted in one go: sorting holds the interpreter, so it has to be short."""
SAMPLE = 512
"""Followers looked at, evenly spread, when there are more."""

_WIDTH = 4
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 12, 16, DEPTH)

Span = tuple[int, int, int]
"""How many tokens agree, and from where to where in the bucket."""


class Occurrences:
    """The stream reversed, its places in buckets by token, each bucket sorted by what stands before."""

    def __init__(self, marks: array[int]) -> None:
        self._followers = marks[::-1]
        self._tokens = array("I", [mark >> 1 for mark in self._followers])
        self._packed = packed(self._tokens)
        self._sorted: set[int] = set()
        self._buckets: dict[int, array[int]] = {}
        self._gather()

    def __len__(self) -> int:
        return len(self._tokens)

    def _gather(self) -> None:
        buckets = self._buckets
        for place, token in enumerate(self._tokens):
            bucket = buckets.get(token)
            if bucket is None:
                bucket = buckets[token] = array("I")
            if place:  # nothing follows the last token
                bucket.append(place)

    def sort(self, breathe: Callable[[], None]) -> None:
        """Sort everything now, for a text many requests will ask; `breathe` between slices."""
        for token in self._buckets:
            self._bucket(token, breathe)

    def _bucket(self, token: int, breathe: Callable[[], None] = lambda: None) -> array[int]:
        bucket = self._buckets.get(token)
        if bucket is None:
            return array("I")
        if token not in self._sorted:
            bucket = self._buckets[token] = array("I", self._in_order(bucket, 1, breathe))
            self._sorted.add(token)
        return bucket

    def _in_order(self, places: Sequence[int], depth: int, breathe: Callable[[], None]) -> Iterator[int]:
        if len(places) <= SLICE or depth >= DEPTH:
            breathe()
            yield from sorted(places, key=self._key)
            return
        tokens, groups, last = self._tokens, dict[int, list[int]](), len(self._tokens) - depth
        for place in places:
            groups.setdefault(tokens[place + depth] if place < last else -1, []).append(place)
        for token in sorted(groups):
            yield from self._in_order(groups[token], depth + 1, breathe)

    def _key(self, place: int) -> bytes:
        return self._packed[_WIDTH * place : _WIDTH * (place + DEPTH)]

    def spans(self, context: Sequence[int]) -> list[tuple[int, int, int]]:
        """Where the last 1, 2, 3, ... tokens of the context occurred, as long as they did."""
        if not context:
            return []
        asked = packed(array("I", context[: -DEPTH - 1 : -1]))
        bucket = self._bucket(context[-1])
        low, high, found = 0, len(bucket), list[Span]()
        for length in LENGTHS:
            if length > len(context):
                break
            if length > 1:
                low, high = self._narrowed(bucket, asked[: _WIDTH * length], low, high)
            if low == high:
                break
            found.append((length, low, high))
        return found

    def _narrowed(self, bucket: array[int], asked: bytes, low: int, high: int) -> tuple[int, int]:
        stream, size = self._packed, len(asked)

        def key(place: int) -> bytes:
            return stream[_WIDTH * place : _WIDTH * place + size]

        low = bisect_left(bucket, asked, low, high, key=key)
        return low, bisect_right(bucket, asked, low, high, key=key)

    def followers(
        self, token: int, low: int, high: int, unseen: range = range(0), hidden: Sequence[int] = b""
    ) -> Counter[int]:
        """The marks that followed there and how often.

        Places in `unseen` do not count, nor those at which `hidden`, if it is not empty, has anything but 0.
        """
        places: Sequence[int] = self._bucket(token)[low : high : max(1, (high - low) // SAMPLE)]
        follows = self._followers
        if hidden:
            places = [place for place in places if not hidden[place]]
        if unseen:
            return Counter([follows[place - 1] for place in places if place not in unseen])
        return Counter([follows[place - 1] for place in places])

    def marks(self, places: range) -> array[int]:
        """What stands at these places, the last first."""
        return self._followers[places.start : places.stop]

    def reversed_range(self, start: int, stop: int) -> range:
        """The places of a stretch of the stream."""
        return range(len(self) - stop, len(self) - start)


def packed(tokens: array[int]) -> bytes:
    """Tokens as bytes that sort as the numbers do."""
    if sys.byteorder == "little":
        tokens = tokens[:]
        tokens.byteswap()
    return tokens.tobytes()
