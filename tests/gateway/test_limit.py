"""GitLab's window, with a clock of our own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway.limit import Window


def test_no_limit_admits_everyone() -> None:
    window = Window(0, 60, lambda: 0.0)
    assert all(window.admits() for _ in range(1000))


@given(st.integers(1, 5), st.lists(st.floats(0, 30), max_size=60))
def test_no_window_admits_more_than_the_limit(most: int, pauses: list[float]) -> None:
    now, opened, admitted = 0.0, None, 0
    window = Window(most, 60, lambda: now)
    for pause in pauses:
        now += pause
        if opened is None or now - opened >= 60:
            opened, admitted = now, 0
        admitted += window.admits()
        assert admitted <= most


def test_who_keeps_asking_is_let_in_when_the_window_has_passed() -> None:
    times = iter((0.0, 30.0, 59.9, 60.0, 61.0))
    window = Window(1, 60, lambda: next(times))
    assert [window.admits() for _ in range(5)] == [True, False, False, True, False]
