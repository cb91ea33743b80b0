"""Forty keys typed into real processes, ours and the naive one taking turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from scripts.replay import costs, models, scenes
from scripts.replay.gitlab import GitLab
from scripts.replay.live import Request
from scripts.replay.models import Model
from scripts.replay.servers import NAIVE, OURS, editing, median, share_within
from scripts.replay.sessions import Figure
from scripts.replay.typist import Text

QUICK, SLOW = 0.080, 0.300
"""Seconds between two keys."""
SOON, LATE = 0.050, 0.400
"""Seconds until GitLab answers."""
HOLD: Final = 6.0
"""Seconds of a Retry-After."""


@dataclass(frozen=True)
class Typed:
    """Forty keys in one server."""

    model: Model
    gitlab: GitLab
    requests: Sequence[Request]
    messages: Sequence[str]

    @property
    def asked(self) -> int:
        """Requests that reached GitLab."""
        return len(self.gitlab.asked)

    @property
    def right(self) -> list[Request]:
        """Those answered with the whole rest of the line before the next key."""
        rest = self.model.text.rest_of_line
        return [one for one in self.requests if one.text and one.text == rest(one.key.position)]

    @property
    def hits(self) -> list[float]:
        """Milliseconds that right answers took after the first answer of GitLab was there."""
        first = min(self.gitlab.answered, default=0.0)
        return [one.took for one in self.right if one.sent > first]

    @property
    def superseded(self) -> list[float]:
        """Milliseconds from a change to the answer of the question that still waited."""
        return [one.outlived for one in self.requests[:-1] if one.outlived]

    @property
    def while_held(self) -> int:
        """Requests until the time of the Retry-After has passed."""
        return sum(1 for at in self.gitlab.asked if at - self.gitlab.asked[0] < HOLD)

    @property
    def told(self) -> int:
        """Messages about what GitLab said; that code goes there is none."""
        return sum(1 for message in self.messages if "slow down" in message)


async def measured() -> list[Figure]:
    """All rows; those in which only counts matter run side by side."""
    found: list[Figure] = []
    quick = [await _both(models.always, QUICK, SOON), await _both(models.always, QUICK, LATE)]
    quick.append(await _both(models.never, QUICK, SOON))
    found += _quick(*quick)
    found += _slow(*await asyncio.gather(*(_both(make, SLOW, SOON) for make in (models.always, models.never))))
    found += _held(*await _both(models.never, SLOW, SOON, HOLD))
    found += await costs.pauses()
    found += await costs.large()
    return found + _superseded([ours for ours, _ in quick], [other for _, other in quick])


def _quick(soon: tuple[Typed, Typed], late: tuple[Typed, Typed], never: tuple[Typed, Typed]) -> list[Figure]:
    return [
        _row("80 ms a key, right after 50 ms: requests, at most", 1, soon, lambda typed: typed.asked),
        _row("80 ms a key, right after 50 ms: keys answered, at least", 35, soon, lambda typed: len(typed.right)),
        _row("80 ms a key, right after 50 ms: a hit, ms, at most", 2, soon, lambda typed: median(typed.hits)),
        _row("80 ms a key, right after 400 ms: requests, at most", 2, late, lambda typed: typed.asked),
        _row("80 ms a key, right after 400 ms: keys answered, at least", 30, late, lambda typed: len(typed.right)),
        _row("80 ms a key, never right: requests, at most", 3, never, lambda typed: typed.asked),
    ]


def _slow(right: tuple[Typed, Typed], never: tuple[Typed, Typed]) -> list[Figure]:
    return [
        _row("300 ms a key, right after 50 ms: keys answered, at least", 35, right, lambda typed: len(typed.right)),
        _row("300 ms a key, never right: requests in 12 s, at most", 12, never, lambda typed: typed.asked),
    ]


def _held(*held: Typed) -> list[Figure]:
    return [
        _row("a 429: requests until its time has passed, at most", 1, held, lambda typed: typed.while_held),
        _row("a 429: messages, exactly", 1, held, lambda typed: typed.told),
    ]


def _superseded(ours: Sequence[Typed], other: Sequence[Typed]) -> list[Figure]:
    mine, theirs = ([ms for typed in kind for ms in typed.superseded] for kind in (ours, other))
    return [
        ("a superseded question is answered, ms, at most", 5, median(mine), median(theirs)),
        ("superseded questions answered within 5 ms, %", 100, share_within(mine, 5), share_within(theirs, 5)),
    ]


async def _both(
    make: Callable[[Text, float], Model], gap: float, delay: float, retry_after: float = 0.0
) -> tuple[Typed, Typed]:
    model = make(scenes.FORTY, delay)
    return await typed(OURS, model, gap, retry_after), await typed(NAIVE, model, gap, retry_after)


async def typed(command: Sequence[str], model: Model, gap: float, retry_after: float = 0.0) -> Typed:
    """Forty keys, so far apart, into one server."""
    gitlab = GitLab(lambda above: model.answer(len(above) - len(model.text.before)), model.delay(0), retry_after)
    async with editing(command, gitlab, model.text) as editor:
        requests = await editor.type(scenes.forty(gap))
        return Typed(model, gitlab, requests, list(editor.messages))


def _row(name: str, goal: float, both: Sequence[Typed], figure: Callable[[Typed], float]) -> Figure:
    return name, goal, figure(both[0]), figure(both[1])
