"""Through the real pipeline: who is not asked by a key, by a place, by a toggle, and who still gets what is known."""

import asyncio
import gc

import pytest

from duo_lsp.settings import CodeCompletion, Settings
from duo_lsp.suggestions import occasion
from duo_lsp.toggles.wish import ToggleWish
from suggestions.rig import URI, Upstream, here

BY_HAND = Settings(code_completion=CodeCompletion(trigger="invoked"))


def toggle(pipeline, what="everything"):
    pipeline.status.toggles.toggle(ToggleWish(what), URI, "python", on=True)
    pipeline.status.toggled()


async def test_who_is_not_asked_leaves_nothing_behind(make):
    upstream = Upstream()
    outcome = await make(upstream, sleep=asyncio.sleep).suggest(here("# a comm"), invoked=False)
    assert outcome.reason == occasion.IN_A_COMMENT
    assert upstream.requests == []
    gc.collect()  # a timer that nobody waits for would be told now, and fail this test


@pytest.mark.parametrize(
    ("place", "settings", "reason"),
    [
        (here(code="x = "), None, occasion.HARDLY_BEGUN),
        (here("f(", after="a)\n"), None, occasion.IN_THE_MIDDLE),
        (here("x = "), BY_HAND, occasion.ON_REQUEST),
    ],
)
async def test_a_place_that_is_no_occasion_is_asked_for_by_hand(make, place, settings, reason):
    upstream = Upstream()
    pipeline = make(upstream, settings)
    assert (await pipeline.suggest(place, invoked=False)).reason == pipeline.status.silence == reason
    assert upstream.requests == []
    assert (await pipeline.suggest(place, invoked=True)).suggestion is not None


async def test_what_is_known_is_offered_where_nobody_would_be_asked(make):
    upstream = Upstream("x = 1  # one thing")
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    assert (await pipeline.suggest(here("x = 1  # on"), invoked=False)).suggestion.text == "e thing"
    assert len(upstream.requests) == 1


async def test_what_was_turned_down_is_not_offered_there_again_although_it_is_known(make):
    pipeline = make(Upstream())
    await pipeline.suggest(here(), invoked=False)
    pipeline.dismissed()
    assert (await pipeline.suggest(here(), invoked=False)).reason == occasion.DISMISSED
    assert (await pipeline.suggest(here("re"), invoked=False)).suggestion.text == "turn a + b"
    assert (await pipeline.suggest(here(), invoked=True)).suggestion is not None
    assert (await pipeline.suggest(here(), invoked=False)).suggestion is not None


async def test_what_was_taken_and_undone_is_turned_down(make):
    pipeline = make(Upstream())
    offered = await pipeline.suggest(here(), invoked=False)
    pipeline.accepted(offered.suggestion.id)
    assert (await pipeline.suggest(here(), invoked=False)).reason == occasion.DISMISSED


async def test_typing_something_else_and_deleting_it_turns_nothing_down(make):
    upstream = Upstream("return a + b", "")
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    await pipeline.suggest(here("x = "), invoked=False)
    assert (await pipeline.suggest(here(), invoked=False)).suggestion.text == "return a + b"


async def test_once_comes_through_a_pause_and_is_used_up_by_an_answer_not_by_a_newer_key(make):
    upstream = Upstream()
    upstream.gate.clear()
    pipeline = make(upstream)
    toggle(pipeline)
    toggle(pipeline, "once")
    older = asyncio.ensure_future(pipeline.suggest(here(), invoked=False))
    while not upstream.requests:
        await asyncio.sleep(0)
    pipeline.changed(URI, "r")
    assert (await older).suggestion is None
    assert pipeline.status.toggles.once
    upstream.gate.set()
    assert (await pipeline.suggest(here("r"), invoked=False)).suggestion.text == "eturn a + b"
    assert not pipeline.status.toggles.once
    assert "paused" in (await pipeline.suggest(here("re"), invoked=False)).reason


async def test_once_does_not_reach_a_language_that_is_disabled(make):
    upstream = Upstream()
    pipeline = make(upstream, Settings(code_completion=CodeCompletion(disabled_supported_languages=("python",))))
    toggle(pipeline, "once")
    assert "turned off for this file's language" in (await pipeline.suggest(here(), invoked=False)).reason
    assert upstream.requests == []


async def test_the_document_worked_in_is_the_one_that_changed_or_was_asked_for_last(make):
    pipeline = make(Upstream())
    assert pipeline.worked_in == ""
    await pipeline.suggest(here(), invoked=True)
    assert pipeline.worked_in == URI
    pipeline.changed("file:///other.py", "x")
    assert pipeline.worked_in == "file:///other.py"
