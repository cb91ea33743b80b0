"""Nobody is told the same thing again and again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import Clock
from duo_lsp import errors
from duo_lsp.status import READY, Status
from duo_lsp.told import MOST, PAUSE, Told


def test_one_cause_is_told_once_in_ten_minutes():
    clock = Clock()
    told = Told(clock)
    assert told.first_time("a")
    for _ in range(int(PAUSE) - 1):
        clock.now += 1
        assert not told.first_time("a")
    assert told.first_time("b")
    clock.now += 1
    assert told.first_time("a")
    assert not told.first_time("a")
    assert not told.first_time("b")


def test_it_never_grows_without_end():
    told = Told(Clock())
    assert all(told.first_time(str(n)) for n in range(3 * MOST))
    assert len(told._causes) == MOST


REFUSED = errors.NotEntitledError(403, "No seat.")


@pytest.fixture
def status():
    return Status(lambda: datetime.now(UTC), READY)


def test_lasting_trouble_is_news_under_its_name_and_passing_trouble_is_none(status):
    told = Told(Clock())
    status.failed(errors.SlowError("Slow."))
    assert told.news(status, "here") == []
    status.failed(REFUSED)
    [first] = told.news(status, "here")
    assert first.sentence.startswith("No seat. ")
    assert first.warning
    told.begin()
    [second] = told.news(status, "here")
    assert first.cause != second.cause


def test_that_an_instance_wants_to_be_left_alone_is_news_until_that_is_over_but_no_warning():
    now = [datetime.now(UTC)]
    status, told = Status(lambda: now[0], READY), Told(Clock())
    status.failed(errors.LimitedError("Slow down.", 30))
    [news] = told.news(status, "here")
    assert news.sentence.startswith("Slow down. Suggestions are limited until ")
    assert not news.warning
    now[0] += timedelta(seconds=32)
    assert told.news(status, "here") == []


def test_that_the_local_engine_stands_in_is_news_once_and_so_is_that_it_ends(status):
    told = Told(Clock())
    status.falls(REFUSED)
    [begins] = told.news(status, "this machine")
    assert "The local engine answers in its place." in begins.sentence
    assert told.news(status, "this machine") == []
    status.falls(None)
    [ends] = told.news(status, "gitlab.example.com")
    assert (ends.sentence, ends.warning) == ("Suggestions come from gitlab.example.com again.", False)
    assert told.news(status, "gitlab.example.com") == []
    status.falls(REFUSED)
    told.begin()
    assert len(told.news(status, "this machine")) == 1


def test_a_caution_is_news_although_nothing_is_wrong(status):
    status.caution = "The open file is sent all the same."
    [news] = Told(Clock()).news(status, "gitlab.example")
    assert (news.sentence, news.warning) == (status.caution, True)


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from("abc")), max_size=60))
def test_whatever_happens_two_tellings_of_one_cause_are_ten_minutes_apart(steps):
    clock = Clock()
    told, last = Told(clock), dict[str, float]()
    for seconds, cause in steps:
        clock.now += seconds
        assert told.first_time(cause) is (clock.now - last.get(cause, -PAUSE) >= PAUSE)
        if clock.now - last.get(cause, -PAUSE) >= PAUSE:
            last[cause] = clock.now
