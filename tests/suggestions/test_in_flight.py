"""A request under way serves whoever still types what it may say, and lives until it cannot match any more."""

import asyncio

import pytest

from duo_lsp.errors import CutShortError, OfflineError
from suggestions.rig import URI, Upstream, asks, here, settle

LINES = "total = a + b\n    return total\n"


def held(*answers):
    upstream = Upstream(*answers)
    upstream.gate.clear()
    return upstream


@pytest.fixture
def no_debounce():
    """Nobody comes as far as asking by themselves, but the first."""
    firsts = iter([0.0])

    async def sleep(_):
        await asyncio.sleep(next(firsts, 3600))

    return sleep


async def text_of(asked):
    outcome = await asyncio.wait_for(asked, 10)
    return outcome.suggestion.text if outcome.suggestion else None


@pytest.mark.parametrize(
    ("then", "now", "rest"), [("", "retu", "rn a"), ("retu", "re", "turn a"), ("re", "re", "turn a")]
)
async def test_its_answer_goes_to_the_newest_who_waits(make, no_debounce, then, now, rest):
    upstream = held("return a"[len(then) :])
    pipeline = make(upstream, sleep=no_debounce)
    asks(pipeline, then)
    await settle()
    newest = asks(pipeline, now)
    await settle()
    upstream.gate.set()
    assert await text_of(newest) == rest
    assert len(upstream.requests) == 1


async def test_an_answer_that_does_not_fit_is_kept_for_who_takes_a_typo_back(make):
    upstream = held("return a", "x = 1")
    pipeline = make(upstream)
    asks(pipeline)
    await settle()
    typo = asks(pipeline, "rx")
    await settle()
    upstream.gate.set()
    assert await text_of(typo) == "x = 1"
    assert await text_of(asks(pipeline, "r")) == "eturn a"
    assert len(upstream.requests) == 2


async def test_an_answer_to_an_earlier_line_goes_to_who_waits_for_one_of_their_own(make):
    upstream = held("a = 1\n    b = 2", "never")
    upstream.gates[1] = asyncio.Event()
    pipeline = make(upstream)
    asks(pipeline)
    await settle()
    below = asks(pipeline, "a = 1\n    ")
    await settle()
    assert len(upstream.requests) == 2
    upstream.gates[1].set()
    assert await text_of(below) == "b = 2"


async def test_a_third_waits_for_one_of_two_that_may_still_match(make):
    upstream = held("zzz", "yyy", "xxx")
    upstream.gates[1] = asyncio.Event()
    pipeline = make(upstream)
    for typed in ("", "a = 1\n    ", "a = 1\n    b = 2\n    "):
        newest = asks(pipeline, typed)
        await settle()
    assert len(upstream.requests) == 2
    assert not newest.done()
    upstream.gates[1].set()
    await settle()
    assert len(upstream.requests) == 3
    upstream.gate.set()
    assert await text_of(newest) == "xxx"
    assert upstream.ended == 0


async def test_a_third_ends_one_that_cannot_match_any_more_and_only_that(make):
    upstream = held("return c")
    pipeline = make(upstream)
    for typed in ("a", "x = 1234", "z = 5"):
        newest = asks(pipeline, typed)
        await settle()
    assert (len(upstream.requests), upstream.ended) == (3, 1)
    upstream.gate.set()
    assert await text_of(newest) == "return c"
    assert await text_of(asks(pipeline, "x = 1234")) == "return c"
    assert len(upstream.requests) == 3


async def test_a_typo_in_between_ends_nothing(make):
    upstream = held("return c")
    pipeline = make(upstream)
    for typed in ("abc", "xyz", "abz"):
        asks(pipeline, typed)
        await settle()
    assert (len(upstream.requests), upstream.ended) == (2, 0)
    upstream.gate.set()
    await settle()


async def test_who_types_into_an_answer_gets_its_complete_lines_while_it_still_comes(make, no_debounce):
    upstream = held(LINES + "    print(1)")
    pipeline = make(upstream, sleep=no_debounce)
    first = asks(pipeline)
    await settle()
    typed = asks(pipeline, "tot")
    await settle()
    upstream.streams[0]("total = a")
    await settle()
    assert not typed.done()
    upstream.streams[0](" + b\n    ret")
    assert await text_of(typed) == "al = a + b"
    upstream.streams[0]("urn total\n")
    assert await text_of(asks(pipeline, "total")) == " = a + b\n    return total"
    upstream.gate.set()
    await settle()
    assert await text_of(asks(pipeline, "total = ")) == "a + b\n    return total\n    print(1)"
    assert len(upstream.requests) == 1
    await first


async def test_who_has_not_typed_on_waits_for_the_whole(make):
    upstream = held(LINES)
    pipeline = make(upstream)
    first = asks(pipeline)
    await settle()
    upstream.streams[0](LINES)
    await settle()
    again = asks(pipeline)
    await settle()
    assert not first.done()
    assert not again.done()
    upstream.gate.set()
    assert await text_of(again) == LINES.rstrip()
    await first


async def test_a_stream_that_ends_early_is_never_shown_as_a_whole_but_goes_on_for_who_typed_on(make):
    upstream = held(CutShortError("Half of it."), "other")
    pipeline = make(upstream)
    first = asks(pipeline)
    await settle()
    upstream.streams[0](LINES + "# and th")
    typed = asks(pipeline, "total")
    assert await text_of(typed) == " = a + b\n    return total"
    upstream.gate.set()
    assert await text_of(first) is None
    assert await text_of(asks(pipeline, "total = a")) == " + b\n    return total"
    assert await text_of(asks(pipeline)) == "other"


