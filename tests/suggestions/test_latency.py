"""Percentiles over the newest answers."""

from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.suggestions.latency import MOST, Latency


def of(*seconds):
    latency = Latency()
    for one in seconds:
        latency.add(one)
    return latency.milliseconds


def test_without_an_answer_there_is_none():
    assert of() is None


def test_they_are_answers_that_were_there():
    assert of(*(n / 100 for n in range(1, 101))) == {"p50": 500, "p90": 900, "p99": 990}
    assert of(0.3) == {"p50": 300, "p90": 300, "p99": 300}


def test_only_the_newest_count():
    assert of(*[9.0] * 1000, *[0.1] * MOST) == {"p50": 100, "p90": 100, "p99": 100}


@given(st.lists(st.floats(0, 60), min_size=1, max_size=2 * MOST))
def test_they_lie_in_order_among_what_was_added(seconds):
    found = of(*seconds)
    assert round(min(seconds) * 1000) <= found["p50"] <= found["p90"] <= found["p99"] <= round(max(seconds) * 1000)
