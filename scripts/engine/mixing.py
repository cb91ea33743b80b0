"""Finds how much to trust each kind of evidence: what makes the tokens that really follow likeliest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from duo_lsp.gateway.engines.builtin import evidence
from duo_lsp.gateway.engines.builtin.occurrences import LENGTHS
from duo_lsp.gateway.engines.builtin.trust import Learnt
from scripts.engine.samples import Sample

WIDTH: Final = len(LENGTHS)
RANKS: Final = len(evidence.RANKS)
SIZE: Final = RANKS * (WIDTH + 3)
"""Numbers to find: for every rank one a length, then what count, variety and peak weigh."""
START: Final = (*[-0.5] * (RANKS * WIDTH), *[0.1] * RANKS, *[-1.5] * RANKS, *[1.0] * RANKS)
HOLD: Final = 1e-4
"""How strongly numbers that hardly matter are held where they began."""
ROUNDS: Final = 60
UNSEEN: Final = 1e-4
"""The part of a token nobody foresaw."""

Row = tuple[tuple[int, int, float, float, float, float], ...]
Ascent = Callable[[Sequence[float]], tuple[float, list[float]]]
"""A function to make small, and which way it grows."""


def fit(samples: Sequence[Sample], rounds: int = ROUNDS) -> list[float]:
    """The numbers under which the samples are likeliest; the same for the same samples, bit for bit."""
    rows = [row for row in map(_row, samples) if row]
    return descend(lambda numbers: loss(numbers, rows), START, rounds)


def _row(sample: Sample) -> Row:
    place = {length: number for number, length in enumerate(LENGTHS)}
    return tuple(
        (piece.rank * WIDTH + place[piece.length], RANKS * WIDTH + piece.rank, *piece.features) for piece in sample
    )


def loss(numbers: Sequence[float], rows: Sequence[Row]) -> tuple[float, list[float]]:
    """Nats a token, and the derivative by each number."""
    total, slope = 0.0, [0.0] * SIZE
    for row in rows:
        total += _token(numbers, row, slope)
    held = [number - start for number, start in zip(numbers, START, strict=True)]
    size = len(rows) or 1
    return total / size + HOLD * sum(off * off for off in held), [
        each / size + 2 * HOLD * off for each, off in zip(slope, held, strict=True)
    ]


def _token(numbers: Sequence[float], row: Row, slope: list[float]) -> float:
    """Adds the derivatives of one token to `slope`."""
    rest, seen, shares, so_far = 1.0, 0.0, list[float](), list[float]()
    for slot, rank, count, variety, peak, part in row:
        weights = numbers[rank] * count + numbers[rank + RANKS] * variety + numbers[rank + 2 * RANKS] * peak
        share = 1 / (1 + math.exp(-numbers[slot] - weights))
        seen += rest * share * part
        shares.append(share)
        so_far.append(rest)
        rest *= 1 - share
    chance = seen * (1 - UNSEEN) + UNSEEN
    after = 0.0
    for place in range(len(row) - 1, -1, -1):
        slot, rank, count, variety, peak, part = row[place]
        share, before = shares[place], so_far[place]
        # what this piece adds, less what it takes from all weaker ones
        change = -(1 - UNSEEN) / chance * share * (before * (1 - share) * part - after)
        after += before * share * part
        slope[slot] += change
        slope[rank] += change * count
        slope[rank + RANKS] += change * variety
        slope[rank + 2 * RANKS] += change * peak
    return -math.log(chance)


def descend(function: Ascent, start: Sequence[float], rounds: int) -> list[float]:
    """Where a function is small, found by Rprop: only the sign of a slope counts (Riedmiller and Braun 1993)."""
    numbers, steps, before = list(start), [0.1] * len(start), [0.0] * len(start)
    for _ in range(rounds):
        _, slope = function(numbers)
        for place, now in enumerate(slope):
            agreed = now * before[place]
            if agreed > 0:
                steps[place] = min(steps[place] * 1.2, 1.0)
            elif agreed < 0:
                steps[place] = max(steps[place] * 0.5, 1e-4)
                now = 0.0  # noqa: PLW2901 - one round without a step, as the method has it
            numbers[place] -= math.copysign(steps[place], now) if now else 0.0
            before[place] = now
    return numbers


def table(numbers: Sequence[float], chance: tuple[float, ...]) -> Learnt:
    """The numbers as the engine reads them; context given with a request, which no package has, is as the workspace."""
    rounded = [round(number, 2) for number in numbers]
    ranks = [evidence.WORKSPACE if rank == evidence.GIVEN else rank for rank in range(RANKS)]
    length = tuple(tuple(rounded[rank * WIDTH : (rank + 1) * WIDTH]) for rank in ranks)
    count, variety, peak = (tuple(rounded[RANKS * (WIDTH + which) + rank] for rank in ranks) for which in range(3))
    return Learnt(length, count, variety, peak, chance)