async def test_what_was_accepted_of_an_answer_that_still_came_is_followed_by_the_rest(make):
    upstream = held(LINES + "    print(1)")
    pipeline = make(upstream)
    asks(pipeline)
    await settle()
    upstream.streams[0](LINES)
    outcome = await asks(pipeline, "total")
    pipeline.accepted(outcome.suggestion.id)
    upstream.gate.set()
    await settle()
    assert await text_of(asks(pipeline, LINES.rstrip())) == "\n    print(1)"
    assert await text_of(asks(pipeline, LINES + "    print(1)")) is None
    assert len(upstream.requests) == 1


async def test_lines_that_say_something_else_keep_nobody_waiting(make):
    upstream = held(LINES, "x = 1")
    upstream.gates[2] = asyncio.Event()
    upstream.gates[2].set()
    pipeline = make(upstream)
    asks(pipeline)
    await settle()
    other = asks(pipeline, "ton")
    await settle()
    assert len(upstream.requests) == 1
    upstream.streams[0](LINES)
    assert await text_of(other) == "x = 1"
    upstream.gate.set()


async def test_who_waits_for_a_call_that_fails_is_told_why(make, no_debounce):
    upstream = held(OfflineError("No network."))
    pipeline = make(upstream, sleep=no_debounce)
    first = asks(pipeline)
    await settle()
    typed = asks(pipeline, "tot")
    await settle()
    upstream.gate.set()
    assert "No network." in (await typed).reason
    assert len(upstream.requests) == 1
    await first


async def test_who_asks_by_hand_gets_a_fresh_answer_first_and_then_what_else_is_known(make):
    upstream = Upstream(("return a", "return b"), ("return c", "return a"))
    pipeline = make(upstream)
    shown = await pipeline.suggest(here(), invoked=False)
    assert shown.suggestion.text == "return a"
    by_hand = await pipeline.suggest(here(), invoked=True)
    assert [one.text for one in by_hand.suggestions] == ["return c", "return a", "return b"]
    assert len({one.id for one in by_hand.suggestions}) == 3
    assert len(upstream.requests) == 2


async def test_by_hand_where_nothing_was_shown_yet_what_is_known_costs_nothing(make):
    upstream = Upstream(("return a", "return b"))
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    by_hand = await pipeline.suggest(here("ret"), invoked=True)
    assert [one.text for one in by_hand.suggestions] == ["urn a", "urn b"]
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("answer", ["", OfflineError("No network."), "return a"])
async def test_by_hand_what_is_known_stays_when_nothing_else_comes(make, answer):
    upstream = Upstream("return a", answer)
    pipeline = make(upstream)
    await pipeline.suggest(here(), invoked=False)
    by_hand = await pipeline.suggest(here(), invoked=True)
    assert [one.text for one in by_hand.suggestions] == ["return a"]
    assert len(upstream.requests) == 2


async def test_by_hand_what_was_asked_for_behind_the_cursor_does_not_count_as_known(make):
    upstream = Upstream("urn a", "fresh")
    pipeline = make(upstream)
    await pipeline.suggest(here("ret"), invoked=False)
    assert await text_of(asks(pipeline, "re")) == "turn a"
    by_hand = await pipeline.suggest(here("r"), invoked=True)
    assert [one.text for one in by_hand.suggestions] == ["fresh", "eturn a"]


async def test_after_an_accepted_answer_the_hand_asks_anew_and_typing_does_not(make):
    upstream = Upstream("return a", " + b")
    pipeline = make(upstream)
    outcome = await pipeline.suggest(here(), invoked=False)
    pipeline.accepted(outcome.suggestion.id)
    assert await text_of(asks(pipeline, "return a")) is None
    assert len(upstream.requests) == 1
    assert await text_of(asks(pipeline, "return a", invoked=True)) == " + b"
    assert len(upstream.requests) == 2


async def test_what_is_accepted_while_the_next_request_waits_still_counts(make):
    upstream = Upstream("return a", "more")
    asleep = asyncio.Event()
    asleep.set()

    async def sleep(_):
        await asleep.wait()

    pipeline = make(upstream, sleep=sleep)
    outcome = await pipeline.suggest(here(), invoked=False)
    asleep.clear()
    after = asks(pipeline, "return a")
    await settle()
    pipeline.accepted(outcome.suggestion.id)
    asleep.set()
    assert await text_of(after) is None
    assert len(upstream.requests) == 1


async def test_a_closed_document_ends_its_calls(make):
    upstream = held("return a")
    pipeline = make(upstream)
    waiting = asks(pipeline)
    await settle()
    pipeline.forget(URI)
    assert await text_of(waiting) is None
    await settle()
    assert upstream.ended == 1


async def test_what_follows_the_statement_that_was_shown_is_offered_once_that_is_there(make):
    """The next line is not what is suggested where one line is right, but it is known."""
    upstream = Upstream("0\n    b = 0\n    return b", "never")
    pipeline = make(upstream)
    outcome = await pipeline.suggest(here("n = ", after="\n    c = 3\n"), invoked=False)
    assert outcome.suggestion.text == "0"
    pipeline.accepted(outcome.suggestion.id)
    assert await text_of(asks(pipeline, "n = 0", after="\n    c = 3\n")) == "\n    b = 0"
    assert await text_of(asks(pipeline, "n = 0\n    ", after="\n    c = 3\n")) == "b = 0"
    assert len(upstream.requests) == 1


async def test_what_follows_and_stands_below_already_is_not_offered(make):
    upstream = Upstream("0\n    c = 3", "never")
    pipeline = make(upstream)
    outcome = await pipeline.suggest(here("n = ", after="\n    c = 3\n"), invoked=False)
    pipeline.accepted(outcome.suggestion.id)
    assert await text_of(asks(pipeline, "n = 0", after="\n    c = 3\n")) is None
    assert len(upstream.requests) == 1
