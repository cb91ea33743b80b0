"""Reads files that change as marks; of one that was read before, only the lines that are new are cut into tokens."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Final

from duo_lsp.gateway.engines.builtin import lexer
from duo_lsp.gateway.engines.builtin.lexer import Read
from duo_lsp.gateway.engines.builtin.lines import Lines
from duo_lsp.gateway.engines.builtin.words import Words

SLICE: Final = 200
"""Lines cut into tokens in one go, some two milliseconds; then whoever waits for an answer goes first."""


class Marking:
    """Marks in the numbers of one workspace; gives new numbers to new lexemes: for one thread at a time."""

    def __init__(self, words: Words, read: Read = lexer.read_line, pause: Callable[[], None] = lambda: None) -> None:
        """`read` gives the tokens of a line; `pause` is called between slices."""
        self._words = words
        self._read = read
        self._pause = pause
        self._cut = 0
        self._lines = Lines(self._line)

    def _line(self, line: str) -> tuple[int, array[int]]:
        self._cut += 1
        if self._cut % SLICE == 0:
            self._pause()
        indented, tokens = self._read(line)
        return indented, self._words.marks(tokens)

    def marks(self, text: str) -> array[int]:
        """What `Words.marks` gives for the tokens of a text."""
        found, shape, number = array("I"), lexer.Shape(), self._words.number
        for line in text.split("\n"):
            indented, marks = self._lines.read(line)
            if marks:
                found.extend([2 * number(lexeme) for lexeme, _ in shape.next(indented)])
                found.extend(marks)
        return found
