"""What is left of an answer where the cursor is now: `█` is the cursor, drawn before and after."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import between, here
from duo_lsp.suggestions import fitting, places

FUNCTION = "def area(w, h):\n    "


def fit(asked_at, text, now, language_id="python"):
    return fitting.fit(text, places.of(here(asked_at, language_id)), here(now, language_id))


def rest(asked_at, text, now, language_id="python"):
    found = fit(asked_at, text, now, language_id)
    return None if found is None else found.rest


@pytest.mark.parametrize(
    ("asked_at", "text", "now", "expected"),
    [
        ("x = █\ny", "foo(a)", "x = █\ny", "foo(a)"),
        ("x = █\ny", "foo(a)", "x = f█\ny", "oo(a)"),
        ("x = █\ny", "foo(a)", "x = foo(█\ny", "a)"),
        ("x = █\ny", "foo(a)", "x = foo(a)█\ny", ""),
        ("x = █\ny", "foo(a)", "x = fu█\ny", None),
        ("x = █\ny", "foo(a)", "x = foo(a);█\ny", None),
        ("x = █\ny", "foo(a)", "x = █\nz", None),
        ("x = █\ny", "foo(a)", "z = █\ny", None),
        ("█", "if a:\n    b\nc", "if a:\n█", "    b\nc"),
        ("█", "if a:\n    b\nc", "if a:\n    b█", "\nc"),
    ],
)
def test_typed_along(asked_at, text, now, expected):
    assert rest(asked_at, text, now) == expected


@pytest.mark.parametrize(
    ("asked_at", "text", "now", "expected"),
    [
        ("x = fo█\ny", "o(a)", "x = f█\ny", "oo(a)"),
        ("x = fo█\ny", "o(a)", "x =█\ny", " foo(a)"),
        ("x = fo█\ny", "o(a)", "x = b█\ny", None),
        ("fo█\ny", "o(a)", "█\ny", None),
        ("    fo█\ny", "o(a)", "    █\ny", None),
        ("a\nfo█\ny", "o(a)", "a█\ny", None),
        ("x = a_name_of_thirty_characters___█", "()", "x = a█", None),
        ("x = fo█", "", "x = f█", None),
    ],
)
def test_gone_back_before_the_place_but_not_to_an_empty_line(asked_at, text, now, expected):
    assert rest(asked_at, text, now) == expected


def test_what_is_offered_after_going_back_was_not_asked_for_there():
    for asked_at, now, exact in [("fo█", "f█", False), ("fo█", "fo█", True), ("fo█", "foo█", True)]:
        found = fit(asked_at, "o(a)", now)
        assert found is not None
        assert found.exact is exact


@pytest.mark.parametrize(
    ("asked_at", "text", "now", "expected"),
    [
        ("def f():\n█", "    return 1", "def f():\n    █", "return 1"),
        ("def f():\n█", "    return 1", "def f():\n  █", "  return 1"),
        ("def f():\n█", "    return 1", "def f():\n\t█", "return 1"),
        ("def f():\n█", "    return 1", "def f():\n\tre█", "turn 1"),
        ("def f():\n    █", "return 1", "def f():\n        █", "return 1"),
        ("def f():\n    █", "return 1", "def f():\n        ret█", "urn 1"),
        ("def f():\n    █", "if a:\n        b\n\n    c", "def f():\n      █", "if a:\n          b\n\n      c"),
        ("def f():\n    █", "if a:\n        b\nc", "def f():\n      if a:█", "\n          b"),
        ("def f():\n    █", "if a:\n        b\nc", "def f():\n\tif a:█", "\n\t    b"),
        ("def f():\n    re█", "turn 1", "def f():\n        ret█", "urn 1"),
        ("def f():\n    re█", "turn 1", "def f():\n        r█", None),
        ("def f():\n    re█", "turn 1", "def f():\n        rx█", None),
        ("def f():\n    re█", "turn", "def f():\n        return█", None),
        ("def f():\n    █", "return 1", "def f():\n        x█", None),
        ("def f():\n    █", "\n    return 1", "def f():\n        █", None),
        ("█", "if a:\n    b\nc", "if a:\n\t█", "b\nc"),
        ("█", "if a:\n    b\nc", "if x:\n\t█", None),
    ],
)
def test_only_the_indentation_has_changed(asked_at, text, now, expected):
    assert rest(asked_at, text, now) == expected


@pytest.mark.parametrize(
    ("language_id", "expected"),
    [("python", None), ("javascript", "b();\n  c();\n}")],
)
def test_less_indentation_ends_the_block_where_indentation_does(language_id, expected):
    assert rest("f(\n    █\n", "b();\n      c();\n    }", "f(\n█\n", language_id) == expected


def test_the_indentation_of_a_line_of_which_the_start_is_not_known_is_not_looked_at():
    long = "x" * 900 + " " * 200
    assert rest(f"{long}█", "a", f"{long[:-1]}y█") is None


@pytest.mark.parametrize(
    ("now", "below", "expected", "closers"),
    [
        ("f(", ")", "a, b", ")"),
        ("f(a", ")", ", b", ")"),
        ("f(a, b", ")", "", ")"),
        ("f(", "]", None, ""),
        ("f(", ") ", None, ""),
        ("f(a, b)", "", "", ""),
    ],
)
def test_a_bracket_that_the_editor_closed_is_part_of_the_answer(now, below, expected, closers):
    found = fitting.fit("(a, b)", places.of(between("f", "\nx")), between(now, below + "\nx"))
    assert (found.rest, found.closers) == (expected, closers) if found is not None else expected is None


def test_lines_put_in_above_change_nothing():
    above = "import os\n\n\n" + FUNCTION
    assert rest(above + "█\n", "return w * h", "import re\n" + above + "ret█\n") == "urn w * h"


def test_a_window_that_slides_changes_nothing():
    long = "".join(f"value_{n} = {n}\n" for n in range(3_000))
    assert rest(long + "x = █\n", "value_1 + 1", long + "x = value_1█\n") == " + 1"
    assert rest(long + "x = █\n", "a\ny = b", "import re\n" * 5 + long + "x = a\ny█\n") == " = b"
    asked_at, typed = between("a = 1\n" * 5_700, "z\n"), "b = 2\n" * 199
    now = between("a = 1\n" * 5_700 + typed, "z\n")
    assert len(now.above) < len(asked_at.above) + len(typed)
    assert fitting.fit(typed + "c", places.of(asked_at), now) == fitting.Fit("c")


texts = st.text("ab\n é😀(", min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from([1, 2_000]), texts, st.text("ab\n)", max_size=20), st.data())
def test_typing_along_gives_exactly_the_rest(above, times, answer, below, data):
    asked_at = f"{above}\n" * (times - 1) + above
    typed = data.draw(st.integers(0, len(answer)))
    found = fitting.fit(answer, places.of(between(asked_at, below)), between(asked_at + answer[:typed], below))
    assert found == fitting.Fit(answer[typed:])


@settings(max_examples=300, deadline=None)
@given(texts, texts, texts, st.text("ab\n)", max_size=5))
def test_a_rest_never_contradicts_the_lines_at_the_cursor_but_for_blanks(above, answer, now, below):
    found = fitting.fit(answer, places.of(between(above, below)), between(now, below))
    if found is None:
        return
    if found.exact:
        assert (now + found.rest).endswith("\n".join((above + answer).split("\n")[-3:]))
    else:
        assert "".join(found.rest.split()) in "".join((above + answer).split())


@settings(max_examples=200, deadline=None)
@given(texts, texts, st.integers(0, 30), st.integers(0, 30))
def test_typing_on_and_going_back_leads_to_the_same_rest(above, answer, typed, back):
    place, whole = places.of(between(above)), above + answer
    now = whole[: max(len(above), len(above) + min(typed, len(answer)) - back)]
    found = fitting.fit(answer, place, between(now))
    assert found is not None
    assert now + found.rest == whole


@pytest.mark.parametrize(
    ("asked_at", "begun", "now", "may_fit", "is_lost"),
    [
        ("x = █\ny", "", "x = █\ny", True, False),
        ("x = █\ny", "", "x = what ever█\ny", True, False),
        ("x = █\ny", "", "x = 1\nz█\ny", False, False),
        ("x = abc█\ny", "", "x = ab█\ny", True, False),
        ("x = abc█\ny", "", "x = abd█\ny", False, False),
        ("x = abc█\ny", "", "x = aXYZ█\ny", False, False),
        ("x = abc█\ny", "", "x = ab1234█\ny", False, True),
        ("x = abcde█\ny", "", "x = a█\ny", True, False),
        ("abcd█\ny", "", "█\ny", False, True),
        ("abc█\ny", "", "█\ny", False, False),
        ("x = █\ny", "foo(\n", "x = fo█\ny", True, False),
        ("x = █\ny", "foo(\n", "x = fu█\ny", False, False),
        ("x = █\ny", "foo(\n", "x = f1234█\ny", False, True),
        ("x = █\ny", "foo(\n", "x = foo(\nb█\ny", True, False),
        ("x = █\ny", "foo(\n", "x = foo(\nb\nc█\ny", False, False),
        ("x = █\ny", "foo(\n", "x = bar(\n█\ny", False, True),
        ("x = █\ny", "", "x = █\nz", False, True),
        ("x = █\ny", "", "w\nx = █\nz", False, True),
        ("f(\n    █\n", "", "f(\n        █\n", True, False),
    ],
)
def test_an_answer_to_come_may_fit_until_more_than_a_typo_is_in_between(asked_at, begun, now, may_fit, is_lost):
    place, cursor = places.of(here(asked_at)), here(now)
    assert fitting.may_fit(begun, place, cursor) is may_fit
    assert fitting.is_lost(begun, place, cursor) is is_lost


@pytest.mark.parametrize(("language_id", "may_fit"), [("python", False), ("javascript", True)])
def test_nobody_waits_for_an_answer_to_a_block_that_was_left(language_id, may_fit):
    place, cursor = places.of(here("f\n        █\n", language_id)), here("f\n    █\n", language_id)
    assert fitting.may_fit("", place, cursor) is may_fit


@settings(max_examples=200, deadline=None)
@given(texts, texts, texts)
def test_what_fits_an_answer_is_never_lost_while_it_comes(above, answer, now):
    place, cursor = places.of(between(above)), between(now)
    found = fitting.fit(answer, place, cursor)
    if found is not None and found.exact:
        for come in range(len(answer) + 1):
            assert not fitting.is_lost(answer[:come], place, cursor)
