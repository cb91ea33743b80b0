"""How sure a suggestion is, as an honest probability, and how much of it to show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import attrs

from duo_lsp import wire
from duo_lsp.gateway.engines.builtin.trust import LEARNT

SURE: Mapping[wire.Silence | None, float] = {"quiet": 0.9, "normal": 0.8, None: 0.8, "eager": 0.5}
"""How likely to be right is what is shown; nobody has asked for anything else: four times out of five."""
SHORTEST = 2
"""Characters worth showing."""
WRONG = 15
"""Characters that something wrong costs where it is as likely as not; it has to be read and taken away again."""
HOPELESS = math.log(0.3)
"""A belief too small to go on."""
CERTAIN = math.log(0.99)
"""A greater belief tells no more."""


@attrs.frozen
class Step:
    """A suggestion so far, and the logarithm of the belief in all of it."""

    text: str
    belief: float
    tokens: int
    ends_line: bool = False
    typed: int = 0
    """Characters of the first token that stand before the cursor."""

    @property
    def could_be_shown(self) -> bool:
        """Whether it is worth it, and no part of a further line."""
        return len(self.text.strip()) >= SHORTEST and (self.ends_line or "\n" not in self.text)

    @property
    def chance(self) -> float:
        """The probability that all of it is right."""
        return 1 / (1 + math.exp(-sum(w * x for w, x in zip(LEARNT.chance, self.features, strict=True))))

    @property
    def features(self) -> tuple[float, ...]:
        """What the probability is made from."""
        belief = min(self.belief, CERTAIN)
        return (
            1.0,
            belief,
            math.log(-belief),
            math.log(self.tokens),
            float(self.typed > 0),
            math.log1p(self.typed),
            min(len(self.text), 40) / 40,
        )


@attrs.frozen
class Verdict:
    """What to show, nothing when unsure; and how sure the likeliest text worth showing was, if there was one."""

    text: str = ""
    best: float | None = None


def surest(steps: Iterable[Step], threshold: float = SURE[None]) -> Verdict:
    """Of the beginnings that are sure enough the one worth most, further lines only as a whole; or nothing."""
    text, best, most = "", None, -math.inf
    for step in steps:
        if step.could_be_shown:
            best, worth = max(best or 0.0, step.chance), worth_of(step, threshold)
            if step.belief >= HOPELESS and step.chance >= threshold and worth >= most:
                text, most = step.text, worth
        if step.belief < HOPELESS:
            break
    return Verdict(text, best)


def worth_of(step: Step, threshold: float) -> float:
    """Characters won, less what it costs to be wrong; who wants to be sure pays more for that."""
    cost = WRONG * threshold / (1 - threshold)
    return step.chance * len(step.text) - (1 - step.chance) * cost
