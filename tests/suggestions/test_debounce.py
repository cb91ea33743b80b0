"""Who waits before asking, and how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import Clock
from drawn import here
from duo_lsp.suggestions.debounce import LEAD, LOCAL, LONGEST, SHORTEST, delay, wait
from duo_lsp.suggestions.rhythm import PAUSE, Rhythm, Spot

URI = "file:///w/a.py"
GAP = 0.120


@pytest.fixture
def typed(clock):
    """Somebody in the middle of a burst, whose request has gone and whose answer they type along."""
    rhythm = Rhythm(clock)
    rhythm.changed(URI, "x")
    rhythm.asked(Spot(URI, 0, 0))
    rhythm.served(Spot(URI, 0, 1))
    for _ in range(12):
        clock.now += GAP
        rhythm.changed(URI, "x")
    return rhythm


@pytest.mark.parametrize("local", [True, False])
def test_nobody_who_asks_by_hand_waits(local, typed):
    assert wait(here("x█"), typed, invoked=True, local=local, left=0.0) == 0


def test_the_engine_on_this_machine_is_asked_soon(typed):
    assert 0 < wait(here("x█"), typed, invoked=False, local=True, left=None) <= LOCAL <= 0.030


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", SHORTEST),
        ("    ", SHORTEST),
        ("print(", 0.5 * GAP),
        ("self.", 0.5 * GAP),
        ("total = ", 0.5 * GAP),
        ("if a:", 0.5 * GAP),
        ("return ", 1.25 * GAP),
        ("f(x)", 1.25 * GAP),
        ("nam", 1.5 * GAP),
        ("a_", 1.5 * GAP),
    ],
)
def test_the_wait_is_short_where_a_suggestion_helps_and_long_inside_a_word(typed, line, expected):
    assert delay(line, typed) == pytest.approx(expected)


@pytest.mark.parametrize(("line", "expected"), [("print(", 2.0), ("return ", 2.0), ("nam", 2.5)])
def test_after_a_request_that_nobody_typed_along_every_wait_on_the_line_is_longer(typed, line, expected):
    typed.asked(Spot(URI, 0, 20))
    assert delay(line, typed) == pytest.approx(expected * GAP)
    assert delay("    ", typed) == SHORTEST


def test_the_first_key_after_a_pause_is_asked_for_soon_however_slowly_somebody_types(typed, clock):
    for _ in range(12):
        clock.now += 0.5
        typed.changed(URI, "x")
    assert delay("nam", typed) == LONGEST
    clock.now += PAUSE
    typed.changed(URI, "x")
    assert delay("nam", typed) == LEAD


def test_a_burst_faster_than_that_gets_its_first_request_all_the_same_and_only_one(typed, clock):
    clock.now += PAUSE
    typed.changed(URI, "x")
    clock.now += 0.05
    typed.changed(URI, "x")
    assert delay("na", typed) == pytest.approx(LEAD - 0.05)
    clock.now += 0.05
    typed.changed(URI, "x")
    assert delay("nam", typed) == 0
    typed.asked(Spot(URI, 0, 3))
    assert delay("nam", typed) > GAP


def test_a_burst_that_began_long_ago_has_no_first_request_any_more(typed, clock):
    clock.now += PAUSE
    for _ in range(3):
        typed.changed(URI, "x")
        clock.now += 0.15
    assert delay("nam", typed) > GAP


def test_the_wait_counts_from_the_last_key_not_from_the_request(typed, clock):
    clock.now += 0.1
    assert wait(here("return █"), typed, invoked=False, local=False, left=1.0) == pytest.approx(0.05)
    clock.now += 0.1
    assert wait(here("return █"), typed, invoked=False, local=False, left=1.0) == 0


def test_where_few_requests_are_left_the_wait_gets_longer(typed):
    plenty, half, fewer, none = (delay("return ", typed, left) for left in (1.0, 0.5, 0.4, 4 / 15))
    assert plenty == half < fewer < none == LONGEST


def test_where_nobody_counts_nothing_is_scarce(typed):
    assert wait(here("return █"), typed, invoked=False, local=False, left=None) == pytest.approx(1.25 * GAP)


@given(
    st.text(max_size=20),
    st.lists(st.floats(0, 2), max_size=20),
    st.floats(0, 1),
    st.integers(0, 5),
    st.booleans(),
)
def test_nobody_ever_waits_longer_than_400_ms(line, gaps, left, misses, local):
    clock = Clock()
    rhythm = Rhythm(clock)
    for gap in gaps:
        clock.now += gap
        rhythm.changed(URI, "x")
    for column in range(misses):
        rhythm.asked(Spot(URI, 0, column))
    assert 0 <= delay(line, rhythm, left) <= LONGEST == 0.400
    place = here("x█")
    assert 0 <= wait(place, rhythm, invoked=False, local=local, left=left) <= LONGEST
    assert wait(place, rhythm, invoked=True, local=local, left=left) == 0
