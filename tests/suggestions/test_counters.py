"""What suggestions have done: counted honestly, in memory, within bounds."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import Clock
from duo_lsp.suggestions.counters import LOOKED_AT, REMEMBERED, Counters
from duo_lsp.suggestions.outcome import SUPERSEDED, Outcome, Suggestion

NOTHING = Outcome(reason="Unsure.")


def offer(text, id_="1"):
    return Outcome((Suggestion(id_, text),))


@pytest.fixture
def counters(clock):
    return Counters(clock)


def shown(counters):
    return counters.report()["shown"]


def test_at_first_nothing_was(counters):
    assert counters.report() == {
        "shown": 0,
        "accepted": 0,
        "acceptedCharacters": 0,
        "requests": 0,
        "saved": 0,
        "thrownAway": 0,
        "latency": {"upstream": None, "suggestion": None},
    }


def test_what_is_gone_before_it_can_be_read_was_not_shown(counters, clock):
    counters.answered(offer("return a"), 0.3)
    clock.now += LOOKED_AT / 2
    counters.changed()
    clock.now += 10
    counters.answered(NOTHING, 0.0)
    assert shown(counters) == 0


def test_what_stands_long_enough_was_shown_once(counters, clock):
    counters.answered(offer("return a"), 0.3)
    clock.now += LOOKED_AT
    assert shown(counters) == 1
    clock.now += 10
    counters.changed()
    counters.answered(NOTHING, 0.0)
    assert shown(counters) == 1


def test_what_is_typed_along_stands_on(counters, clock):
    text = "return a"
    for n in range(5):
        counters.changed()
        counters.answered(SUPERSEDED, 0.0)
        counters.answered(offer(text[n:]), 0.0)
        clock.now += LOOKED_AT / 4
    assert shown(counters) == 1


def test_while_nobody_knows_whether_it_went_along_its_time_does_not_pass(counters, clock):
    counters.answered(offer("return a"), 0.3)
    counters.changed()
    counters.changed()
    clock.now += 10
    assert shown(counters) == 0
    counters.answered(offer("eturn a"), 0.0)
    assert shown(counters) == 1


def test_another_suggestion_takes_its_place(counters, clock):
    counters.answered(offer("return a", "1"), 0.3)
    clock.now += LOOKED_AT
    counters.answered(offer("return b", "2"), 0.3)
    assert shown(counters) == 1
    clock.now += LOOKED_AT
    assert shown(counters) == 2


def test_what_is_accepted_was_shown_and_its_characters_count(counters):
    counters.answered(offer("return a"), 0.3)
    counters.changed()
    counters.answered(offer("turn a"), 0.0)
    counters.accepted("1")
    report = counters.report()
    assert (report["shown"], report["accepted"], report["acceptedCharacters"]) == (1, 1, 6)


def test_the_rest_that_is_accepted_later_is_no_other_suggestion(counters):
    counters.answered(offer("if a:\n    return b"), 0.3)
    counters.accepted("1")
    counters.answered(offer("\nelse:"), 0.0)
    counters.accepted("1")
    report = counters.report()
    assert (report["shown"], report["accepted"], report["acceptedCharacters"]) == (1, 1, 24)


def test_an_id_nobody_knows_counts_nothing(counters):
    counters.accepted("7")
    assert counters.report()["accepted"] == 0


def test_requests_are_timed_and_those_that_fail_have_no_time(counters, clock):
    with counters.request():
        clock.now += 0.3
    with pytest.raises(ValueError, match="no"), counters.request():  # noqa: PT012 - it takes its time
        clock.now += 9
        raise ValueError("no")
    counters.saved()
    report = counters.report()
    assert (report["requests"], report["saved"], report["thrownAway"]) == (2, 1, 0)
    assert report["latency"]["upstream"] == {"p50": 300, "p90": 300, "p99": 300}


def test_a_request_that_is_ended_was_thrown_away(counters):
    with pytest.raises(asyncio.CancelledError), counters.request():
        raise asyncio.CancelledError
    assert counters.report()["thrownAway"] == 1
    assert counters.report()["latency"]["upstream"] is None


def test_the_wait_of_who_got_something_is_told(counters):
    counters.answered(offer("a"), 0.31)
    counters.answered(NOTHING, 9.0)
    counters.answered(SUPERSEDED, 9.0)
    assert counters.report()["latency"]["suggestion"] == {"p50": 310, "p90": 310, "p99": 310}


def test_a_person_reads_it_in_a_sentence(counters, clock):
    assert counters.sentence.endswith("thrown away: 0")
    with counters.request():
        clock.now += 0.3
    counters.answered(offer("return a"), 0.3)
    clock.now += LOOKED_AT
    counters.accepted("1")
    assert counters.sentence == (
        "suggestions shown: 1, accepted: 1 (8 characters); requests sent: 1, saved: 0, thrown away: 0; "
        "half of the answers came within 300 ms, 90 % within 300 ms"
    )


EVENTS = st.one_of(
    st.tuples(st.just("offer"), st.integers(1, 2 * REMEMBERED)),
    st.tuples(st.just("accept"), st.integers(1, 2 * REMEMBERED)),
    st.tuples(st.just("nothing"), st.none()),
    st.tuples(st.just("change"), st.none()),
    st.tuples(st.just("wait"), st.floats(0, 2)),
)


@given(st.lists(EVENTS, max_size=80))
def test_whatever_happens_no_more_is_shown_than_was_offered_or_accepted_than_shown(events):
    clock = Clock()
    counters, offered = Counters(clock), set()
    for what, of in events:
        match what:
            case "offer":
                offered.add(of)
                counters.answered(offer("text", str(of)), 0.1)
            case "accept":
                counters.accepted(str(of))
            case "nothing":
                counters.answered(NOTHING, 0.1)
            case "change":
                counters.changed()
            case _:
                clock.now += of
    report = counters.report()
    assert report["accepted"] <= report["shown"] <= len(offered)
    assert report["acceptedCharacters"] % 4 == 0


def test_what_may_be_accepted_is_bounded(counters):
    for n in range(3 * REMEMBERED):
        counters.answered(offer("text", str(n)), 0.1)
    assert len(counters._offered) == REMEMBERED


def test_the_other_suggestion_that_somebody_cycled_to_counts_when_it_is_accepted(counters):
    counters.answered(Outcome((Suggestion("1", "abc"), Suggestion("2", "de"))), 0.1)
    counters.accepted("2")
    report = counters.report()
    assert (report["shown"], report["accepted"], report["acceptedCharacters"]) == (1, 1, 2)
