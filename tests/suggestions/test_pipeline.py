"""Known, under way, or asked for; the newest request of a document wins."""

import asyncio

import pytest

from duo_lsp.errors import BrokenError, LimitedError, LocalEngineError, OfflineError, SetupError, SignInError, SlowError
from duo_lsp.gitlab.limits.gate import FIRST_PAUSE, LONGEST_PAUSE, TRIES
from duo_lsp.gitlab.limits.rate_limit import BURST, RESERVE
from duo_lsp.settings import CodeCompletion, Settings, Suggestions
from suggestions.rig import CODE, URI, Upstream, here, settle


async def test_an_answer_comes_back_cleaned_with_an_id(make):
    outcome = await make(Upstream("return a\u200b + b\x00")).suggest(here(), invoked=False)
    assert outcome.suggestion.text == "return a + b"
    assert outcome.suggestion.id
    assert outcome.reason == ""


async def test_typing_along_asks_nobody_again(make):
    upstream = Upstream()
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    outcome = await pipeline.suggest(here("retu"), invoked=False)
    assert outcome.suggestion.text == "rn a + b"
    assert len(upstream.requests) == 1


async def test_the_same_place_asked_again_costs_nothing_even_when_the_answer_was_nothing(make):
    upstream = Upstream("")
    pipeline = make(upstream)
    for _ in range(3):
        outcome = await pipeline.suggest(here(), invoked=False)
        assert outcome.suggestion is None
        assert outcome.reason == "Unsure."
    assert len(upstream.requests) == 1


async def test_a_person_who_asks_by_hand_gets_a_second_try_where_there_was_nothing(make):
    upstream = Upstream("", "return a")
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    assert (await pipeline.suggest(here(), invoked=True)).suggestion.text == "return a"


async def test_the_local_engine_is_asked_again_where_it_was_silent(make):
    upstream = Upstream("", "return a", local=True)
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    assert (await pipeline.suggest(here(), invoked=False)).suggestion.text == "return a"


@pytest.mark.parametrize(("invoked", "times"), [(False, 1), (True, 0)])
async def test_what_others_have_asked_is_learnt_while_the_next_key_is_waited_for(make, monkeypatch, invoked, times):
    pipeline = make(Upstream())
    expected = []
    monkeypatch.setattr(pipeline.upstream.admission, "expect", lambda: expected.append(1))
    await pipeline.suggest(here(), invoked=invoked)
    assert len(expected) == times


@pytest.mark.parametrize(("local", "told"), [(True, ["quiet", "eager"]), (False, [None, None])])
async def test_only_the_local_engine_is_told_how_sure_to_be(make, local, told):
    upstream = Upstream("", local=local)
    pipeline = make(upstream, settings=Settings(suggestions=Suggestions("quiet")))
    await pipeline.suggest(here(), invoked=False)
    await pipeline.suggest(here(), invoked=True)
    assert [request.silence for request in upstream.requests] == told
    assert all("silence" not in request.body() for request in upstream.requests)


async def test_a_newer_request_answers_the_older_with_nothing_at_once_and_takes_over_its_answer(make):
    upstream = Upstream("return a + b")
    upstream.gate.clear()
    pipeline = make(upstream)
    older = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    newer = asyncio.ensure_future(pipeline.suggest(here("ret"), invoked=False))
    await settle()
    assert older.done()
    assert older.result().suggestion is None
    upstream.gate.set()
    assert (await newer).suggestion.text == "urn a + b"
    assert len(upstream.requests) == 1


async def test_a_change_answers_the_waiting_request_at_once_and_the_answer_is_kept(make):
    upstream = Upstream("return a + b")
    upstream.gate.clear()
    pipeline = make(upstream)
    waiting = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    pipeline.supersede(URI)
    await settle()
    assert waiting.result().suggestion is None
    upstream.gate.set()
    await settle()
    assert (await pipeline.suggest(here("re"), invoked=False)).suggestion.text == "turn a + b"
    assert len(upstream.requests) == 1


async def test_cancelling_ends_the_waiting_but_not_the_call(make):
    upstream = Upstream("return a + b")
    upstream.gate.clear()
    pipeline = make(upstream)
    waiting = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    waiting.cancel()
    await settle()
    assert waiting.cancelled()
    upstream.gate.set()
    await settle()
    assert (await pipeline.suggest(here(), invoked=False)).suggestion.text == "return a + b"
    assert len(upstream.requests) == 1


