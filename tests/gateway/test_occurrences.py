"""The index against one that looks at every place."""

from __future__ import annotations

import random
from array import array
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway.engines.builtin import occurrences
from duo_lsp.gateway.engines.builtin.occurrences import DEPTH, LENGTHS, Occurrences

tokens = st.sampled_from([0, 1, 2, 256, 65536])
"""In their bytes each is found across two others, too."""
streams = st.lists(tokens, max_size=80)
contexts = st.lists(tokens, max_size=30)


def naive(stream: Sequence[int], context: Sequence[int], unseen: range = range(0)) -> list[tuple[int, Counter[int]]]:
    """What followed the last 1, 2, 3, ... tokens of the context, wherever they stand."""
    found = []
    for length in LENGTHS:
        ends = [end for end in range(length, len(stream)) if list(stream[end - length : end]) == context[-length:]]
        if not ends or length > len(context):
            break
        found.append((length, Counter(2 * stream[end] for end in ends if end - 1 not in unseen)))
    return found


def indexed(
    stream: Sequence[int], context: Sequence[int], unseen: range = range(0), *, is_sorted: bool = False
) -> list[tuple[int, Counter[int]]]:
    index = Occurrences(array("I", [2 * token for token in stream]))
    if is_sorted:
        index.sort()
    hidden = index.reversed_range(unseen.start, unseen.stop)
    return [(length, index.followers(context[-1], low, high, hidden)) for length, low, high in index.spans(context)]


@given(streams, contexts)
def test_it_finds_every_place_of_the_longest_context_and_of_all_shorter_ones(
    stream: list[int], context: list[int]
) -> None:
    assert indexed(stream, context) == naive(stream, context)


@given(streams, st.integers(1, 80))
def test_it_finds_long_contexts_of_its_own(stream: list[int], end: int) -> None:
    context = stream[:end]
    assert indexed(stream, context) == naive(stream, context)


@given(st.lists(st.integers(0, 3), max_size=80), st.lists(st.integers(0, 3), max_size=30))
def test_it_finds_the_same_when_it_is_sorted_once_and_for_all(stream: list[int], context: list[int]) -> None:
    assert indexed(stream, context, is_sorted=True) == naive(stream, context)


@given(streams, contexts, st.integers(0, 80), st.integers(0, 80))
def test_what_is_hidden_does_not_count(stream: list[int], context: list[int], start: int, size: int) -> None:
    unseen = range(min(start, len(stream)), min(start + size, len(stream)))
    assert indexed(stream, context, unseen) == naive(stream, context, unseen)


def test_a_large_bucket_is_sorted_in_slices_and_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occurrences, "SLICE", 2048)
    chance = random.Random(1)
    stream = [chance.choice((0, 0, 0, 1)) for _ in range(6 * 2048)]
    index = Occurrences(array("I", [2 * token for token in stream]))
    done: list[float] = []
    index.sort(done.append)
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1, abs=0.001)
    context = stream[-2 * DEPTH : -DEPTH]
    spans = [(length, high - low) for length, low, high in index.spans(context)]
    assert spans == [(length, counts.total()) for length, counts in naive(stream, context)]
    _, low, high = index.spans([0])[0]
    assert 0 < index.followers(0, low, high).total() < 2 * 512


def test_a_context_never_seen_is_nowhere() -> None:
    assert indexed([1, 2, 3], [7]) == []
    assert indexed([], [1]) == []
    assert indexed([1, 2], []) == []
