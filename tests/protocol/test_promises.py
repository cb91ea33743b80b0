"""No promise is without a test."""

import re
from pathlib import Path

import pytest

from protocol.promises import PROMISES


def test_there_are_as_many_as_were_made():
    assert sum(len(names.split()) for names in PROMISES.values()) == 91


@pytest.mark.parametrize("kind", PROMISES)
def test_every_promise_has_a_test(kind):
    tests = re.findall(r"def (test_\w+)", (Path(__file__).parent / f"test_promises_{kind}.py").read_text("utf-8"))
    without = [
        name for name in PROMISES[kind].split() if not any(re.match(rf"test_{name}(_|$)", test) for test in tests)
    ]
    assert without == []
