"""Text to tokens and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway.engines.builtin import cursor, lexer
from duo_lsp.gateway.engines.builtin.lexer import DEDENT, EDGE, INDENT, NEWLINE
from duo_lsp.gateway.engines.builtin.lines import Lines
from duo_lsp.gateway.engines.builtin.words import Words

lines = st.lists(st.text(alphabet=" \t\nab_1.+=->()'\"é😀\u2028\x0c\r", max_size=30), max_size=8)
texts = lines.map("\n".join) | st.text()


@given(texts)
def test_nothing_but_blanks_is_lost(text: str) -> None:
    assert "".join(lexeme.strip("\n+-#") if "\n" in lexeme else lexeme for lexeme, _ in lexer.lex(text)) == "".join(
        text.split()
    )


@given(texts)
def test_tokens_written_out_are_the_same_tokens_again(text: str) -> None:
    tokens = lexer.lex(text)
    assert lexer.lex(lexer.write(tokens)) == tokens


@given(texts)
def test_every_indent_is_closed_at_most_once(text: str) -> None:
    depth = 0
    for lexeme, _ in lexer.lex(text):
        depth += (lexeme == INDENT) - (lexeme == DEDENT)
        assert depth >= 0


def test_a_function_reads_as_its_shape() -> None:
    assert lexer.lex("def f(x):\n\n    return x->y\nz") == [
        *[("def", False), ("f", True), ("(", False), ("x", False), (")", False), (":", False)],
        *[(NEWLINE, False), (INDENT, False), ("return", False), ("x", True), ("->", False), ("y", False)],
        *[(NEWLINE, False), (DEDENT, False), ("z", False)],
    ]


@given(texts)
def test_lines_read_before_are_read_the_same_again(text: str) -> None:
    memory = Lines(lexer.read_line, bound=20)
    assert lexer.lex(text, memory.read) == lexer.lex(text, memory.read) == lexer.lex(text)


def test_the_memory_of_lines_is_bounded() -> None:
    memory = Lines(lexer.read_line, bound=100)
    for number in range(1000):
        memory.read(f"line {number}")
    assert len(memory) < 40


@given(st.lists(st.text(max_size=4)), st.lists(st.text(max_size=4)))
def test_words_of_a_request_never_change_those_of_the_workspace(shared: list[str], own: list[str]) -> None:
    workspace = Words()
    numbers = [workspace.number(word) for word in shared]
    size = len(workspace.lexemes)
    request = Words(workspace)
    assert [request.lexeme(request.number(word)) for word in shared + own] == shared + own
    assert [request.number(word) for word in shared] == numbers
    assert len(workspace.lexemes) == size


@pytest.mark.parametrize(
    ("above", "typed", "spaced", "line_start"),
    [
        ("", "", False, True),
        ("x = ", "", True, False),
        ("x = co", "co", True, False),
        ("x.", "", False, False),
        ("x.co", "co", False, False),
        ("if x:\n    ", "", True, True),
        ("if x:\n    re", "re", False, True),
        ("x\n", "", False, True),
        ("x = 12", "12", True, False),
    ],
)
def test_what_is_half_typed_at_the_cursor(above: str, typed: str, spaced: bool, line_start: bool) -> None:
    here = cursor.read(above)
    assert (here.typed, here.spaced, here.line_start) == (typed, spaced, line_start)
    assert here.tokens[0] == (EDGE, False)


def test_indentation_typed_on_an_empty_line_is_seen() -> None:
    assert [lexeme for lexeme, _ in cursor.read("if x:\n    y\n").tokens][-2:] == [NEWLINE, DEDENT]
    assert [lexeme for lexeme, _ in cursor.read("if x:\n    ").tokens][-2:] == [NEWLINE, INDENT]


def test_a_blank_already_typed_is_not_inserted_again() -> None:
    assert cursor.read("x =").begins("1", True) == " 1"
    assert cursor.read("x = ").begins("1", True) == "1"
    assert cursor.read("    ").begins("x", True) == "x"
    assert cursor.read("x = comp").begins("compute", True) == "ute"


def test_a_line_may_end_only_where_something_is_on_it() -> None:
    assert cursor.read("x +").fits(NEWLINE, False)
    assert not cursor.read("x + ").fits(NEWLINE, False)
    assert not cursor.read("").fits(NEWLINE, False)
    assert not cursor.read("x +").fits(EDGE, False)
