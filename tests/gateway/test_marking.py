"""Files that change are read as marks, known lines from memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway.engines.builtin import lexer, marking
from duo_lsp.gateway.engines.builtin.lexer import Line
from duo_lsp.gateway.engines.builtin.marking import Marking
from duo_lsp.gateway.engines.builtin.words import Words

lines = st.sampled_from(["one = two", "    one(three)", "", "  ", "\ttwo", "        x", "}", "one  =two"])
texts = st.lists(lines, max_size=12).map("\n".join) | st.text()


@given(st.lists(texts, min_size=1, max_size=3))
def test_the_marks_are_those_of_the_tokens(versions: list[str]) -> None:
    ours, plain = Words(), Words()
    marks = Marking(ours).marks
    for text in versions:
        lexemes = [(ours.lexeme(mark >> 1), mark & 1) for mark in marks(text)]
        assert lexemes == [(plain.lexeme(mark >> 1), mark & 1) for mark in plain.marks(lexer.lex(text))]


def test_only_lines_that_are_new_are_read() -> None:
    read: list[str] = []

    def reading(line: str) -> Line:
        read.append(line)
        return lexer.read_line(line)

    marks = Marking(Words(), reading).marks
    marks("a = 1\nb = 2\n")
    assert read == ["a = 1", "b = 2", ""]
    marks("a = 1\nc = 3\nb = 2\n")
    assert read[3:] == ["c = 3"]


def test_much_that_is_new_is_read_with_pauses() -> None:
    pauses: list[int] = []
    marks = Marking(Words(), pause=lambda: pauses.append(1)).marks
    text = "\n".join(f"line {number}" for number in range(3 * marking.SLICE))
    marks(text)
    assert len(pauses) == 3
    marks(text)
    assert len(pauses) == 3
