"""One line or several: told from indentation and brackets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import between, here
from duo_lsp.suggestions import extent

ONE, SEVERAL = False, True


@pytest.mark.parametrize(
    ("language_id", "drawing", "expected"),
    [
        ("python", "def f():\n    █\n", SEVERAL),
        ("python", "def f():\n    █\n    return 1\n", ONE),
        ("python", "def f():█\n", SEVERAL),
        ("python", "def f():█\n    return 1\n", ONE),
        ("python", "def f():\n█\n", SEVERAL),
        ("python", "x = █\n", ONE),
        ("python", "x = f█\n", ONE),
        ("python", "x = {█}\n", SEVERAL),
        ("python", "x = [\n    █\n]\n", SEVERAL),
        ("python", "x = [\n    █\n    1,\n]\n", ONE),
        ("python", "f(█)\n", ONE),
        ("python", "f(█\n", SEVERAL),
        ("python", "f(█\n    a)\n", ONE),
        ("python", "f(a, █\n", ONE),
        ("python", "f(\n    a,\n    █\n)\n", ONE),
        ("python", "x = 'a █'\n", ONE),
        ("python", "x = 1\n█\ny = 2\n", ONE),
        ("python", "x = 1\n█\n\ny = 2\n", SEVERAL),
        ("python", "x = 1\n█", SEVERAL),
        ("python", "    x = 1\n    █\ny = 2\n", SEVERAL),
        ("python", "# Add them\n█\ny = 2\n", SEVERAL),
        ("python", "# Add █\n", ONE),
        ("python", '"""Add █\n', SEVERAL),
        ("python", "x = █ + 1\n", ONE),
        ("python", "█ + 1\n", ONE),
        ("javascript", "if (x) {█}\n", SEVERAL),
        ("javascript", "if (x) {\n  █\n}\n", SEVERAL),
        ("javascript", "if (x) {\n  █\n  y();\n}\n", ONE),
        ("javascript", "const f = (a) => {█\n", SEVERAL),
        ("javascript", "use((a) => {\n  █\n})\n", SEVERAL),
        ("javascript", "use((a) => {\n  b();\n  █\n})\n", SEVERAL),
        ("javascript", "const x = `a █`\n", ONE),
        ("go", "func f() {█\n", SEVERAL),
        ("ruby", "words.each do |word|█\n", SEVERAL),
        ("ruby", "def f█\n", SEVERAL),
        ("ruby", "def f\n  █\nend\n", SEVERAL),
        ("shellscript", "if true; then█\n", SEVERAL),
        ("rust", "let f = |x| █;\n", SEVERAL),
        ("", "█", SEVERAL),
    ],
)
def test_how_many_lines_are_right(language_id, drawing, expected):
    place = here(drawing, language_id, uri="untitled:a")
    assert extent.several(place, extent.read(place)) == expected


PIECES = ["a", " ", "    ", "\n", "(", ")", "{", "}", '"', "'", '"""', "`", "#", "//", ":", "def f():", "/", "\\"]
code = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@settings(max_examples=200, deadline=None)
@given(code, code, code, st.sampled_from(["python", "javascript", "ruby", "rust", ""]))
def test_line_ends_come_in_their_order_and_each_with_the_line_behind_it(text, above, below, language_id):
    place = between(above, below, language_id, uri="untitled:a")
    seen = extent.read(place)
    assert 0 <= seen.opened_here <= len(seen.is_open)
    assert seen.closed_behind <= len(seen.is_open)
    found = list(extent.breaks(text, place, seen))
    assert [each.at for each in found] == sorted({each.at for each in found})
    assert all(text[each.at] == "\n" and text.startswith(each.line, each.at + 1) for each in found)
