"""What holds requests: a refused token, an instance that refuses or fails, the rate limit."""

import asyncio

import pytest

from duo_lsp.errors import BrokenError, LimitedError, NoAccessError, NotAllowedError, OfflineError, SignInError
from duo_lsp.gitlab.limits.admission import TOO_MANY, Admission
from duo_lsp.gitlab.limits.gate import TRIES
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.gitlab.limits.rate_limit import BURST, CEILING


@pytest.fixture
def admission(clock):
    return Admission("gitlab.example", clock, Limit(clock))


async def answered():
    return "an answer"


def failing(error):
    async def ask():
        raise error

    return ask


def held_by(held):
    return held.error


async def fail(admission, error):
    with pytest.raises(type(error)):
        await admission.through(failing(error))


async def test_what_is_asked_is_answered(admission):
    assert await admission.admit(invoked=False) is None
    assert await admission.through(answered) == "an answer"
    assert admission.held() is None
    await admission.look()
    assert admission.left == CEILING - 1


async def test_an_empty_bucket_is_our_own_restraint_and_no_error(admission):
    for _ in range(BURST):
        assert await admission.admit(invoked=True) is None
    held = await admission.admit(invoked=True)
    assert (held.reason, held.error) == (TOO_MANY, None)
    assert admission.held() is None


async def test_after_a_429_nobody_asks_until_its_time_has_passed(admission, clock):
    await fail(admission, LimitedError("Slow down.", 30))
    held = await admission.admit(invoked=True)
    assert held.seconds == 30
    assert "gitlab.example asks us to slow down" in held.reason
    assert admission.left == 0
    with pytest.raises(LimitedError):
        await admission.through(answered)
    clock.now += 30
    assert await admission.admit(invoked=False) is None
    assert (await admission.admit(invoked=False)).error is None


@pytest.mark.parametrize("error", [SignInError(401, "Bad token."), NotAllowedError(403, "No seat.")])
async def test_a_refusal_costs_one_request_a_rest(admission, clock, error):
    sent = 0
    for _ in range(3_600):
        clock.now += 1
        if await admission.admit(invoked=False) is None:
            sent += 1
            await fail(admission, error)
    assert 3_600 / error.rest - 1 <= sent <= 3_600 / error.rest + 1
    assert admission.refusal is error
    admission.reconsider()
    assert admission.refusal is None
    assert await admission.admit(invoked=False) is None


@pytest.mark.parametrize("error", [BrokenError(503, "Broken."), OfflineError("Reset.")])
async def test_a_storm_of_five_minutes_costs_at_most_twelve_requests(admission, clock, error):
    sent = 0
    for _ in range(300):
        clock.now += 1
        if await admission.admit(invoked=False) is None:
            sent += 1
            await fail(admission, error)
    assert TRIES < sent <= 12
    clock.now += 300
    assert await admission.through(answered) == "an answer"
    assert admission.held() is None


async def test_one_who_was_admitted_before_another_failed_is_not_let_through_after(admission):
    await fail(admission, SignInError(401, "Bad token."))
    with pytest.raises(SignInError, match="Bad token"):
        await admission.through(answered)


async def test_cancelling_says_nothing_about_the_instance(admission):
    for _ in range(3 * TRIES):
        task = asyncio.ensure_future(admission.through(asyncio.Event().wait))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert admission.held() is None


async def test_chat_is_held_by_a_refused_token_but_by_nothing_that_only_suggestions_were_told(admission, clock):
    chat = Admission("gitlab.example", clock, None, beside=admission)
    await chat.look()
    assert chat.left is None
    await fail(admission, LimitedError("Slow down.", 60))
    assert await chat.admit(invoked=True) is None
    clock.now += 60
    await fail(admission, NoAccessError(401, "No seat."))
    assert await chat.admit(invoked=True) is None
    await fail(chat, SignInError(401, "Bad token."))
    admission.postpone()
    assert isinstance(admission.refusal, SignInError)
    assert isinstance(held_by(await chat.admit(invoked=True)), SignInError)


async def test_without_a_limit_a_429_is_only_reported(clock):
    chat = Admission("gitlab.example", clock, None)
    await fail(chat, LimitedError("Slow down.", 60))
    assert await chat.admit(invoked=False) is None


async def test_a_probe_that_is_cancelled_makes_way_for_the_next(admission, clock):
    await fail(admission, NotAllowedError(403, "No seat."))
    clock.now += NotAllowedError.rest
    task = asyncio.ensure_future(admission.through(asyncio.Event().wait))
    await asyncio.sleep(0)
    assert admission.held() is not None
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await admission.through(answered) == "an answer"
