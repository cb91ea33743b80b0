"""Both numberings of "the person asked" are understood."""

import pytest

from duo_lsp.protocol.trigger_kind import TriggerKinds


@pytest.mark.parametrize(
    ("sent", "invoked"),
    [
        ([1, 2, 1, 2], [True, False, True, False]),
        ([0, 1, 0, 1], [True, False, True, False]),
        ([1, 0, 1], [True, True, False]),
        ([None, 2], [False, False]),
        ([0, None, 1, 2], [True, False, False, False]),
        (["1", True, 1.0, {}, 7, -1], [False] * 6),
    ],
)
def test_a_session_that_sent_a_zero_counts_the_old_way_from_then_on(sent: list[object], invoked: list[bool]) -> None:
    kinds = TriggerKinds()
    assert [kinds.read(raw) for raw in sent] == invoked
