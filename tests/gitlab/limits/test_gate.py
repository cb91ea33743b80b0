"""An instance that refuses or fails is left alone, then probed by one request at a time."""

import math

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from clock import Clock
from duo_lsp import errors
from duo_lsp.gitlab.limits.gate import FIRST_PAUSE, LONGEST_PAUSE, LONGEST_PROBE, TRIES, Gate

BROKEN = errors.BrokenError(503, "It is broken.")
NO_SEAT = errors.NotAllowedError(403, "No seat.")
BAD_REQUEST = errors.RefusedError(400, "Not understood.")
TROUBLE = [
    BROKEN,
    errors.OfflineError("Reset."),
    errors.SlowError("Slow."),
    errors.InterceptedError("A page."),
    errors.CutShortError("Half of it."),
    errors.RefusedError(408, "Too slow for it."),
]
LASTING = [
    errors.SignInError(401, "Bad token."),
    errors.NoCreditsError(402, "No credits."),
    NO_SEAT,
    errors.NotThereError(404, "Not there."),
    errors.SetupError(422, "No namespace."),
]
NO_TROUBLE = [BAD_REQUEST, errors.TooLargeError(413, "Too large."), errors.LimitedError("Slow down.", 60)]


@pytest.fixture
def gate(clock):
    return Gate(clock)


def fail(gate, error=BROKEN, times=1):
    for _ in range(times):
        gate.failed(error, probe=gate.enter())


@pytest.mark.parametrize("error", TROUBLE)
def test_four_failures_in_a_row_shut_it_for_ten_seconds(gate, clock, error):
    fail(gate, error, TRIES - 1)
    assert gate.held() is None
    fail(gate, error)
    held = gate.held()
    assert (held.error, held.reason, held.seconds) == (error, str(error), FIRST_PAUSE)
    clock.now += FIRST_PAUSE
    assert gate.held() is None


def test_a_success_in_between_starts_the_count_again(gate):
    for _ in range(5):
        fail(gate, times=TRIES - 1)
        gate.enter()
        gate.succeeded()
    assert gate.held() is None


def test_every_probe_that_fails_doubles_the_pause_up_to_five_minutes(gate, clock):
    fail(gate, times=TRIES)
    pauses = []
    for _ in range(7):
        pauses.append(gate.held().seconds)
        clock.now += pauses[-1]
        assert gate.enter()
        gate.failed(BROKEN, probe=True)
    assert pauses == [10, 20, 40, 80, 160, LONGEST_PAUSE, LONGEST_PAUSE]
    gate.succeeded()
    fail(gate, times=TRIES)
    assert gate.held().seconds == FIRST_PAUSE


def test_one_probe_at_a_time_and_its_success_opens_the_gate_for_all(gate, clock):
    fail(gate, times=TRIES)
    clock.now += FIRST_PAUSE
    assert gate.enter()
    assert gate.held() is not None
    gate.succeeded()
    assert gate.held() is None
    assert not gate.enter()
    fail(gate, times=TRIES)
    assert gate.held().seconds == FIRST_PAUSE


def test_a_probe_that_was_cancelled_makes_way_for_the_next_and_one_that_is_lost_too(gate, clock):
    fail(gate, times=TRIES)
    clock.now += FIRST_PAUSE
    gate.left(probe=gate.enter())
    assert gate.held() is None
    gate.enter()
    clock.now += LONGEST_PROBE
    assert gate.held() is None


@pytest.mark.parametrize("error", [*NO_TROUBLE, errors.LocalEngineError("Not the instance's fault.")])
def test_cancellations_and_answers_that_say_no_to_one_request_never_count(gate, error):
    for _ in range(3 * TRIES):
        gate.left(probe=gate.enter())
        fail(gate, error)
    assert gate.held() is None
    assert gate.refusal is None


@pytest.mark.parametrize("error", LASTING)
def test_a_refusal_that_lasts_shuts_it_at_once_until_it_is_worth_asking_again(gate, clock, error):
    fail(gate, error)
    assert gate.refusal is error
    clock.now += error.rest - 0.1
    assert gate.held().error is error
    clock.now += 0.1
    assert gate.held() is None
    assert gate.refusal is error
    fail(gate, error)
    assert gate.held().seconds == error.rest
    gate.succeeded()
    assert gate.refusal is None
    assert gate.held() is None


