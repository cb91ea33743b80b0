"""One state at a time, with its reason."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import errors, status
from duo_lsp.settings import CodeCompletion
from duo_lsp.status import Status
from duo_lsp.toggles.switches import Switch
from duo_lsp.toggles.wish import ToggleWish

TWO = datetime(2026, 11, 21, 14, 2, 19, 500_000, tzinfo=UTC)


class Clock:
    now = TWO

    def __call__(self):
        return self.now


def pause(now, minutes=None):
    now.toggles.toggle(ToggleWish(minutes=minutes), "", "", on=True)
    now.toggled()


def ready(clock=None):
    return Status(clock or Clock(), status.READY)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (errors.SignInError(401, "x"), "signInAgain"),
        (errors.LimitedError("x", 60), "limited"),
        (errors.OfflineError("x"), "offline"),
        (errors.SlowError("x"), "slow"),
        (errors.NotAllowedError(403, "x"), "notAllowed"),
        (errors.BrokenError(500, "x"), "serverError"),
        (errors.BadAnswerError("x"), "badAnswer"),
        (errors.LocalEngineError("x"), "failed"),
    ],
)
def test_an_error_leaves_a_state_with_what_to_do(error, name):
    state = status.of_error(error)
    assert (state.name, state.sentence, state.remedy) == (name, "x", error.hint)


@pytest.mark.parametrize(
    ("error", "lasting"),
    [
        (errors.SignInError(401, "x"), True),
        (errors.UntrustedError("x"), True),
        (errors.ProxyError("x"), True),
        (errors.InterceptedError("x"), True),
        (errors.OfflineError("x"), False),
        (errors.SlowError("x"), False),
        (errors.BrokenError(500, "x"), False),
        (errors.LimitedError("x", 60), False),
    ],
)
def test_a_person_is_told_of_what_only_they_can_end(error, lasting):
    assert status.of_error(error).lasting is lasting


def test_the_last_trouble_covers_the_base_until_a_success():
    now = ready()
    assert now.current == status.READY
    now.failed(errors.OfflineError("offline"))
    now.failed(errors.SlowError("slow"))
    assert now.current.name == "slow"
    now.succeeded()
    assert now.current == status.READY


def test_starts_as_starting():
    assert Status(Clock()).current == status.STARTING


def test_a_limit_says_until_when_by_the_persons_clock_and_ends_by_itself():
    clock = Clock()
    now = ready(clock)
    now.failed(errors.LimitedError("gitlab.example.com asks us to slow down.", 60))
    assert now.current.whole == (
        "gitlab.example.com asks us to slow down. Suggestions are limited until 14:03:20. "
        "Suggestions come back by themselves."
    )
    assert now.current.until == TWO.replace(minute=3, second=20, microsecond=0)
    clock.now = TWO + timedelta(seconds=60)
    assert now.current.name == "limited"
    clock.now += timedelta(seconds=1)
    assert now.current == status.READY


def test_the_same_limit_told_again_a_moment_later_is_no_other_state():
    clock = Clock()
    now = ready(clock)
    now.failed(errors.LimitedError("slow down.", 60))
    first = now.current
    clock.now += timedelta(seconds=10.7)
    now.failed(errors.LimitedError("slow down.", 49.9))
    assert now.current == first
    now.failed(errors.LimitedError("slow down.", 600))
    assert now.current.until == first.until + timedelta(seconds=551)


def test_while_nobody_is_asked_because_of_a_trouble_it_says_until_when_and_then_the_trouble_stays():
    clock = Clock()
    now = ready(clock)
    now.failed(errors.OfflineError("No network."))
    assert now.current.until is None
    now.failed(errors.OfflineError("No network."), 40)
    assert now.current.sentence == "No network. No request is sent until 14:03:00."
    assert now.current.until == TWO.replace(minute=3, second=0, microsecond=0)
    first = now.current
    clock.now += timedelta(seconds=10.7)
    now.failed(errors.OfflineError("No network."), 29.9)
    assert now.current == first
    clock.now += timedelta(seconds=40)
    assert (now.current.sentence, now.current.until) == ("No network.", None)
    now.failed(errors.OfflineError("No network."), 40)
    now.want(CodeCompletion())
    assert (now.current.sentence, now.current.until) == ("No network.", None)
    now.succeeded()
    assert now.current == status.READY


def test_the_persons_own_choice_comes_first_then_what_concerns_all_then_this_file():
    now = ready()
    secret = status.excluded("This file is never sent.")
    now.asked_in("file:///a/.env", secret)
    assert now.current == secret
    now.failed(errors.OfflineError("offline"))
    assert now.current.name == "offline"
    pause(now)
    assert now.current == status.PAUSED
    now.want(CodeCompletion(enabled=False))
    assert now.current == status.OFF
    now.want(CodeCompletion())
    pause(now)
    now.succeeded()
    now.asked_in("file:///a/.env", secret)
    now.begin(status.SIGNED_OUT)
    assert now.current == status.SIGNED_OUT


@pytest.mark.parametrize("leave", [lambda now: now.closed("file:///a"), lambda now: now.asked_in("file:///b", None)])
def test_what_concerns_one_file_ends_with_it(leave):
    now = ready()
    now.asked_in("file:///a", status.DISABLED_LANGUAGE)
    now.closed("file:///other")
    assert now.current == status.DISABLED_LANGUAGE
    leave(now)
    assert now.current == status.READY


def test_a_pause_says_until_when_and_ends_by_itself():
    clock = Clock()
    now = ready(clock)
    pause(now, 30)
    assert now.current.sentence == "Suggestions are paused until 14:32:20."
    assert now.current.until == TWO.replace(minute=32, second=20, microsecond=0)
    clock.now += timedelta(minutes=30)
    assert now.current == status.READY


@pytest.mark.parametrize("what", ["document", "language"])
def test_what_is_paused_in_one_document_or_language_is_a_state_with_its_end_and_its_remedy(what):
    state = status.paused_in(Switch(what, "x", on=False, until=TWO))
    assert "until 14:02:20." in state.sentence
    assert state.until == TWO.replace(second=20, microsecond=0)
    assert "duo.toggle" in state.remedy
    assert status.paused_in(Switch(what, "x", on=False)).until is None


def test_a_state_of_one_file_ends_when_its_time_is_over():
    clock = Clock()
    now = ready(clock)
    now.asked_in("file:///a", status.paused_in(Switch("document", "file:///a", on=False, until=TWO)))
    assert now.current.name == "pausedHere"
    clock.now += timedelta(seconds=2)
    assert now.current == status.READY


@pytest.mark.parametrize("base", [status.READY, status.LOCAL])
def test_where_suggestions_come_on_request_the_state_says_so_and_that_the_next_one_comes(base):
    now = Status(Clock(), base)
    now.want(CodeCompletion(trigger="invoked"))
    assert now.current.name == base.name
    assert "when you ask for one" in now.current.sentence
    now.toggles.toggle(ToggleWish("once"), "", "", on=True)
    assert now.current.sentence.endswith(" The next one comes by itself.")
    now.once_used()
    assert not now.current.sentence.endswith("by itself.")
    now.want(CodeCompletion())
    assert now.current == base


def test_closing_a_document_ends_what_was_said_of_it():
    now = ready()
    now.toggles.toggle(ToggleWish("document"), "file:///a", "python", on=True)
    now.closed("file:///a")
    assert now.toggles.of("file:///a", "python") is None


def test_somebody_else_who_answers_begins_anew():
    now = ready()
    now.failed(errors.SignInError(401, "no"))
    now.begin(status.LOCAL)
    assert now.current == status.LOCAL


def test_whoever_watches_is_called_at_every_change():
    calls = []
    now = ready()
    now.watch(lambda: calls.append((now.current.name, now.writing)))
    now.failed(errors.SlowError("slow"))
    with now.generating(), pytest.raises(ValueError, match="broken"), now.generating():
        raise ValueError("broken")
    now.succeeded()
    assert calls == [("slow", 0), ("slow", 1), ("slow", 2), ("slow", 1), ("slow", 0), ("ready", 0)]


@pytest.mark.parametrize(
    "state",
    [
        status.OFF,
        status.PAUSED,
        status.SIGNED_OUT,
        status.UNSUPPORTED_LANGUAGE,
        status.DISABLED_LANGUAGE,
        status.unlisted_language("lua"),
        status.unlisted_language(""),
        status.paused_in(Switch("document", "x", on=False)),
        status.paused_in(Switch("language", "x", on=False, until=TWO)),
        status.excluded("This file is never sent."),
    ],
)
def test_each_state_without_suggestions_is_one_sentence_and_one_remedy(state):
    for sentence in (state.sentence, state.remedy):
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0


def test_while_the_local_engine_stands_in_the_state_says_for_whom_and_why():
    now = Status(Clock(), status.READY)
    refusal = errors.NotAllowedError(403, "No seat.")
    now.falls(refusal)
    assert now.current.name == "notAllowed"
    assert now.current.sentence == "No seat. The local engine answers in its place."
    assert now.current.remedy == refusal.hint
    now.succeeded()
    assert now.current.name == "notAllowed"
    now.failed(errors.SlowError("Slow."))
    assert now.current.name == "slow"
    now.succeeded()
    now.falls(None)
    assert now.current == status.READY


STATES = st.sampled_from(
    [
        status.OFF,
        status.PAUSED,
        status.DISABLED_LANGUAGE,
        status.UNSUPPORTED_LANGUAGE,
        status.excluded("Never sent."),
        None,
    ]
)
ERRORS = st.sampled_from(
    [
        errors.OfflineError("No network."),
        errors.SlowError("Slow."),
        errors.NotEntitledError(403, "No seat."),
        errors.LimitedError("Slow down.", 60),
        errors.LimitedError("Slow down.", 0.5),
    ]
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("failed"), ERRORS),
        st.tuples(st.just("paused"), st.tuples(ERRORS, st.integers(0, 90))),
        st.tuples(st.just("falls"), st.none() | ERRORS),
        st.tuples(st.just("begin"), st.sampled_from([status.READY, status.LOCAL, status.SIGNED_OUT])),
        st.tuples(st.just("asked_in"), STATES),
        st.tuples(st.just("pause"), st.none() | st.integers(1, 2)),
        st.tuples(st.just("want"), st.booleans()),
        st.tuples(st.just("succeeded"), st.none()),
        st.tuples(st.just("later"), st.integers(0, 90)),
    ),
    max_size=30,
)


@given(EVENTS)
def test_whatever_happens_there_is_one_state_that_is_not_over_and_says_what_to_do(events):
    clock = Clock()
    now = Status(clock)
    for kind, value in events:
        match kind:
            case "later":
                clock.now += timedelta(seconds=value)
            case "asked_in":
                now.asked_in("file:///a", value)
            case "pause":
                pause(now, value)
            case "want":
                now.want(CodeCompletion(enabled=value))
            case "succeeded":
                now.succeeded()
            case "paused":
                now.failed(*value)
            case _:
                getattr(now, kind)(value)
        state = now.current
        assert state.sentence
        assert state.remedy or state in (status.READY, status.LOCAL, status.STARTING)
        assert state.until is None or state.until > clock.now
        assert now.toggles.everything is None or state.name in ("paused", "off")
