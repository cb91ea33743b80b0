"""What a person who types gets, and what it costs: the real pipeline on a clock that does not wait.

`scripts/bench typing` shows the same and the times.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from scripts.replay import in_process, models, scenes, sessions, virtual_time

QUICK, SLOW, PAUSING = 0.080, 0.300, 0.700
"""Seconds between two keys."""


def test_minutes_pass_at_once_and_in_order():
    async def wait():
        now = asyncio.get_running_loop().time
        order = list[int]()
        await asyncio.gather(*(after(seconds, order) for seconds in (180, 60, 120)))
        return order, now()

    async def after(seconds, order):
        await asyncio.sleep(seconds)
        order.append(seconds)

    assert virtual_time.run(wait()) == ([60, 120, 180], pytest.approx(180))


def test_a_thread_takes_no_time():
    async def both():
        done, _ = await asyncio.wait({asyncio.ensure_future(asyncio.to_thread(time.sleep, 0.05))}, timeout=0.01)
        return len(done), asyncio.get_running_loop().time()

    assert virtual_time.run(both()) == (1, 0)


@pytest.mark.parametrize(
    ("gap", "delay", "requests", "answered"),
    [(QUICK, 0.050, 1, 35), (QUICK, 0.400, 2, 30), (SLOW, 0.050, 1, 35)],
)
def test_one_request_serves_a_whole_line(gap, delay, requests, answered):
    model = models.always(scenes.FORTY, delay)
    seen = in_process.replay(model, scenes.forty(gap))
    assert len(seen.asked) <= requests
    assert seen.answered(model) >= answered
    assert (seen.refused, seen.thrown_away) == (0, 0)


@pytest.mark.parametrize(
    ("gap", "delay", "requests"), [(QUICK, 0.050, 3), (QUICK, 0.400, 3), (SLOW, 0.050, 12), (SLOW, 0.400, 12)]
)
def test_a_model_that_is_never_right_is_not_asked_at_every_key(gap, delay, requests):
    seen = in_process.replay(models.never(scenes.FORTY, delay), scenes.forty(gap))
    assert len(seen.asked) <= requests


@pytest.mark.slow
def test_a_real_file_is_typed_with_few_requests_and_most_of_what_asking_at_every_key_would_show():
    total = sessions.Total((in_process.replay(model, keys), model) for model, keys in scenes.real_file(3))
    assert total.usefulness >= 97
    assert total.per_minute <= 30
    assert total.most_in_a_minute <= 60
    assert total.refused == 0
    assert total.thrown_away <= 5
    assert total.unseen <= 5


def test_after_a_429_nothing_is_asked_until_its_time_has_passed():
    seen = in_process.replay(models.never(scenes.FORTY, 0.050), scenes.forty(PAUSING), retry_after=6.0)
    first, second, *_ = seen.asked
    assert second - first >= 6.0
    assert seen.messages == 1
