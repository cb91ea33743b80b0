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
        return 1 / (1 + math.exp(-sum(w * x for w, x in zip(LEARNT.chance, self.features, strict=True))))

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


@attrs.frozen
class Verdict:
    """What to show, nothing when unsure; and how sure the likeliest text worth showing was, if there was one."""

    text: str = ""
    best: float | None = None


def surest(steps: Iterable[Step], threshold: float = SURE[None]) -> Verdict:
    """The longest beginning that is sure enough, further lines only as a whole; or nothing."""
    text, best = "", None
    for step in steps:
        is_whole = step.ends_line or "\n" not in step.text
        if is_whole and len(step.text.strip()) >= SHORTEST:
            best = max(best or 0.0, step.chance)
            if step.belief >= _HOPELESS and step.chance >= threshold:
                text = step.text
        if step.belief < _HOPELESS:
            break
    return Verdict(text, best)
