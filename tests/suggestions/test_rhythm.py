"""How fast somebody types is told by their keys alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.suggestions.rhythm import KEPT, PAUSE, SEED, Rhythm, Spot, is_key

URI, OTHER = "file:///w/a.py", "file:///w/b.py"


@pytest.fixture
def rhythm(clock):
    return Rhythm(clock)


def press(rhythm, clock, *gaps, inserted="x", uri=URI):
    for gap in gaps:
        clock.now += gap
        rhythm.changed(uri, inserted)


@pytest.mark.parametrize("inserted", ["a", "(", "()", '""', "\n", "\n    ", "\r\n\t", "é"])
def test_one_key_puts_in_a_character_a_pair_or_a_line_with_its_indentation(inserted):
    assert is_key(inserted)


@pytest.mark.parametrize("inserted", ["", "ab", "return a", "\n    x", "    ", "(a"])
def test_a_deletion_a_paste_and_an_accepted_suggestion_are_no_keys(inserted):
    assert not is_key(inserted)


def test_before_anything_is_measured_somebody_types_at_an_ordinary_pace(rhythm):
    assert rhythm.gap == SEED


def test_the_gap_is_the_median_of_the_last_dozen(rhythm, clock):
    press(rhythm, clock, *[0.5] * 20, *[0.1] * (KEPT // 2 + 1))
    assert rhythm.gap == pytest.approx(0.1)


def test_a_pause_is_no_gap(rhythm, clock):
    press(rhythm, clock, 0, PAUSE, 2.0, 0.61)
    assert rhythm.gap == SEED


@pytest.mark.parametrize("inserted", ["", "pasted text"])
def test_what_is_no_key_tells_nothing_and_neither_does_the_key_after_it(rhythm, clock, inserted):
    press(rhythm, clock, 0.0)
    press(rhythm, clock, 0.3, inserted=inserted)
    press(rhythm, clock, 0.3)
    assert rhythm.gap == SEED
    press(rhythm, clock, 0.3)
    assert rhythm.gap > SEED


def test_two_documents_in_turn_are_no_rhythm(rhythm, clock):
    for n in range(8):
        press(rhythm, clock, 0.3, uri=(URI, OTHER)[n % 2])
    assert rhythm.gap == SEED


def test_a_burst_begins_after_a_pause_and_in_another_document(rhythm, clock):
    press(rhythm, clock, 0.0, 0.2, 0.2)
    assert clock.now - rhythm.began == pytest.approx(0.4)
    rhythm.asked(Spot(URI, 0, 3))
    assert rhythm.led
    press(rhythm, clock, PAUSE)
    assert (rhythm.began, rhythm.led) == (clock.now, False)
    press(rhythm, clock, 0.1, uri=OTHER)
    assert rhythm.began == clock.now


def test_who_moves_without_typing_does_something_but_types_nothing(rhythm, clock):
    press(rhythm, clock, 0.0)
    rhythm.looked(Spot(URI, 0, 1))
    clock.now += 5
    rhythm.looked(Spot(URI, 0, 1))
    assert rhythm.since == 5  # twice for one place, as an editor with a menu does, is no move
    rhythm.looked(Spot(URI, 7, 0))
    assert (rhythm.since, rhythm.began) == (0, clock.now)
    press(rhythm, clock, 0.3)
    rhythm.looked(Spot(URI, 7, 1))
    assert rhythm.gap == SEED


def test_the_place_asked_for_after_a_key_is_no_move(rhythm, clock):
    for column in range(4):
        press(rhythm, clock, 0.3)
        clock.now += 0.01
        rhythm.looked(Spot(URI, 0, column))
        assert rhythm.since == pytest.approx(0.01)


def test_looking_at_a_document_in_which_nothing_was_typed_begins_a_burst(rhythm, clock):
    assert rhythm.since == math.inf
    rhythm.looked(Spot(URI, 3, 0))
    assert (rhythm.since, rhythm.began) == (0, clock.now)


def test_a_request_is_a_miss_until_somebody_types_along_its_answer(rhythm):
    for misses in (1, 2):
        rhythm.asked(Spot(URI, 0, misses))
        assert rhythm.misses == misses
    rhythm.served(Spot(URI, 0, 2))  # the same place again says nothing
    assert rhythm.misses == 2
    rhythm.served(Spot(URI, 0, 3))
    assert rhythm.misses == 0


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["a", "", "paste", "\n"]), st.sampled_from([URI, OTHER]))))
def test_whatever_is_typed_the_gap_is_one_a_person_has_and_little_is_remembered(events):
    now = [0.0]
    rhythm = Rhythm(lambda: now[0])
    for seconds, inserted, uri in events:
        now[0] += seconds
        rhythm.changed(uri, inserted)
    assert 0 <= rhythm.gap <= PAUSE
    assert len(rhythm._gaps) <= KEPT
