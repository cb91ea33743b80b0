"""A place is found again however much was typed since, and whatever was put in above it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import between
from duo_lsp.suggestions import context, places

LINES = "".join(f"line {n}\n" for n in range(300))


def seen(before, after, reach=1_000):
    """What stood on the place's line and what stands there now, wherever it may be."""
    place, here = places.of(between(*before)), between(*after)
    return [(one.then, one.now) for one in places.again(place, here, reach)]


@pytest.mark.parametrize(
    ("before", "after", "then", "now"),
    [
        ("ab", "abxy", "ab", "abxy"),
        ("ab", "ab", "ab", "ab"),
        ("ab", "ab\n  x", "ab", "ab\n  x"),
        ("ab", "a", "ab", "a"),
        ("ab", "xb", "ab", "xb"),
        (LINES, LINES + "xy", "", "xy"),
        (LINES + "a", LINES + "ab\r\nc", "a", "ab\r\nc"),
        (LINES + "a", "import x\n" + LINES + "ab", "a", "ab"),
        (LINES + "a", LINES[8:] + "ab", "a", "ab"),
        ("\n" + LINES + "a", LINES + "ab\nc", "a", "ab\nc"),
        ("x = 1\ndef f():\n    ", "import x\nx = 1\ndef f():\n    re", "    ", "    re"),
        ("a\nb\nc\nd\n\nx", "a\nnew\nb\nc\nd\n\nxy", "x", "xy"),
        ("x\n" * 5_000, "x\n" * 5_002, "", "x\nx\n"),
        ("a" * 5_000, "a" * 5_003, "a" * 1_000, "a" * 1_003),
        ("a" * 5_000, "a" * 4_990, "a" * 1_000, "a" * 990),
        ("a" * 5_000, "a", "a" * 1_000, ""),
        ("é" * 40_000, "é" * 40_003, "é" * 1_000, "é" * 1_003),
    ],
    ids=range(17),
)
def test_it_is_on_its_line_or_below_the_lines_that_were_above_it(before, after, then, now):
    assert seen((before, "\nc"), (after, "\nc")) == [(then, now)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LINES, LINES.replace("line 299", "line x")),
        (LINES, LINES.replace("line 290", "line x")),
        (LINES + "\n", LINES.replace("line 290", "line x") + "\nx"),
        (LINES + "a\nb", LINES),
        ("a" * 5_000, "a" * 5_000 + "\n"),
        (LINES + "a", "q\n" * 303 + "z" * 34_998 + "\nb"),
    ],
    ids=range(6),
)
def test_it_is_nowhere_once_what_is_above_it_is_different(before, after):
    assert seen((before, "\nc"), (after, "\nc")) == []


def test_where_the_same_lines_stand_more_than_once_the_last_ones_come_first():
    twice = "a\nb\nc\n" * 2
    assert seen((twice + "x", ""), ("new\n" + twice + "xy", "")) == [("x", "xy"), ("x", "a\nb\nc\nxy")]
    assert seen((twice + "x", ""), ("new\n" + twice + "xy", ""), reach=5) == [("x", "xy")]


def test_lines_that_only_end_like_those_above_are_others():
    assert seen(("ab\nx", ""), ("new\ncab\nx", "")) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("\nc", "\nc", ""),
        ("\nc", ")\nc", ")"),
        ("\nc", '")\nc', '")'),
        ("\nc", "\n}\nc", "\n}"),
        ("\nc", "x)\nc", None),
        ("\nc", ")x\nc", None),
        ("\nc", "\nd", None),
        (")\nc", "\nc", None),
    ],
)
def test_what_an_editor_put_right_of_the_cursor(before, after, expected):
    assert places.paired(places.of(between("f", before)), between("f", after)) == expected


def test_another_document_is_another_place():
    assert places.paired(places.of(between("f", "c")), between("f", "c", uri="file:///w/b.py")) is None


@settings(max_examples=150, deadline=None)
@given(st.text("ab\n é", max_size=30), st.sampled_from([1, 50, 2_000]), st.text("ab\n é(", max_size=20))
def test_whatever_is_typed_is_what_stands_there_now(above, times, typed):
    above *= times
    longest = max(len(line.encode()) for line in above.split("\n"))
    found = seen((above, "c"), (above + typed, "c"))
    # once Enter is pressed, a line too long to be sent whole is not sent at all: then nobody can tell
    assert [now[len(then) :] for then, now in found] == [typed] or longest > 900 or longest + 100 > context.MAX_BYTES


@settings(max_examples=100, deadline=None)
@given(st.text("ab\n", max_size=30), st.lists(st.text("cd ", min_size=1, max_size=5), min_size=1, max_size=9))
def test_lines_put_in_at_the_top_change_nothing_for_a_place_below_three_lines(typed, added):
    above, new = "def f():\n    a = 1\n    b = 2\n    ", "\n".join(added) + "\n"
    assert seen((above, ""), (new + above + typed, ""))[0] == ("    ", "    " + typed)