async def test_an_answer_that_no_longer_fits_leads_to_a_question_of_ones_own(make):
    upstream = Upstream("return a + b", "c = 3")
    upstream.gate.clear()
    pipeline = make(upstream)
    first = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    second = asyncio.ensure_future(pipeline.suggest(here("c "), invoked=False))
    await settle()
    assert len(upstream.requests) == 1
    upstream.gate.set()
    await asyncio.gather(first, second)
    assert second.result().suggestion.text == "c = 3"
    assert len(upstream.requests) == 2


async def test_at_most_two_calls_are_under_way_for_one_document(make):
    upstream = Upstream()
    upstream.gate.clear()
    pipeline = make(upstream)
    places = [here(code=CODE + f"x{n} = ") for n in range(4)]
    waiting = []
    for place in places:
        waiting.append(asyncio.ensure_future(pipeline.suggest(place, invoked=False)))
        await settle()
    running = [task for task in asyncio.all_tasks() if "Fetching.fetch" in repr(task.get_coro())]
    assert len(running) == 2
    upstream.gate.set()
    await asyncio.gather(*waiting)


async def test_two_documents_do_not_disturb_each_other(make):
    upstream = Upstream("return a + b")
    upstream.gate.clear()
    pipeline = make(upstream)
    one = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    other = asyncio.ensure_future(pipeline.suggest(here(uri="file:///home/me/project/b.py"), invoked=False))
    await settle()
    upstream.gate.set()
    assert [r.suggestion.text for r in await asyncio.gather(one, other)] == ["return a + b"] * 2


async def test_who_asks_by_hand_is_never_debounced_and_the_local_engine_hardly(make):
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    await make(Upstream(), sleep=sleep).suggest(here(), invoked=True)
    await make(Upstream(), sleep=sleep).suggest(here("a"), invoked=False)
    await make(Upstream(local=True), sleep=sleep).suggest(here("a"), invoked=False)
    assert waits[0] == 0
    assert 0.03 < waits[1] <= 0.4
    assert waits[2] <= 0.030


async def test_an_empty_bucket_is_silence_for_typing_and_the_last_tokens_are_for_the_hand(make):
    upstream = Upstream("")
    pipeline = make(upstream)
    outcomes = [await pipeline.suggest(here(code=f"{CODE}v{n} = "), invoked=False) for n in range(BURST + 5)]
    assert len(upstream.requests) == BURST - RESERVE
    assert "Too many requests" in outcomes[-1].reason
    for n in range(5):
        await pipeline.suggest(here(code=f"{CODE}w{n} = "), invoked=True)
    assert len(upstream.requests) == BURST


async def test_the_local_engine_needs_no_tokens(make):
    upstream = Upstream("", local=True)
    pipeline = make(upstream)
    for n in range(BURST * 3):
        await pipeline.suggest(here(code=f"{CODE}v{n} = "), invoked=False)
    assert len(upstream.requests) == BURST * 3


async def test_after_a_429_nothing_is_sent_until_its_time_has_passed(make, clock):
    upstream = Upstream(LimitedError("Slow down.", 60), "x")
    pipeline = make(upstream)
    outcome = await pipeline.suggest(here(), invoked=False)
    assert outcome.suggestion is None
    assert pipeline.status.current.name == "limited"
    await pipeline.suggest(here("x"), invoked=True)
    assert len(upstream.requests) == 1
    clock.now += 61
    assert (await pipeline.suggest(here("y"), invoked=True)).suggestion.text == "x"
    assert pipeline.status.trouble is None


async def test_a_failure_is_silence_with_a_state_and_the_next_success_clears_it(make):
    pipeline = make(Upstream(OfflineError("No network."), "return a"))
    outcome = await pipeline.suggest(here(), invoked=False)
    assert outcome.suggestion is None
    assert "No network." in outcome.reason
    assert pipeline.status.current.name == "offline"
    await pipeline.suggest(here("r"), invoked=False)
    assert pipeline.status.trouble is None


async def test_the_state_says_until_when_nobody_is_asked_but_not_while_somebody_finds_out(make, clock):
    upstream = Upstream(*[OfflineError("No network.")] * (TRIES + 1), "return a")
    pipeline = make(upstream)
    for n in range(TRIES):
        assert pipeline.status.current.until is None
        await pipeline.suggest(here(code=f"{CODE}v{n} = "), invoked=False)
    assert pipeline.status.current.until is not None
    clock.now += FIRST_PAUSE
    upstream.gate.clear()
    probe = asyncio.ensure_future(pipeline.suggest(here(uri=f"{URI}i"), invoked=False))
    await settle()
    assert "No network." in (await pipeline.suggest(here(), invoked=False)).reason
    assert pipeline.status.current.until is None
    upstream.gate.set()
    await probe
    assert pipeline.status.current.until is not None


