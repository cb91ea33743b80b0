"""Who waits before asking, and how long."""

import pytest

from duo_lsp.suggestions import debounce


@pytest.mark.parametrize("local", [True, False])
def test_nobody_who_asks_by_hand_waits(local):
    assert debounce.delay(invoked=True, local=local) == 0


def test_the_engine_on_this_machine_is_asked_sooner():
    assert 0 < debounce.delay(invoked=False, local=True) <= 0.030 < debounce.delay(invoked=False, local=False)
