"""What an open intent is taken for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gateway import intent

LONG = "".join(f"x{number} = {number}\n" for number in range(30))


def decided(above: str, below: str = "", name: str = "a.py", **more: Any) -> str:
    return intent.of(wire.SuggestionRequest(wire.CurrentFile(name, above, below), **more))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "completion"),
        ({"user_instruction": "  "}, "completion"),
        ({"user_instruction": "sort"}, "generation"),
        ({"generation_type": "comment"}, "generation"),
        ({"intent": "generation"}, "generation"),
        ({"intent": "completion", "user_instruction": "sort"}, "completion"),
    ],
)
def test_what_is_asked_for_comes_first(more: dict[str, Any], expected: str) -> None:
    assert decided(LONG, **more) == expected


def test_a_client_that_knows_is_believed_in_an_empty_file() -> None:
    assert decided("", intent="completion") == "completion"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("# Create a function that says hello world.\n", "generation"),
        ("# Create a function that says hello world.", "generation"),
        ("# Create a function that says hello world.\n\n", "generation"),
        ("# Create a function that says hello world.\n    ", "generation"),
        ("# Create a function that says hello world.\n\n\n", "completion"),
        ("# Create a function that says hello world.\n# in C\n", "generation"),
        ("# in C\n# Create a function that says hello world.\n", "completion"),
        ("#\n", "completion"),
        ("# fix\n", "completion"),
        ("x = fo", "completion"),
    ],
)
def test_a_comment_at_the_cursor_asks_for_code(end: str, expected: str) -> None:
    assert decided(LONG + end) == expected


@pytest.mark.parametrize(
    ("name", "comment", "expected"),
    [
        ("a.go", "// says hello to the world\n", "generation"),
        ("a.go", "# says hello to the world\n", "completion"),
        ("a.sql", "-- says hello to the world\n", "generation"),
        ("a.unknown", "-- says hello to the world\n", "generation"),
        ("a.css", "// says hello to the world\n", "completion"),
    ],
)
def test_comments_are_those_of_the_language(name: str, comment: str, expected: str) -> None:
    assert decided(LONG + comment, name=name) == expected


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("a = 1\nb = 2\nc = 3\nd = 4\n", "", "generation"),
        ("a = 1\nb = 2\nc = 3\nd = 4\n", "\n# a comment\n\n", "generation"),
        ("a = 1\nb = 2\nc = 3\nd = 4\n", "e = 5\n", "completion"),
        ("", "", "generation"),
    ],
)
def test_a_file_of_few_lines_is_begun(above: str, below: str, expected: str) -> None:
    assert decided(above, below) == expected


def test_where_nothing_begins_a_comment_every_line_counts() -> None:
    assert decided("a\n" * 4, name="a.css") == "generation"
    assert decided("a\n" * 5, name="a.css") == "completion"


@pytest.mark.parametrize(
    ("name", "header", "below", "expected"),
    [
        ("a.py", "def f(a):\n    ", "", "generation"),
        ("a.py", "def f(a):  # so far\n    ", "", "generation"),
        ("a.py", "def f(a):\n    ", "\ndef g():\n    pass\n", "generation"),
        ("a.py", "def f(a):\n    ", "\nprint(f(1))\n", "completion"),
        ("a.js", "function f(a) {\n    ", "\n}\n", "generation"),
        ("a.js", "function f(a) {\n    ", "\n  return 1;\n}\n", "completion"),
        ("a.rb", "def f(a)\n    ", "end\n", "generation"),
        ("a.rs", "fn f(a: u8) {\n    ", "}\n", "completion"),
    ],
)
def test_a_function_without_a_body_gets_one(name: str, header: str, below: str, expected: str) -> None:
    assert decided(LONG + header, below, name) == expected


@given(st.text("#/-x \n{}()def:", max_size=200), st.text("x \n}", max_size=20), st.sampled_from(["a.py", "a.js", "a"]))
def test_every_text_has_an_intent(above: str, below: str, name: str) -> None:
    assert decided(above, below, name) in wire.INTENTS
