"""The engine's numbers and what they do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway.engines.builtin import trust
from duo_lsp.gateway.engines.builtin.occurrences import LENGTHS
from duo_lsp.gateway.engines.builtin.trust import LEARNT, Followers

features = st.builds(Followers, st.just({}), st.floats(0, 20), st.floats(0, 1), st.floats(0, 1))


def test_the_numbers_are_read_as_they_are_written() -> None:
    assert trust.from_json(trust.to_json(LEARNT)) == LEARNT
    assert trust.FILE.read_text("utf-8") == trust.to_json(LEARNT)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"length": 3}'])
def test_another_file_is_an_error(text: str) -> None:
    with pytest.raises((KeyError, ValueError, TypeError)):
        trust.from_json(text)


@given(st.integers(0, 3), st.sampled_from(LENGTHS), features)
def test_a_share_is_part_of_the_whole(rank: int, length: int, followers: Followers) -> None:
    assert 0 < LEARNT.share(rank, length, followers) < 1
