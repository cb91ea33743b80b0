"""The code a question is about, cut out of a document."""

import pytest

from duo_lsp.chat import selecting
from duo_lsp.chat.wish import Wish
from duo_lsp.protocol.documents import LineDocument

TEXT = "import os\n\n\ndef f():\n    return '😀'\n\n\nx = 1\n"
URI = "file:///w/a/app.py"


def selected(*place, function=False, text=TEXT, selection=None):
    document = LineDocument(URI, text, 1, "python", "utf-16")
    start, end = (place[:2], place[2:]) if place else (None, None)
    wish = Wish(uri=URI, start=start, end=end, selection=selection)
    return selecting.of_document(document, wish, ("/w",), function=function)


def test_a_range_of_lines():
    found = selected(3, 0, 5, 0)
    assert found.text == "def f():\n    return '😀'\n"
    assert (found.name, found.first_line, found.last_line, found.language) == ("a/app.py", 3, 4, "python")
    assert found.above + found.text + found.below == TEXT
    assert found.place == "a/app.py, lines 4-5"


def test_columns_are_the_clients_and_a_range_may_be_turned_round():
    assert selected(4, 14, 4, 12).text == "😀"
    assert selected(4, 12, 4, 14).place == "a/app.py, line 5"


def test_without_a_range_there_is_nothing_and_with_a_cursor_its_function_if_wanted():
    assert selected() is None
    assert selected(4, 0, 4, 0) is None
    assert selected(4, 6, 4, 6, function=True).text == "def f():\n    return '😀'"
    assert selected(7, 0, 7, 0, function=True) is None


def test_the_editor_may_hand_over_the_text_itself():
    found = selected(7, 0, 7, 5, selection="x = 1")
    assert (found.text, found.first_line) == ("x = 1", 7)


def test_only_what_is_near_goes_along_and_what_is_a_little_further_is_looked_at():
    lines = "".join(f"x{n} = 1\n" for n in range(10_000))
    found = selected(5000, 0, 5001, 0, text=lines)
    assert len(found.above) <= selecting.ABOVE
    assert len(found.below) <= selecting.BELOW
    assert 0 < len(found.before) <= selecting.MARGIN
    assert 0 < len(found.after) <= selecting.MARGIN
    assert found.before + found.above + found.text + found.below + found.after in lines


def test_a_line_that_is_too_long_has_no_margin_before_it():
    found = selected(0, 60_000, 0, 60_001, text="y" * 100_000)
    assert found.text == "y"
    assert found.above == "y" * selecting.ABOVE


@pytest.mark.parametrize(
    ("wish", "name", "lines"),
    [
        (Wish(uri="file:///w/b.go", selection="a\nb\n"), "b.go", (0, 1)),
        (Wish(uri="file:///w/b.go", selection="a", start=(4, 0)), "b.go", (4, 4)),
        (Wish(selection="a", start=(4, 0), end=(5, 0)), "selection", (4, 5)),
    ],
)
def test_a_document_that_is_not_open(wish, name, lines):
    found = selecting.of_text(wish, ("/w",))
    assert found
    assert (found.name, (found.first_line, found.last_line)) == (name, lines)
    assert selecting.of_text(Wish(uri="file:///w/b.go", selection=" "), ()) is None
