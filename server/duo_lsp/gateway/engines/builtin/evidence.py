"""What may come next: the followers of every context that occurred, the longest and nearest trusted most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import attrs

from duo_lsp.gateway.engines.builtin.occurrences import LENGTHS, Occurrences

WORKSPACE, GIVEN, FILE, NEAR = range(4)

# How much to trust a piece of evidence against all weaker ones: the logit of its share, fitted to real projects.
_LENGTH = dict(zip(LENGTHS, (0.92, -0.31, -0.92, -0.77, -0.98, -0.68, -0.22, 0.0, 0.47, 1.1), strict=True))
_LEVEL = (-0.49, -0.49, -0.33, -0.58)
_COUNT = (0.17, 0.17, 0.1, 0.03)
_VARIETY = (-1.83, -1.83, -1.51, -1.88)
_PEAK = (2.07, 2.07, 1.8, 0.31)
_ENOUGH = 1e-3
_TYPED = 0.02
"""Kept back for words never seen when only those that fit what is typed are left."""


@attrs.frozen
class Level:
    """One body of text, how near it is, and a stretch of it that does not count."""

    rank: int
    occurrences: Occurrences
    unseen: range = range(0)


@attrs.frozen
class Evidence:
    """What followed one context in one body of text."""

    rank: int
    length: int
    followers: Counter[int]

    @property
    def share(self) -> float:
        """The part of the belief this evidence takes before weaker evidence gets any."""
        rank, count = self.rank, self.followers.total()
        logit = (
            _LEVEL[rank]
            + _LENGTH[self.length]
            + _COUNT[rank] * math.log(count)
            + _VARIETY[rank] * len(self.followers) / count
            + _PEAK[rank] * max(self.followers.values()) / count
        )
        return 1 / (1 + math.exp(-logit))


@attrs.frozen
class Sighting:
    """Where one context occurred in one body of text; what followed is counted only when asked for."""

    length: int
    level: Level
    token: int
    low: int
    high: int

    def evidence(self) -> Evidence:
        """What followed there."""
        followers = self.level.occurrences.followers(self.token, self.low, self.high, self.level.unseen)
        return Evidence(self.level.rank, self.length, followers)


def gather(levels: Sequence[Level], context: Sequence[int]) -> list[Sighting]:
    """Every place that tells something, those that tell most first."""
    sightings = [
        Sighting(length, level, context[-1], low, high)
        for level in levels
        for length, low, high in level.occurrences.spans(context)
    ]
    return sorted(sightings, key=lambda sighting: (sighting.length, sighting.level.rank), reverse=True)


def belief(
    sightings: Sequence[Sighting],
    fits: Callable[[int], bool] | None = None,
    known: Mapping[int, float] | None = None,
) -> dict[int, float]:
    """How likely each mark comes next; `fits` leaves out what cannot be, `known` is believed last."""
    rest, total = 1.0, dict[int, float]()
    for sighting in sightings:
        piece = sighting.evidence()
        if not piece.followers:
            continue
        share = piece.share
        weight = rest * share / piece.followers.total()
        for mark, count in piece.followers.items():
            total[mark] = total.get(mark, 0.0) + weight * count
        rest *= 1 - share
        if rest < _ENOUGH:
            break
    for mark, part in (known or {}).items():
        total[mark] = total.get(mark, 0.0) + rest * part
    return total if fits is None else _only(total, fits)


def _only(total: dict[int, float], fits: Callable[[int], bool]) -> dict[int, float]:
    fitting = {mark: part for mark, part in total.items() if fits(mark)}
    whole = sum(fitting.values()) + _TYPED
    return {mark: part / whole for mark, part in fitting.items()}
