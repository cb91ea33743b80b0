"""Whole files are left out first, then far lines; the room is never exceeded."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.suggestions.neighbours.piece import Piece
from duo_lsp.suggestions.neighbours.trimming import LEAST, MAX_BYTES, fitted, near_lines
from duo_lsp.wire import ContextItem

LINE = "x" * 99 + "\n"


def piece(name, lines, *, focus=0, is_whole=True, line=LINE):
    return Piece(name, (line,) * lines, focus, is_whole)


def shape(items):
    return [(item.type, item.name, len(item.content.encode())) for item in items]


def test_nothing_gives_nothing():
    assert fitted([]) == ()


def test_what_fits_goes_whole_and_in_order():
    assert fitted([piece("b", 100), piece("a", 50)]) == (
        ContextItem("file", "b", LINE * 100),
        ContextItem("file", "a", LINE * 50),
    )


def test_a_whole_file_goes_out_before_a_line_of_another_does():
    assert shape(fitted([piece("a", 147), piece("b", 4)])) == [("file", "a", 14_700)]


def test_the_room_that_whole_files_leave_is_for_lines_of_the_first_that_did_not_fit():
    items = fitted([piece("a", 60), piece("b", 100), piece("c", 60)])
    assert shape(items) == [("file", "a", 6_000), ("snippet", "b", 3_000), ("file", "c", 6_000)]


def test_the_latest_one_is_not_crowded_out_when_it_is_too_large():
    items = fitted([piece("a", 150, is_whole=False), piece("b", 70), piece("c", 70)])
    assert shape(items) == [("snippet", "a", 8_000), ("file", "b", 7_000)]
    assert shape(fitted([piece("a", 150, is_whole=False)])) == [("snippet", "a", 15_000)]


def test_far_lines_go_first():
    lines = tuple(f"line {number}\n" for number in range(100))
    near = near_lines(Piece("a", lines, 50), 80)
    assert near.split("\n")[:-1] == [f"line {number}" for number in range(45, 55)]


def test_at_an_end_the_room_goes_to_the_other_side():
    lines = tuple(f"line {number}\n" for number in range(10))
    assert near_lines(Piece("a", lines, 0), 30) == "line 0\nline 1\nline 2\nline 3\n"
    assert near_lines(Piece("a", lines, 9), 30) == "line 6\nline 7\nline 8\nline 9\n"


def test_a_line_that_alone_is_too_long_gives_nothing():
    assert near_lines(piece("a", 3), 50) == ""
    assert fitted([piece("a", 1, is_whole=False, line="x" * 20_000)]) == ()


@pytest.mark.parametrize("text", ["", "\n", "  \n\t\n"])
def test_blank_files_are_left_out(text):
    assert fitted([Piece("a", (text,))]) == ()


def test_hardly_a_line_is_no_help():
    assert shape(fitted([piece("a", 148), piece("b", 10)])) == [("file", "a", 14_800)]
    assert MAX_BYTES - 14_800 < LEAST


PIECES = st.lists(
    st.builds(
        Piece,
        st.just(""),
        st.lists(st.text("xé漢 ", max_size=60).map(lambda text: text + "\n"), max_size=12).map(tuple),
        st.integers(0, 15),
        st.booleans(),
    ),
    max_size=6,
).map(lambda pieces: [attrs.evolve(one, name=str(number)) for number, one in enumerate(pieces)])


@given(PIECES, st.integers(0, 1_500))
def test_any_files_stay_within_the_room_and_at_most_one_is_cut(pieces, room):
    items = fitted(pieces, room)
    assert sum(len(item.content.encode()) for item in items) <= room
    assert all(item.content.strip() for item in items)
    assert sum(item.type == "snippet" for item in items) <= 1
    left = iter(pieces)
    for item in items:
        found = next(one for one in left if one.name == item.name and item.content in one.text)
        assert item.type == "snippet" or (found.is_whole and found.text == item.content)


@given(PIECES)
def test_nothing_is_left_out_while_everything_fits(pieces):
    whole = [Piece(one.name, one.lines) for one in pieces]
    items = fitted(whole, sum(one.size for one in whole))
    assert [item.content for item in items] == [one.text for one in whole if one.text.strip()]


@given(PIECES.filter(bool), st.integers(0, 800))
def test_the_lines_kept_are_a_run_around_the_focus(pieces, room):
    one = pieces[0]
    near = near_lines(one, room)
    assert len(near.encode()) <= room
    assert near in one.text
    if near:
        assert one.lines[one.focus] in near
