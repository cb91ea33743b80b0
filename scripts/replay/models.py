"""What stands in for GitLab's model: how long it takes, and on which lines it knows what the person will type."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from duo_lsp import languages
from duo_lsp.suggestions import comments
from scripts.replay.typist import Text, lognormal


@dataclass(frozen=True)
class Model:
    """Answers the rest of the line, or on lines it does not know something else."""

    text: Text
    knows: Callable[[int], bool]
    """Whether it is right on this line."""
    delay: Callable[[int], float]
    """Seconds until it answers at this position."""

    def answer(self, position: int) -> str:
        """For the place after so many typed characters."""
        rest = self.text.rest_of_line(position)
        if not rest or self.knows(self.text.line(position)):
            return rest
        others = [line.strip() for line in self.text.before.splitlines()[-200:]]
        return _drawn(f"{position}").choice([line for line in others if line and line[0] != rest[0]])


def always(text: Text, delay: float) -> Model:
    """Right everywhere."""
    return Model(text, lambda _: True, lambda _: delay)


def never(text: Text, delay: float) -> Model:
    """Right nowhere."""
    return Model(text, lambda _: False, lambda _: delay)


def sometimes(text: Text, share: float, median: float, seed: str) -> Model:
    """Right on this share of the lines of Python code, and nowhere in comments; takes about so many seconds."""
    prose = _prose(text)
    return Model(
        text,
        lambda line: line not in prose and _drawn(f"{seed} line {line}").random() < share,
        lambda position: lognormal(median, f"{seed} delay {position}")(),
    )


def _prose(text: Text) -> set[int]:
    """The typed lines on which there are comments; suggestions in those are not shown, however right they are."""
    whole, start = text.before + text.typed, len(text.before)
    spans = comments.find(whole, languages.of("typed.py", "python"), is_cut=True)
    inside = [(max(span.start, start) - start, span.end - start) for span in spans if span.kind != "text"]
    return {line for first, end in inside if end > 0 for line in range(text.line(first), text.line(end) + 1)}


def _drawn(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - it has to come out the same every time
