"""What a real process adds to GitLab's own time when asked once, and what changes cost it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from scripts.bench_overhead import LINE
from scripts.bench_rest import resident, used
from scripts.replay import live
from scripts.replay.gitlab import GitLab
from scripts.replay.servers import NAIVE, OURS, editing, median
from scripts.replay.sessions import NONE, Figure
from scripts.replay.typist import Key, Text

SOON: Final = 0.050
"""Seconds until GitLab answers."""
PLACES: Final = 10
"""Where a suggestion is asked for after a pause."""
PAUSE: Final = 1.0
LARGE: Final = 5_000
"""Lines."""
CHANGES: Final = 1_000
_UNKNOWN: Final = Key(0.0, "", 0, 0.0)


async def pauses() -> list[Figure]:
    """A suggestion where nothing is known."""
    found: list[Figure] = []
    kinds = (("automatically, after a pause", 120, live.AUTOMATIC), ("by hand", 10, live.INVOKED))
    for name, goal, kind in kinds:
        times = [median(await _asked(command, kind)) for command in (OURS, NAIVE)]
        found.append((f"asked {name}: ms over GitLab's own time, at most", goal, times[0], times[1]))
    return found


async def _asked(command: Sequence[str], kind: int) -> list[float]:
    """A letter at the end of a word, at the end of a line that is new, then silence."""
    text = Text("".join(LINE.format(number=number) for number in range(10 * PLACES)), "", "")
    gitlab = GitLab(lambda _: "_of_all(numbers)", SOON)
    times: list[float] = []
    async with editing(command, gitlab, text) as editor:
        for n in range(PLACES + 1):
            editor.move(11 * n, len(LINE.format(number=10 * n)) - 1)
            editor.change(f"\n    value_{n} = s")
            await asyncio.sleep(PAUSE)
            editor.change("u")
            request = editor.suggest(_UNKNOWN, kind)
            await asyncio.sleep(PAUSE)
            if request.text:
                times.append(request.took - SOON * 1000)
    return times[1:]  # the first one connects


async def large() -> list[Figure]:
    """Processor time and memory."""
    cost = [await _spent(command, ask=False) for command in (OURS, NAIVE)]
    asking = [await _spent(command, ask=True) for command in (OURS, NAIVE)]
    name = f"{CHANGES:,} changes in {LARGE:,} lines"
    return [
        (f"{name}: CPU, ms, at most", 400, cost[0][0], cost[1][0]),
        (f"{name}: memory, MiB, at most", 60, cost[0][1], cost[1][1]),
        (f"{name}, a question after each: CPU, ms", NONE, asking[0][0], asking[1][0]),
    ]


async def _spent(command: Sequence[str], *, ask: bool) -> tuple[float, float]:
    """Milliseconds of processor time, and MiB resident after it."""
    text = Text("".join(LINE.format(number=number) for number in range(LARGE)), "", "")
    gitlab = GitLab(lambda _: "add(1, 2)", SOON)
    async with editing(command, gitlab, text) as editor:
        editor.move(LARGE // 2, 0)
        await editor.answer()
        before = used(editor.pid)
        for _ in range(CHANGES):
            editor.change("x")
            if ask:
                editor.suggest(_UNKNOWN)
        await editor.answer()
        return (used(editor.pid) - before) * 1000, resident(editor.pid)
