"""Finds how likely a suggestion is right, from how it came about: logistic regression by Newton's method."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from duo_lsp.gateway.engines.builtin import confidence, suggestion
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.trust import Trust
from scripts.engine import answering
from scripts.engine.cursors import Cursor

ROUNDS: Final = 30
RIDGE: Final = 0.01
"""Holds back weights that the cases hardly decide."""


class Case(NamedTuple):
    """One beginning of a suggestion that could be shown, and whether it was right."""

    features: tuple[float, ...]
    is_right: bool
    weight: float


def cases(cursor: Cursor, learnt: Corpus, trust: Trust, *, below: bool) -> Iterator[Case]:
    """Every beginning the engine would think about at this cursor; together they weigh one."""
    request = answering.asked(cursor, below=below)
    steps = takewhile(lambda step: step.belief >= confidence.HOPELESS, suggestion.steps(request, learnt, trust=trust))
    shown = {step.text: step for step in reversed(list(steps)) if step.could_be_shown}
    for text, step in shown.items():
        yield Case(step.features, cursor.text.startswith(text, cursor.place), 1 / len(shown))


def fit(cases: Sequence[Case]) -> tuple[float, ...]:
    """A weight for each feature; raises `ZeroDivisionError` when there is no case."""
    size = len(cases[0].features)
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [-RIDGE * weight for weight in weights]
        bend = [[RIDGE * (row == column) for column in range(size)] for row in range(size)]
        for features, is_right, much in cases:
            chance = chance_of(weights, features)
            for row, one in enumerate(features):
                slope[row] += much * (is_right - chance) * one
                for column, other in enumerate(features):
                    bend[row][column] += much * chance * (1 - chance) * one * other
        weights = [weight + step for weight, step in zip(weights, solved(bend, slope), strict=True)]
    return tuple(round(weight, 3) for weight in weights)


def chance_of(weights: Sequence[float], features: Sequence[float]) -> float:
    """The logistic function, between 0 and 1."""
    return 1 / (1 + math.exp(-sum(weight * one for weight, one in zip(weights, features, strict=True))))


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The solution of linear equations, by elimination; the matrix is symmetric and positive."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place, row in enumerate(rows):
        row[:] = [value / row[place] for value in row]
        for other in rows:
            if other is not row:
                factor = other[place]
                other[:] = [value - factor * one for value, one in zip(other, row, strict=True)]
    return [row[-1] for row in rows]