async def test_who_joined_a_call_that_failed_is_told_why_and_fails_not_once_more(make):
    upstream = Upstream(OfflineError("No network."), "return a")
    upstream.gate.clear()
    pipeline = make(upstream)
    first = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    second = asyncio.ensure_future(pipeline.suggest(here("r"), invoked=False))
    await settle()
    upstream.gate.set()
    await first
    assert "No network." in (await second).reason
    assert len(upstream.requests) == 1


async def test_who_can_join_a_call_waits_for_nothing_else(make):
    upstream = Upstream("return a + b")
    upstream.gate.clear()
    keys = iter(range(2))

    async def sleep(_):
        if next(keys) > 0:
            await asyncio.sleep(3600)

    pipeline = make(upstream, sleep=sleep)
    first = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    second = asyncio.ensure_future(pipeline.suggest(here("re"), invoked=False))
    await settle()
    upstream.gate.set()
    assert (await asyncio.wait_for(second, 10)).suggestion.text == "turn a + b"
    await first
    assert len(upstream.requests) == 1


async def test_who_is_on_the_next_line_already_does_not_wait_for_a_slow_answer(make):
    upstream = Upstream("return a + b", "c = 3")
    upstream.gate.clear()
    pipeline = make(upstream)
    slow = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    pipeline.supersede(URI)
    below = asyncio.ensure_future(pipeline.suggest(here("x = 1\n    "), invoked=False))
    await settle()
    assert len(upstream.requests) == 2
    upstream.gate.set()
    await asyncio.gather(slow, below)


async def test_a_refusal_that_stays_is_not_repeated_until_other_settings_come(make):
    upstream = Upstream(SignInError(401, "The token is not accepted."), "return a")
    pipeline = make(upstream)
    for n in range(5):
        outcome = await pipeline.suggest(here(code=f"{CODE}v{n} = "), invoked=False)
        assert "not accepted" in outcome.reason
    assert len(upstream.requests) == 1
    assert pipeline.status.trouble.lasting
    other = Upstream("return a")
    await pipeline.use(other, Settings())
    assert (await pipeline.suggest(here(), invoked=True)).suggestion.text == "return a"


async def test_other_settings_do_not_stop_an_engine_that_is_starting(make):
    upstream = Upstream(local=True)
    upstream.is_ready = False
    upstream.gate.clear()
    pipeline = make(upstream)
    pipeline.warm_up()
    await settle()
    await pipeline.use(upstream, Settings(project_path="a/b"))
    upstream.gate.set()
    assert (await pipeline.suggest(here(), invoked=True)).suggestion
    assert upstream.warmed == 1


async def test_getting_ready_that_breaks_in_an_unknown_way_is_a_state(make):
    class Broken(Upstream):
        async def warm_up(self):
            raise ZeroDivisionError

    upstream = Broken(local=True)
    upstream.is_ready = False
    outcome = await make(upstream).suggest(here(), invoked=True)
    assert "ZeroDivisionError" in outcome.reason


async def test_a_file_whose_address_nobody_can_read_is_never_sent(make):
    upstream = Upstream()
    outcome = await make(upstream).suggest(here(uri="file://[x/home/u/.env"), invoked=True)
    assert "never sent" in outcome.reason
    assert upstream.requests == []


@pytest.mark.parametrize("name", [".env", "deploy/server.pem", ".ssh/config"])
async def test_a_sealed_file_is_never_sent_not_even_by_hand(make, name):
    upstream = Upstream()
    outcome = await make(upstream).suggest(here(uri=f"file:///home/me/project/{name}"), invoked=True)
    assert outcome.suggestion is None
    assert "never sent" in outcome.reason
    assert upstream.requests == []


async def test_turned_off_means_nothing_is_sent(make):
    upstream = Upstream()
    settings = Settings(code_completion=CodeCompletion(enabled=False))
    outcome = await make(upstream, settings).suggest(here(), invoked=True)
    assert outcome.reason == "Suggestions are turned off. Set codeCompletion.enabled to true."
    assert upstream.requests == []


async def test_typing_does_not_wait_for_an_engine_that_starts_but_the_hand_does(make):
    upstream = Upstream(local=True)
    upstream.is_ready = False
    upstream.gate.clear()
    pipeline = make(upstream)
    outcome = await pipeline.suggest(here(), invoked=False)
    assert (outcome.suggestion, outcome.reason) == (None, "The local engine is starting.")
    by_hand = asyncio.ensure_future(pipeline.suggest(here(), invoked=True))
    await settle()
    upstream.gate.set()
    assert (await by_hand).suggestion.text == "return a + b"
    assert upstream.warmed == 1


