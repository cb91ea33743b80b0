"""Switches that a person turns, and that turn back by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.toggles.switches import ONCE, Toggles
from duo_lsp.toggles.wish import ToggleWish

URI, OTHER = "file:///w/a.py", "file:///w/b.py"
TWO = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


class Clock:
    now = TWO

    def __call__(self):
        return self.now

    def later(self, **units):
        self.now += timedelta(**units)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def toggles(clock):
    return Toggles(clock)


def turn(toggles, what="everything", minutes=None, *, uri=URI, language="python", on=True):
    toggles.toggle(ToggleWish(what, minutes=minutes), uri, language, on=on)


def test_everything_pauses_and_goes_on(toggles):
    turn(toggles)
    assert toggles.everything is not None
    assert not toggles.everything.on
    turn(toggles)
    assert toggles.everything is None
    assert list(toggles) == []


def test_a_pause_of_some_minutes_ends_by_itself_and_can_be_made_longer_or_ended(toggles, clock):
    turn(toggles, minutes=30)
    clock.later(minutes=20)
    turn(toggles, minutes=30)
    clock.later(minutes=29)
    assert toggles.everything.until == TWO + timedelta(minutes=50)
    clock.later(minutes=1)
    assert toggles.everything is None
    turn(toggles, minutes=30)
    turn(toggles)
    assert toggles.everything is None


def test_a_document_and_a_language_pause_for_themselves(toggles):
    turn(toggles, "document")
    assert not toggles.of(URI, "python").on
    assert toggles.of(OTHER, "python") is None
    turn(toggles, "language")
    assert toggles.of(OTHER, "python").what == "language"
    assert toggles.of(OTHER, "ruby") is None
    assert toggles.everything is None


@pytest.mark.parametrize("what", ["document", "language"])
def test_what_the_settings_have_off_is_turned_on_and_back(toggles, what):
    turn(toggles, what, on=False)
    assert toggles.of(URI, "python").on
    turn(toggles, what, on=False)
    assert toggles.of(URI, "python") is None


def test_what_is_turned_on_for_some_minutes_goes_back_by_itself(toggles, clock):
    turn(toggles, "language", 5, on=False)
    clock.later(minutes=4)
    assert toggles.of(URI, "python").on
    turn(toggles, "language", 5, on=False)
    clock.later(minutes=4)
    assert toggles.of(URI, "python").on
    clock.later(minutes=1)
    assert toggles.of(URI, "python") is None


def test_a_document_is_turned_round_from_what_its_language_is(toggles):
    turn(toggles, "language")
    turn(toggles, "document")
    assert toggles.of(URI, "python").on
    assert not toggles.of(OTHER, "python").on


def test_once_is_until_it_is_used_taken_back_or_forgotten(toggles, clock):
    assert not toggles.once
    turn(toggles, "once")
    assert toggles.once
    toggles.used()
    assert not toggles.once
    turn(toggles, "once")
    turn(toggles, "once")
    assert not toggles.once
    turn(toggles, "once")
    clock.now += ONCE
    assert not toggles.once
    assert list(toggles) == []


def test_what_was_said_of_a_document_ends_with_it(toggles):
    turn(toggles, "document")
    toggles.closed(OTHER)
    assert toggles.of(URI, "python") is not None
    toggles.closed(URI)
    assert toggles.of(URI, "python") is None


def test_a_hundred_switches_are_remembered(toggles):
    for n in range(300):
        turn(toggles, "document", uri=f"file:///{n}")
    assert len(list(toggles)) == 100
    assert toggles.of("file:///299", "python") is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["everything", "document", "language", "once"]),
            st.none() | st.integers(1, 60),
            st.booleans(),
        ),
        max_size=20,
    )
)
def test_whatever_was_toggled_for_a_time_is_over_after_it(wishes):
    clock = Clock()
    toggles = Toggles(clock)
    for what, minutes, on in wishes:
        turn(toggles, what, minutes, on=on)
    clock.later(hours=2)
    assert not toggles.once
    assert all(switch.until is None for switch in toggles)
