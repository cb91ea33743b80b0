"""How much is remembered, and of whom."""

from __future__ import annotations

from duo_lsp import wire_chat
from duo_lsp.gateway.chat import history
from duo_lsp.gateway.chat.history import Histories, History
from duo_lsp.gateway.engines import Turn


def fill(one: History, characters: int = 1_000) -> None:
    one.add("user", "x" * characters)


def test_a_conversation_is_the_same_whoever_asks_for_it_again() -> None:
    histories = Histories()
    fill(histories.of("ann", "a"))
    assert len(histories.of("ann", "a").of(None, None)) == 1
    assert histories.of("ann", "b").of(None, None) == histories.of("bob", "a").of(None, None) == ()
    assert histories.has("ann", "a")
    assert not histories.has("eve", "a")


def test_one_person_who_talks_without_end_loses_what_is_oldest_and_nobody_else_does() -> None:
    histories = Histories()
    fill(histories.of("ann", ""))
    for number in range(500):
        for _ in range(wire_chat.MAX_HISTORY):
            fill(histories.of("bob", f"{number}"), wire_chat.MAX_REMEMBERED)
    assert histories.of("ann", "").of(None, None)
    kept = [number for number in range(500) if histories.has("bob", f"{number}")]
    assert kept == [499]
    assert histories.of("bob", "499").size <= history.EACH


def test_when_all_talk_who_was_silent_longest_is_forgotten() -> None:
    histories = Histories(each=10_000, all_=30_000)
    for name in ("ann", "bob", "cid"):
        fill(histories.of(name, ""), 5_000)
    fill(histories.of("ann", ""), 1_000)
    for name in ("dan", "eve"):
        fill(histories.of(name, ""), 7_000)
    assert [name for name in ("ann", "bob", "cid", "dan", "eve") if histories.has(name, "")] == ["ann", "dan", "eve"]


def test_what_goes_on_is_counted_though_it_was_forgotten_meanwhile() -> None:
    histories = Histories(each=10_000, all_=12_000)
    first = histories.of("ann", "")
    fill(histories.of("bob", ""), 8_000)
    fill(first, 5_000)
    assert histories.of("ann", "").of(None, None) == first.of(None, None)
    assert not histories.has("bob", "")


def test_what_was_cleared_makes_room() -> None:
    histories = Histories(each=10_000, all_=20_000)
    fill(histories.of("ann", ""), 8_000)
    histories.of("ann", "").clear()
    fill(histories.of("bob", ""), 7_000)
    fill(histories.of("cid", ""), 7_000)
    assert histories.has("ann", "")


def test_an_engine_sees_every_question_with_its_answer_behind_it_and_none_without() -> None:
    one = History()
    for role, content, request, errors in (
        ("user", "left", "1", ()),
        ("user", "failed", "2", ()),
        ("assistant", "sorry", "2", ("A1001",)),
        ("user", "first", "3", ()),
        ("user", "second, before the first was answered", "4", ()),
        ("assistant", "one", "3", ()),
        ("assistant", "two", "4", ()),
    ):
        one.add(role, content, request, errors)  # type: ignore[arg-type]
    asked = ("first", "one", "second, before the first was answered", "two")
    assert one.turns == tuple(map(Turn, ("user", "assistant") * 2, asked))  # type: ignore[arg-type]
    one.add("user", "while it is forgotten", "5")
    one.reset()
    one.add("assistant", "too late", "5")
    assert one.turns == ()