async def test_an_engine_that_does_not_start_is_a_state_not_a_crash(make):
    class Broken(Upstream):
        async def warm_up(self):
            raise LocalEngineError("The local engine did not start.")

    upstream = Broken(local=True)
    upstream.is_ready = False
    pipeline = make(upstream)
    outcome = await pipeline.suggest(here(), invoked=True)
    assert "did not start" in outcome.reason
    assert pipeline.status.current.name == "failed"


async def test_right_after_an_accepted_answer_nothing_new_is_asked(make):
    upstream = Upstream("return a + b")
    pipeline = make(upstream)
    outcome = await pipeline.suggest(here(), invoked=False)
    pipeline.accepted(outcome.suggestion.id)
    after = await pipeline.suggest(here("return a + b"), invoked=False)
    assert after.suggestion is None
    assert len(upstream.requests) == 1


async def test_a_closed_document_is_forgotten(make):
    upstream = Upstream()
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    pipeline.forget(URI)
    await pipeline.suggest(here(), invoked=False)
    assert len(upstream.requests) == 2


async def test_after_a_change_of_upstream_nothing_of_the_old_one_is_offered(make):
    old, new = Upstream("old"), Upstream("new")
    old.gate.clear()
    pipeline = make(old)
    waiting = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    await settle()
    await pipeline.use(new, Settings())
    assert (await waiting).suggestion is None
    assert (await pipeline.suggest(here(), invoked=False)).suggestion.text == "new"


async def test_the_request_has_an_intent_and_only_relative_names(make):
    upstream = Upstream()
    await make(upstream, Settings(project_path="group/project")).suggest(here(), invoked=False)
    body = upstream.requests[0].body()
    assert body["intent"] in ("completion", "generation")
    assert body["project_path"] == "group/project"
    assert body["current_file"]["file_name"] == "src/app.py"
    assert "context" not in body
    assert "/home/me" not in str(body)


async def test_closing_leaves_no_task_behind(make):
    upstream = Upstream()
    upstream.gate.clear()
    upstream.is_ready = False
    pipeline = make(upstream)
    waiting = asyncio.ensure_future(pipeline.suggest(here(), invoked=True))
    await settle()
    await pipeline.close()
    assert (await waiting).suggestion is None
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_fault_of_our_own_is_silence_and_a_line_in_the_log_that_quotes_nothing(make, caplog):
    upstream = Upstream(ZeroDivisionError("planted"))
    outcome = await make(upstream).suggest(here(), invoked=False)
    assert outcome.suggestion is None
    assert "fault" in outcome.reason
    assert "a suggestion failed" in caplog.messages


@pytest.mark.parametrize("error", [BrokenError(503, "Broken."), OfflineError("Reset."), SlowError("Slow.")])
async def test_a_storm_of_five_minutes_costs_at_most_twelve_requests_and_one_success_ends_it(make, clock, error):
    upstream = Upstream(error)
    pipeline = make(upstream)
    for n in range(300):
        clock.now += 1
        await pipeline.suggest(here(code=f"{CODE}v{n} = "), invoked=n % 3 == 0)
    assert TRIES < len(upstream.requests) <= 12
    assert pipeline.status.current.until
    upstream.answers = ["return a"]
    clock.now += LONGEST_PAUSE
    assert (await pipeline.suggest(here(), invoked=False)).suggestion
    assert pipeline.status.trouble is None


async def test_two_that_come_at_the_same_time_for_one_place_cost_one_request(make):
    upstream = Upstream("return a")
    upstream.gate.clear()
    pipeline = make(upstream)
    menu, ghost = (asyncio.ensure_future(pipeline.suggest(here(), invoked=hand)) for hand in (True, False))
    await settle()
    upstream.gate.set()
    assert [one.suggestion.text for one in await asyncio.gather(menu, ghost)] == ["return a"] * 2
    assert len(upstream.requests) == 1


async def test_other_settings_lift_a_refusal_of_the_same_instance(make):
    upstream = Upstream(SetupError(422, "Choose a namespace."), "return a")
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    assert "namespace" in (await pipeline.suggest(here("x"), invoked=True)).reason
    await pipeline.use(upstream, Settings(project_path="group/project"))
    assert (await pipeline.suggest(here("y"), invoked=True)).suggestion
