"""Finds every place where the last tokens occurred before, and what followed there."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

DEPTH = 20
"""Tokens a place is sorted by; longer agreement is not told apart."""
SLICE = 1 << 16
"""Places sorted in one go; each takes some hundred bytes meanwhile."""
SAMPLE = 512
"""Followers looked at, evenly spread, when there are more."""

_WIDTH = 4
_PIECE = 1 << 16
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 12, 16, DEPTH)

Span = tuple[int, int, int]
"""How many tokens agree, and from where to where in the array that holds their bucket."""


class Occurrences:
    """The stream reversed, its places in buckets by token, each bucket sorted by what stands before.

    A text of one request is looked through for each token that is asked; one that many will ask is sorted once and
    for all.
    """

    def __init__(self, marks: array[int]) -> None:
        self._followers = marks[::-1]
        self._packed = b"".join(_packed_tokens(self._followers))
        self._sorted: dict[int, array[int]] = {}
        self._order, self._starts = array("I"), array("I")
        """All buckets one behind the other, and for each token where its own begins; empty until `sort`."""

    def __len__(self) -> int:
        return len(self._followers)

    def sort(self, sorted_: Callable[[float], None] = lambda _: None) -> None:
        """Sort everything now, and tell `sorted_` how much of it is done, up to 1."""
        buckets, order, starts = self._gathered(), array("I"), array("I", [0])
        for token in range(max(buckets, default=-1) + 1):
            if bucket := buckets.pop(token, None):
                order.extend(self._in_order(bucket, 1))
                sorted_(len(order) / len(self))
            starts.append(len(order))
        self._order, self._starts = order, starts

    def _gathered(self) -> dict[int, array[int]]:
        buckets: dict[int, array[int]] = {}
        for place, mark in enumerate(self._followers):
            token = mark >> 1
            bucket = buckets.get(token)
            if bucket is None:
                bucket = buckets[token] = array("I")
            if place:  # nothing follows the last token
                bucket.append(place)
        return buckets

    def _bucket(self, token: int) -> tuple[array[int], int, int]:
        """The places of a token, sorted, and from where to where they stand in an array."""
        if self._starts:
            is_known = token + 1 < len(self._starts)
            return (self._order, self._starts[token], self._starts[token + 1]) if is_known else (self._order, 0, 0)
        bucket = self._sorted.get(token)
        if bucket is None:
            bucket = self._sorted[token] = array("I", self._in_order(list(self._found(token)), 1))
        return bucket, 0, len(bucket)

    def _found(self, token: int) -> Iterator[int]:
        wanted, place = packed(array("I", [token])), 0  # where the last token stands, which nothing follows
        while (at := self._packed.find(wanted, _WIDTH * (place + 1))) >= 0:
            place = at // _WIDTH
            if at % _WIDTH == 0:
                yield place

    def _in_order(self, places: Sequence[int], depth: int) -> Iterator[int]:
        if len(places) <= SLICE or depth >= DEPTH:
            yield from sorted(places, key=self._key)
            return
        marks, groups, last = self._followers, dict[int, list[int]](), len(self) - depth
        for place in places:
            groups.setdefault(marks[place + depth] >> 1 if place < last else -1, []).append(place)
        for token in sorted(groups):
            yield from self._in_order(groups[token], depth + 1)

    def _key(self, place: int) -> bytes:
        return self._packed[_WIDTH * place : _WIDTH * (place + DEPTH)]

    def spans(self, context: Sequence[int]) -> list[tuple[int, int, int]]:
        """Where the last 1, 2, 3, ... tokens of the context occurred, as long as they did."""
        if not context:
            return []
        asked = packed(array("I", context[: -DEPTH - 1 : -1]))
        bucket, low, high = self._bucket(context[-1])
        found = list[Span]()
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
        places: Sequence[int] = self._bucket(token)[0][low : high : max(1, (high - low) // SAMPLE)]
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


def _packed_tokens(marks: array[int]) -> Iterator[bytes]:
    """A piece at a time: a list of all would take ten times the memory of the stream."""
    for start in range(0, len(marks), _PIECE):
        yield packed(array("I", [mark >> 1 for mark in marks[start : start + _PIECE]]))


def packed(tokens: array[int]) -> bytes:
    """Tokens as bytes that sort as the numbers do."""
    if sys.byteorder == "little":
        tokens = tokens[:]
        tokens.byteswap()
    return tokens.tobytes()
