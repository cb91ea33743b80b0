"""Half of a request is the half near the cursor."""

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


def test_the_first_files_of_the_context_stay_and_everything_else_does_too():
    asked = request("x\n" * 9, "", "a" * 10, "b" * 10, "c" * 20)
    half = halved(asked)
    assert [item.name for item in half.context] == ["0.py", "1.py"]
    assert half.intent == "completion"
    assert halved(request("x", "", "a" * 30, "b")).context == ()
