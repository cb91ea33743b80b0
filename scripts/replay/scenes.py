"""What is typed in a replay, by whom, and who answers."""

from __future__ import annotations

import asyncio.base_events
import inspect
import re
from collections.abc import Iterator
from typing import Final

from scripts.replay import models, typist
from scripts.replay.models import Model
from scripts.replay.typist import Key, Text

_LINE: Final = "discounted_total = compute(prices, quantity) * rate"
FORTY: Final = Text(
    "import os\nimport sys\n\n\ndef total(prices, quantity, rate):\n    first = prices[0]\n    ",
    _LINE[:40],
    "\n    return discounted_total\n",
    unwritten=_LINE[40:],
)
"""Forty keys on one line, which goes on after them."""
SIZE: Final = 2_000
"""Characters of a real file."""
MEDIAN: Final = 0.160
"""Seconds between two keys of a quick typist."""
ANSWER: Final = 0.300
"""Seconds until GitLab answers, at the median."""
SHARE: Final = 0.4
"""Of the lines, how many the model knows."""


def forty(gap: float) -> list[Key]:
    """The forty keys, evenly spaced."""
    return list(typist.keys(FORTY, lambda: gap))


def real_file(sessions: int) -> Iterator[tuple[Model, list[Key]]]:
    """Pieces of a file of the standard library, from one method on each, as a person types them."""
    source = inspect.getsource(asyncio.base_events)
    methods = [found.start() for found in re.finditer(r"^    (?:async )?def ", source, re.MULTILINE)]
    for n in range(sessions):
        text = typist.piece_of(source, methods[len(methods) * n // sessions], SIZE)
        keys = list(typist.keys(text, typist.lognormal(MEDIAN, f"keys {n}")))
        yield models.sometimes(text, SHARE, ANSWER, f"model {n}"), keys