def test_a_refusal_stands_while_the_instance_cannot_be_asked_about_it(gate, clock):
    fail(gate, NO_SEAT)
    clock.now += NO_SEAT.rest
    fail(gate, BROKEN)
    assert gate.refusal is NO_SEAT
    assert gate.held().seconds == NO_SEAT.rest


def test_a_probe_that_is_told_to_slow_down_says_nothing_about_a_refusal(gate, clock):
    fail(gate, NO_SEAT)
    clock.now += NO_SEAT.rest
    fail(gate, errors.LimitedError("Slow down.", 60))
    assert gate.refusal is NO_SEAT
    assert gate.held() is None
    gate.postpone()
    assert gate.held().seconds == NO_SEAT.rest


def test_nothing_is_postponed_where_nothing_was_refused(gate):
    fail(gate, times=TRIES - 1)
    gate.postpone()
    assert gate.held() is None


def test_an_instance_that_answers_a_probe_with_no_is_there_again(gate, clock):
    fail(gate, times=TRIES)
    clock.now += FIRST_PAUSE
    fail(gate, BAD_REQUEST)
    assert gate.held() is None
    fail(gate, times=TRIES - 1)
    assert gate.held() is None


def test_what_was_sent_before_it_was_shut_is_no_news_when_it_fails(gate, clock):
    fail(gate, times=TRIES)
    clock.now += 4
    for _ in range(8):
        gate.failed(BROKEN, probe=False)
    assert gate.held().seconds == FIRST_PAUSE - 4


def test_errors_that_are_not_its_concern_change_nothing(clock):
    gate = Gate(clock, lambda error: isinstance(error, errors.SignInError))
    fail(gate, NO_SEAT)
    fail(gate, BROKEN, 2 * TRIES)
    assert gate.held() is None


@pytest.mark.parametrize("jump", [8 * 3_600.0, -3_600.0])
@pytest.mark.parametrize("error", [BROKEN, NO_SEAT])
def test_a_clock_that_jumps_freezes_nothing(gate, clock, jump, error):
    fail(gate, error, TRIES if error is BROKEN else 1)
    clock.now += jump
    assert jump > 0 or gate.held() is not None
    clock.now += getattr(error, "rest", 0) or FIRST_PAUSE
    assert gate.held() is None


class Storms(RuleBasedStateMachine):
    """Any history of requests: begun, answered, failed, cancelled, in any order, while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.gate = Gate(self.clock)
        self.under_way: list[bool] = []
        self.in_a_row = 0
        self.probed_at = -math.inf

    @rule()
    def begin(self):
        if self.gate.held() is None:
            probe = self.gate.enter()
            if probe:
                assert self.clock.now - self.probed_at >= LONGEST_PROBE
                self.probed_at = self.clock.now
            self.under_way.append(probe)

    def _end(self, pick):
        probe = self.under_way.pop(pick % len(self.under_way))
        if probe:
            self.probed_at = -math.inf
        return probe

    @precondition(lambda self: self.under_way)
    @rule(pick=st.integers(0, 99))
    def succeed(self, pick):
        self._end(pick)
        self.gate.succeeded()
        self.probed_at = -math.inf
        self.under_way = [False] * len(self.under_way)
        assert self.gate.held() is None

    @precondition(lambda self: self.under_way)
    @rule(pick=st.integers(0, 99))
    def cancel(self, pick):
        before = self.gate.held()
        probe = self._end(pick)
        self.gate.left(probe=probe)
        if not probe:
            assert self.gate.held() == before

    @precondition(lambda self: self.under_way)
    @rule(pick=st.integers(0, 99), error=st.sampled_from([*TROUBLE, *LASTING]))
    def fail(self, pick, error):
        probe = self._end(pick)
        lasting = error in LASTING
        before = self.gate.held()
        self.gate.failed(error, probe=probe)
        if lasting or probe:
            assert self.gate.held() is not None
            self.probed_at = -math.inf
            self.under_way = [False] * len(self.under_way)
        elif before is not None:
            assert self.gate.held() == before

    @rule(seconds=st.floats(0, 700))
    def wait(self, seconds):
        self.clock.now += seconds

    @invariant()
    def nothing_is_held_for_longer_than_the_longest_rest(self):
        held = self.gate.held()
        assert held is None or 0 < held.seconds < 600.001

    def teardown(self):
        self.clock.now += 600
        assert self.gate.held() is None


TestStorms = Storms.TestCase
TestStorms.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
