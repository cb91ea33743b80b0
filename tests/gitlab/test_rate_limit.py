"""GitLab's limit is never reached, and nobody waits for a token."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duo_lsp.gitlab.rate_limit import BURST, CEILING, REFILL, RESERVE, WINDOW, TokenBucket


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bucket(clock):
    return TokenBucket(clock)


def drained(bucket, *, invoked=True):
    return sum(1 for _ in range(100) if bucket.take(invoked=invoked))


waits = st.floats(0, 120) | st.sampled_from([0.0, 0.0, 0.1, 1 / REFILL, 59.999, 60.0, 60.001])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(waits, st.integers(1, 40), st.booleans()), max_size=40))
def test_never_more_than_the_ceiling_in_any_minute(asked):
    clock = Clock()
    bucket, taken = TokenBucket(clock), []
    for wait, times, invoked in asked:
        clock.now += wait
        taken += [clock.now for _ in range(times) if bucket.take(invoked=invoked)]
    for start in taken:
        assert sum(1 for at in taken if start <= at <= start + WINDOW) <= CEILING


def test_even_somebody_who_never_stops_asking_stays_under_it(bucket, clock):
    taken = []
    for _ in range(3_000):
        clock.now += 0.1
        if bucket.take(invoked=True):
            taken.append(clock.now)
    worst = max(sum(1 for at in taken if start <= at <= start + WINDOW) for start in taken)
    assert 50 < worst <= CEILING


def test_automatic_requests_leave_the_last_tokens(bucket):
    assert drained(bucket, invoked=False) == BURST - RESERVE
    assert drained(bucket, invoked=True) == RESERVE


def test_the_bucket_fills_again(bucket, clock):
    drained(bucket)
    clock.now += 4 / REFILL
    assert drained(bucket) == 4


@pytest.mark.parametrize("jump", [8 * 3_600.0, -3_600.0])
def test_a_clock_that_jumps_neither_freezes_nor_overfills(bucket, clock, jump):
    drained(bucket)
    clock.now += jump
    assert drained(bucket) == (BURST if jump > 0 else 0)
    drained(bucket)
    clock.now += 4 / REFILL
    assert 3 <= drained(bucket) <= 4


def test_a_clock_that_jumps_back_does_not_prolong_a_hold(bucket, clock):
    bucket.hold(10)
    clock.now -= 3_600
    assert bucket.held_for == pytest.approx(10)
    clock.now += 10.1
    assert bucket.held_for == 0
    assert bucket.take(invoked=True)


@pytest.mark.parametrize("seconds", [1, 60, 600])
@pytest.mark.parametrize("before", [0, 7, BURST])
def test_after_a_hold_there_is_one_token(bucket, clock, seconds, before):
    for _ in range(before):
        bucket.take(invoked=True)
    bucket.hold(seconds)
    clock.now += seconds - 0.1
    assert drained(bucket) == 0
    assert bucket.held_for == pytest.approx(0.1)
    clock.now += 0.2
    assert bucket.held_for == 0
    assert drained(bucket) == 1
    clock.now += (1 + RESERVE) / REFILL
    assert bucket.take(invoked=False)


def test_a_shorter_hold_does_not_end_a_longer_one(bucket, clock):
    bucket.hold(60)
    bucket.hold(1)
    clock.now += 30
    assert not bucket.take(invoked=True)


@pytest.mark.parametrize("seconds", [0, -5])
def test_a_hold_of_no_time_leaves_one_token(bucket, seconds):
    bucket.hold(seconds)
    assert bucket.held_for == 0
    assert drained(bucket) == 1
