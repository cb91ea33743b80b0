"""Numbers for lexemes: those of the workspace, and over them those of one request."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from duo_lsp.gateway.engines.builtin.lexer import DEDENT, EDGE, INDENT, NEWLINE, Token

NEWLINE_ID, INDENT_ID, DEDENT_ID, EDGE_ID = range(4)
SHAPES = (NEWLINE, INDENT, DEDENT, EDGE)
_NOTHING: Mapping[str, int] = MappingProxyType({})


class Words:
    """Gives every lexeme a number; those of the workspace are shared, and may become more meanwhile."""

    def __init__(self, shared: Words | None = None) -> None:
        self._shared = shared.numbers if shared else _NOTHING
        self._shared_lexemes = shared.lexemes if shared else []
        self._first = len(self._shared_lexemes)
        self.numbers: dict[str, int] = {}
        self.lexemes: list[str] = []
        if not shared:
            for shape in SHAPES:
                self.number(shape)

    def __reduce__(self) -> tuple[Callable[[list[str]], Words], tuple[list[str]]]:
        """Only the workspace's own are sent from one process to another."""
        return _words, (self.lexemes,)

    def number(self, lexeme: str) -> int:
        """The number of a lexeme, a new one if need be."""
        number = self._shared.get(lexeme)
        if number is None or number >= self._first:  # the workspace knew it only after this began
            number = self.numbers.get(lexeme)
        if number is None:
            number = self.numbers[lexeme] = self._first + len(self.lexemes)
            self.lexemes.append(lexeme)
        return number

    def lexeme(self, number: int) -> str:
        """The lexeme with that number."""
        if number < self._first:
            return self._shared_lexemes[number]
        return self.lexemes[number - self._first]

    def marks(self, tokens: Iterable[Token]) -> array[int]:
        """Tokens as marks: twice the number, plus one for a blank before it."""
        known, number = (self._shared if self._first else self.numbers).get, self.number
        end = self._first or sys.maxsize
        # most are known: a call for each of them would take twice the time
        return array(
            "I",
            [
                2 * (found if (found := known(lexeme, end)) < end else number(lexeme)) + spaced
                for lexeme, spaced in tokens
            ],
        )


def _words(lexemes: list[str]) -> Words:
    words = Words()
    words.lexemes, words.numbers = lexemes, {lexeme: number for number, lexeme in enumerate(lexemes)}
    return words
