"""The text around a place: whole lines within a number of bytes."""

import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duo_lsp.protocol.documents import LineDocument

texts = st.lists(st.sampled_from(["a", "bc ", "\n", "\r\n", "é", "漢", "😀", "\ud83d"]), max_size=30).map("".join)


def size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def longest(candidates: Iterable[str], room: int) -> str:
    """The longest candidate within the room; candidates grow from the empty text."""
    return max((c for c in candidates if size(c) <= room), key=len, default="")


def slow_before(lines: list[str], line: int, character: int, room: int) -> str:
    head = lines[line][:character]
    if size(head) > room:
        return longest((head[at:] for at in range(len(head) + 1)), room)
    return longest(("".join(lines[top:line]) + head for top in range(line + 1)), room)


def slow_after(lines: list[str], line: int, character: int, room: int) -> str:
    tail = lines[line][character:]
    if size(tail) > room:
        return longest((tail[:at] for at in range(len(tail) + 1)), room)
    return longest((tail + "".join(lines[line + 1 : end]) for end in range(line + 1, len(lines) + 1)), room)


@settings(max_examples=1500, deadline=None)
@given(texts, st.data())
def test_windows_equal_the_longest_that_fits(text: str, data: st.DataObject) -> None:
    document = LineDocument("untitled:1", text)
    line = data.draw(st.integers(0, len(document.lines) - 1))
    body = re.sub(r"[\r\n]+\Z", "", document.lines[line])
    character = data.draw(st.integers(0, len(body)))
    room = data.draw(st.integers(-1, 60))
    assert document.before(line, character, room) == slow_before(document.lines, line, character, room)
    assert document.after(line, character, room) == slow_after(document.lines, line, character, room)


@pytest.mark.parametrize(
    ("room", "before", "after"),
    [
        (0, "", ""),
        (1, "c", "d"),
        (3, "abc", "def"),
        (6, "abc", "def\n"),
        (7, "漢\nabc", "def\né\n"),
        (11, "one\n漢\nabc", "def\né\nend"),
    ],
)
def test_only_whole_lines_are_dropped_unless_the_current_one_is_too_long(room: int, before: str, after: str) -> None:
    document = LineDocument("untitled:1", "one\n漢\nabcdef\né\nend")
    assert document.before(2, 3, room) == before
    assert document.after(2, 3, room) == after


def test_a_place_past_the_line_counts_as_its_end() -> None:
    document = LineDocument("untitled:1", "one\ntwo")
    assert document.before(1, 99, 99) == "one\ntwo"
    assert document.after(1, 99, 99) == ""


def test_a_character_too_large_for_the_room_is_left_out_whole() -> None:
    document = LineDocument("untitled:1", "😀😀")
    assert document.before(0, 1, 3) == ""
    assert document.after(0, 1, 3) == ""
