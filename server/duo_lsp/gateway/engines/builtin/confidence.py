"""How sure a suggestion is, as an honest probability, and how much of it to show."""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs

SURE = 0.8
"""Show what is right four times out of five."""
SHORTEST = 2
"""Characters worth showing."""
_HOPELESS = math.log(0.3)


@attrs.frozen
class Step:
    """A suggestion so far, and the logarithm of the belief in all of it."""

    text: str
    belief: float
    tokens: int
    ends_line: bool = False
    in_word: bool = False
    """Whether the first token was half typed."""

    @property
    def chance(self) -> float:
        """The probability that all of it is right."""
        return 1 / (1 + math.exp(-sum(w * x for w, x in zip(_WEIGHTS, self.features, strict=True))))

    @property
    def features(self) -> tuple[float, ...]:
        """What the probability is made from."""
        belief = min(self.belief, -1e-6)
        return (
            1.0,
            belief,
            math.log1p(-belief),
            math.log(self.tokens),
            float(self.in_word),
            min(len(self.text), 40) / 40,
        )


# Fitted to ten projects, and right on ten others: of what is shown at 0.8, nine in ten are what really followed.
_WEIGHTS = (2.38, -0.99, -5.83, 0.19, 0.43, -0.68)


def surest(steps: Iterable[Step], threshold: float = SURE) -> str:
    """The longest beginning that is sure enough, further lines only as a whole; or nothing."""
    best = ""
    for step in steps:
        if step.belief < _HOPELESS:
            break
        is_whole = step.ends_line or "\n" not in step.text
        if is_whole and step.chance >= threshold and len(step.text.strip()) >= SHORTEST:
            best = step.text
    return best
