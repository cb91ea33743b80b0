"""Who has turned a suggestion down is left alone at that place, for a while."""

import pytest

from drawn import here
from duo_lsp.suggestions import places
from duo_lsp.suggestions.dismissed import JUST, Dismissed

PLACE, FURTHER, ELSEWHERE = (places.of(here(text)) for text in ("x = █", "x = ab█", "y = █"))


@pytest.fixture
def dismissed(clock):
    made = Dismissed(clock)
    made.offered("1", PLACE)
    return made


def test_what_is_only_offered_is_not_turned_down(dismissed):
    dismissed.offered("1", PLACE)
    assert PLACE not in dismissed


@pytest.mark.parametrize("id_", ["1", ""])
def test_a_suggestion_is_turned_down_where_it_is_shown(dismissed, id_):
    dismissed.offered("1", FURTHER)
    dismissed.turned_down(id_)
    assert FURTHER in dismissed
    assert PLACE not in dismissed
    assert ELSEWHERE not in dismissed


def test_one_that_was_taken_and_undone_is_turned_down_where_it_began_and_where_it_was_taken(dismissed):
    dismissed.offered("1", FURTHER)
    dismissed.accepted("1")
    assert PLACE in dismissed
    assert FURTHER in dismissed


def test_that_is_over_after_a_minute_and_when_somebody_asks_by_hand(dismissed, clock):
    dismissed.turned_down()
    dismissed.asked_by_hand(ELSEWHERE)
    assert PLACE in dismissed
    dismissed.asked_by_hand(PLACE)
    assert PLACE not in dismissed
    dismissed.turned_down()
    clock.now += JUST
    assert PLACE not in dismissed


def test_an_id_that_nobody_knows_turns_nothing_down(dismissed, clock):
    for forget in (dismissed.turned_down, dismissed.accepted):
        forget("7")
    Dismissed(clock).turned_down()
    assert PLACE not in dismissed
