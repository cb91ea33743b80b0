"""Where a session stands, and what may come next."""

import pytest

from duo_lsp.protocol import refusals
from duo_lsp.protocol.lifecycle import Lifecycle


@pytest.mark.parametrize(
    ("before", "method", "refusal"),
    [
        ([], "initialize", None),
        ([], "textDocument/hover", refusals.TOO_EARLY),
        (["initialize"], "initialize", refusals.TWICE),
        (["initialize"], "textDocument/hover", None),
        (["initialize", "shutdown"], "shutdown", refusals.TOO_LATE),
        (["initialize", "shutdown"], "initialize", refusals.TOO_LATE),
    ],
)
def test_what_is_served_depends_on_what_came_before(before, method, refusal):
    life = Lifecycle()
    for one in before:
        life.accepted(one)
    assert life.refusal(method) is refusal
    assert life.exit_code == (0 if "shutdown" in before else 1)


def test_an_initialize_that_failed_may_be_sent_again_but_not_after_the_end():
    life = Lifecycle()
    life.accepted("initialize")
    life.initialize_failed()
    assert life.refusal("initialize") is None
    life.accepted("shutdown")
    life.initialize_failed()
    assert life.refusal("initialize") is refusals.TOO_LATE
