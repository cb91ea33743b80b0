"""What may come next: the followers of every context that occurred, the longest and nearest trusted most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import attrs

from duo_lsp.gateway.engines.builtin import patterns
from duo_lsp.gateway.engines.builtin.occurrences import Occurrences
from duo_lsp.gateway.engines.builtin.trust import LEARNT, Followers, Trust

PATTERN, FILE_PATTERN, WORKSPACE, GIVEN, FILE, NEAR = RANKS = range(6)
"""From what tells least to what tells most; the first two are of patterns, see there."""
PATTERNS = frozenset({PATTERN, FILE_PATTERN})

_ENOUGH = 1e-3
_UNSEEN = 0.02
"""Kept back for words never seen when only those that begin as typed are left; less, the more is typed of it."""
_SHORTEST_PATTERN = 3
_PATTERN_WORTH = 0.45
"""As many tokens of a pattern tell about as much as one real token."""


@attrs.frozen
class Context:
    """The tokens before the one in question, as they are and as a pattern."""

    tokens: Sequence[int]
    pattern: Sequence[int]

    def of(self, rank: int) -> Sequence[int]:
        """As this level has them."""
        return self.pattern if rank in PATTERNS else self.tokens


@attrs.frozen
class Level:
    """One body of text, how near it is, and what of it does not count; those of one rank count together."""

    rank: int
    occurrences: Occurrences
    unseen: range = range(0)
    hidden: Sequence[int] = b""
    """Something but 0 for each place that does not count either; empty where all do."""


@attrs.frozen
class Here:
    """What can stand at the cursor."""

    fits: Callable[[int], bool]
    """Whether this mark can."""
    typed: int = 0
    """Characters of it that do already."""
    known: Mapping[int, float] = attrs.field(factory=dict)
    """What is believed last."""

    def only(self, total: Mapping[int, float]) -> dict[int, float]:
        """What can, as parts of that and of words never seen."""
        fitting = {mark: part for mark, part in total.items() if self.fits(mark)}
        whole = sum(fitting.values()) + _UNSEEN / max(1, self.typed)
        return {mark: part / whole for mark, part in fitting.items()}


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

    def followers(self, context: Context) -> Followers:
        """What followed there."""
        counts, token = Counter[int](), context.of(self.rank)[-1]
        for level, low, high in self.spots:
            counts.update(level.occurrences.followers(token, low, high, level.unseen, level.hidden))
        return weigh(counts, patterns.meant(counts, context.tokens) if self.rank in PATTERNS else counts)


def weigh(counts: Counter[int], meant: Counter[int]) -> Followers:
    """Counts as parts of the whole, and what they mean."""
    whole = counts.total()
    parts = {mark: count / whole for mark, count in meant.items()}
    return Followers(parts, math.log(whole), len(counts) / whole, max(parts.values())) if parts else Followers({})


def gather(levels: Sequence[Level], context: Context) -> list[Sighting]:
    """Every place that tells something, those that tell most first."""
    found: dict[tuple[int, int], tuple[Spot, ...]] = {}
    for level in levels:
        for length, low, high in level.occurrences.spans(context.of(level.rank)):
            if length >= _SHORTEST_PATTERN or level.rank not in PATTERNS:
                where = length, level.rank
                found[where] = (*found.get(where, ()), (level, low, high))
    return [Sighting(*where, found[where]) for where in sorted(found, key=_worth, reverse=True)]


def _worth(where: tuple[int, int]) -> tuple[float, int]:
    length, rank = where
    return length * (_PATTERN_WORTH if rank in PATTERNS else 1), rank


def belief(
    levels: Sequence[Level],
    context: Context,
    here: Here | None = None,
    trust: Trust = LEARNT,
) -> dict[int, float]:
    """How likely each mark comes next, `here` if there is something to mind."""
    rest, total, seen = 1.0, dict[int, float](), dict[tuple[int, ...], Followers]()
    for sighting in gather(levels, context):
        followers = seen.get(sighting.where)
        if followers is None:
            followers = seen[sighting.where] = sighting.followers(context)
        if followers.parts:
            share = trust.share(sighting.rank, sighting.length, followers)
            _add(total, followers.parts, rest * share)
            rest *= 1 - share
        if rest < _ENOUGH:
            break
    if here is None:
        return total
    _add(total, here.known, rest)
    return here.only(total)


def _add(total: dict[int, float], parts: Mapping[int, float], weight: float) -> None:
    for mark, part in parts.items():
        total[mark] = total.get(mark, 0.0) + weight * part
