"""Half of a request is the half near the cursor."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gitlab.halving import halved
from duo_lsp.wire import ContextItem, CurrentFile, SuggestionRequest


def request(above="", below="", *contents):
    items = tuple(ContextItem("file", f"{n}.py", content) for n, content in enumerate(contents))
    return SuggestionRequest(CurrentFile("a.py", above, below), intent="completion", context=items)


def halves(above, below):
    file = halved(request(above, below)).current_file
    return file.content_above_cursor, file.content_below_cursor


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("", "", ("", "")),
        ("a", "b", ("", "")),
        ("one\ntwo\nthree\nfour", "\nfive\nsix\nseven\n", ("four", "\nfive\n")),
        ("abcdefgh", "abcdefgh", ("efgh", "abcd")),
        ("abcd\nefgh\n", "abcd\nefgh\n", ("efgh\n", "abcd\n")),
        ("abcdefg\n", "\nabcdefg", ("efg\n", "\n")),
        ("a\n\n\n\n", "\n\n\n\na", ("\n\n", "\n\n")),
    ],
)
def test_whole_lines_near_the_cursor_stay(above, below, expected):
    assert halves(above, below) == expected


texts = st.text("ab\n\u00e9\U0001f600", max_size=40)


@given(texts, texts)
def test_it_is_at_most_half_and_the_text_at_the_cursor(above, below):
    near_above, near_below = halves(above, below)
    assert above.endswith(near_above)
    assert below.startswith(near_below)
    assert len(near_above) <= len(above) // 2
    assert len(near_below) <= len(below) // 2


def test_what_goes_along_is_left_out_first_and_everything_else_stays():
    asked = request("x\n" * 9, "y\n", "a" * 10, "b" * 10)
    half = halved(asked)
    assert half == attrs.evolve(asked, context=())


def test_the_text_is_halved_too_where_little_went_along():
    half = halved(request("x\n" * 8, "", "a" * 15))
    assert (half.current_file.content_above_cursor, half.context) == ("x\n" * 4, ())


@given(texts, texts, st.lists(texts, max_size=3))
def test_it_is_never_more_than_half(above, below, contents):
    asked = request(above, below, *contents)
    assert _size(halved(asked)) <= _size(asked) / 2


def _size(asked):
    file = asked.current_file
    return sum(map(len, (file.content_above_cursor, file.content_below_cursor, *(i.content for i in asked.context))))
