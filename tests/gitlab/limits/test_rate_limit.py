"""GitLab's limit is never reached, and nobody waits for a token."""

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clock import Clock
from duo_lsp.gitlab.limits.rate_limit import BURST, CEILING, REFILL, RESERVE, WINDOW, Counts, TokenBucket


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


@pytest.mark.parametrize("spare", [0, 1, 7])
def test_there_is_room_for_others_only_while_so_many_tokens_more_are_there(bucket, spare):
    while bucket.has(invoked=True, spare=spare):
        bucket.count()
    assert drained(bucket) == spare


def test_the_ceiling_leaves_room_for_others_too(bucket, clock):
    for _ in range(CEILING - 7):
        bucket.count()
    clock.now += WINDOW - 1
    assert bucket.has(invoked=True)
    assert not bucket.has(invoked=True, spare=7)
    clock.now += 1.1
    assert bucket.has(invoked=True, spare=7)


def test_what_goes_without_a_token_is_counted_all_the_same(bucket):
    drained(bucket)
    bucket.count()
    assert bucket.left == CEILING - BURST - 1
    assert bucket.counts.tokens == 0


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


def test_the_first_request_after_a_hold_may_be_one_that_nobody_asked_for_by_hand(bucket, clock):
    drained(bucket)
    bucket.hold(60)
    clock.now += 60
    assert bucket.take(invoked=False)
    clock.now += (1 + RESERVE) / REFILL + 0.01
    assert bucket.take(invoked=False)


def test_what_is_left_this_minute_is_counted_for_whoever_wants_to_see_it(bucket, clock):
    assert bucket.left == CEILING
    drained(bucket)
    assert bucket.left == CEILING - BURST
    bucket.hold(10)
    assert bucket.left == 0
    clock.now += WINDOW + 1
    assert bucket.left == CEILING


processes = st.lists(st.tuples(st.integers(0, 2), waits, st.integers(1, 40), st.booleans()), max_size=40)


@settings(max_examples=100, deadline=None)
@given(processes, st.booleans())
def test_never_more_than_the_ceiling_in_any_minute_however_many_share_it(asked, through_writing):
    """Three servers with a count each; one that asks takes over what is written down and writes down what it knows."""
    clock, taken = Clock(), []
    servers = [TokenBucket(clock) for _ in range(3)]
    written = servers[0].counts
    for who, wait, times, invoked in asked:
        clock.now += wait
        for _ in range(times):
            bucket = servers[who]
            bucket.learn(Counts.read(attrs.asdict(written)) if through_writing else written)
            if bucket.take(invoked=invoked):
                taken.append(clock.now)
            written = bucket.counts
    for start in taken:
        assert sum(1 for at in taken if start <= at <= start + WINDOW) <= CEILING


def test_whoever_was_away_learns_of_what_the_others_did_and_of_their_hold(clock):
    one, other = TokenBucket(clock), TokenBucket(clock)
    drained(one)
    one.hold(30)
    other.learn(one.counts)
    assert other.held_for == 30
    clock.now += 30
    assert drained(other) == 1


@pytest.mark.parametrize("value", [None, 7, [], {}, {"at": 1}, {"at": 1, "held_until": 1, "tokens": "x", "taken": []}])
def test_nonsense_is_no_count(value):
    with pytest.raises(ValueError, match=r"no "):
        Counts.read(value)


def test_numbers_beyond_sense_are_brought_back_to_it():
    read = Counts.read({"at": 10, "held_until": 10_000, "tokens": 99, "taken": [12, *range(-90, 0)]})
    assert (read.held_until, read.tokens) == (610, BURST)
    assert len(read.taken) == CEILING
    assert read.taken[-1] == 10


def test_a_hold_that_is_learnt_of_leaves_one_token_to_one_who_had_none(clock):
    one, other = TokenBucket(clock), TokenBucket(clock)
    drained(other)
    one.hold(30)
    other.learn(one.counts)
    clock.now += 30
    assert drained(other) == 1


def test_what_both_have_counted_is_added_up_and_nothing_is_counted_twice(clock):
    one, other = TokenBucket(clock), TokenBucket(clock)
    for bucket, times in ((one, 3), (other, 4)):
        clock.now += 1
        assert sum(bucket.take(invoked=True) for _ in range(times)) == times
    for _ in range(2):
        one.learn(other.counts)
        other.learn(one.counts)
    assert one.left == other.left == CEILING - 7
