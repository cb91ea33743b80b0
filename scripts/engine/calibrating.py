"""Finds how likely a suggestion is right, from how it came about: logistic regression by Newton's method.

Projects differ: in one with less luck than others the same signs mean less. How much luck projects have on average is
known from a few of them, so the chance is what it would be with less: by the standard error of that average.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile
from typing import Final, NamedTuple

from duo_lsp.gateway.engines.builtin import confidence, suggestion
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.trust import Trust
from scripts.engine import answering
from scripts.engine.cursors import Cursor

ROUNDS: Final = 12
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


def careful(projects: Sequence[Sequence[Case]]) -> tuple[float, ...]:
    """A weight for each feature, the first of which is 1, from the cases of at least two projects."""
    luck = [
        luck_of(each, fit(list(chain.from_iterable(other for other in projects if other is not each))))
        for each in projects
    ]
    margin = statistics.stdev(luck) / math.sqrt(len(luck))
    always, *rest = fit(list(chain.from_iterable(projects)))
    return tuple(round(weight, 3) for weight in (always - margin, *rest))


def luck_of(cases: Sequence[Case], weights: Sequence[float]) -> float:
    """How much more likely, as a logit, things were right here than these weights say."""
    told = [sum(weight * one for weight, one in zip(weights, case.features, strict=True)) for case in cases]
    return fit([case._replace(features=(1.0,)) for case in cases], told)[0]


def fit(cases: Sequence[Case], told: Sequence[float] = ()) -> list[float]:
    """A weight for each feature, beyond what is `told` of each case by its logit; there has to be a case."""
    size = len(cases[0].features)
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [-RIDGE * weight for weight in weights]
        bend = [[RIDGE * (row == column) for column in range(size)] for row in range(size)]
        for (features, is_right, much), before in zip(cases, told or [0.0] * len(cases), strict=True):
            chance = chance_of(weights, features, before)
            for row, one in enumerate(features):
                slope[row] += much * (is_right - chance) * one
                for column, other in enumerate(features):
                    bend[row][column] += much * chance * (1 - chance) * one * other
        weights = [weight + step for weight, step in zip(weights, solved(bend, slope), strict=True)]
    return weights


def chance_of(weights: Sequence[float], features: Sequence[float], before: float = 0.0) -> float:
    """The logistic function, between 0 and 1."""
    return 1 / (1 + math.exp(-before - sum(weight * one for weight, one in zip(weights, features, strict=True))))


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
