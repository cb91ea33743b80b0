"""The numbers learnt from public projects: how much to trust evidence, and how likely a suggestion is right."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Protocol

import attrs

from duo_lsp.gateway.engines.builtin.occurrences import LENGTHS

FILE = Path(__file__).with_name("numbers.json")


@attrs.frozen
class Followers:
    """What followed in some places, as parts of the whole, and what that is worth is told by."""

    parts: dict[int, float]
    count: float = 0.0
    """The logarithm of how many places they are."""
    variety: float = 0.0
    """Different followers for each place."""
    peak: float = 0.0
    """The largest part."""


class Trust(Protocol):
    """Decides between stronger and weaker evidence."""

    def share(self, rank: int, length: int, followers: Followers) -> float:
        """The part of the belief evidence takes before weaker evidence gets any, from 0 to 1."""
        ...


@attrs.frozen
class Learnt:
    """Everything `./scripts/train` found; a number for each rank, and within for each length."""

    length: tuple[tuple[float, ...], ...]
    count: tuple[float, ...]
    variety: tuple[float, ...]
    peak: tuple[float, ...]
    chance: tuple[float, ...]
    """What the features of a `confidence.Step` weigh."""

    def share(self, rank: int, length: int, followers: Followers) -> float:
        """A logistic function of how many places there are and how far they agree."""
        logit = (
            self.length[rank][_PLACE[length]]
            + self.count[rank] * followers.count
            + self.variety[rank] * followers.variety
            + self.peak[rank] * followers.peak
        )
        return 1 / (1 + math.exp(-logit))


_PLACE = {length: place for place, length in enumerate(LENGTHS)}


def from_json(text: str) -> Learnt:
    """The numbers in a file; raises `KeyError`, `TypeError` or `ValueError` for another text."""
    told: dict[str, Any] = json.loads(text)
    length = tuple(tuple(row) for row in told["length"])
    return Learnt(length, *(tuple(told[name]) for name in ("count", "variety", "peak", "chance")))


def to_json(learnt: Learnt) -> str:
    """The same as a text, a list a line."""
    rows = ",\n  ".join(json.dumps(row) for row in learnt.length)
    rest = (f'"{name}": {json.dumps(getattr(learnt, name))}' for name in ("count", "variety", "peak", "chance"))
    return ",\n".join([f'{{"length": [\n  {rows}\n]', *rest]) + "}\n"


LEARNT = from_json(FILE.read_text("utf-8"))
