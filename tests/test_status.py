"""One state at a time, with its reason."""

import pytest

from duo_lsp import errors, status
from duo_lsp.status import Status


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (errors.SignInError(401, "x"), "signInAgain"),
        (errors.LimitedError("x", 60), "limited"),
        (errors.OfflineError("x"), "offline"),
        (errors.SlowError("x"), "slow"),
        (errors.NotAllowedError(403, "x"), "notAllowed"),
        (errors.BrokenError(500, "x"), "serverError"),
        (errors.BadAnswerError("x"), "badAnswer"),
        (errors.LocalEngineError("x"), "failed"),
    ],
)
def test_an_error_leaves_a_state_with_what_to_do(error, name):
    state = status.of_error(error)
    assert (state.name, state.sentence, state.remedy) == (name, "x", error.hint)


def test_the_last_trouble_covers_the_base_until_a_success():
    now = Status(status.READY)
    assert now.current == status.READY
    now.failed(errors.OfflineError("offline"))
    now.failed(errors.SlowError("slow"))
    assert now.current.name == "slow"
    now.succeeded()
    assert now.current == status.READY


def test_starts_as_starting():
    assert Status().current == status.STARTING


def test_the_same_thing_is_told_once():
    now = Status()
    assert now.first_time("a")
    assert not now.first_time("a")
    assert now.first_time("b")


def test_after_a_recovery_every_trouble_may_be_told_again_and_nothing_else():
    now = Status()
    first, second = errors.OfflineError("offline."), errors.SlowError("slow.")
    for error in (first, second):
        now.failed(error)
        assert now.first_time(str(error))
        assert not now.first_time(str(error))
    assert now.first_time("a setting is wrong")
    now.succeeded()
    assert now.first_time(str(first))
    assert now.first_time(second.sentence)
    assert not now.first_time("a setting is wrong")


def test_a_success_without_trouble_forgets_nothing():
    now = Status()
    now.first_time("a")
    now.succeeded()
    assert not now.first_time("a")
