"""Who waits before asking, and how long."""

import pytest

from clock import Clock
from drawn import here
from duo_lsp.suggestions import debounce
from duo_lsp.suggestions.debounce import Rhythm


def delay(*, invoked=False, local=False):
    return debounce.delay(here("x = █"), Rhythm(Clock()), invoked=invoked, local=local, left=None)


@pytest.mark.parametrize("local", [True, False])
def test_nobody_who_asks_by_hand_waits(local):
    assert delay(invoked=True, local=local) == 0


def test_the_engine_on_this_machine_is_asked_sooner():
    assert 0 < delay(local=True) <= 0.030 < delay(local=False)
