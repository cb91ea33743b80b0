"""What may come next: the followers of every context that occurred, the longest and nearest trusted most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import attrs

from duo_lsp.gateway.engines.builtin.occurrences import Occurrences
from duo_lsp.gateway.engines.builtin.trust import LEARNT, Followers, Trust

WORKSPACE, GIVEN, FILE, NEAR = range(4)

_ENOUGH = 1e-3
_TYPED = 0.02
"""Kept back for words never seen when only those that fit what is typed are left."""


@attrs.frozen
class Level:
    """One body of text, how near it is, and what of it does not count; those of one rank count together."""

    rank: int
    occurrences: Occurrences
    unseen: range = range(0)
    hidden: Sequence[int] = b""
    """Something but 0 for each place that does not count either; empty where all do."""


Spot = tuple[Level, int, int]
"""From where to where in a body of text."""


@attrs.frozen
class Sighting:
    """Where one context occurred in all that is equally near."""

    length: int
    rank: int
    spots: tuple[Spot, ...]

    @property
    def where(self) -> tuple[int, ...]:
        """Often the same places for a longer context: what followed there is counted once."""
        return self.rank, *(end for _, low, high in self.spots for end in (low, high))

    def followers(self, token: int) -> Followers:
        """What followed there."""
        counts = Counter[int]()
        for level, low, high in self.spots:
            counts.update(level.occurrences.followers(token, low, high, level.unseen, level.hidden))
        return weigh(counts)


def weigh(counts: Counter[int]) -> Followers:
    """Counts as parts of the whole."""
    whole = counts.total()
    if not whole:
        return Followers({})
    parts = {mark: count / whole for mark, count in counts.items()}
    return Followers(parts, math.log(whole), len(parts) / whole, max(parts.values()))


def gather(levels: Sequence[Level], context: Sequence[int]) -> list[Sighting]:
    """Every place that tells something, those that tell most first."""
    found: dict[tuple[int, int], tuple[Spot, ...]] = {}
    for level in levels:
        for length, low, high in level.occurrences.spans(context):
            where = length, level.rank
            found[where] = (*found.get(where, ()), (level, low, high))
    return [Sighting(*where, found[where]) for where in sorted(found, reverse=True)]


def belief(
    levels: Sequence[Level],
    context: Sequence[int],
    fits: Callable[[int], bool] | None = None,
    known: Mapping[int, float] | None = None,
    trust: Trust = LEARNT,
) -> dict[int, float]:
    """How likely each mark comes next; `fits` leaves out what cannot be, `known` is believed last."""
    rest, total, seen = 1.0, dict[int, float](), dict[tuple[int, ...], Followers]()
    for sighting in gather(levels, context):
        followers = seen.get(sighting.where)
        if followers is None:
            followers = seen[sighting.where] = sighting.followers(context[-1])
        if followers.parts:
            share = trust.share(sighting.rank, sighting.length, followers)
            _add(total, followers.parts, rest * share)
            rest *= 1 - share
        if rest < _ENOUGH:
            break
    _add(total, known or {}, rest)
    return total if fits is None else _only(total, fits)


def _add(total: dict[int, float], parts: Mapping[int, float], weight: float) -> None:
    for mark, part in parts.items():
        total[mark] = total.get(mark, 0.0) + weight * part


def _only(total: dict[int, float], fits: Callable[[int], bool]) -> dict[int, float]:
    fitting = {mark: part for mark, part in total.items() if fits(mark)}
    whole = sum(fitting.values()) + _TYPED
    return {mark: part / whole for mark, part in fitting.items()}
