"""What stands around the cursor, as tokens."""

from __future__ import annotations

import re

import attrs

from duo_lsp.gateway.engines.builtin import lexer
from duo_lsp.gateway.engines.builtin.lexer import EDGE, Line, Read, Token

_WORD = re.compile(r"\w")
CLOSERS = re.compile(r"""[\s)\]}>"'`;:,]*\Z""")
"""What an editor puts right of the cursor by itself."""


@attrs.frozen
class Cursor:
    """The tokens above the cursor, and what is typed of the next one."""

    tokens: list[Token]
    typed: str = ""
    spaced: bool = False
    """Whether a blank stands before the next token."""
    line_start: bool = False
    """Whether the next token is the first of its line."""

    def fits(self, lexeme: str, spaced: bool) -> bool:  # noqa: FBT001 - half of a token
        """Whether this token can stand here."""
        if self.typed:
            return lexeme.startswith(self.typed) and (self.line_start or spaced == self.spaced)
        if lexeme.startswith("\n"):
            return not (self.line_start or self.spaced) and lexeme == lexer.NEWLINE
        return self.line_start or spaced or not self.spaced

    def begins(self, lexeme: str, spaced: bool) -> str:  # noqa: FBT001 - half of a token
        """What to insert to get this token first."""
        if self.typed:
            return lexeme[len(self.typed) :]
        blank = spaced and not (self.spaced or self.line_start)
        return " " * blank + lexeme


def read(above: str, line: Read = lexer.read_line) -> Cursor:
    """The cursor at the end of this text."""
    *lines, last = above.split("\n")
    tokens, shape = [(EDGE, False)], lexer.Shape()
    for text in lines:
        _add(tokens, shape, line(text))
    indented, lexemes = lexer.read_line(last)
    if not lexemes:
        tokens += shape.next(lexer.width(last))
        return Cursor(tokens, spaced=last != "", line_start=True)
    _add(tokens, shape, (indented, lexemes))
    if not _WORD.match(last[-1]):
        return Cursor(tokens, spaced=last[-1].isspace())
    typed, spaced = tokens.pop()
    return Cursor(tokens, typed, spaced, line_start=len(lexemes) == 1)


def _add(tokens: list[Token], shape: lexer.Shape, line: Line) -> None:
    indented, lexemes = line
    if lexemes:
        tokens += shape.next(indented)
        tokens += lexemes
