"""How much is remembered, and of whom."""

from __future__ import annotations

from duo_lsp import wire_chat
from duo_lsp.gateway.chat import history
from duo_lsp.gateway.chat.history import Histories, History


def fill(one: History, characters: int = 1_000) -> None:
    one.add("user", "x" * characters)


def test_a_conversation_is_the_same_whoever_asks_for_it_again() -> None:
    histories = Histories()
    fill(histories.of("ann", "a"))
    assert len(histories.of("ann", "a").turns) == 1
    assert histories.of("ann", "b").turns == histories.of("bob", "a").turns == ()
    assert histories.has("ann", "a")
    assert not histories.has("eve", "a")


def test_one_person_who_talks_without_end_loses_what_is_oldest_and_nobody_else_does() -> None:
    histories = Histories()
    fill(histories.of("ann", ""))
    for number in range(500):
        for _ in range(wire_chat.MAX_HISTORY):
            fill(histories.of("bob", f"{number}"), wire_chat.MAX_REMEMBERED)
    assert histories.of("ann", "").turns
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
    assert histories.of("ann", "").turns == first.turns
    assert not histories.has("bob", "")


def test_what_was_cleared_makes_room() -> None:
    histories = Histories(each=10_000, all_=20_000)
    fill(histories.of("ann", ""), 8_000)
    histories.of("ann", "").clear()
    fill(histories.of("bob", ""), 7_000)
    fill(histories.of("cid", ""), 7_000)
    assert histories.has("ann", "")
